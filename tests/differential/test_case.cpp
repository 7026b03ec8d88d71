#include "test_case.h"

#include <cstdio>
#include <cstring>
#include <functional>

#include "../unit/json/fixture.h"

namespace weir::host::json::test {
namespace {

using reference::Answer;
using reference::Seen;

std::string text_of_value(const weir_value& value) {
  char code[64];
  switch (value.type) {
    case WEIR_NULL:
      return "n";
    case WEIR_BOOL:
      return value.as.i != 0 ? "t" : "f";
    case WEIR_INT:
      return "i" + std::to_string(value.as.i);
    case WEIR_UINT:
      return "u" + std::to_string(value.as.u);
    case WEIR_DOUBLE:
      std::snprintf(code, sizeof code, "d%a", value.as.d);
      return code;
    case WEIR_STRING:
      return "s" + std::string(value.as.s.ptr, value.as.s.len);
    case WEIR_ARRAY:
      return "[" + std::to_string(value.as.count);
    default:
      return "{" + std::to_string(value.as.count);
  }
}

Seen seen_of(weir_str name, const weir_value& value) {
  Seen seen;
  seen.named = name.ptr != nullptr;
  if (seen.named) seen.name.assign(name.ptr, name.len);
  seen.value = text_of_value(value);
  return seen;
}

std::string line_of(const Seen& seen) { return (seen.named ? "\"" + seen.name + "\"=" : "=") + seen.value + "\n"; }

const std::vector<std::string>& replacements() {
  static const std::vector<std::string> kTexts{"null",
                                               "1e400",
                                               "\"x\\ny\"",
                                               "{\"a\":[1,{\"b\":2}] , \"c\":\"{\\\"a\\\":1}\"}",
                                               " [ {\"a\":1},2 ] ",
                                               "\"\"",
                                               "-0",
                                               "[[[[[[[[]]]]]]]]",
                                               "tru",
                                               "{\"a\":1,\"a\":2}",
                                               "{}",
                                               "123456789012345678901234567890",
                                               "\"\\ud800\"",
                                               "\"{\\\"a\\\":{\\\"b\\\":\\\"q\\\\\\\"\\\"}}\""};
  return kTexts;
}

/// What both sides' rewrite answers to what it sees: the same for the same sight.
Answer decide(std::uint64_t seed, const Seen& seen) {
  const std::size_t mixed = std::hash<std::string>()(line_of(seen)) * 31 + seed * 1000003;
  switch ((mixed >> 5) % 6) {
    case 0:
      return {1, "re\"placed\\ \x01\xC3\xA9"};
    case 1:
      return {2, replacements()[(mixed >> 9) % replacements().size()]};
    case 2:
      return {3, ""};
    default:
      return {0, ""};
  }
}

/// One operation's outcome, comparable.
struct Outcome {
  int status = 0;
  std::string seen;
};

struct Visitor {
  std::string seen;
  std::uint64_t seed = 0;
  Document* document = nullptr;
  const PlanPath* relative = nullptr;
  std::string answer;

  static weir_status visit(void* self, weir_str name, const weir_value* value) {
    auto& visitor = *static_cast<Visitor*>(self);
    visitor.seen += line_of(seen_of(name, *value));
    if (visitor.relative == nullptr) return WEIR_OK;
    weir_value inner{};
    const weir_status status = visitor.document->get(*visitor.relative, inner);
    visitor.seen += (status < 0 ? "!" : status == WEIR_OK ? text_of_value(inner) : "-") + "\n";
    return WEIR_OK;
  }
  static std::int32_t rewrite(void* self, weir_str name, const weir_value* at, weir_value* to) {
    auto& visitor = *static_cast<Visitor*>(self);
    const Seen seen = seen_of(name, *at);
    visitor.seen += line_of(seen);
    Answer answer = decide(visitor.seed, seen);
    visitor.answer = answer.second;
    *to = text_value(visitor.answer);
    return answer.first;
  }
};

class EngineSide {
 public:
  explicit EngineSide(const TestCase& test) : one_(test.earlier) {
    for (const auto& path : test.paths) paths_.push_back(&one_.path(path_text(path)));
    for (const Action& action : test.actions) {
      const bool relative = action.op == Op::match_relative;
      relatives_.push_back(
          relative ? &one_.path(path_text(test.relatives[action.target]), WEIR_READ, paths_[action.path]) : nullptr);
    }
    if (!test.earlier.empty()) static_cast<void>(one_.open());
    one_.set_value(test.document);
  }
  bool open() { return one_.open() == WEIR_OK; }
  std::string bytes() { return one_.bytes(); }

  Outcome run(const Action& action, std::size_t number) {
    Document& document = one_.document();
    const PlanPath& path = *paths_[action.path];
    Visitor visitor;
    visitor.seed = action.seed;
    visitor.document = &document;
    visitor.relative = relatives_[number];
    weir_value value{};
    weir_str json{};
    weir_status status = 0;
    switch (action.op) {
      case Op::get:
        status = document.get(path, value);
        return {status, status == WEIR_OK ? text_of_value(value) : ""};
      case Op::raw:
        status = document.raw(path, json);
        return {status, status == WEIR_OK ? std::string(json.ptr, json.len) : ""};
      case Op::each:
        status = document.each(path, Visitor::visit, &visitor);
        break;
      case Op::match:
      case Op::match_relative:
        status = document.match(path, Visitor::visit, &visitor);
        break;
      case Op::set:
        return {document.set(path, text_value(action.text)), ""};
      case Op::set_json:
        return {document.set_json(path, {action.text.data(), action.text.size()}), ""};
      case Op::rewrite:
        status = document.rewrite(path, Visitor::rewrite, &visitor);
        break;
      case Op::move:
        return {document.move(path, *paths_[action.target]), ""};
      case Op::remove:
        return {document.remove(path), ""};
    }
    return {status, status == WEIR_OK ? visitor.seen : ""};
  }

 private:
  OneRecord one_;
  std::vector<const PlanPath*> paths_;
  std::vector<const PlanPath*> relatives_;
};

std::string lines_of(const std::vector<Seen>& all, const std::vector<std::string>& there) {
  std::string lines;
  for (std::size_t i = 0; i < all.size(); ++i) {
    lines += line_of(all[i]);
    if (i < there.size()) lines += there[i] + "\n";
  }
  return lines;
}

bool is_wild(const reference::Path& path) {
  for (const auto& step : path) {
    if (step.kind == reference::Step::any || step.kind == reference::Step::deep) return true;
  }
  return false;
}

Outcome run_reference(reference::Document& document, const TestCase& test, const Action& action) {
  const reference::Path& path = test.paths[action.path];
  std::string text;
  std::vector<Seen> seen;
  std::vector<std::string> there;
  int status = 0;
  switch (action.op) {
    case Op::get:
      status = document.get(path, text);
      break;
    case Op::raw:
      status = document.raw(path, text);
      break;
    case Op::each:
      status = document.each(path, seen);
      break;
    case Op::match:
      status = document.match(path, seen, nullptr, there);
      break;
    case Op::match_relative:
      status = document.match(path, seen, &test.relatives[action.target], there);
      break;
    case Op::set:  // what is to be written is looked at first
      if (!reference::valid_utf8(action.text)) return {reference::kData, ""};
      return {document.set(path, "\"" + reference::escape(action.text) + "\""), ""};
    case Op::set_json:
      return {document.set(path, action.text), ""};
    case Op::rewrite:
      status = document.rewrite(path, [&](const Seen& one) {
        text += line_of(one);
        Answer answer = decide(action.seed, one);
        if (answer.first == 1) answer.second = "\"" + reference::escape(answer.second) + "\"";
        return answer;
      });
      break;
    case Op::move:
      if (is_wild(path) || is_wild(test.paths[action.target])) return {reference::kUsage, ""};
      return {document.move(path, test.paths[action.target]), ""};
    case Op::remove:
      return {document.remove(path), ""};
  }
  return {status, status == reference::kOk ? text + lines_of(seen, there) : ""};
}

std::string bracketed(const std::string& name) { return "[\"" + reference::escape(name) + "\"]"; }

}  // namespace

std::string path_text(const reference::Path& path) {
  std::string text;
  for (const auto& step : path) {
    switch (step.kind) {
      case reference::Step::name: {
        const bool plain = !step.text.empty() &&
                           step.text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") == std::string::npos;
        text += plain ? (text.empty() ? "" : ".") + step.text : bracketed(step.text);
        break;
      }
      case reference::Step::index:
        text += "[" + std::to_string(step.number) + "]";
        break;
      case reference::Step::any:
        text += text.empty() ? "*" : "[*]";
        break;
      case reference::Step::deep:
        text += text.empty() ? "**" : ".**";
        break;
      case reference::Step::inside:
        text += "@json";
        break;
    }
  }
  return text;
}

std::string describe(const TestCase& test) {
  std::string text = "document: " + test.document + "\nearlier: " + test.earlier + "\n";
  for (std::size_t i = 0; i < test.paths.size(); ++i)
    text += "path " + std::to_string(i) + ": " + path_text(test.paths[i]) + "\n";
  for (const Action& action : test.actions) {
    text += std::string(kOpNames[static_cast<std::size_t>(action.op)]) + " path " + std::to_string(action.path);
    if (action.op == Op::move) text += " to " + std::to_string(action.target);
    if (action.op == Op::match_relative) text += " relative " + path_text(test.relatives[action.target]);
    if (action.op == Op::rewrite) text += " seed " + std::to_string(action.seed);
    text += " text " + action.text + "\n";
  }
  return text;
}

std::string difference(const TestCase& test, Tally& tally) {
  EngineSide engine(test);
  reference::Document expected(test.document);
  if (engine.open() != expected.is_json())
    return expected.is_json() ? "the engine refuses this JSON" : "the engine takes what is no JSON";
  if (!expected.is_json()) {
    ++tally.refused;
    return {};
  }
  for (std::size_t i = 0; i < test.actions.size(); ++i) {
    const Action& action = test.actions[i];
    const Outcome wanted = run_reference(expected, test, action);
    const Outcome got = engine.run(action, i);
    const std::string where =
        "action " + std::to_string(i) + " (" + kOpNames[static_cast<std::size_t>(action.op)] + "): ";
    if (wanted.status != got.status)
      return where + "status " + std::to_string(got.status) + ", expected " + std::to_string(wanted.status);
    if (wanted.seen != got.seen) return where + "saw\n" + got.seen + "\nexpected\n" + wanted.seen;
    const auto op = static_cast<std::size_t>(action.op);
    ++tally.run[op];
    if (wanted.status == reference::kOk) ++tally.ok[op];
    if (wanted.status == reference::kData) ++tally.data_errors;
    const bool may_be_half_done = wanted.status < 0 && is_wild(test.paths[action.path]);
    if (may_be_half_done) return {};     // such a record fails: nobody looks at its bytes again
    if (action.seed % 3 == 0) continue;  // also let edits pile up before bytes are asked for
    const std::string bytes = engine.bytes();
    if (bytes != expected.text()) return where + "wrote\n" + bytes + "\nexpected\n" + expected.text();
  }
  const std::string bytes = engine.bytes();
  return bytes == expected.text() ? "" : "at the end: wrote\n" + bytes + "\nexpected\n" + expected.text();
}

}  // namespace weir::host::json::test
