#include "json/scan.h"

#include <cstring>

#include "json/skip.h"
#include "json/text.h"
#include "record/arena.h"

namespace weir::host::json {
namespace {

std::uint32_t distance(const char* from, const char* to) { return static_cast<std::uint32_t>(to - from); }

}  // namespace

/// The container being read, of which some members are places.
struct Scanner::Members {
  Place& place;
  NodeSet every;              // what each of its members answers to
  const char* separator;      // the bracket or comma before the current member
  Place* previous = nullptr;  // the previous member, if it is a place
  std::uint32_t index = 0;    // of the current member

  void begin_member(const char* start, std::uint32_t number) {
    index = number;
    if (number == 0) place.head = distance(separator + 1, start);
    end_previous(start);
  }
  /// Another member, or the closing bracket, stands there.
  void end_previous(const char* next) {
    if (previous != nullptr) previous->gap_after = distance(previous->member_end(), next);
    previous = nullptr;
  }
};

/// An escaped name is unescaped into the arena; others are read where they stand.
inline NameKey Scanner::name_key(const char* name, const char* name_end) {
  const std::string_view inside(name + 1, static_cast<std::size_t>(name_end - name) - 2);
  if (!escapes_.any(name, name_end)) return NameKey(inside);
  char* const plain = arena_->allocate(inside.size(), 1);
  const std::size_t size = unescape(inside, plain).size;
  arena_->shrink_last(plain, size);
  return NameKey({plain, size});
}

bool Scanner::scan(std::string_view text, Place& root, Arena& arena, std::size_t& places, Place** singles) {
  arena_ = &arena;
  places_ = &places;
  singles_ = singles;
  met_duplicates_ = false;
  begin_ = text.data();
  end_ = begin_ + text.size();
  if (const char* fault = index_.start(text)) return refuse(fault);
  if (!escapes_.start(text)) return refuse("a bad escape in a string");
  Kin* const kin = kin_of(root);
  if (kin != nullptr && fit(kin->shapes, text, root)) return true;
  const std::size_t before = places;
  if (!scan_tokens(root)) return false;
  if (kin != nullptr) kin->shapes.learn(text, index_.first(), root, before - places, cuts_);
  return true;
}

/// Null: its shape is not remembered. Nodes that lie in an arena are told from others by no address.
Scanner::Kin* Scanner::kin_of(const Place& root) {
  for (const auto& kin : kin_) {
    if (kin->nodes.first == root.nodes.first && kin->nodes.count == root.nodes.count && kin->depth == root.depth)
      return kin.get();
  }
  if (kin_.size() == kMaxKin || !is_of_plan(root.nodes)) return nullptr;
  kin_.push_back(std::make_unique<Kin>(Kin{root.nodes, root.depth, {}}));
  return kin_.back().get();
}

bool Scanner::fit(ShapeMemory& shapes, std::string_view text, Place& root) {
  const Shape* const shape = shapes.find(text, index_, cuts_);
  if (shape == nullptr || shape->places() > *places_) return false;
  *places_ -= shape->places();
  met_duplicates_ = shape->has_duplicates();
  shape->lay_out(text.data(), cuts_, escapes_, root, *arena_, singles_);
  return true;
}

bool Scanner::scan_tokens(Place& root) {
  depth_ = root.depth;
  names_.clear();
  cursor_ = Cursor(index_, begin_);
  if (cursor_.at_end()) return refuse("empty");
  const char* const start = cursor_.here();
  const char* const stop = value(root);
  if (stop == nullptr) return false;
  if (!cursor_.at_end()) return refuse("something after the value");
  if (index_.fault() != nullptr) return refuse(index_.fault());
  root.member = start;
  root.member_size = distance(start, stop);
  root.gap_before = distance(begin_, start);
  root.gap_after = distance(stop, end_);
  return true;
}

const char* Scanner::value(Place& place) {
  const char first = cursor_.peek();
  const char* const start = cursor_.here();
  place.text = start;
  const char* stop = nullptr;
  if (first == '{' || first == '[') {
    stop = container(place, first == '{');
  } else if (first == '"') {
    stop = string(place);
  } else {
    stop = scalar(place);
  }
  if (stop != nullptr) place.size = distance(start, stop);
  return stop;
}

const char* Scanner::container(Place& place, bool is_object) {
  place.kind = is_object ? Kind::object : Kind::array;
  if (!descends(place.nodes)) {
    const char* last = nullptr;
    if (const char* fault = skip_container(cursor_, depth_, end_, last)) {
      refuse(fault);
      return nullptr;
    }
    return last + 1;
  }
  if (++depth_ > kMaxDepth) {
    refuse(kTooDeep);
    return nullptr;
  }
  const char* const bracket = cursor_.here();
  Members members{place, below(place.nodes, *arena_), bracket};
  cursor_.advance();
  if (cursor_.peek() != (is_object ? '}' : ']')) {
    if (!(is_object ? members_of(members) : elements_of(members))) return nullptr;
    place.count = place.original = members.index + 1;
    place.tail = distance(skip_space_before(cursor_.here()), cursor_.here());
  } else {
    place.head = distance(bracket + 1, cursor_.here());
  }
  const char* const closing = cursor_.here();
  members.end_previous(closing);
  cursor_.advance();
  --depth_;
  return closing + 1;
}

/// The cursor is a copy, which keeps it in registers.
bool Scanner::members_of(Members& members) {
  Cursor at = cursor_;
  NameCheck::Object names = names_.begin();
  const NodeSet asked = members.place.nodes;
  const NodeSet every = members.every;
  const char* separator = members.separator;
  for (std::uint32_t count = 0;; ++count) {
    if (at.peek() != '"') return refuse(kNoName);
    const char* const name = at.here();
    at.advance();
    if (at.peek() != ':') return refuse(kNoColon);
    const char* const name_end = skip_space_before(at.here());
    at.advance();
    members.begin_member(name, count);
    const NameKey key = name_key(name, name_end);
    names_.push(names, key);
    const NodeSet nodes = named(asked, every, key, *arena_);
    if (nodes.empty()) {
      if (const char* fault = skip_value(at, depth_, end_)) return refuse(fault);
    } else {
      cursor_.follow(at);
      members.separator = separator;
      if (!child(members, nodes, name, name_end)) return false;
      at.follow(cursor_);
    }
    const char next = at.peek();
    if (next == '}') break;
    if (next != ',') return refuse(kNoMember);
    separator = at.here();
    at.advance();
  }
  cursor_.follow(at);
  if (names_.end(names)) members.place.duplicates = met_duplicates_ = true;
  return true;
}

bool Scanner::elements_of(Members& members) {
  Cursor at = cursor_;
  for (std::uint32_t count = 0;; ++count) {
    const char* const start = at.here();
    members.begin_member(start, count);
    const NodeSet nodes = indexed(members.place.nodes, members.every, count, *arena_);
    if (nodes.empty()) {
      if (const char* fault = skip_value(at, depth_, end_)) return refuse(fault);
    } else {
      cursor_.follow(at);
      if (!child(members, nodes, start, start)) return false;
      at.follow(cursor_);
    }
    const char next = at.peek();
    if (next == ']') break;
    if (next != ',') return refuse(kNoElement);
    members.separator = at.here();
    at.advance();
  }
  cursor_.follow(at);
  return true;
}

/// The value of a member that begins at `start` and is a place, and what the place needs to know about where it stands.
bool Scanner::child(Members& members, NodeSet nodes, const char* start, const char* name_end) {
  Place* const child = make_child(members, nodes);
  if (child == nullptr) return false;
  child->value_offset = distance(start, cursor_.here());
  const char* const stop = value(*child);
  if (stop == nullptr) return false;
  child->member = start;
  child->member_size = distance(start, stop);
  child->key_size = child->name_size = distance(start, name_end);
  child->name = name_end == start ? nullptr : start;
  child->index = members.index;
  child->gap_before =
      distance(members.index == 0 ? members.separator + 1 : skip_space_before(members.separator), start);
  members.previous = child;
  return true;
}

Place* Scanner::make_child(Members& members, NodeSet nodes) {
  if (*places_ == 0) {
    refuse(kTooManyPlaces);
    return nullptr;
  }
  --*places_;
  auto* const child = arena_->make<Place>();
  child->nodes = nodes;
  child->depth = static_cast<std::uint8_t>(depth_);
  for (const Node* node : nodes) {
    if (node->single != Node::kMany) singles_[node->single] = child;
  }
  append_child(members.place, *child);
  return child;
}

const char* Scanner::string(Place& place) {
  cursor_.advance();
  const char* const stop = skip_space_before(cursor_.here());  // whatever comes next
  place.kind = Kind::string;
  place.escaped = escapes_.any(place.text, stop);
  return stop;
}

const char* Scanner::scalar(Place& place) {
  const char* stop = nullptr;
  if (const char* fault = skip_scalar(cursor_, end_, stop)) {
    refuse(fault);
    return nullptr;
  }
  place.kind = kind_of(*place.text);
  return stop;
}

bool Scanner::refuse(const char* reason) {
  reason_ = index_.fault() != nullptr ? index_.fault() : reason;
  return false;
}

}  // namespace weir::host::json
