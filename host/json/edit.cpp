#include "json/edit.h"

#include <algorithm>
#include <cstring>

#include "json/locate.h"
#include "json/text.h"
#include "json/writer.h"
#include "record/arena.h"

namespace weir::host::json {
namespace {

void mark_dirty(Tree& tree, Place& place) {
  ++tree.version;
  for (Place* at = place.parent; at != nullptr && !at->dirty; at = at->parent) at->dirty = true;
}

void detach_children(Tree& tree, Place& place) {
  for (Place* child = place.first; child != nullptr; child = child->next) {
    child->detached = true;
    if (child->first != nullptr) tree.doubtful = true;  // what lies further down does not know
  }
  place.first = place.last = nullptr;
}

/// A string that needs no scan to be known as one: short, ASCII, without escapes. Most values that transforms write are.
bool is_plain_literal(std::string_view json) {
  constexpr std::size_t kLongest = 256;
  if (json.size() < 2 || json.size() > kLongest || json.front() != '"' || json.back() != '"') return false;
  return is_plain(json.substr(1, json.size() - 2));
}

/// What was known of the place's value counts no more.
void forget_value(Tree& tree, Place& place, NodeSet nodes) {
  detach_children(tree, place);
  place.nodes = nodes;
  place.dirty = place.stale = place.opened = place.comma_after_last = place.looked_inside = place.not_json = false;
  ++place.epoch;
}

void take_text(Place& place, std::string_view literal) {
  place.text = literal.data();
  place.size = static_cast<std::uint32_t>(literal.size());
  place.kind = Kind::string;
  place.count = place.original = place.head = place.tail = 0;
  place.duplicates = place.escaped = false;
}

/// `value` is as the scanner left it.
void take_scanned(Place& place, const Place& value) {
  for (Place* child = value.first; child != nullptr; child = child->next) child->parent = &place;
  place.first = value.first;
  place.last = value.last;
  place.text = value.text;
  place.size = value.size;
  place.kind = value.kind;
  place.count = value.count;
  place.original = value.original;
  place.head = value.head;
  place.tail = value.tail;
  place.duplicates = value.duplicates;
  place.escaped = value.escaped;
}

/// Makes what `json` holds the place's value. False: not JSON; nothing happened.
bool take_value(Tree& tree, Place& place, NodeSet nodes, std::string_view json) {
  if (is_plain_literal(json)) {
    forget_value(tree, place, nodes);
    take_text(place, json);
    return true;
  }
  Place value;
  value.nodes = nodes;
  value.depth = place.depth;
  if (!tree.scratch->scanner.scan(json, value, *tree.arena, tree.places, tree.singles)) {
    tree.reason = tree.scratch->scanner.reason();
    std::fill_n(tree.singles, tree.single_count, nullptr);  // some may be places of the text that was refused
    return false;
  }
  tree.doubtful = tree.doubtful || tree.scratch->scanner.met_duplicates();
  forget_value(tree, place, nodes);
  take_scanned(place, value);
  return true;
}

/// The string of the document's own text that the place lies in, however deep; null: none.
Place* outermost_string(Place& place) {
  Place* outermost = nullptr;
  for (Place* at = place.parent; at != nullptr; at = at->parent) {
    if (at->kind == Kind::string) outermost = at;
  }
  return outermost;
}

/// Writes the string with all edits inside and forgets what it knows of its text: spans of an embedded text cannot be written
/// without the escapes around them, so starting anew begins with the outermost.
void close_string(Tree& tree, Place& string) {
  const std::string_view text = current_text(tree, string);
  detach_children(tree, string);
  string.text = text.data();
  string.size = static_cast<std::uint32_t>(text.size());
  string.escaped = true;
  string.replaced = true;
  string.dirty = string.looked_inside = string.not_json = false;
  ++string.epoch;
}

/// Finds the places of a value anew, for other nodes or other indexes. A walk that goes on below ends with an error then, rather
/// than miss some.
weir_status renew(Tree& tree, Place& place, NodeSet nodes) {
  ++tree.version;
  ++tree.rebuilds;
  if (!place.dirty) return take_value(tree, place, nodes, place.view()) ? WEIR_OK : WEIR_E_DATA;
  if (Place* const string = outermost_string(place)) {
    close_string(tree, *string);
    return WEIR_OK;
  }
  if (!take_value(tree, place, nodes, current_text(tree, place))) return WEIR_E_DATA;
  place.replaced = true;
  return WEIR_OK;
}

weir_status refresh_below(Tree& tree, Place& at) {
  if (at.stale) {
    const weir_status status = renew(tree, at, at.nodes);
    if (status != WEIR_OK || !is_attached(at)) return status;  // not attached: done with all of the string around it
  }
  for (Place* child = at.first; child != nullptr; child = child->next) {
    if (!child->alive() || !child->dirty) continue;  // elements that were removed make all above dirty
    const weir_status status = refresh_below(tree, *child);
    if (status != WEIR_OK || child->detached) return status;
  }
  return WEIR_OK;
}

/// What was the last member now gets a comma after it, instead of what stood there.
void put_comma_after_last(Place& object) {
  for (const Place* child = object.first; child != nullptr; child = child->next) {
    if (child->added && child->alive()) return;  // what follows an added member always is a comma
  }
  const Originals originals = living_originals(object);
  if (!originals.any) {
    object.opened = true;
  } else if (originals.last != nullptr) {
    originals.last->comma = true;
  } else {
    object.comma_after_last = true;
  }
}

std::string_view literal_of(Tree& tree, std::string_view name) {
  const std::size_t size = literal_size(name);
  char* const text = tree.arena->allocate(size, 1);
  write_literal(name, text);
  return {text, size};
}

/// What a member of that name answers to; the name comes from anywhere.
NodeSet nodes_of_member(Tree& tree, const Place& object, std::string_view name) {
  const NameKey key(view(tree.arena->copy(name)));
  return named(object.nodes, below(object.nodes, *tree.arena), key, *tree.arena);
}

/// {"b":{"c":json}} for the steps after `made`, all of them names.
std::string_view wrap(Tree& tree, const PlanPath& path, std::size_t made, std::string_view json) {
  std::size_t size = json.size();
  for (std::size_t i = made + 1; i < path.size(); ++i) size += literal_size(path.steps()[i].name) + 3;
  char* const text = tree.arena->allocate(size, 1);
  char* at = text;
  for (std::size_t i = made + 1; i < path.size(); ++i) {
    *at++ = '{';
    at = write_literal(path.steps()[i].name, at);
    *at++ = ':';
  }
  std::memcpy(at, json.data(), json.size());
  std::memset(at + json.size(), '}', path.size() - made - 1);
  return {text, size};
}

/// Only names can be made. E_DATA: json is no JSON by itself, which wrapping could hide.
weir_status append_missing(Tree& tree, Place& object, const PlanPath& path, std::size_t step, std::string_view json) {
  for (std::size_t i = step; i < path.size(); ++i) {
    if (path.steps()[i].kind != Step::Kind::name) return WEIR_NOT_FOUND;
  }
  if (step + 1 < path.size()) {
    Place alone;
    if (!tree.scratch->scanner.scan(json, alone, *tree.arena, tree.places, tree.singles))
      return tree.data_error(tree.scratch->scanner.reason());
    json = alone.view();
    json = wrap(tree, path, step, json);
  }
  return append(tree, object, path.steps()[step].name, json);
}

}  // namespace

weir_status replace(Tree& tree, Place& place, std::string_view json) {
  if (!take_value(tree, place, place.nodes, json)) return WEIR_E_DATA;
  place.replaced = true;
  mark_dirty(tree, place);
  return WEIR_OK;
}

weir_status erase(Tree& tree, Place& place) {
  Place* const parent = place.parent;
  if (parent == nullptr || parent->kind == Kind::string) return tree.data_error("a root cannot be removed");
  place.removed = true;
  if (place.first != nullptr) tree.doubtful = true;
  --parent->count;
  if (parent->kind == Kind::array && has_indexes(parent->nodes)) parent->stale = tree.stale = true;
  mark_dirty(tree, place);
  return WEIR_OK;
}

weir_status append(Tree& tree, Place& object, std::string_view name, std::string_view json) {
  auto* const child = tree.arena->make<Place>();
  child->depth = static_cast<std::uint8_t>(object.depth + 1);
  const NodeSet nodes = nodes_of_member(tree, object, name);
  if (!take_value(tree, *child, nodes, json)) return WEIR_E_DATA;
  const std::string_view literal = literal_of(tree, name);
  child->name = literal.data();
  child->name_size = static_cast<std::uint32_t>(literal.size());
  child->added = true;
  put_comma_after_last(object);
  append_child(object, *child);
  ++object.count;
  mark_dirty(tree, *child);
  return WEIR_OK;
}

weir_status put(Tree& tree, Place& start, const PlanPath& path, std::size_t first, std::string_view json) {
  if (Place* const place = path.wild() ? nullptr : remembered(tree, path)) return replace(tree, *place, json);
  Place* at = &start;
  for (std::size_t step = first; step < path.size(); ++step) {
    Place* below = nullptr;
    const weir_status status = step_down(tree, *at, path, step, below);
    if (status < 0) return status;
    if (status == WEIR_OK) {
      at = below;
      continue;
    }
    const Step::Kind kind = path.steps()[step].kind;
    if (kind == Step::Kind::name && at->kind == Kind::object) return append_missing(tree, *at, path, step, json);
    if (kind == Step::Kind::index && at->kind == Kind::array) return WEIR_NOT_FOUND;
    return tree.data_error("the path leads through a value that has no such members");
  }
  return replace(tree, *at, json);
}

weir_status rename(Tree& tree, Place& member, std::string_view name) {
  Place& object = *member.parent;
  const NodeSet nodes = nodes_of_member(tree, object, name);
  const std::string_view literal = literal_of(tree, name);
  member.name = literal.data();
  member.name_size = static_cast<std::uint32_t>(literal.size());
  member.renamed = true;
  tree.doubtful = true;
  mark_dirty(tree, member);
  return renew(tree, member, nodes);
}

weir_status refresh(Tree& tree) {
  tree.stale = false;
  return refresh_below(tree, *tree.root);
}

}  // namespace weir::host::json
