#pragma once
#include "weir/testing/edit.hpp"
#include "weir/testing/host.hpp"

/// The part of the fake weir_host that is about documents: every call parses, finds the places of its path and splices.
namespace weir::testing::detail {

inline bool is_strict(const FakeDoc& doc) { return (doc.record->host->capabilities & WEIR_PRIVACY) != 0; }
/// What a path of a privacy transform cannot be followed into is an error, whatever is to be done there.
inline void need_way(const FakeDoc& doc, std::string_view text, const std::vector<Step>& steps) {
  if (is_strict(doc)) places(text, steps, true);
}

/// One operation on a document: what it throws becomes E_DATA, remembered for fail().
template <typename Operation>
weir_status with_document(const weir_doc* handle, const weir_path* path, std::uint32_t use,
                          const Operation& operation) {
  const FakeDoc& doc = doc_of(handle);
  FakeRecord& record = *doc.record;
  const FakePath* at = path_of(path);
  const bool writes = (use & WEIR_WRITE) != 0;
  if (at == nullptr || at->slot != doc.slot || (writes && (at->use & WEIR_WRITE) == 0)) return WEIR_E_USAGE;
  if (writes && record.fate != Fate::live) return WEIR_E_USAGE;
  const Text text = record.slots[doc.slot];
  if (text == nullptr) return WEIR_E_USAGE;
  try {
    const std::vector<Step> steps = record.host->steps_of(*at, *text);
    need_way(doc, *text, steps);
    return operation(*text, steps);
  } catch (const BadDocument& bad) {
    return record.host->refuse(record, bad.reason, FakeHost::full_text(*at));
  }
}

inline std::vector<Place> places_for(const weir_doc* doc, std::string_view text, const std::vector<Step>& steps) {
  return places(text, steps, is_strict(doc_of(doc)));
}
inline weir_value kept_value(FakeHost& host, const Place& place) {
  std::string text;
  weir_value value = value_of(place.json, parse(place.json), text);
  if (value.type == WEIR_STRING) value.as.s = host.keep(std::move(text));
  return value;
}
/// What match and rewrite give for a place.
inline weir_value given_value(FakeHost& host, const weir_path* path, const Place& place) {
  if ((path_of(path)->use & WEIR_TEXT) == 0) return kept_value(host, place);
  weir_value value{};
  value.type = WEIR_JSON;
  value.as.s = host.keep(place.json);
  return value;
}
inline void write(const weir_doc* doc, std::string text) {
  const FakeDoc& to = doc_of(doc);
  to.record->host->write(*to.record, to.slot, std::make_shared<const std::string>(std::move(text)));
}

inline weir_status open_doc(weir_record* handle, std::int32_t slot, weir_doc** out) {
  FakeRecord& record = record_of(handle);
  if (slot != WEIR_KEY && slot != WEIR_VALUE) return WEIR_E_USAGE;
  if (record.slots[slot] == nullptr) return WEIR_NOT_FOUND;
  try {
    parse(*record.slots[slot]);
  } catch (const BadDocument& bad) {
    return record.host->refuse(record, bad.reason);
  }
  *out = reinterpret_cast<weir_doc*>(&record.docs[slot]);
  return WEIR_OK;
}

inline weir_status get(const weir_doc* doc, const weir_path* path, weir_value* out) {
  return with_document(doc, path, WEIR_READ, [&](std::string_view text, const std::vector<Step>& steps) {
    const std::vector<Place> found = places_for(doc, text, steps);
    if (found.empty()) return WEIR_NOT_FOUND;
    *out = kept_value(*doc_of(doc).record->host, found.front());
    return WEIR_OK;
  });
}

inline weir_status raw(const weir_doc* doc, const weir_path* path, weir_str* json) {
  return with_document(doc, path, WEIR_READ, [&](std::string_view text, const std::vector<Step>& steps) {
    const std::vector<Place> found = places_for(doc, text, steps);
    if (found.empty()) return WEIR_NOT_FOUND;
    *json = doc_of(doc).record->host->keep(found.front().json);
    return WEIR_OK;
  });
}

inline weir_status each(const weir_doc* doc, const weir_path* path, weir_visit visit, void* user) {
  return with_document(doc, path, WEIR_READ, [&](std::string_view text, const std::vector<Step>& steps) {
    const std::vector<Place> found = places_for(doc, text, steps);
    if (found.empty() || (found.front().type != WEIR_ARRAY && found.front().type != WEIR_OBJECT)) return WEIR_NOT_FOUND;
    FakeHost& host = *doc_of(doc).record->host;
    const Node node = parse(found.front().json);
    if (node.type == WEIR_OBJECT) need_distinct_names(node);
    for (const Node& child : node.children) {
      const weir_value value =
          kept_value(host, {{}, child.name, std::string(child.in(found.front().json)), child.type});
      const weir_str name = node.type == WEIR_OBJECT ? host.keep(child.name) : weir_str{nullptr, 0};
      if (const weir_status status = visit(user, name, &value); status != WEIR_OK) return status;
    }
    return WEIR_OK;
  });
}

inline weir_status match(const weir_doc* doc, const weir_path* path, weir_visit visit, void* user) {
  return with_document(doc, path, WEIR_READ, [&](std::string_view text, const std::vector<Step>& steps) {
    FakeHost& host = *doc_of(doc).record->host;
    const std::vector<Place> found = places_for(doc, text, steps);
    for (const Place& place : found) {
      const weir_value value = given_value(host, path, place);
      host.scopes.push_back({path_of(path), place});
      const weir_status status = visit(user, host.keep(place.name), &value);
      host.scopes.pop_back();
      if (status != WEIR_OK) return status;
    }
    return found.empty() ? WEIR_NOT_FOUND : WEIR_OK;
  });
}

/// What a rewrite callback decided for one place.
struct Decision {
  Hops hops;
  std::int32_t action;
  std::string json;
};

inline bool lies_in_replaced(const Hops& hops, const std::vector<Decision>& decisions) {
  return std::any_of(decisions.begin(), decisions.end(), [&](const Decision& decision) {
    return decision.action != WEIR_KEEP && lies_in(hops, decision.hops);
  });
}

/// From the last place to the first, so that the hops of those before still hold.
inline std::string apply_decisions(std::string text, const std::vector<Decision>& decisions) {
  for (auto decision = decisions.rbegin(); decision != decisions.rend(); ++decision) {
    if (decision->action == WEIR_REMOVE) text = remove(text, decision->hops);
    if (decision->action == WEIR_REPLACE || decision->action == WEIR_REPLACE_JSON)
      text = replace(text, decision->hops, decision->json);
  }
  return text;
}

inline weir_status rewrite(weir_doc* doc, const weir_path* path, weir_rewrite decide, void* user) {
  return with_document(
      doc, path, WEIR_WRITE, [&](std::string_view text, const std::vector<Step>& steps) -> weir_status {
        FakeHost& host = *doc_of(doc).record->host;
        const std::vector<Place> found = places_for(doc, text, steps);
        std::vector<Decision> decisions;
        for (const Place& place : found) {
          if (lies_in_replaced(place.hops, decisions)) continue;
          const weir_value value = given_value(host, path, place);
          weir_value to{};
          host.scopes.push_back({path_of(path), place});
          const std::int32_t action = decide(user, host.keep(place.name), &value, &to);
          host.scopes.pop_back();
          if (action < 0) return action;
          const bool is_json = action == WEIR_REPLACE_JSON;
          decisions.push_back({place.hops, action, is_json ? std::string(to.as.s.ptr, to.as.s.len) : json_of(to)});
          if (is_json) parse(decisions.back().json);
        }
        if (!found.empty()) write(doc, apply_decisions(std::string(text), decisions));
        return found.empty() ? WEIR_NOT_FOUND : WEIR_OK;
      });
}

inline weir_status set_text(weir_doc* doc, const weir_path* path, const std::string& json) {
  return with_document(doc, path, WEIR_WRITE, [&](std::string_view text, const std::vector<Step>& steps) {
    if (!Path{steps, {}}.is_wild()) {
      auto written = set(text, steps, json);
      if (!written) return WEIR_NOT_FOUND;
      write(doc, *std::move(written));
      return WEIR_OK;
    }
    write(doc, set_all(std::string(text), steps, json));
    return WEIR_OK;
  });
}

inline weir_status set_value(weir_doc* doc, const weir_path* path, const weir_value* value) {
  if (value->type == WEIR_DOUBLE && !std::isfinite(value->as.d)) return WEIR_E_USAGE;
  return set_text(doc, path, json_of(*value));
}

inline weir_status set_json(weir_doc* doc, const weir_path* path, weir_str json) {
  const std::string text(json.ptr, json.len);
  try {
    parse(text);
  } catch (const BadDocument&) {
    return WEIR_E_USAGE;
  }
  return set_text(doc, path, text);
}

inline weir_status move(weir_doc* doc, const weir_path* from, const weir_path* to) {
  const FakePath* target = path_of(to);
  if (target == nullptr || (target->use & WEIR_WRITE) == 0) return WEIR_E_USAGE;
  if (path_of(from) == nullptr || path_of(from)->path.is_wild() || target->path.is_wild()) return WEIR_E_USAGE;
  return with_document(doc, from, WEIR_WRITE, [&](std::string_view text, const std::vector<Step>& steps) {
    const std::vector<Step> to_steps = doc_of(doc).record->host->steps_of(*target, text);
    if (!places(text, steps).empty()) need_way(doc_of(doc), text, to_steps);
    auto moved = rename(text, steps, to_steps);
    if (!moved) return WEIR_NOT_FOUND;
    write(doc, *std::move(moved));
    return WEIR_OK;
  });
}

inline weir_status remove_places(weir_doc* doc, const weir_path* path) {
  return with_document(doc, path, WEIR_WRITE, [&](std::string_view text, const std::vector<Step>& steps) {
    std::vector<Decision> decisions;
    for (const Place& place : places_for(doc, text, steps)) {
      if (!lies_in_replaced(place.hops, decisions)) decisions.push_back({place.hops, WEIR_REMOVE, {}});
    }
    if (decisions.empty()) return WEIR_NOT_FOUND;
    write(doc, apply_decisions(std::string(text), decisions));
    return WEIR_OK;
  });
}

inline void add_document_slots(weir_host& table) {
  table.doc = open_doc;
  table.get = get;
  table.raw = raw;
  table.each = each;
  table.match = match;
  table.set = set_value;
  table.set_json = set_json;
  table.rewrite = rewrite;
  table.move = move;
  table.remove = remove_places;
}

}  // namespace weir::testing::detail
