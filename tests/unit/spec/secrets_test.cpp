#include <catch2/catch.hpp>

#include "spec/json_node.h"
#include "spec/secrets.h"

namespace weir::host::spec {
namespace {

Node secret_node(const char* text) {
  Node node;
  node.text = text;
  node.secret = true;
  return node;
}

}  // namespace

TEST_CASE("a secret is masked wherever it stands, the longer of two first") {
  Node list;
  list.kind = Node::Kind::list;
  list.items = {secret_node("pass"), secret_node("password"), secret_node("abc")};
  Value value;
  value.type = WEIR_STRING;
  value.text = "quo\"te";
  value.secret = true;
  Secrets secrets;
  secrets.add(list);
  secrets.add(value);
  CHECK(secrets.masked("password, pass, compass") == "***, ***, com***");
  CHECK(secrets.masked(R"({"a":"quo\"te"} quo"te)") == R"({"a":"***"} ***)");
  CHECK(secrets.masked("abc is too short") == "abc is too short");
  CHECK(Secrets().masked("plain") == "plain");
}

TEST_CASE("JSON becomes nodes with the text of its numbers, and too deep or broken JSON none") {
  const auto node = parse_json(R"({"a":[1.0,"x",null],"a":12345678901234567890123})");
  REQUIRE(node);
  CHECK(node->members.size() == 2);
  CHECK(node->members[0].value.items[0].text == "1.0");
  CHECK(node->members[1].value.text == "12345678901234567890123");
  CHECK(parse_json(std::string(64, '[') + std::string(64, ']')));
  CHECK_FALSE(parse_json(std::string(65, '[') + std::string(65, ']')));
  CHECK_FALSE(parse_json(std::string(1'000'000, '[')));
  CHECK_FALSE(parse_json("{"));
  CHECK_FALSE(parse_json("\"\xff\""));
}

}  // namespace weir::host::spec
