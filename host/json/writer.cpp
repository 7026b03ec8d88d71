#include "json/writer.h"

#include <cstring>
#include <functional>

#include "json/text.h"
#include "json/tree.h"
#include "record/arena.h"

namespace weir::host::json {
namespace {

constexpr std::size_t kExpectedGrowth = 256;  // bytes: a few hashes or pseudonyms

}  // namespace

Output::Output(Arena& arena, std::size_t expected)
    : arena_(arena), begin_(arena.allocate(expected, 1)), at_(begin_), end_(begin_ + expected) {}

void Output::copy_run() {
  if (run_ == nullptr) return;  // nothing was appended yet
  const auto size = static_cast<std::size_t>(run_end_ - run_);
  if (static_cast<std::size_t>(end_ - at_) < size) grow(size);
  std::memcpy(at_, run_, size);
  at_ += size;
}

void Output::grow(std::size_t more) {
  const auto used = static_cast<std::size_t>(at_ - begin_);
  const std::size_t size = 2 * used + more;
  char* const wider = arena_.allocate(size, 1);
  std::memcpy(wider, begin_, used);
  begin_ = wider;
  at_ = wider + used;
  end_ = wider + size;
}

std::string_view Output::finish() {
  copy_run();
  const auto size = static_cast<std::size_t>(at_ - begin_);
  arena_.shrink_last(begin_, size);
  return {begin_, size};
}

/// An embedded text that is being written: where its bytes come from in the string around it.
struct Writer::Level {
  Level* outer;
  std::string_view plain;  // the embedded text
  const char* raw_begin;   // the same with the string's escapes
  const char* raw_end;
  const char* plain_at;  // a position in both, moved forward as writing goes on
  const char* raw_at;

  [[nodiscard]] bool holds(const char* begin, const char* end) const {
    const std::less_equal<> before;  // the ranges need not be of one allocation
    return before(plain.data(), begin) && before(end, plain.data() + plain.size());
  }
  const char* raw_of(const char* position) {
    if (plain.data() == raw_begin) return position;  // nothing was escaped
    if (position < plain_at) {
      plain_at = plain.data();
      raw_at = raw_begin;
    }
    char unused[4];
    while (plain_at < position) {
      const StringUnit unit = read_unit(raw_at, raw_end, unused);
      plain_at += unit.plain_size;
      raw_at += unit.raw_size;
    }
    return raw_at;
  }
};

Originals living_originals(const Place& container) {
  Originals result;
  const Place* removed = nullptr;  // first of a run of removed members
  Place* before = nullptr;         // the place before that run, or before the current one
  std::uint32_t next = 0;          // index after the latest place
  for (Place* child = container.first; child != nullptr && !child->added; child = child->next) {
    const bool follows = child->index == next;
    next = child->index + 1;
    if (!child->removed) {
      removed = nullptr;
      before = child;
    } else if (removed == nullptr || !follows) {
      removed = child;
      if (!follows) before = nullptr;
    }
  }
  if (next != container.original) {  // the last member is no place, so nobody removed it
    removed = nullptr;
    before = nullptr;
  }
  result.removed_tail = removed;
  result.any = removed == nullptr ? container.original > 0 : removed->index > 0;
  if (!result.any) return result;
  result.last = before;
  result.end =
      removed == nullptr ? container.text + container.size - 1 - container.tail : removed->member - removed->gap_before;
  return result;
}

void Writer::value(const Place& place) {
  if (!place.dirty) {
    put(place.view());
  } else if (place.kind == Kind::string) {
    string(place);
  } else {
    container(place);
  }
}

void Writer::whole(const Place& root) {
  put(root.member - root.gap_before, root.member);
  value(root);
  put(root.member_end(), root.member_end() + root.gap_after);
}

void Writer::container(const Place& place) {
  const bool has_added = place.last != nullptr && place.last->added;  // added ones are the last
  if (place.count == place.original && !has_added) return same_members(place);
  const char* const inside = place.text + 1;
  const char* const closing = place.text + place.size - 1;
  const Originals living = living_originals(place);
  put(place.text, inside);
  if (living.any) {
    originals(place, living);
  } else if (!place.opened) {
    put(inside, inside + place.head);
  }
  if (has_added) added(place, living);
  if (place.opened) put(inside, inside + place.head);
  put(closing - place.tail, closing + 1);
}

/// Of a container that no member was taken from or added to.
void Writer::same_members(const Place& place) {
  const char* at = place.text;
  for (const Place* child = place.first; child != nullptr; child = child->next) {
    if (!child->changed()) continue;
    put(at, child->member);
    member(*child);
    at = child->member_end();
  }
  put(at, place.text + place.size);
}

/// From the opening bracket to the end of the last one that lives, and the gap after it if something was added.
void Writer::originals(const Place& place, const Originals& living) {
  const char* at = place.text + 1;
  const Place* child = place.first;
  for (; child != nullptr && !child->added && child != living.removed_tail; child = child->next) {
    if (!child->removed && !child->changed()) continue;
    put(at, child->member);
    if (child->removed) {
      at = child->member_end() + child->gap_after;
    } else {
      member(*child);
      at = child->member_end();
    }
  }
  put(at, living.end);
}

void Writer::added(const Place& place, const Originals& living) {
  bool first = true;
  for (const Place* child = place.first; child != nullptr; child = child->next) {
    if (!child->added || child->removed) continue;
    if (!first) {
      put(",");
    } else if (living.any) {
      gap_before_added(place, living);
    }
    first = false;
    put({child->name, child->name_size});
    put(":");
    value(*child);
  }
}

/// Its own gap, if it lost the members after it only when others had been added behind those.
void Writer::gap_before_added(const Place& place, const Originals& living) {
  const bool comma = living.last != nullptr ? living.last->comma : place.comma_after_last;
  if (comma || living.removed_tail == nullptr) {
    put(",");
  } else {
    put(living.end, living.removed_tail->member);
  }
}

void Writer::member(const Place& place) {
  const char* begin = place.member;
  if (place.renamed) {
    put({place.name, place.name_size});
    begin += place.key_size;
  }
  put(begin, place.member + place.value_offset);
  value(place);
}

void Writer::string(const Place& place) {
  const Place& root = *place.first;
  const std::string_view plain = whole_text(root);
  Level level{level_, plain, place.text + 1, place.text + place.size - 1, plain.data(), place.text + 1};
  put(place.text, place.text + 1);  // the quotes may stand in an outer string, and be escaped there in some way
  level_ = &level;
  whole(root);
  level_ = level.outer;
  put(place.text + place.size - 1, place.text + place.size);
}

void Writer::put_in(const char* begin, const char* end, Level* level) {
  if (begin == end) return;
  if (level == nullptr) {
    out_.append(begin, end);
  } else if (level->holds(begin, end)) {
    const char* const raw = level->raw_of(begin);
    put_in(raw, level->raw_of(end), level->outer);
  } else {
    put_escaped(begin, end, level);
  }
}

void Writer::put_escaped(const char* begin, const char* end, Level* level) {
  const char* plain = begin;
  for (const char* at = begin; at != end; ++at) {
    const std::string_view escape = escape_of(static_cast<unsigned char>(*at));
    if (escape.empty()) continue;
    put_in(plain, at, level->outer);
    put_in(escape.data(), escape.data() + escape.size(), level->outer);
    plain = at + 1;
  }
  put_in(plain, end, level->outer);
}

std::string_view current_text(Tree& tree, const Place& place) {
  if (!place.dirty) return place.view();
  if (tree.written == &place && tree.written_version == tree.version) return tree.written_text;
  Output out(*tree.arena, place.size + kExpectedGrowth);
  Writer(out).value(place);
  tree.written = &place;
  tree.written_version = tree.version;
  return tree.written_text = out.finish();
}

std::string_view current_document(Tree& tree, Arena& arena) {
  const Place& root = *tree.root;
  const std::string_view original = whole_text(root);
  if (!root.changed()) return original;
  Output out(arena, original.size() + kExpectedGrowth);
  Writer(out).whole(root);
  return out.finish();
}

}  // namespace weir::host::json
