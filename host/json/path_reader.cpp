#include "json/path_reader.h"

#include <charconv>

#include "json/index.h"
#include "json/text.h"

namespace weir::host::json {
namespace {

using Kind = Step::Kind;

/// Bytes that a name without quotes may hold. All others have a meaning here, or are too easily typed by mistake.
bool is_plain(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != '\x7f' &&
         std::string_view(".[]@*\"'\\").find(c) == std::string_view::npos;
}

}  // namespace

Status PathReader::read(std::vector<Step>& steps) {
  if (!is_utf8(text_)) return expected("UTF-8");
  if (Status status = refuse_other_notations(); !status.ok()) return status;
  while (!done()) {
    if (steps.size() == kMaxSteps)
      return expected("the end: a path has at most " + std::to_string(kMaxSteps) + " steps");
    Step step;
    Status status = read_step(step, steps.empty());
    if (!status.ok()) return status;
    const bool repeated = step.kind == Kind::any_depth && !steps.empty() && steps.back().kind == Kind::any_depth;
    if (!repeated) steps.push_back(std::move(step));
  }
  return {};
}

/// What JSONPath ($.user.email) and JSON Pointer (/user/email) begin with would be an unlikely name here, and a rule that protects
/// nothing.
Status PathReader::refuse_other_notations() const {
  if (text_ == "$" || text_.starts_with("$.") || text_.starts_with("$["))
    return expected(R"(a path without "$" for the root; a member of that name is ["$"])");
  if (text_.starts_with('/'))
    return expected(R"(a path such as user.email; a member whose name begins with "/" is ["/…"])");
  return {};
}

Status PathReader::read_step(Step& step, bool first) {
  if (peek() == '[') return read_bracket(step);
  if (peek() == '@') {
    if (first && !relative_) return expected("a name before @json");
    return read_embedded(step);
  }
  if (!first) {
    if (peek() != '.') return expected("'.', '[' or '@json' after a step");
    ++at_;
  }
  return read_plain(step);
}

Status PathReader::read_plain(Step& step) {
  if (peek() == '*') {
    ++at_;
    step.kind = Kind::any;
    if (peek() == '*') {
      ++at_;
      step.kind = Kind::any_depth;
    }
    return {};
  }
  const std::size_t start = at_;
  while (!done() && is_plain(text_[at_])) ++at_;
  if (at_ == start) return expected(R"(a name; write names with blanks or . [ ] @ * " ' \ as ["…"])");
  step.name = text_.substr(start, at_ - start);
  return {};
}

Status PathReader::read_bracket(Step& step) {
  ++at_;
  Status status;
  if (peek() == '"') {
    status = read_quoted(step);
  } else if (peek() == '*') {
    ++at_;
    step.kind = Kind::any;
  } else {
    status = read_index(step);
  }
  if (!status.ok()) return status;
  if (peek() != ']') return expected("']'");
  ++at_;
  return {};
}

Status PathReader::read_quoted(Step& step) {
  const std::size_t start = ++at_;
  while (at_ < text_.size() && text_[at_] != '"') {  // an escape at the very end steps over it
    if (static_cast<unsigned char>(text_[at_]) < ' ')
      return expected("an escape such as \\n instead of a control character");
    at_ += text_[at_] == '\\' ? 2 : 1;
  }
  if (at_ >= text_.size()) {
    at_ = text_.size();
    return expected("'\"' at the end of the name");
  }
  const std::string_view inside = text_.substr(start, at_ - start);
  at_ = start;
  if (!escapes_are_valid(inside)) return expected("JSON escapes in the name");
  step.name.resize(inside.size());
  const Unescaped plain = unescape(inside, step.name.data());
  if (plain.lone_surrogate) return expected("whole surrogate pairs in the name");
  step.name.resize(plain.size);
  at_ = start + inside.size() + 1;
  return {};
}

Status PathReader::read_index(Step& step) {
  const char* const start = text_.data() + at_;
  const auto [end, error] = std::from_chars(start, text_.data() + text_.size(), step.index);
  if (error != std::errc()) return expected(R"(an index from 0, '*' or a quoted name, as in [0], [*], ["name"])");
  step.kind = Kind::index;
  at_ += static_cast<std::size_t>(end - start);
  return {};
}

Status PathReader::read_embedded(Step& step) {
  constexpr std::string_view kWord = "@json";
  const std::size_t end = at_ + kWord.size();
  const bool ends_well = end >= text_.size() || text_[end] == '.' || text_[end] == '[' || text_[end] == '@';
  if (text_.substr(at_, kWord.size()) != kWord || !ends_well) return expected(R"(@json; write names with @ as ["…"])");
  step.kind = Kind::embedded;
  at_ = end;
  return {};
}

Status PathReader::expected(std::string_view what) const {
  return Status::config("path \"" + std::string(text_) + "\", byte " + std::to_string(at_ + 1) + ": expected " +
                        std::string(what));
}

}  // namespace weir::host::json
