#include "spec/json_node.h"

#include <nlohmann/json.hpp>

namespace weir::host::spec {
namespace {

/// Puts nodes together from a JSON text, with numbers as they are written.
class NodeBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return plain("null"); }
  bool boolean(bool value) override { return plain(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return plain(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return plain(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return plain(text); }
  bool string(string_t& text) override {
    Node node;
    node.text = std::move(text);
    node.quoted = true;
    add(std::move(node));
    return true;
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Node::Kind::map); }
  bool start_array(std::size_t) override { return open(Node::Kind::list); }
  bool key(string_t& name) override {
    names_.push_back(std::move(name));
    return true;
  }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

  [[nodiscard]] Node take() { return std::move(root_); }

 private:
  bool plain(std::string text) {
    Node node;
    node.text = std::move(text);
    add(std::move(node));
    return true;
  }

  bool open(Node::Kind kind) {
    if (open_.size() == kDeepest) return false;
    Node node;
    node.kind = kind;
    open_.push_back(std::move(node));
    return true;
  }

  bool close() {
    Node node = std::move(open_.back());
    open_.pop_back();
    add(std::move(node));
    return true;
  }

  void add(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().kind == Node::Kind::list) {
      open_.back().items.push_back(std::move(node));
    } else {
      open_.back().members.push_back({std::move(names_.back()), {}, std::move(node)});
      names_.pop_back();
    }
  }

  static constexpr std::size_t kDeepest = 64;  // as in YAML files: nodes are walked and freed by recursion

  Node root_;
  std::vector<Node> open_;
  std::vector<std::string> names_;
};

}  // namespace

std::optional<Node> parse_json(std::string_view json) {
  NodeBuilder builder;
  if (!nlohmann::json::sax_parse(json.begin(), json.end(), &builder)) return std::nullopt;
  return builder.take();
}

}  // namespace weir::host::spec
