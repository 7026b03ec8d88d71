#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace {

using weir::testing::Message;
using weir::testing::Predicate;

struct IsAdult {
  static constexpr auto name = "is_adult";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Chooses grown-ups.";
  static constexpr auto fields =
      weir::fields(weir::optional("field", weir::Type::path, R"("age")", "Where the age is."));
  explicit IsAdult(const weir::Context& config) : age_(config.path("field")) {}
  bool test(const weir::Record& record) const {
    const auto age = record.value().integer(age_);
    if (age && *age < 0) throw weir::DataError("an age below zero", age_);
    if (age && *age == 99) throw weir::RetryError("later");
    return age.value_or(0) >= 18;
  }

 private:
  weir::Path age_;
};

struct IsNull {
  static constexpr auto name = "is_null";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Chooses tombstones.";
  static constexpr bool tombstones = true;
  static constexpr bool reads_document = false;
  bool test(weir::Record& record) { return record.is_tombstone(); }
};

TEST_CASE("a predicate chooses by the record") {
  Predicate<IsAdult> adult;
  CHECK(adult.test(R"({"age":18})"));
  CHECK_FALSE(adult.test(R"({"age":17})"));
  CHECK_FALSE(adult.test("{}"));
  CHECK_FALSE(adult.failure());
}

TEST_CASE("a record a predicate cannot judge fails and is not chosen") {
  Predicate<IsAdult> adult;
  CHECK_FALSE(adult.test(R"({"age":-1})"));
  REQUIRE(adult.failure());
  CHECK(adult.failure()->reason == "an age below zero");
  CHECK(adult.failure()->at == "age");
  CHECK_FALSE(adult.test("nonsense"));
  CHECK(adult.failure()->reason == "not JSON");
}

TEST_CASE("a retry of a predicate is passed on") {
  Predicate<IsAdult> adult;
  CHECK_THROWS_AS(adult.test(R"({"age":99})"), weir::RetryError);
}

TEST_CASE("null values come only to predicates that want them") {
  Predicate<IsAdult> adult;
  CHECK_FALSE(adult.test(Message{}));
  CHECK_FALSE(adult.failure());
  Predicate<IsNull> null;
  CHECK(null.test(Message{}));
  CHECK_FALSE(null.test("1"));
  CHECK(weir::detail::Kind<IsNull>::table.capabilities == WEIR_TOMBSTONES);
}

struct Writes {
  static constexpr auto name = "writes";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Breaks the rule.";
  explicit Writes(const weir::Context& config) : a(config.compile("a", weir::Use::read)) {}
  bool test(weir::Record& record) { return record.value().set(a, 1), true; }
  weir::Path a;
};

TEST_CASE("a predicate's paths are read only") {
  Predicate<Writes> writes;
  CHECK_FALSE(writes.test("{}"));
  CHECK(writes.failure()->reason == "the plugin threw weir::UsageError");
}

}  // namespace
