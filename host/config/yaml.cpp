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

std::string too_long(const Limits& limits) {
  return "the file is longer than " + std::to_string(limits.bytes) + " bytes";
}

}  // namespace

std::vector<spec::Node> parse_yaml(std::string_view text, const std::string& file, const Environment& environment,
                                   spec::Diagnostics& diagnostics, const Limits& limits) {
  if (text.size() > limits.bytes) {
    diagnostics.error(file, {}, too_long(limits));
    return {};
  }
  Substitution substitution(environment, std::filesystem::absolute(file).parent_path().string());
  std::vector<Complaint> complaints;
  std::vector<spec::Node> documents = parse(SourceText(text), limits, substitution, complaints);
  if (documents.empty() && complaints.empty()) {
    diagnostics.error(file, {1, 1}, "the file holds no pipeline", "a pipeline has name, source and sink");
  }
  // Where a key that is missing is looked for, whatever comments come before the first one.
  if (!documents.empty() && documents.front().kind == spec::Node::Kind::map) documents.front().mark = {1, 1};
  for (Complaint& complaint : complaints) {
    diagnostics.error(file, complaint.mark, std::move(complaint.message), std::move(complaint.hint));
  }
  return documents;
}

std::vector<spec::Node> read_yaml(const std::string& file, const Environment& environment,
                                  spec::Diagnostics& diagnostics, const Limits& limits) {
  const Result<std::string> text = read_file(file, limits.bytes);
  if (!text) {
    diagnostics.error(file, {}, "the file " + text.status().message());
    return {};
  }
  return parse_yaml(*text, file, environment, diagnostics, limits);
}

}  // namespace weir::host::config
