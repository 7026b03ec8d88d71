#include "config/substitute.h"

#include <algorithm>
#include <filesystem>

#include "spec/words.h"

namespace weir::host::config {
namespace {

bool is_variable_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

constexpr std::string_view kForms =
    "known are ${env:NAME}, ${env:NAME:-default}, ${env:NAME:?message} and ${file:PATH}; '$$' stands for '$'";

}  // namespace

Substitution::Substitution(const Environment& environment, std::string directory)
    : environment_(environment), directory_(std::move(directory)) {}

Substituted Substitution::apply(const std::string& text, spec::Mark mark, std::vector<Complaint>& complaints) {
  Substituted out;
  Place place{mark, complaints, out};
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t dollar = text.find('$', at);
    out.text.append(text, at, dollar - at);
    if (dollar == std::string::npos) break;
    const char next = dollar + 1 < text.size() ? text[dollar + 1] : '\0';
    at = dollar + 2;
    if (next == '$') {
      out.text += '$';
    } else if (next != '{') {
      out.text += '$';
      at = dollar + 1;
    } else {
      const std::size_t close = text.find('}', at);
      if (close == std::string::npos) {
        wrong("'${' without '}'", "'$$' stands for '$'", place);
        break;
      }
      reference(std::string_view(text).substr(at, close - at), place);
      at = close + 1;
    }
  }
  return out;
}

void Substitution::reference(std::string_view inside, Place& place) {
  if (inside.find("${") != std::string_view::npos) {
    wrong("one ${…} cannot stand inside another", "use one of them alone", place);
  } else if (inside.starts_with("env:")) {
    variable(inside.substr(4), place);
  } else if (inside.starts_with("file:") && inside.size() > 5) {
    file(inside.substr(5), place);
  } else {
    wrong("unknown substitution " + spec::in_quotes("${" + std::string(inside) + "}"),
          is_variable_name(inside) ? "write ${env:" + std::string(inside) + "}" : std::string(kForms), place);
  }
}

void Substitution::variable(std::string_view inside, Place& place) {
  const std::size_t colon = inside.find(':');
  const std::string name(inside.substr(0, colon));
  const std::string_view rest = colon == std::string_view::npos ? std::string_view() : inside.substr(colon);
  if (!is_variable_name(name) || !(rest.empty() || rest.starts_with(":-") || rest.starts_with(":?"))) {
    return wrong("unknown substitution " + spec::in_quotes("${env:" + std::string(inside) + "}"), std::string(kForms),
                 place);
  }
  const std::optional<std::string> value = environment_.variable(name);
  if (value && invalid_utf8(*value)) {
    wrong("the environment variable " + name + " is not valid UTF-8", "", place);
  } else if (value && (rest.empty() || !value->empty())) {
    place.out.text += *value;
  } else if (rest.starts_with(":-")) {
    place.out.text += rest.substr(2);
  } else if (rest.starts_with(":?")) {
    const std::string reason = rest.size() > 2 ? ": " + std::string(rest.substr(2)) : std::string();
    missing("the environment variable " + name + " is not set or empty" + reason, "set it", place);
  } else {
    missing("the environment variable " + name + " is not set", "set it, or write ${env:" + name + ":-default}", place);
  }
}

void Substitution::file(std::string_view path, Place& place) {
  place.out.secret = true;
  const std::string absolute = (std::filesystem::path(directory_) / path).lexically_normal().string();
  auto known = files_.find(absolute);
  if (known == files_.end()) known = files_.emplace(absolute, environment_.file(absolute)).first;
  const Result<std::string>& content = known->second;
  if (!content) return missing("the file " + spec::in_quotes(path) + " " + content.status().message(), "", place);
  if (invalid_utf8(*content) || content->find('\0') != std::string::npos) {
    return wrong("the file " + spec::in_quotes(path) + " is not UTF-8 text", "", place);
  }
  std::string_view text = *content;
  if (text.ends_with('\n')) text.remove_suffix(text.ends_with("\r\n") ? 2 : 1);
  place.out.text += text;
}

void Substitution::missing(std::string message, std::string hint, Place& place) {
  place.out.unset = true;
  if (!environment_.allow_unset) wrong(std::move(message), std::move(hint), place);
}

void Substitution::wrong(std::string message, std::string hint, Place& place) {
  place.out.unset = true;
  place.complaints.push_back({place.mark, std::move(message), std::move(hint)});
}

}  // namespace weir::host::config
