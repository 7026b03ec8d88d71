#include "json/scan.h"

#include <cstring>

#include "json/text.h"
#include "record/arena.h"

namespace weir::host::json {

/// The container being read.
struct Scanner::Members {
  Place* place;  // null: nobody asks for what is in it
  char closing;
  NodeSet every;    // what each of its members answers to
  const char* end;  // of the previous member, at first of the opening bracket
  Place* previous;  // the previous member, if it is a place
  std::uint32_t count;
  std::uint32_t head;
};

bool Scanner::scan(std::string_view text, Place& root, Arena& arena, std::size_t& places) {
  arena_ = &arena;
  places_ = &places;
  begin_ = text.data();
  end_ = begin_ + text.size();
  depth_ = root.depth;
  names_.clear();
  if (const char* fault = index_.start(text)) return refuse(fault);
  backslashes_ = std::memchr(begin_, '\\', text.size()) != nullptr;
  if (here() == end_) return refuse("empty");
  const char* const start = here();
  const char* const stop = value(&root);
  if (stop == nullptr) return false;
  if (here() != end_) return refuse("something after the value");
  if (index_.fault() != nullptr) return refuse(index_.fault());
  root.member = start;
  root.member_size = static_cast<std::uint32_t>(stop - start);
  root.gap_before = static_cast<std::uint32_t>(start - begin_);
  root.gap_after = static_cast<std::uint32_t>(end_ - stop);
  return true;
}

const char* Scanner::value(Place* place) {
  const char* const start = here();
  const char first = peek();
  if (place != nullptr) place->text = start;
  const char* stop = nullptr;
  if (first == '{' || first == '[') {
    stop = container(place, first == '{');
  } else if (first == '"') {
    stop = string(place);
  } else {
    stop = scalar(place);
  }
  if (stop != nullptr && place != nullptr) place->size = static_cast<std::uint32_t>(stop - start);
  return stop;
}

const char* Scanner::container(Place* place, bool is_object) {
  if (++depth_ > kMaxDepth) return fail("nested deeper than 64");
  if (place != nullptr) place->kind = is_object ? Kind::object : Kind::array;
  Place* const asked = place != nullptr && descends(place->nodes) ? place : nullptr;
  Members members{asked, is_object ? '}' : ']', {}, take() + 1, nullptr, 0, 0};
  if (asked != nullptr) members.every = below(asked->nodes, *arena_);
  if (here() != end_ && *here() == members.closing) {
    members.head = static_cast<std::uint32_t>(here() - members.end);
    members.end = here();
  } else {
    const char* const last = is_object ? object_members(members) : array_elements(members);
    if (last == nullptr) return nullptr;
  }
  if (place != nullptr) {
    place->count = place->original = members.count;
    place->head = members.head;
    place->tail = static_cast<std::uint32_t>(here() - members.end);
  }
  return close(members);
}

const char* Scanner::object_members(Members& members) {
  const NameCheck::Mark mark = names_.begin();
  for (bool more = true; more;) {
    if (peek() != '"') return fail("expected a name in quotes");
    const char* const key = here();
    bool escaped = false;
    const char* const key_end = string_token(escaped);
    if (key_end == nullptr) return nullptr;
    if (peek() != ':') return fail("expected a colon after the name");
    take();
    Place* child = nullptr;
    if (members.place != nullptr) {
      const std::string_view name = name_text(key, key_end, escaped);
      names_.push(name);
      const NodeSet nodes = named(members.place->nodes, members.every, name, *arena_);
      if (!nodes.empty() && (child = make_child(members, nodes)) == nullptr) return nullptr;
    }
    if (!member_value(members, child, key, key_end) || !next_member(members, more)) return nullptr;
  }
  if (members.place != nullptr) members.place->duplicates = names_.end(mark);
  return members.end;
}

const char* Scanner::array_elements(Members& members) {
  for (bool more = true; more;) {
    Place* child = nullptr;
    if (members.place != nullptr) {
      const NodeSet nodes = indexed(members.place->nodes, members.every, members.count, *arena_);
      if (!nodes.empty() && (child = make_child(members, nodes)) == nullptr) return nullptr;
    }
    if (!member_value(members, child, here(), here()) || !next_member(members, more)) return nullptr;
  }
  return members.end;
}

Place* Scanner::make_child(Members& members, NodeSet nodes) {
  if (*places_ == 0) {
    fail(kTooManyPlaces);
    return nullptr;
  }
  --*places_;
  auto* const child = arena_->make<Place>();
  child->nodes = nodes;
  child->depth = static_cast<std::uint8_t>(depth_);
  append_child(*members.place, *child);
  return child;
}

/// The value of a member whose name was read, and what the place needs to know about where it stands.
bool Scanner::member_value(Members& members, Place* child, const char* member, const char* key_end) {
  const auto gap = static_cast<std::uint32_t>(member - members.end);
  const char* const start = here();
  const char* const stop = value(child);
  if (stop == nullptr) return false;
  if (members.count == 0) members.head = gap;
  if (members.previous != nullptr) members.previous->gap_after = gap;
  if (child != nullptr) {
    child->member = member;
    child->member_size = static_cast<std::uint32_t>(stop - member);
    child->value_offset = static_cast<std::uint32_t>(start - member);
    child->key_size = child->name_size = static_cast<std::uint32_t>(key_end - member);
    child->name = key_end == member ? nullptr : member;
    child->index = members.count;
    child->gap_before = gap;
  }
  members.previous = child;
  members.end = stop;
  ++members.count;
  return true;
}

bool Scanner::next_member(const Members& members, bool& more) {
  const char c = peek();
  more = c == ',';
  if (more) {
    take();
    return true;
  }
  if (c == members.closing) return true;
  return refuse(members.closing == '}' ? "expected a comma or } after a member"
                                       : "expected a comma or ] after an element");
}

const char* Scanner::close(Members& members) {
  const char* const bracket = take();
  if (members.previous != nullptr) members.previous->gap_after = static_cast<std::uint32_t>(bracket - members.end);
  --depth_;
  return bracket + 1;
}

const char* Scanner::string(Place* place) {
  bool escaped = false;
  const char* const stop = string_token(escaped);
  if (place != nullptr) {
    place->kind = Kind::string;
    place->escaped = escaped;
  }
  return stop;
}

/// The index knows where strings begin; they end before the white space before whatever comes next.
const char* Scanner::string_token(bool& escaped) {
  const char* const start = take();
  const char* stop = here();
  while (stop > start && is_space(stop[-1])) --stop;
  if (stop - start < 2 || stop[-1] != '"') return fail("a string without end");
  if (backslashes_) {
    const std::string_view inside(start + 1, static_cast<std::size_t>(stop - start) - 2);
    escaped = inside.find('\\') != std::string_view::npos;
    if (escaped && !escapes_are_valid(inside)) return fail("a bad escape in a string");
  }
  return stop;
}

const char* Scanner::scalar(Place* place) {
  if (here() == end_) return fail("expected a value");
  const char* const start = take();
  const std::string_view rest(start, static_cast<std::size_t>(end_ - start));
  Kind kind = Kind::number;
  const char* stop = nullptr;
  if (rest.starts_with("null")) {
    kind = Kind::null;
    stop = start + 4;
  } else if (rest.starts_with("true")) {
    kind = Kind::boolean;
    stop = start + 4;
  } else if (rest.starts_with("false")) {
    kind = Kind::boolean;
    stop = start + 5;
  } else {
    stop = number_end(start, end_);
    if (stop == nullptr) return fail("expected a value");
  }
  if (stop != end_ && !ends_scalar(*stop)) return fail("a bad number or literal");
  if (place != nullptr) place->kind = kind;
  return stop;
}

/// An escaped name is unescaped into the arena; others are read where they stand.
std::string_view Scanner::name_text(const char* key, const char* key_end, bool escaped) {
  const std::string_view inside(key + 1, static_cast<std::size_t>(key_end - key) - 2);
  if (!escaped) return inside;
  char* const plain = arena_->allocate(inside.size(), 1);
  const std::size_t size = unescape(inside, plain).size;
  arena_->shrink_last(plain, size);
  return {plain, size};
}

const char* Scanner::take() {
  const char* const at = here();
  index_.advance();
  return at;
}

const char* Scanner::fail(const char* reason) {
  refuse(reason);
  return nullptr;
}

bool Scanner::refuse(const char* reason) {
  reason_ = index_.fault() != nullptr ? index_.fault() : reason;
  return false;
}

}  // namespace weir::host::json
