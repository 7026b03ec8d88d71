#include "config/yaml_errors.h"

#include <algorithm>
#include <array>

namespace weir::host::config {
namespace {

struct Sentence {
  std::string_view yaml;  // how yaml-cpp's message begins
  std::string_view message;
  std::string_view hint;
};

constexpr std::string_view kStarHint = R"(a text that begins with '*' needs quotes, such as "*.email")";
constexpr std::string_view kFlowHint =
    "inside [ ] and { }, and where a value begins with '[' or '*', text with brackets, braces or commas needs quotes";

constexpr auto kSentences = std::to_array<Sentence>({
    {"the referenced anchor is not defined", "this alias names no anchor", kStarHint},
    {"alias not found after *", "this alias has no name", kStarHint},
    {"illegal character found while scanning alias", "this alias has no proper name", kStarHint},
    {"anchor not found after &", "this anchor has no name", "a text that begins with '&' needs quotes"},
    {"illegal character found while scanning anchor", "this anchor has no proper name",
     "a text that begins with '&' needs quotes"},
    {"cannot assign multiple anchors", "a value can have one anchor", ""},
    {"cannot assign multiple tags", "tags such as !x are not allowed", "a text that begins with '!' needs quotes"},
    {"tag handle with no suffix", "tags such as !x are not allowed", "a text that begins with '!' needs quotes"},
    {"illegal character found while scanning tag", "tags such as !x are not allowed",
     "a text that begins with '!' needs quotes"},
    {"end of verbatim tag not found", "tags such as !x are not allowed", "a text that begins with '!' needs quotes"},
    {"aliases can't have any content", "an alias stands alone", "remove what stands beside it"},
    {"illegal EOF in scalar", "this text has no end", "close its quotes"},
    {"illegal document indicator in scalar", "a quoted text is still open where the document ends", "close its quotes"},
    {"unknown escape character", "this escape is unknown",
     R"(in double quotes a backslash is written \\; single quotes take it as it is)"},
    {"bad character found while scanning hex", "this escape needs hexadecimal digits",
     R"(in double quotes a backslash is written \\)"},
    {"invalid unicode", "this escape is no character", ""},
    {"illegal tab", "a tab stands in the indentation", "indent with spaces"},
    {"illegal map value", "a ':' does not fit here", "check the indentation; a text that holds ': ' needs quotes"},
    {"illegal map key", "a key does not fit here", "check the indentation"},
    {"illegal block entry", "a list item ('- ') does not fit here", "begin the list on a line of its own"},
    {"illegal flow end", "this bracket closes nothing that is open here", kFlowHint},
    {"end of map flow not found", "a '{' is still open here: its '}' is missing, or this does not fit into it",
     kFlowHint},
    {"end of sequence flow not found", "a '[' is still open here: its ']' is missing, or this does not fit into it",
     kFlowHint},
    {"end of map not found", "this does not fit into the mapping above",
     "check the indentation; text behind a quoted text or a bracket needs quotes around all of it"},
    {"end of sequence not found", "this does not fit into the list above", "check the indentation"},
    {"unknown token", "no text can begin with this character", "put the text into quotes"},
    {"cannot set zero indentation", "a block text cannot have the indentation 0", ""},
    {"unexpected character in block scalar", "nothing may stand behind '|' or '>'", "begin the text on the next line"},
    {"bad file", "the file is nested too deeply here", ""},
});

bool has_tab_indentation(std::string_view line) {
  const std::size_t tab = line.find('\t');
  return tab != std::string_view::npos && tab < std::min(line.find_first_not_of(" \t"), line.size());
}

/// A value on this line begins with '[' and goes on behind the ']': a path such as [0].sku.
bool has_bracket_path(std::string_view line) {
  const std::size_t close = line.find(']');
  return line.find(": [") != std::string_view::npos && close != std::string_view::npos && close + 1 < line.size() &&
         (line[close + 1] == '.' || line[close + 1] == '[' || line[close + 1] == '@');
}

bool is_about_flow(std::string_view message) {
  return message.find("flow") != std::string_view::npos || message.starts_with("end of map not found") ||
         message.starts_with("illegal map value");
}

}  // namespace

Complaint explain(const SourceText& source, std::size_t offset, std::string_view yaml_message) {
  if (yaml_message.starts_with("unknown escape") && offset >= 2) offset -= 2;  // it names what comes behind
  const spec::Mark mark = source.mark(offset);
  const std::string_view line = source.line(mark.line);
  if (has_tab_indentation(line)) return {mark, "a tab stands in the indentation", "indent with spaces"};
  const auto* known = std::find_if(kSentences.begin(), kSentences.end(),
                                   [&](const Sentence& sentence) { return yaml_message.starts_with(sentence.yaml); });
  Complaint complaint{mark, "not valid YAML: " + std::string(yaml_message), ""};
  if (known != kSentences.end()) complaint = {mark, std::string(known->message), std::string(known->hint)};
  if (is_about_flow(yaml_message) && line.find("${") != std::string_view::npos) {
    complaint.hint = R"(inside [ ] and { } a text with ${…} needs quotes, such as "${env:NAME}")";
  } else if (is_about_flow(yaml_message) && has_bracket_path(line)) {
    complaint.hint = "a text that begins with '[' needs quotes, such as '[0].sku'";
  }
  return complaint;
}

}  // namespace weir::host::config
