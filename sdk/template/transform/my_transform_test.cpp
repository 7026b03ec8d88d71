// The class is tested as it is, without host or files: its source is part of the test.
#include "my_transform.cpp"

#include <iostream>
#include <weir/testing.hpp>

namespace {

int failures = 0;

void expect(bool holds, const char* sentence) {
  if (holds) return;
  ++failures;
  std::cerr << "not so: " << sentence << '\n';
}

void test_blanks() {
  weir::testing::Transform<MyTransform> trim(R"({"field": "user.name"})");
  expect(trim.run(R"({"user": {"name": "  Ada "}, "n": 1.0})").value() == R"({"user": {"name": "Ada"}, "n": 1.0})",
         "blanks are cut, every other byte stays");
  expect(trim.run(R"({"user": {"name": 7}})").value() == R"({"user": {"name": 7}})", "what is no text stays");
  expect(trim.run("{}").value() == "{}", "a missing field is left alone");
}

void test_fates() {
  weir::testing::Transform<MyTransform> trim(R"({"field": "name", "drop_empty": true})");
  expect(trim.run(R"({"name": " "})").filtered(), "a record without text is dropped");
  expect(trim.run("not JSON").failed(), "broken JSON fails the record");
  expect(!trim.run(weir::testing::Message{}).only().value, "a tombstone passes by");
}

void test_configuration() {
  try {
    const weir::testing::Transform<MyTransform> trim("{}");
    expect(false, "a configuration without its field is refused");
  } catch (const weir::ConfigError& error) {
    expect(error.pointer() == "field", "the error names the missing field");
  }
}

}  // namespace

int main() {
  test_blanks();
  test_fates();
  test_configuration();
  return failures == 0 ? 0 : 1;
}
