// A stencil that was made by hand: which texts fit, and where it reads in those that do not.
#include "json/stencil.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <memory>

#include "json/index.h"

namespace weir::host::json {
namespace {

constexpr const char* kKnown = R"({"a":12,"c":"x","l":[1,{"d":true},-0.5e1]})";

/// A text where reading before it or more than 64 bytes behind it is an error that sanitizers see, and its tokens.
class Indexed {
 public:
  explicit Indexed(std::string_view text) : bytes_(std::make_unique<char[]>(text.size() + 64)) {
    std::memcpy(bytes_.get(), text.data(), text.size());
    REQUIRE(index_.start({bytes_.get(), text.size()}) == nullptr);
  }
  [[nodiscard]] const char* text() const { return bytes_.get(); }
  [[nodiscard]] const std::uint32_t* tokens() const { return index_.first().at; }
  [[nodiscard]] std::size_t count() const { return static_cast<std::size_t>(index_.first().stop - index_.first().at); }

 private:
  std::unique_ptr<char[]> bytes_;
  StructuralIndex index_;
};

/// Of kKnown. The runs are {"a": and ,"c":" and ","l": and }
Stencil make() {
  const Indexed known(kKnown);
  Stencil stencil(7, known.count());
  REQUIRE(stencil.add_run(0, 0, R"({"a":)"));
  stencil.add_distance(0, 3, 5);
  stencil.add_scalar(3, known.text(), known.tokens());
  REQUIRE(stencil.add_run(4, 0, R"(,"c":")"));
  REQUIRE(stencil.add_run(8, 1, R"(","l":)"));
  stencil.add_distance(8, 11, 5);
  REQUIRE(stencil.add_container(11, known.text(), known.tokens()) == 22);
  stencil.add_distance(21, 22, 1);
  REQUIRE(stencil.add_run(22, 0, "}"));
  stencil.add_distance(22, 23, 1);
  return stencil;
}

bool fits(Stencil& stencil, std::string_view text) {
  const Indexed indexed(text);
  Cuts cuts;
  return indexed.count() == stencil.count() && stencil.fits(indexed.text(), indexed.tokens(), cuts);
}

}  // namespace

TEST_CASE("a stencil says where the runs of a text begin") {
  Stencil stencil = make();
  CHECK(stencil.shape() == 7);
  CHECK(stencil.count() == 23);
  const Indexed text(R"({"a":null,"c":"longer","l":[-7.25,{"a longer name":1},0]})");
  Cuts cuts;
  REQUIRE(stencil.fits(text.text(), text.tokens(), cuts));
  CHECK(std::vector<std::uint32_t>(cuts.at, cuts.at + cuts.count) == std::vector<std::uint32_t>{0, 9, 21, 56});
}

TEST_CASE("scalars fit whatever they were before") {
  Stencil stencil = make();
  for (int times = 0; times < 2; ++times) {
    for (const char* scalar : {"1", "0", "-1", "1.5", "0.5", "1e9", "1234567890123456", "12345678901234567", "null",
                               "true", "false", "1234567890123456789012345678901234567890.5", "9.999999999999999"}) {
      const std::string text(scalar);
      INFO(text);
      CHECK(fits(stencil, R"({"a":)" + text + R"(,"c":"","l":[)" + text + R"(,{"":)" + text + "}," + text + "]}"));
    }
    for (const char* bad : {"01", "-", "1.", ".5", "1e", "nul", "nulls", "truE", "1x", "1 ", "--1", "0.1.2"}) {
      INFO(bad);
      CHECK_FALSE(fits(stencil, R"({"a":)" + std::string(bad) + R"(,"c":"","l":[1,{"":1},1]})"));
      CHECK_FALSE(fits(stencil, R"({"a":1,"c":"","l":[1,{"":)" + std::string(bad) + "},1]}"));
      CHECK_FALSE(fits(stencil, R"({"a":1,"c":"","l":[)" + std::string(bad) + R"(,{"":1},1]})"));
    }
  }
}

TEST_CASE("of texts with as many tokens, those that differ anywhere but in values do not fit") {
  Stencil stencil = make();
  for (const char* other : {
           R"({"b":12,"c":"x","l":[1,{"d":true},1]})",   // runs
           R"({"a":12,"c":"x","m":[1,{"d":true},1]})",   //
           R"( {"a":12,"c":"x","l":[1,{"d":true},1]})",  // white space
           R"({"a": 12,"c":"x","l":[1,{"d":true},1]})",  //
           R"({"a":12 ,"c":"x","l":[1,{"d":true},1]})",  //
           R"({"a":12,"c":"x" ,"l":[1,{"d":true},1]})",  //
           R"({"a":12,"c":"x","l": [1,{"d":true},1]})",  //
           R"({"a":12,"c":"x","l":[1,{"d":true},1] })",  //
           R"({"a":12,"c":"x","l":[1,{"d":true},1]} )",  //
           R"({"a":12,"c":"x","l":[1,{"d":true}:1]})",   // brackets, commas and colons
           R"({"a":12,"c":"x","l":[1,{"d",true},1]})",   //
           R"({"a":12,"c":"x","l":[1,{"d":true],1]})",   //
           R"({"a":12,"c":"x","l":[1,["d":true},1]})",   //
           R"({"a":12,"c":"x","l":[1,{ 1 :true},1]})",   // kinds
           R"({"a":12,"c":"x","l":[1,{"d":true},""]})",  //
           R"({"a":"","c":"x","l":[1,{"d":true},1]})",   //
           R"({"a":12,"c":1,"l":[1,{"d":true},12]})",    //
       }) {
    INFO(other);
    CHECK_FALSE(fits(stencil, other));
  }
  CHECK(fits(stencil, kKnown));
}

TEST_CASE("a text that does not fit is read no further than any other") {
  Stencil stencil = make();
  CHECK_FALSE(fits(stencil, std::string(stencil.count(), '[')));
  CHECK_FALSE(fits(stencil, std::string(stencil.count(), ',')));
  std::string values;
  for (std::size_t i = 0; i < stencil.count(); ++i) values += "1 ";
  CHECK_FALSE(fits(stencil, values));
  CHECK_FALSE(fits(stencil, R"({"a":12,"c":"x","l":)" + std::string(12, '[')));
}

TEST_CASE("a run has no room where it could be read before its text or too far behind it") {
  Stencil stencil(0, 100);
  CHECK_FALSE(stencil.add_run(0, 1, " {"));
  CHECK_FALSE(stencil.add_run(5, 2, "\" ,"));
  CHECK_FALSE(stencil.add_run(5, 0, std::string(49, ',')));
  CHECK(stencil.add_run(5, 1, std::string(48, ',')));
}

}  // namespace weir::host::json
