#include "spec/spool.h"

#include <algorithm>

#include "spec/words.h"

namespace weir::host::spec {
namespace {

constexpr std::uint64_t kLeastBytes = 1u << 20;
constexpr std::size_t kShortestSecret = 16;  // bytes

bool has_unset(const Value& value) {
  return value.unset || std::any_of(value.members.begin(), value.members.end(),
                                    [](const Value::Member& member) { return member.value.unset; });
}

std::uint64_t bytes_of(const Value& value) {
  return value.type == WEIR_UINT ? value.uinteger : static_cast<std::uint64_t>(value.integer);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// One a line, blanks around it cut; empty lines do not count.
std::vector<std::string_view> secrets_in(std::string_view text) {
  std::vector<std::string_view> secrets;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const auto secret = trimmed(text.substr(0, end)); !secret.empty()) secrets.push_back(secret);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return secrets;
}

}  // namespace

void check_secrets(const Value& value, Checker& checker) {
  constexpr const char* kHint = "one secret a line, the newest first; `head -c 32 /dev/urandom | base64` makes one";
  const auto secrets = secrets_in(value.text);
  if (secrets.empty()) checker.error(value.mark, "'encryption_secret': there is none in it", kHint);
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    if (secrets[i].size() >= kShortestSecret) continue;
    checker.error(value.mark,
                  "'encryption_secret': secret " + std::to_string(i + 1) + " of it is shorter than 16 bytes", kHint);
  }
}

SpoolSpec check_spool(const Value& value, Checker& checker) {
  SpoolSpec spool;
  spool.mark = value.mark;
  spool.unset = has_unset(value);
  if (const Value* path = value.at("path"); path != nullptr && path->type == WEIR_STRING) {
    spool.path = path->text;
    spool.path_mark = path->mark;
  }
  if (const Value* most = value.at("max_bytes");
      most != nullptr && (most->type == WEIR_INT || most->type == WEIR_UINT)) {
    spool.max_bytes = bytes_of(*most);
    if (spool.max_bytes < kLeastBytes)
      checker.error(most->mark, "'max_bytes' is too little", "a spool needs at least 1MiB");
  }
  if (const Value* age = value.at("max_age"); age != nullptr && age->type == WEIR_INT) {
    spool.max_age = std::chrono::milliseconds(age->integer);
    if (spool.max_age < std::chrono::seconds(1))
      checker.error(age->mark, "'max_age' is too little", "records older than that are given up: at least 1s");
  }
  if (const Value* keep = value.at("keep_delivered"); keep != nullptr && keep->type == WEIR_INT)
    spool.keep_delivered = std::chrono::milliseconds(keep->integer);
  if (const Value* secrets = value.at("encryption_secret"); secrets != nullptr && secrets->type == WEIR_STRING) {
    spool.secrets = secrets->text;
    spool.secrets_mark = secrets->mark;
    check_secrets(*secrets, checker);
  }
  return spool;
}

void check_ingest(const PipelineSpec& pipeline, Checker& checker) {
  const ComponentSpec* behind = nullptr;  // the first transform behind the spool
  const ComponentSpec* late = nullptr;    // the first of those that protects people
  for (const ComponentSpec& transform : pipeline.transforms) {
    if (transform.at_ingest && !pipeline.spool) {
      checker.error(transform.at_mark, "'at: ingest' without 'spool'", "there is nothing to stand before");
    } else if (transform.at_ingest && behind != nullptr) {
      checker.error(transform.at_mark,
                    in_quotes(transform.name) + " is to work before the spool and stands behind " +
                        in_quotes(behind->name) + ", which does not",
                    "put those with 'at: ingest' first");
    }
    if (transform.at_ingest) continue;
    if (behind == nullptr) behind = &transform;
    if (late == nullptr && transform.privacy) late = &transform;
  }
  if (late == nullptr || !pipeline.spool || pipeline.spool->unset || !pipeline.spool->secrets.empty()) return;
  checker.warning(pipeline.spool->mark,
                  "the spool keeps on disk, in plain, what " + in_quotes(late->name) + " is to protect",
                  "give it an 'encryption_secret', or " + in_quotes(late->name) + " 'at: ingest'");
}

std::size_t PipelineSpec::ingest_transforms() const {
  return static_cast<std::size_t>(std::count_if(transforms.begin(), transforms.end(),
                                                [](const ComponentSpec& transform) { return transform.at_ingest; }));
}

}  // namespace weir::host::spec
