#include "config/yaml.h"

#include <filesystem>

#include "config/expand.h"
#include "config/read_file.h"

namespace weir::host::config {
namespace {

std::vector<spec::Node> parse(const SourceText& source, const Limits& limits, Substitution& substitution,
                              std::vector<Complaint>& complaints) {
  for (const auto& refusal : {unreadable(source), too_dense(source)}) {
    if (!refusal) continue;
    complaints.push_back(*refusal);
    return {};
  }
  try {
    return expand(read_events(source, limits, complaints), limits, substitution, complaints);
  } catch (const Refused& refused) {
    complaints.push_back(refused.complaint());
    return {};
  }
}

struct Absence {
  const char* message;
  const char* hint;
};

Absence absence_of(Content content) {
  switch (content) {
    case Content::tests:
      return {"the file holds no test", "a file of tests has pipeline and tests"};
    case Content::components:
      return {"the file holds no component", "a component has its type and its fields"};
    case Content::pipelines:
      break;
  }
  return {"the file holds no pipeline", "a pipeline has name, source and sink"};
}

std::string too_long(const Limits& limits) {
  return "the file is longer than " + std::to_string(limits.bytes) + " bytes";
}

}  // namespace

std::vector<spec::Node> parse_yaml(std::string_view text, const std::string& file, const Environment& environment,
                                   spec::Diagnostics& diagnostics, const Limits& limits, Content content) {
  if (text.size() > limits.bytes) {
    diagnostics.error(file, {}, too_long(limits));
    return {};
  }
  Substitution substitution(environment, std::filesystem::absolute(file).parent_path().string());
  std::vector<Complaint> complaints;
  std::vector<spec::Node> documents = parse(SourceText(text), limits, substitution, complaints);
  if (documents.empty() && complaints.empty()) {
    diagnostics.error(file, {1, 1}, absence_of(content).message, absence_of(content).hint);
  }
  // Where a key that is missing is looked for, whatever comments come before the first one.
  if (!documents.empty() && documents.front().kind == spec::Node::Kind::map) documents.front().mark = {1, 1};
  for (Complaint& complaint : complaints) {
    diagnostics.error(file, complaint.mark, std::move(complaint.message), std::move(complaint.hint));
  }
  return documents;
}

std::vector<spec::Node> read_yaml(const std::string& file, const Environment& environment,
                                  spec::Diagnostics& diagnostics, const Limits& limits, Content content) {
  const Result<std::string> text = read_file(file, limits.bytes);
  if (!text) {
    diagnostics.error(file, {}, "the file " + text.status().message());
    return {};
  }
  return parse_yaml(*text, file, environment, diagnostics, limits, content);
}

}  // namespace weir::host::config
