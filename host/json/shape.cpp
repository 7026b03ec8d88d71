#include "json/shape.h"

#include <algorithm>
#include <memory>

#include "record/arena.h"

namespace weir::host::json {
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
  places_.shrink_to_fit();
  drafts_.shrink_to_fit();
}

std::uint32_t Shape::take(const Place& place, std::uint32_t parent, const char* text, const Cuts& cuts) {
  const auto number = static_cast<std::uint32_t>(drafts_.size());
  Place& common = places_.emplace_back(place);
  common.parent = common.first = common.last = common.next = nullptr;
  common.text = common.member = common.name = nullptr;
  common.escaped = false;
  Draft& draft = drafts_.emplace_back();
  draft.parent = parent;
  draft.named = place.name != nullptr;
  const auto begin = static_cast<std::uint32_t>(place.text - text);
  const auto end = begin + place.size;
  has_duplicates_ = has_duplicates_ || place.duplicates;
  const bool ends_in_run = (place.is_container() && descends(place.nodes)) || place.kind == Kind::string;
  draft.begin = cuts.run_of(begin);
  draft.end = cuts.run_of(ends_in_run ? end - 1 : end);
  draft.begin_offset = begin - cuts.at[draft.begin];
  draft.end_offset = end - cuts.at[draft.end];
  if (!is_of_plan(place.nodes)) {
    specials_.push_back({number, static_cast<std::uint32_t>(nodes_.size())});
    nodes_.insert(nodes_.end(), place.nodes.begin(), place.nodes.end());
  }
  for (const Node* node : place.nodes) {
    if (number != 0 && node->single != Node::kMany) singles_.push_back({node->single, number});
  }
  std::uint32_t previous = 0;
  for (const Place* child = place.first; child != nullptr; child = child->next) {
    const std::uint32_t added = take(*child, number, text, cuts);
    if (previous != 0) drafts_[previous].next = added - 1;
    previous = added;
  }
  if (previous != 0) families_.push_back({number, number, previous - 1});
  return number;
}

void Shape::lay_out(const char* text, const Cuts& cuts, Escapes& escapes, Place& root, Arena& arena,
                    Place** singles) const {
  const std::size_t count = places();
  Place* const made = reinterpret_cast<Place*>(arena.allocate(count * sizeof(Place), alignof(Place)));
  root = places_[0];
  std::uninitialized_copy_n(places_.data() + 1, count, made);
  const auto place_of = [made, &root](std::uint32_t number) { return number == 0 ? &root : made + number - 1; };
  const auto set = [text, &cuts, &escapes](Place& place, const Draft& draft) {
    const char* const begin = text + cuts.at[draft.begin] + draft.begin_offset;
    const char* const end = text + cuts.at[draft.end] + draft.end_offset;
    const auto size = static_cast<std::uint32_t>(end - begin);
    place.text = begin;
    place.size = size;
    place.member = begin - place.value_offset;
    place.member_size = place.value_offset + size;
    place.name = draft.named ? place.member : nullptr;
    place.kind = kind_of(*begin);
    if (*begin == '"') place.escaped = escapes.any(begin, end);
  };
  const Draft* draft = drafts_.data();
  set(root, *draft);
  for (Place* place = made; place != made + count; ++place) {
    ++draft;
    set(*place, *draft);
    place->parent = place_of(draft->parent);
    place->next = made + draft->next;
  }
  for (const Family& family : families_) {
    Place* const parent = place_of(family.parent);
    parent->first = made + family.first;
    parent->last = made + family.last;
    parent->last->next = nullptr;
  }
  for (const Special& special : specials_) {
    NodeSet& nodes = place_of(special.place)->nodes;
    auto** const copy = arena.make_array<const Node*>(nodes.count);
    std::copy_n(nodes_.begin() + special.nodes, nodes.count, copy);
    nodes.first = copy;
  }
  for (const Single& single : singles_) singles[single.number] = place_of(single.place);
}

}  // namespace weir::host::json
