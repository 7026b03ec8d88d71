#include "abi/context.h"

#include <algorithm>

#include "abi/handles.h"
#include "spec/field.h"

namespace weir::host::abi {
namespace {

/// `base` and `path` as one path: what a relative path names, seen from the root.
std::string join(std::string_view base, std::string_view path) {
  std::string all(base);
  const bool needs_dot = !base.empty() && !path.empty() && path.front() != '[' && path.front() != '@';
  if (needs_dot) all += '.';
  all += path;
  return all;
}

}  // namespace

Context::Context(const weir_component& component, std::uint32_t capabilities, InstanceHome home)
    : home_(std::move(home)),
      title_(std::string(spec::kind_name(component.kind)) + " '" + component.name + "'"),
      capabilities_(capabilities) {
  for (const std::string& output : home_.outputs) outputs_.push_back(text_of(output));
  pipeline_ = {sizeof(weir_pipeline), static_cast<std::uint32_t>(outputs_.size()), text_of(home_.pipeline),
               outputs_.data()};
  for (const std::string& topic : home_.topics) topic_names_.push_back(text_of(topic));
  topics_ = {sizeof(weir_topics), static_cast<std::uint32_t>(topic_names_.size()), topic_names_.data()};
  if (home_.fields != nullptr) secrets_.add(*home_.fields);
}

std::string Context::masked(std::string_view text) const { return secrets_.masked(text); }

void Context::set_error(std::string pointer, std::string_view text) {
  std::string explanation = masked(text);
  const std::lock_guard lock(error_mutex_);
  error_ = {std::move(pointer), std::move(explanation)};
}

Context::Explanation Context::take_error() {
  const std::lock_guard lock(error_mutex_);
  return std::exchange(error_, {});
}

void Context::add_refusal(std::string pointer, std::string_view text) {
  constexpr std::size_t kMost = 100;
  const auto known =
      std::find_if(refusals_.begin(), refusals_.end(), [&](const auto& r) { return r.pointer == pointer; });
  if (known != refusals_.end()) {
    known->text = masked(text);
  } else if (refusals_.size() < kMost) {
    refusals_.push_back({std::move(pointer), masked(text)});
  }
}

std::vector<Context::Explanation> Context::take_refusals() {
  Explanation own = take_error();
  if (refusals_.empty() && !own.text.empty()) refusals_.push_back(std::move(own));
  return std::exchange(refusals_, {});
}

const PathHandle* Context::compile(int slot, std::string_view path, std::uint32_t use, const PathHandle* base) {
  const std::string text = base == nullptr ? std::string(path) : join(base->absolute.text(), path);
  Result<json::Path> absolute = json::Path::parse(text);
  if (!absolute) {
    set_error({}, absolute.status().message());
    return nullptr;
  }
  // Where people are protected, a document that cannot be looked into must not pass as one without the field (P2).
  const auto planned = home_.json->plan(slot).add(path, use | strictness(), base == nullptr ? nullptr : base->plan);
  if (!planned) {
    set_error({}, planned.status().message());
    return nullptr;
  }
  paths_.push_back({this, *planned, slot, use, *std::move(absolute)});
  return &paths_.back();
}

const std::string* Context::config_json(std::string_view pointer) {
  const auto found = json_texts_.find(pointer);
  if (found != json_texts_.end()) return &found->second;
  const spec::Value* value = home_.fields == nullptr ? nullptr : home_.fields->at(pointer);
  if (value == nullptr) return nullptr;
  return &json_texts_.emplace(std::string(pointer), value->json()).first->second;
}

std::uint32_t Context::partition(std::string_view name) {
  if (!partition_known_ || partition_name_ != name) {
    partition_id_ = home_.positions->partition(name);
    partition_name_ = name;
    partition_known_ = true;
  }
  return partition_id_;
}

void Context::begin_call() {
  made.clear();
  buffers.clear();
  kept_.clear();
}

}  // namespace weir::host::abi
