#include "json/shape.h"

#include <algorithm>

#include "record/arena.h"

namespace weir::host::json {
namespace {

/// What every document has of its own.
inline void set_span(Place& place, std::uint32_t value_offset, const char* begin, const char* end) {
  const auto size = static_cast<std::uint32_t>(end - begin);
  place.text = begin;
  place.size = size;
  place.member = begin - value_offset;
  place.member_size = value_offset + size;
}

}  // namespace

bool is_of_plan(NodeSet nodes) {
  if (nodes.empty()) return false;
  const auto& closure = nodes.first[0]->closure;
  return nodes.first == closure.data() && nodes.count == closure.size();
}

std::uint32_t Cuts::run_of(std::uint32_t byte) const {
  return static_cast<std::uint32_t>(std::upper_bound(at, at + count, byte) - at) - 1;
}

Shape::Shape(const Place& root, const char* text, const Cuts& cuts) {
  take(root, 0, text, cuts);
  drafts_.shrink_to_fit();
}

std::uint32_t Shape::take(const Place& place, std::uint32_t parent, const char* text, const Cuts& cuts) {
  const auto number = static_cast<std::uint32_t>(drafts_.size());
  Draft& draft = drafts_.emplace_back();
  draft.place = place;
  draft.place.parent = draft.place.first = draft.place.last = draft.place.next = nullptr;
  draft.place.text = draft.place.member = draft.place.name = nullptr;
  draft.parent = parent;
  draft.named = place.name != nullptr;
  const auto begin = static_cast<std::uint32_t>(place.text - text);
  const auto end = begin + place.size;
  has_duplicates_ = has_duplicates_ || place.duplicates;
  draft.descended = place.is_container() && descends(place.nodes);
  const bool ends_in_run = draft.descended || place.kind == Kind::string;
  draft.begin = cuts.run_of(begin);
  draft.end = cuts.run_of(ends_in_run ? end - 1 : end);
  draft.begin_offset = begin - cuts.at[draft.begin];
  draft.end_offset = end - cuts.at[draft.end];
  if (!is_of_plan(place.nodes)) {
    draft.nodes = static_cast<std::uint32_t>(nodes_.size());
    nodes_.insert(nodes_.end(), place.nodes.begin(), place.nodes.end());
  }
  for (const Node* node : place.nodes) {
    if (number != 0 && node->single != Node::kMany) singles_.push_back({node->single, number});
  }
  std::uint32_t previous = 0;
  for (const Place* child = place.first; child != nullptr; child = child->next) {
    const std::uint32_t added = take(*child, number, text, cuts);
    if (previous != 0) drafts_[previous].next = added;
    drafts_[number].last = previous = added;
  }
  return number;
}

void Shape::lay_out(const char* text, const Cuts& cuts, Escapes& escapes, Place& root, Arena& arena,
                    Place** singles) const {
  const std::size_t count = places();
  Place* const made = reinterpret_cast<Place*>(arena.allocate(count * sizeof(Place), alignof(Place)));
  const auto place_of = [made, &root](std::uint32_t number) { return number == 0 ? &root : made + number - 1; };
  for (std::uint32_t i = 0; i <= count; ++i) {
    const Draft& draft = drafts_[i];
    Place& place = i == 0 ? (root = draft.place) : *new (made + i - 1) Place(draft.place);
    const char* const begin = text + cuts.at[draft.begin] + draft.begin_offset;
    const char* const end = text + cuts.at[draft.end] + draft.end_offset;
    set_span(place, draft.place.value_offset, begin, end);
    if (draft.named) place.name = begin - draft.place.value_offset;
    if (!draft.descended) {
      place.kind = kind_of(*begin);
      if (*begin == '"') place.escaped = escapes.any(begin, end);
    }
    if (draft.last != 0) {
      place.first = made + i;
      place.last = made + draft.last - 1;
    }
    if (i == 0) continue;
    place.parent = place_of(draft.parent);
    if (draft.next != 0) place.next = made + draft.next - 1;
    if (draft.nodes != kOfThePlan) {
      auto** const nodes = arena.make_array<const Node*>(place.nodes.count);
      std::copy_n(nodes_.begin() + draft.nodes, place.nodes.count, nodes);
      place.nodes.first = nodes;
    }
  }
  for (const Single& single : singles_) singles[single.number] = place_of(single.place);
}

}  // namespace weir::host::json
