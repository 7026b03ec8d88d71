#include "reference_document.h"

#include <algorithm>
#include <cstring>
#include <memory>

namespace reference {

/// A text and, for embedded ones, the literal it stands in.
struct Document::Level {
  std::string text;
  Node root;
  std::shared_ptr<const Level> outer;  // shared: many places lie in one text
  std::size_t literal_begin = 0;
  Plain plain;
};

struct Document::Place {
  std::shared_ptr<const Level> level;
  const Node* node = nullptr;
  const Node* parent = nullptr;   // null: the root of its text
  std::size_t ordinal = 0;        // in the parent
  std::vector<std::size_t> hops;  // ordinals from the document's root; kInside: into a string
  std::vector<Step> trail;

  [[nodiscard]] std::string text() const { return level->text.substr(node->begin, node->end - node->begin); }
  [[nodiscard]] const Member* member() const { return parent == nullptr ? nullptr : &parent->members[ordinal]; }
};

namespace {

constexpr std::size_t kInside = static_cast<std::size_t>(-1);
constexpr int kEnd = 2;

bool fits(const Step& pattern, const Step& actual) {
  if (pattern.kind == Step::any) return actual.kind != Step::inside;
  if (pattern.kind != actual.kind) return false;
  return pattern.kind == Step::inside ||
         (pattern.kind == Step::name ? pattern.text == actual.text : pattern.number == actual.number);
}

/// Whether the first `steps` steps of the path lead along the trail, from `at` to its end.
bool leads(const Path& path, std::size_t steps, const std::vector<Step>& trail, std::size_t at) {
  std::vector<bool> reached(trail.size() + 1);  // positions in the trail
  reached[at] = true;
  for (std::size_t step = 0; step < steps; ++step) {
    std::vector<bool> next(reached.size());
    for (std::size_t i = 0; i < reached.size(); ++i) {
      const bool last = i == trail.size();
      if (path[step].kind == Step::deep) {
        if (reached[i]) next[i] = true;
        if (next[i] && !last && trail[i].kind != Step::inside) next[i + 1] = true;
      } else if (reached[i] && !last && fits(path[step], trail[i])) {
        next[i + 1] = true;
      }
    }
    reached = next;
  }
  return reached[trail.size()];
}

bool begins_with(const Path& path, const Path& start) {
  if (path.size() < start.size()) return false;
  return leads(start, start.size(), Path(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(start.size())), 0);
}

/// The value without white space around; false: no JSON.
bool trim(std::string_view json, std::string& value) {
  const auto node = parse(json);
  if (node) value = json.substr(node->begin, node->end - node->begin);
  return node.has_value();
}

std::string literal(std::string_view text) { return "\"" + escape(text) + "\""; }

}  // namespace

/// Goes through all of the document in order and finds the places of a path.
struct Document::Search {
  const Path& path;
  std::size_t steps;
  std::size_t base;                        // length of the trail that the path starts at
  std::function<int(const Place&)> visit;  // kOk: go on and enter, kNotFound: go on but do not enter, else: end

  int enter(const Place& place) {
    if (reaches(place, steps)) {
      const int status = visit(place);
      if (status == kNotFound) return kOk;
      if (status != kOk) return status;
    }
    if (place.node->kind == '"') return enter_text(place);
    if (place.node->kind == '{' && passes_through(place) && has_twins(*place.node)) return kData;
    for (std::size_t i = 0; i < place.node->members.size(); ++i) {
      const int status = enter(child(place, i));
      if (status != kOk) return status;
    }
    return kOk;
  }

  [[nodiscard]] bool reaches(const Place& place, std::size_t count) const {
    return leads(path, count, place.trail, base);
  }

  [[nodiscard]] bool passes_through(const Place& place) const {
    for (std::size_t i = 0; i <= steps; ++i) {
      const bool looks = i < steps && (path[i].kind == Step::name || path[i].kind == Step::any);
      const bool looks_deeper = i > 0 && path[i - 1].kind == Step::deep;
      if ((looks || looks_deeper) && reaches(place, i)) return true;
    }
    return false;
  }

  static Place child(const Place& place, std::size_t i) {
    Place below{place.level, &place.node->members[i].value, place.node, i, place.hops, place.trail};
    below.hops.push_back(i);
    Step step;
    step.kind = place.node->kind == '{' ? Step::name : Step::index;
    step.text = place.node->members[i].name;
    step.number = i;
    below.trail.push_back(step);
    return below;
  }

  int enter_text(const Place& place) {
    bool asked = false;
    for (std::size_t i = 0; i < steps; ++i) asked = asked || (path[i].kind == Step::inside && reaches(place, i));
    if (!asked) return kOk;
    Place below;
    const int status = open_text(place, below);
    if (status == kNotFound) return kOk;
    return status == kOk ? enter(below) : status;
  }

  static int open_text(const Place& place, Place& below) {
    auto level = std::make_shared<Level>();
    level->plain = unescape(place.text());
    if (level->plain.lone_surrogate) return kData;
    level->text = level->plain.text;
    level->outer = place.level;
    level->literal_begin = place.node->begin;
    auto parsed = parse(level->text);
    if (!parsed) return kNotFound;
    level->root = std::move(*parsed);
    below = {level, &level->root, nullptr, 0, place.hops, place.trail};
    below.hops.push_back(kInside);
    Step step;
    step.kind = Step::inside;
    below.trail.push_back(step);
    return kOk;
  }
};

Document::Place Document::root() const {
  auto level = std::make_shared<Level>();
  level->text = text_;
  level->root = *parse(text_);
  return {level, &level->root, nullptr, 0, {}, {}};
}

int Document::places(const Path& path, bool first_only, std::vector<Place>& found) const {
  const Place start = root();
  if (!path.empty() && start.node->kind != '{') return kNotFound;
  Search search{path, path.size(), 0, [&](const Place& place) {
                  found.push_back(place);
                  return first_only ? kEnd : kOk;
                }};
  const int status = search.enter(start);
  if (status < 0) return status;
  return found.empty() ? kNotFound : kOk;
}

int Document::get(const Path& path, std::string& value) const {
  std::vector<Place> found;
  const int status = places(path, true, found);
  return status == kOk ? describe(found[0].text(), *found[0].node, value) : status;
}

int Document::raw(const Path& path, std::string& json) const {
  std::vector<Place> found;
  const int status = places(path, true, found);
  if (status == kOk) json = found[0].text();
  return status;
}

int Document::each(const Path& path, std::vector<Seen>& seen) const {
  std::vector<Place> found;
  const int status = places(path, true, found);
  if (status != kOk) return status;
  const Node& node = *found[0].node;
  if (node.kind != '{' && node.kind != '[') return kNotFound;
  if (has_twins(node)) return kData;
  for (std::size_t i = 0; i < node.members.size(); ++i) {
    const Place below = Search::child(found[0], i);
    Seen one;
    if (see(below.member(), node.kind == '{', below.text(), *below.node, one) != kOk) return kData;
    seen.push_back(one);
  }
  return kOk;
}

int Document::match(const Path& path, std::vector<Seen>& seen, const Path* relative,
                    std::vector<std::string>& there) const {
  const Place start = root();
  if (!path.empty() && start.node->kind != '{') return kNotFound;
  Search search{path, path.size(), 0, [&](const Place& place) {
                  Seen one;
                  if (see(place.member(), place.parent != nullptr && place.parent->kind == '{', place.text(),
                          *place.node, one) != kOk)
                    return kData;
                  seen.push_back(one);
                  if (relative == nullptr) return kOk;
                  std::string value = "-";
                  Search below{*relative, relative->size(), place.trail.size(), [&](const Place& inner) {
                                 const int status = describe(inner.text(), *inner.node, value);
                                 return status == kOk ? kEnd : status;
                               }};
                  const int status = below.enter(place);
                  there.push_back(status < 0 ? "!" : value);
                  return kOk;
                }};
  const int status = search.enter(start);
  return status == kOk && seen.empty() ? kNotFound : status;
}

Document::Place Document::at(const std::vector<std::size_t>& hops) const {
  Place place = root();
  for (const std::size_t hop : hops) {
    Place below;
    if (hop == kInside) {
      Search::open_text(place, below);
    } else {
      below = Search::child(place, hop);
    }
    place = below;
  }
  return place;
}

int Document::edit_places(const Path& path, const std::function<int(const Place&, Answer&)>& decide) {
  const Place start = root();
  if (!path.empty() && start.node->kind != '{') return kNotFound;
  std::vector<std::pair<std::vector<std::size_t>, Answer>> edits;
  bool visited = false;
  Search search{path, path.size(), 0, [&](const Place& place) {
                  Answer answer;
                  if (decide(place, answer) != kOk) return kData;
                  visited = true;
                  if (answer.first == 0) return kOk;
                  edits.emplace_back(place.hops, answer);
                  return kNotFound;
                }};
  const int status = search.enter(start);
  if (status != kOk) return status;
  for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit) {  // last first: earlier places stay where they are
    const Place place = at(edit->first);
    const int done = edit->second.first == 3 ? cut(place) : replace_value(place, edit->second.second);
    if (done != kOk) return done;
  }
  return visited ? kOk : kNotFound;
}

int Document::rewrite(const Path& path, const std::function<Answer(const Seen&)>& decide) {
  return edit_places(path, [&](const Place& place, Answer& answer) {
    Seen one;
    const bool named = place.parent != nullptr && place.parent->kind == '{';
    if (see(place.member(), named, place.text(), *place.node, one) != kOk) return kData;
    answer = decide(one);
    return kOk;
  });
}

int Document::remove(const Path& path) {
  return edit_places(path, [](const Place&, Answer& answer) {
    answer.first = 3;
    return kOk;
  });
}

int Document::replace_value(const Place& place, std::string_view json) {
  std::string clean;
  if (!trim(json, clean)) return kData;
  return splice(place, place.node->begin, place.node->end, clean);
}

int Document::cut(const Place& place) {
  if (place.parent == nullptr) return kData;
  const auto& members = place.parent->members;
  const std::size_t i = place.ordinal;
  if (i + 1 < members.size()) return splice(place, members[i].begin, members[i + 1].begin, "");
  return splice(place, i > 0 ? members[i - 1].value.end : members[i].begin, members[i].value.end, "");
}

/// Replaces bytes of the place's own text, and with it of every text around. kData: something would be no JSON any more.
int Document::splice(const Place& place, std::size_t begin, std::size_t end, std::string replacement) {
  for (const Level* level = place.level.get();; level = level->outer.get()) {
    std::string changed = level->text;
    if (!parse(changed.replace(begin, end - begin, replacement))) return kData;
    if (level->outer == nullptr) break;
    begin = level->literal_begin + level->plain.raw_offset[begin];
    end = level->literal_begin + level->plain.raw_offset[end];
    replacement = escape(replacement);
  }
  text_.replace(begin, end - begin, replacement);
  return kOk;
}

int Document::put(const Place& start, const Path& path, std::size_t first, std::string_view json) {
  Place at = start;
  for (std::size_t step = first; step < path.size(); ++step) {
    const Step& wanted = path[step];
    const char kind = at.node->kind;
    if (wanted.kind == Step::inside) {
      Place below;
      if (kind != '"' || Search::open_text(at, below) != kOk) return kData;
      at = below;
      continue;
    }
    if ((wanted.kind == Step::name ? '{' : '[') != kind) return kData;
    if (has_twins(*at.node)) return kData;
    std::size_t i = 0;
    while (i < at.node->members.size() && (kind == '{' ? at.node->members[i].name != wanted.text : i != wanted.number))
      ++i;
    if (i < at.node->members.size()) {
      at = Search::child(at, i);
      continue;
    }
    for (std::size_t rest = step; rest < path.size(); ++rest) {
      if (path[rest].kind != Step::name) return kNotFound;
    }
    std::string value;
    if (!trim(json, value)) return kData;
    for (std::size_t rest = path.size(); --rest > step;) value = "{" + literal(path[rest].text) + ":" + value + "}";
    const auto& members = at.node->members;
    const std::string member = (members.empty() ? "" : ",") + literal(wanted.text) + ":" + value;
    const std::size_t where = members.empty() ? at.node->begin + 1 : members.back().value.end;
    return splice(at, where, where, member);
  }
  return replace_value(at, json);
}

int Document::put_from_root(const Path& path, std::string_view json) {
  const Place start = root();
  if (!path.empty() && start.node->kind != '{') return kData;
  return put(start, path, 0, json);
}

int Document::set(const Path& path, std::string_view json) {
  std::size_t prefix = 0;
  bool deep = false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i].kind == Step::any || path[i].kind == Step::deep) prefix = i + 1;
    deep = deep || path[i].kind == Step::deep;
  }
  if (prefix == 0) return put_from_root(path, json);
  if (deep) {
    return edit_places(path, [json](const Place&, Answer& answer) {
      answer = {2, std::string(json)};
      return kOk;
    });
  }
  std::vector<Place> found;
  const int status = places(Path(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(prefix)), false, found);
  if (status != kOk) return status;
  bool done = false;
  for (auto place = found.rbegin(); place != found.rend(); ++place) {
    const int one = put(*place, path, prefix, json);
    if (one < 0) return one;
    done = done || one == kOk;
  }
  return done ? kOk : kNotFound;
}

int Document::move(const Path& from, const Path& to) {
  std::vector<Place> source;
  std::vector<Place> target;
  int status = places(from, true, source);
  if (status != kOk) return status;
  if (source[0].parent == nullptr) return kData;
  status = places(to, true, target);
  if (status < 0) return status;
  const std::string json = source[0].text();
  if (!target.empty() && target[0].hops == source[0].hops) return kOk;
  const bool same_parent = from.size() == to.size() && from.back().kind == Step::name && to.back().kind == Step::name &&
                           begins_with(to, Path(from.begin(), from.end() - 1));
  std::vector<std::size_t> hops = source[0].hops;
  if (same_parent) {
    if (!target.empty()) {
      if (target[0].ordinal < hops.back()) --hops.back();
      cut(target[0]);
    }
    const Place member = at(hops);
    return splice(member, member.member()->begin, member.member()->key_end, literal(to.back().text));
  }
  if (begins_with(to, from)) return kData;
  const bool swallowed = !target.empty() && begins_with(from, to);
  status = put_from_root(to, json);
  return status != kOk || swallowed ? status : cut(at(hops));
}

}  // namespace reference
