#include "config/tree_builder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "spec/words.h"

namespace weir::host::config {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

/// What yaml-cpp takes for null when it stands unquoted. Only `null` is null here (JSON); the others are text.
std::string_view null_word(std::string_view text) {
  constexpr std::array<std::string_view, 4> kWords = {"null", "~", "Null", "NULL"};
  for (const std::string_view word : kWords) {
    if (text.starts_with(word)) return word;
  }
  return {};
}

bool is_key_end(std::string_view text, std::size_t colon) {
  return colon + 1 >= text.size() || std::string_view(" \t\r\n,]}").find(text[colon + 1]) != std::string_view::npos;
}

/// Skips blanks, line ends and comments from `at` on.
std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (text[at] == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (kBlanks.find(text[at]) != std::string_view::npos) {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

bool is_document_end(std::string_view line) {
  return line.starts_with("...") && line.find_first_not_of(kBlanks, 3) == std::string_view::npos;
}

bool is_blank_or_comment(std::string_view line) {
  const std::size_t first = line.find_first_not_of(kBlanks);
  return first == std::string_view::npos || line[first] == '#';
}

}  // namespace

TreeBuilder::TreeBuilder(const SourceText& source, const Limits& limits, std::vector<Complaint>& complaints)
    : source_(source), limits_(limits), complaints_(complaints) {}

void TreeBuilder::refuse(std::size_t offset, std::string message, std::string hint) const {
  throw Refused({source_.mark(offset), std::move(message), std::move(hint)});
}

void TreeBuilder::complain(std::size_t offset, std::string message, std::string hint) {
  constexpr std::size_t kMost = 1000;
  if (complaints_.size() >= kMost) refuse(offset, "too many errors; the rest of the file was not read");
  complaints_.push_back({source_.mark(offset), std::move(message), std::move(hint)});
}

/// yaml-cpp begins a new document wherever the old one cannot go on; only `---` (or a `...` before it) may do that.
void TreeBuilder::begin_document(std::size_t offset) {
  anchors_.clear();
  open_.clear();
  if (std::exchange(first_document_, false) || source_.from(offset).starts_with("---")) return;
  std::size_t line = source_.mark(offset).line - 1;
  while (line > 0 && is_blank_or_comment(source_.line(line))) --line;
  if (line > 0 && is_document_end(source_.line(line))) return;
  refuse(offset, "this does not belong to the document above", "check its indentation; '---' begins another document");
}

void TreeBuilder::end_document() {
  if (tree_.roots.empty() || !open_.empty()) return;
  const RawNode& root = tree_.nodes[tree_.roots.back()];
  if (root.kind == RawNode::Kind::scalar && !root.quoted && root.text.empty()) tree_.roots.pop_back();
}

bool TreeBuilder::wants_key() const {
  return !open_.empty() && tree_.nodes[open_.back().node].kind == RawNode::Kind::map && !open_.back().key;
}

std::uint32_t TreeBuilder::add(RawNode node) {
  if (tree_.nodes.size() >= limits_.nodes) {
    throw Refused({node.mark, "the file holds more than " + std::to_string(limits_.nodes) + " values", ""});
  }
  tree_.nodes.push_back(std::move(node));
  return static_cast<std::uint32_t>(tree_.nodes.size() - 1);
}

void TreeBuilder::attach(std::uint32_t node) {
  if (open_.empty()) {
    tree_.roots.push_back(node);
    return;
  }
  Open& open = open_.back();
  RawNode& parent = tree_.nodes[open.node];
  if (parent.kind == RawNode::Kind::list) {
    parent.items.push_back(node);
    return;
  }
  if (open.key->kept) {
    parent.members.push_back({std::move(open.key->name), source_.mark(open.key->offset), node});
  }
  open.key.reset();
}

/// The place behind the `&anchor` and `!tag` in front of a node's content; tags are complained about.
std::size_t TreeBuilder::after_properties(std::size_t offset) {
  const std::string_view text = source_.text();
  std::size_t at = offset;
  while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
    if (text[at] == '!') {
      complain(at, "tags such as !x are not allowed", "a text that begins with '!' needs quotes");
    }
    at = skip_blanks(text, std::min(text.find_first_of(" \t\r\n,[]{}", at), text.size()));
  }
  return at;
}

/// Where the value would stand of a key or list item that has none; yaml-cpp names the token after it.
std::size_t TreeBuilder::place_of_nothing(std::size_t offset) const {
  if (open_.empty()) return offset;
  const std::string_view text = source_.text();
  if (!open_.back().key) {
    const std::size_t dash = offset == 0 ? std::string_view::npos : text.rfind('-', offset - 1);
    const bool flow = offset < text.size() && (text[offset] == ',' || text[offset] == ']');
    return flow || dash == std::string_view::npos ? offset : dash + 1;
  }
  std::size_t colon = text.find(':', open_.back().key->offset);
  while (colon != std::string_view::npos && !is_key_end(text, colon)) colon = text.find(':', colon + 1);
  return colon == std::string_view::npos ? open_.back().key->offset : colon + 1;
}

/// yaml-cpp takes the end of the file for the end of a quoted text.
void TreeBuilder::check_closed(std::size_t offset) const {
  const std::string_view text = source_.from(offset);
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) return;
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || i + 1 >= text.size() || text[i + 1] != quote) return;
      ++i;
    }
  }
  refuse(offset, "this quoted text has no end", std::string("close it with ") + quote);
}

void TreeBuilder::key(std::size_t offset, std::string name, bool plain) {
  Open& open = open_.back();
  bool kept = true;
  if (plain && name == "<<") {
    kept = false;
    complain(offset, "merge keys ('<<') are not allowed", "write the keys out, or use an alias for a whole value");
  } else if (plain && name.empty()) {
    kept = false;
    complain(offset, "a key is missing before ':'", "");
  } else if (name.find("${") != std::string::npos) {
    complain(offset, "${…} cannot stand in a key", "it works in values only");
  } else if (!open.names.insert(name).second) {
    kept = false;
    complain(offset, "repeated key " + spec::in_quotes(name), "remove one of them");
  }
  open.key = Key{std::move(name), offset, kept};
}

void TreeBuilder::scalar(const NodeEvent& event, const std::string& text) {
  const std::size_t offset = after_properties(event.offset);
  const std::string_view source = source_.from(offset);
  const bool quoted = !source.empty() && std::string_view("\"'|>").find(source.front()) != std::string_view::npos;
  if (quoted) check_closed(offset);
  if (wants_key()) return key(offset, text, !quoted);
  RawNode node;
  node.quoted = quoted;
  node.mark = source_.mark(offset);
  node.text = text;
  const std::uint32_t index = add(std::move(node));
  if (event.anchor != 0) anchors_[event.anchor] = index;
  attach(index);
}

void TreeBuilder::null(const NodeEvent& event) {
  const std::size_t offset = after_properties(event.offset);
  const std::string_view word = null_word(source_.from(offset));
  if (wants_key()) return key(offset, std::string(word), true);
  const std::size_t behind = skip_blanks(source_.text(), offset + word.size());
  // A word with a colon behind it is the next key: this value is empty.
  const bool empty = word.empty() || (source_.from(behind).starts_with(':') && is_key_end(source_.text(), behind));
  RawNode node;
  node.mark = source_.mark(empty ? place_of_nothing(event.offset) : offset);
  if (!empty) node.text = word;
  const std::uint32_t index = add(std::move(node));
  if (event.anchor != 0) anchors_[event.anchor] = index;
  attach(index);
}

void TreeBuilder::alias(std::size_t offset, std::size_t anchor) {
  if (wants_key()) refuse(offset, "a key must be text, not an alias", "a key that begins with '*' needs quotes");
  if (++aliases_ > limits_.aliases) {
    refuse(offset, "the file has more than " + std::to_string(limits_.aliases) + " aliases");
  }
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) refuse(offset, "this alias lies inside of what it names");
  RawNode node;
  node.kind = RawNode::Kind::alias;
  node.mark = source_.mark(offset);
  node.target = found->second;
  attach(add(std::move(node)));
}

void TreeBuilder::begin(RawNode::Kind kind, const NodeEvent& event) {
  const std::size_t offset = after_properties(event.offset);
  if (wants_key()) {
    refuse(offset, "a key must be text, not a list or mapping", "a text that begins with '[' or '{' needs quotes");
  }
  if (open_.size() >= limits_.depth) {
    refuse(offset, "lists and mappings lie within each other deeper than " + std::to_string(limits_.depth) + " levels");
  }
  RawNode node;
  node.kind = kind;
  node.mark = source_.mark(offset);
  const std::uint32_t index = add(std::move(node));
  open_.push_back({index, event.anchor, std::nullopt, {}});
}

void TreeBuilder::end() {
  const Open closed = std::move(open_.back());
  open_.pop_back();
  if (closed.anchor != 0) anchors_[closed.anchor] = closed.node;
  attach(closed.node);
}

}  // namespace weir::host::config
