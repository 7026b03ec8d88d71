#include "json/shape.h"

#include <algorithm>

#include "record/arena.h"

namespace weir::host::json {
namespace {

/// What every document has of its own.
inline void fill(Place& place, bool named, const char* begin, const char* end, Escapes& escapes) {
  place.text = begin;
  place.size = static_cast<std::uint32_t>(end - begin);
  place.member = begin - place.value_offset;
  place.member_size = place.value_offset + place.size;
  if (named) place.name = place.member;
  if (place.is_container()) return;
  if (place.kind == Kind::string) {
    place.escaped = escapes.any(begin, end);
  } else {
    place.kind = kind_of_scalar(*begin);
  }
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
  places_.shrink_to_fit();
}

std::uint32_t Shape::take(const Place& place, std::uint32_t parent, const char* text, const Cuts& cuts) {
  const auto number = static_cast<std::uint32_t>(places_.size());
  Stone& stone = places_.emplace_back();
  stone.place = place;
  stone.place.parent = stone.place.first = stone.place.last = stone.place.next = nullptr;
  stone.place.text = stone.place.member = stone.place.name = nullptr;
  stone.parent = parent;
  stone.named = place.name != nullptr;
  const auto begin = static_cast<std::uint32_t>(place.text - text);
  const auto end = begin + place.size;
  const bool ends_in_run = place.is_container() || place.kind == Kind::string;
  stone.begin = cuts.run_of(begin);
  stone.end = cuts.run_of(ends_in_run ? end - 1 : end);
  stone.begin_offset = begin - cuts.at[stone.begin];
  stone.end_offset = end - cuts.at[stone.end];
  if (!is_of_plan(place.nodes)) {
    stone.nodes = static_cast<std::uint32_t>(nodes_.size());
    nodes_.insert(nodes_.end(), place.nodes.begin(), place.nodes.end());
  }
  std::uint32_t previous = 0;
  for (const Place* child = place.first; child != nullptr; child = child->next) {
    const std::uint32_t added = take(*child, number, text, cuts);
    if (previous != 0) places_[previous].next = added;
    places_[number].last = previous = added;
  }
  return number;
}

void Shape::lay_out(const char* text, const Cuts& cuts, Escapes& escapes, Place& root, Arena& arena,
                    Place** singles) const {
  const std::size_t count = places();
  Place* const made = reinterpret_cast<Place*>(arena.allocate(count * sizeof(Place), alignof(Place)));
  const auto place_of = [made, &root](std::uint32_t number) { return number == 0 ? &root : made + number - 1; };
  for (std::uint32_t i = 0; i <= count; ++i) {
    const Stone& stone = places_[i];
    Place& place = i == 0 ? (root = stone.place) : *new (made + i - 1) Place(stone.place);
    fill(place, stone.named, text + cuts.at[stone.begin] + stone.begin_offset,
         text + cuts.at[stone.end] + stone.end_offset, escapes);
    if (stone.last != 0) {
      place.first = made + i;
      place.last = made + stone.last - 1;
    }
    if (i == 0) continue;
    place.parent = place_of(stone.parent);
    if (stone.next != 0) place.next = made + stone.next - 1;
    if (stone.nodes != kOfThePlan) {
      auto** const nodes = arena.make_array<const Node*>(place.nodes.count);
      std::copy_n(nodes_.begin() + stone.nodes, place.nodes.count, nodes);
      place.nodes.first = nodes;
    }
    for (const Node* node : place.nodes) {
      if (node->single != Node::kMany) singles[node->single] = &place;
    }
  }
}

}  // namespace weir::host::json
