#include "generator.h"

#include <array>
#include <cstdio>
#include <string_view>

namespace weir::host::json::test {
namespace {

using reference::Node;
using reference::Path;
using reference::Step;

constexpr std::array<std::string_view, 9> kNames{"a", "b", "c", "email", "a.b", "\xC3\xA9", "", "$city", "q\"\\"};
constexpr std::array<std::string_view, 14> kNumbers{"0",
                                                    "-0",
                                                    "1",
                                                    "-1",
                                                    "1.0",
                                                    "1e0",
                                                    "9007199254740993",
                                                    "18446744073709551615",
                                                    "18446744073709551616",
                                                    "-9223372036854775808",
                                                    "123456789012345678901234567890",
                                                    "1e400",
                                                    "1.5E-3",
                                                    "1e-400"};
constexpr std::array<std::string_view, 8> kTexts{
    "", "x", "user@example.com", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "a\nb\"c\\", "\x01", "{\"a\":1"};

class Writer {
 public:
  explicit Writer(Choices& choices) : choices_(choices) {}

  std::string document() {
    std::string text = space();
    if (choices_.one_in(60)) {
      text += deep();
    } else {
      text += choices_.one_in(20) ? value(0) : object(0);
    }
    return text + space();
  }

  std::string broken(std::string text) {
    static constexpr std::string_view kBytes = "{}[]\",:\\0-.eE \x01\xFF\xC3tn\x0C";
    for (std::size_t edits = 1 + choices_.below(2); edits > 0 && !text.empty(); --edits) {
      const std::size_t at = choices_.below(text.size());
      switch (choices_.below(3)) {
        case 0:
          text.erase(at, 1);
          break;
        case 1:
          text.insert(at, 1, kBytes[choices_.below(kBytes.size())]);
          break;
        default:
          text[at] = kBytes[choices_.below(kBytes.size())];
      }
    }
    return choices_.one_in(10) ? text.substr(0, choices_.below(text.size() + 1)) : text;
  }

  /// What the engine may have read before: nothing, the same, nearly the same, or other digits.
  std::string earlier(std::string text) {
    switch (choices_.below(4)) {
      case 0:
        return {};
      case 1:
        return text;
      case 2:
        return broken(std::move(text));
      default:
        for (char& byte : text) {
          if (byte >= '1' && byte <= '9') byte = static_cast<char>('1' + choices_.below(9));
        }
        return text;
    }
  }

  std::string value(std::size_t depth) {
    switch (choices_.below(depth > 4 ? 5 : 9)) {
      case 0:
        return std::string(choices_.one_in(2) ? "null" : "true");
      case 1:
        return std::string(kNumbers[choices_.below(kNumbers.size())]);
      case 2:
        return "false";
      case 3:
        return string(std::string(kTexts[choices_.below(kTexts.size())]));
      case 4:
        return depth > 4 ? "7" : string(Writer(choices_).value(depth + 2));
      case 5:
        return array(depth);
      default:
        return object(depth);
    }
  }

 private:
  std::string space() {
    static constexpr std::array<std::string_view, 6> kSpaces{" ", "\n", "\t", "\r\n", "  ", " \t "};
    return choices_.one_in(4) ? std::string(kSpaces[choices_.below(kSpaces.size())]) : "";
  }

  std::string object(std::size_t depth) {
    std::string text = "{" + space();
    const std::size_t count = choices_.below(5);
    const bool repeats = choices_.one_in(12);
    std::size_t name = choices_.below(kNames.size());
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) text += space() + "," + space();
      text += string(std::string(kNames[name])) + space() + ":" + space() + value(depth + 1);
      name = repeats ? choices_.below(kNames.size()) : (name + 1) % kNames.size();
    }
    return text + space() + "}";
  }

  std::string array(std::size_t depth) {
    std::string text = "[" + space();
    const std::size_t count = choices_.below(4);
    for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? space() + "," + space() : "") + value(depth + 1);
    return text + space() + "]";
  }

  std::string deep() {
    const std::size_t levels = 62 + choices_.below(5);
    std::string text;
    for (std::size_t i = 0; i < levels; ++i) text += i % 2 == 0 ? "{\"a\":" : "[";
    text += "1";
    for (std::size_t i = levels; i-- > 0;) text += i % 2 == 0 ? "}" : "]";
    return text;
  }

  /// A literal, here and there with more escapes than it needs, seldom with half a surrogate pair.
  std::string string(const std::string& text) {
    std::string out = "\"";
    const std::size_t eagerness = choices_.below(3);
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x80 && eagerness == 0 && choices_.one_in(3)) {
        char code[7];
        std::snprintf(code, sizeof code, choices_.one_in(2) ? "\\u%04x" : "\\u%04X", static_cast<unsigned>(byte));
        out += code;
      } else if (c == '/' && eagerness == 1) {
        out += "\\/";
      } else {
        out += reference::escape(std::string_view(&c, 1));
      }
    }
    if (choices_.one_in(200)) out += choices_.one_in(2) ? "\\ud83d" : "\\ude00x";
    if (choices_.one_in(40)) out += "\\ud83d\\ude00";
    return out + "\"";
  }

  Choices& choices_;
};

Step step_of(Step::Kind kind) {
  Step step;
  step.kind = kind;
  return step;
}

class PathWriter {
 public:
  explicit PathWriter(Choices& choices) : choices_(choices) {}

  /// Goes down in the document as long as it likes, then leaves names for wildcards and adds what is not there.
  Path path(const std::string& document) {
    Path path;
    if (choices_.one_in(40)) return path;
    down(document, path);
    if (path.empty() || choices_.one_in(5)) path.push_back(name());
    if (choices_.one_in(30)) path.push_back(index());
    if (choices_.one_in(40)) path.push_back(step_of(Step::inside));
    generalise(path);
    return path;
  }

  Path relative() {
    Path path;
    for (std::size_t count = choices_.below(3) + 1; count > 0; --count) {
      switch (choices_.below(6)) {
        case 0:
          path.push_back(index());
          break;
        case 1:
          path.push_back(step_of(Step::any));
          break;
        case 2:
          if (path.empty() || path.back().kind != Step::deep) path.push_back(step_of(Step::deep));
          break;
        case 3:
          path.push_back(step_of(Step::inside));
          break;
        default:
          path.push_back(name());
      }
    }
    return path;
  }

 private:
  Step name() {
    Step step;
    step.text = kNames[choices_.below(kNames.size())];
    return step;
  }
  Step index() {
    Step step;
    step.kind = Step::index;
    step.number = choices_.below(4);
    return step;
  }

  void down(const std::string& text, Path& path) {
    const auto root = reference::parse(text);
    if (!root) return;
    const Node* node = &*root;
    while (!choices_.one_in(4)) {
      if (node->kind == '"') {
        const std::string literal = text.substr(node->begin, node->end - node->begin);
        const std::string inside = reference::unescape(literal).text;
        if (!path.empty() && reference::parse(inside) && path.back().kind != Step::inside) {
          path.push_back(step_of(Step::inside));
          down(inside, path);
        }
        return;
      }
      if (node->members.empty()) return;
      const std::size_t i = choices_.below(node->members.size());
      Step step;
      step.kind = node->kind == '{' ? Step::name : Step::index;
      step.text = node->members[i].name;
      step.number = i;
      if (!reference::valid_utf8(step.text)) return;
      path.push_back(step);
      node = &node->members[i].value;
    }
  }

  void generalise(Path& path) {
    if (!choices_.one_in(3)) return;
    for (std::size_t i = 0; i < path.size(); ++i) {
      if (path[i].kind == Step::inside || !choices_.one_in(3)) continue;
      const bool follows_deep = i > 0 && path[i - 1].kind == Step::deep;
      if (choices_.one_in(2) && !follows_deep && (i + 1 == path.size() || path[i + 1].kind != Step::inside)) {
        path[i] = step_of(Step::deep);
      } else {
        path[i] = step_of(Step::any);
      }
    }
    if (choices_.one_in(6) && path.back().kind != Step::deep) path.push_back(step_of(Step::deep));
  }

  Choices& choices_;
};

}  // namespace

std::size_t Seeded::below(std::size_t bound) {
  state_ ^= state_ << 13;
  state_ ^= state_ >> 7;
  state_ ^= state_ << 17;
  return (state_ >> 11) % bound;
}

namespace {

TestCase generate_actions(Choices& choices, std::string document) {
  TestCase test;
  test.document = std::move(document);
  PathWriter paths(choices);
  for (std::size_t count = 2 + choices.below(5); count > 0; --count) test.paths.push_back(paths.path(test.document));
  for (std::size_t count = 1 + choices.below(6); count > 0; --count) {
    Action action;
    action.op = static_cast<Op>(choices.below(kOps));
    action.path = choices.below(test.paths.size());
    action.target = choices.below(test.paths.size());
    action.seed = choices.below(1000);
    if (action.op == Op::set) action.text = kTexts[choices.below(kTexts.size())];
    if (action.op == Op::set && choices.one_in(50)) action.text += "\xFF";
    if (action.op == Op::set_json) action.text = choices.one_in(20) ? "{\"a\":1}," : Writer(choices).value(1);
    if (action.op == Op::match_relative) {
      action.target = test.relatives.size();
      test.relatives.push_back(paths.relative());
    }
    test.actions.push_back(std::move(action));
  }
  return test;
}

}  // namespace

TestCase generate_for(Choices& choices, std::string document) {
  TestCase test = generate_actions(choices, document);
  test.earlier = Writer(choices).earlier(std::move(document));
  return test;
}

TestCase generate(Choices& choices) {
  std::string document = Writer(choices).document();
  TestCase test = generate_actions(choices, choices.one_in(40) ? Writer(choices).broken(document) : document);
  test.earlier = Writer(choices).earlier(std::move(document));
  return test;
}

}  // namespace weir::host::json::test
