#include "suppress.h"

#include <algorithm>

#include "json_text/json_text.h"
#include "path_text/path_text.h"

namespace weir::plugins {
namespace {

bool is_container(std::string_view json) { return json.front() == '{' || json.front() == '['; }

/// The text of a string, number or boolean; none for null. `scratch` may hold it.
std::string_view scalar_text(std::string_view json, std::string& scratch, Path at) {
  if (json == "null") return {};
  if (json.front() != '"') return json;
  const std::string_view inside = json.substr(1, json.size() - 2);
  if (inside.find('\\') == std::string_view::npos) return inside;
  scratch.clear();
  if (!append_unescaped(scratch, inside)) throw DataError("half of a surrogate pair in an identity", at);
  return scratch;
}

/// A list hides what a name behind it would find.
void refuse_lists(const std::vector<Path>& objects, const Doc& doc) {
  for (const Path object : objects) {
    doc.match(object, [&](std::string_view, const Value& value) {
      if (value.json().value().front() == '[') throw DataError("a list on the way to an identity", object);
    });
  }
}

/// A line of the list could not name it.
bool is_unwritable(std::string_view kind) {
  return kind.empty() || kind.front() == '#' || kind.find_first_of(": \t\r\n\v\f") != std::string_view::npos;
}

}  // namespace

Suppress::Suppress(const Context& config) : log_(config.log()), list_path_(config.file("list")) {
  read_identities(config);
  read_key(config);
}

void Suppress::read_identities(const Context& config) {
  for (const auto& [kind, path] : config.map("identities")) {
    if (is_unwritable(kind))
      throw path.error("", "a kind is a word without blanks and colons that does not begin with #");
    Identity& identity = identities_.emplace_back();
    identity.kind = kind;
    identity.path = path.path({}, Use::read_text);
    identity.wild = is_wild_path(path.text());
    for (const std::string& object : object_paths(path.text()))
      identity.objects.push_back(config.compile(object, Use::read_text));
  }
  if (identities_.empty()) throw config.error("identities", "needs at least one kind");
}

void Suppress::read_key(const Context& config) {
  if (!config.flag("tombstones")) return;
  if (!config.has("key")) throw config.error("", "tombstones need a key: the path of the field whose text is theirs");
  key_ = config.path("key", Use::pinned);
}

void Suppress::start() {
  std::vector<std::string> kinds;
  for (const Identity& identity : identities_) kinds.push_back(identity.kind);
  std::sort(kinds.begin(), kinds.end());
  WatchedList& list = WatchedList::of(list_path_, kinds);
  for (Identity& identity : identities_) identity.number = list.hasher().kind(identity.kind).value();
  try {
    list.enter(seat_, log_);
  } catch (const ListUnstable& error) {
    throw RetryError(list_path_ + ' ' + error.what());
  } catch (const ListError& error) {
    throw ConfigError("list", list_path_ + ' ' + error.what());
  }
  list_ = &list;
}

void Suppress::stop() noexcept {
  if (list_ != nullptr) list_->leave(seat_);
  list_ = nullptr;
}

/// One set for the whole batch: a swap waits for its end. Asks for everything before it looks at an answer, since those of a long list
/// take their time to come from memory.
void Suppress::apply(const Batch& batch) {
  const std::lock_guard lock(seat_.mutex);
  looks_.clear();
  batch.each([this](const Record& record) {
    const std::size_t before = looks_.size();
    try {
      for (const Identity& identity : identities_) look_for(identity, record);
    } catch (...) {
      looks_.resize(before);
      throw;
    }
  });
  auto look = looks_.begin();
  batch.each([&](Record& record) {
    bool listed = false;
    for (; look != looks_.end() && look->record == record.handle(); ++look)
      listed = listed || seat_.set->contains(look->identity);
    if (listed) refuse(record);
  });
}

void Suppress::look_for(const Identity& identity, const Record& record) {
  const Doc doc = record.value();
  bool found = false;
  if (identity.wild) {
    doc.match(identity.path,
              [&](std::string_view, const Value& value) { look_for(identity, record, value.json().value()); });
  } else if (const auto json = doc.raw(identity.path)) {
    look_for(identity, record, *json);
    found = true;
  }
  if (!found) refuse_lists(identity.objects, doc);
}

void Suppress::look_for(const Identity& identity, const Record& record, std::string_view json) {
  if (is_container(json)) throw DataError("a list or object where an identity is asked for", identity.path);
  const std::string_view text = trimmed(scalar_text(json, scratch_, identity.path));
  if (text.empty()) return;
  const IdentityHash hash = list_->hasher().hash(identity.number, text);
  seat_.set->prefetch(hash);
  looks_.push_back({record.handle(), hash});
}

void Suppress::refuse(Record& record) {
  if (key_) {
    bury(record);
  } else {
    record.drop();
  }
}

/// Leaves a null value under the person's key, and nothing else of the event but its topic, partition and time.
void Suppress::bury(Record& record) {
  const auto json = record.value().raw(key_);
  const bool has_text = json && !is_container(*json) && *json != "true" && *json != "false";
  const std::string_view key = has_text ? scalar_text(*json, scratch_, key_) : std::string_view();
  if (key.empty()) return record.drop();
  record.set_key(key);
  record.set_value(std::nullopt);
  std::vector<std::string_view> names;
  for (const Header header : record.headers()) names.push_back(header.name);
  for (const std::string_view header : names) record.headers().remove(header);
}

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::Suppress)
