#include "unbatch.h"

#include <algorithm>

#include "json_text/json_text.h"
#include "path_text/path_text.h"

namespace weir::plugins {
namespace {

constexpr std::uint64_t kRecordBytes = 320;  // what the host holds for a record beside its value, roughly

std::string opening_of(std::string_view name) {
  std::string text;
  append_json_string(text, name);
  return text += ':';
}

void check_names(const Context& config, const std::vector<Context>& keep) {
  std::vector<std::string> names;
  for (const Context& each : keep) {
    const std::string name = each.text();
    if (name == config.text("as")) throw each.error("", "is the name that `as` gives to the element");
    if (std::find(names.begin(), names.end(), name) != names.end()) throw each.error("", "is named twice");
    names.push_back(name);
  }
}

}  // namespace

Unbatch::Unbatch(const Context& config)
    : list_(config.path("field", Use::read)),
      as_opening_(opening_of(config.text("as"))),
      most_bytes_(config.memory() / 2) {
  each_element_ = config.compile(config.text("field") + "[*]", Use::read_text);
  const std::vector<Context> keep = config.list("keep");
  check_names(config, keep);
  for (const Context& name : keep)
    kept_.push_back({config.compile(member_path(name.text()), Use::read), opening_of(name.text())});
}

void Unbatch::apply(Record& record) {
  const Doc batch = record.value();
  if (find_elements(batch)) {
    write_opening(batch);
    check_size();
    for (const std::string_view element : elements_) {
      value_.resize(opening_size_);
      value_.append(element).push_back('}');
      record.clone().set_value(value_);
    }
  }
  record.drop();
}

/// False: there are none.
bool Unbatch::find_elements(const Doc& batch) {
  elements_.clear();
  const auto list = batch.raw(list_);
  if (!list || *list == "null") return false;
  if (list->front() != '[') throw DataError("what is to be unbatched is no list", list_);
  return batch.match(each_element_,
                     [this](std::string_view, const Value& element) { elements_.push_back(element.json().value()); });
}

/// Everything before the element, in value_.
void Unbatch::write_opening(const Doc& batch) {
  value_ = '{';
  for (const Kept& kept : kept_) {
    if (const auto json = batch.raw(kept.path)) value_.append(kept.opening).append(*json).push_back(',');
  }
  value_ += as_opening_;
  opening_size_ = value_.size();
}

/// A small batch can make very large ones of what it keeps.
void Unbatch::check_size() const {
  std::uint64_t bytes = 0;
  for (const std::string_view element : elements_) bytes += opening_size_ + element.size() + kRecordBytes;
  if (bytes > most_bytes_)
    throw DataError("the records of the batch would take more than half of the pipeline's memory", list_);
}

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::Unbatch)
