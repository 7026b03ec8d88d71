#include "list_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "testing/scratch_folder.h"

namespace weir::plugins {
namespace {

const IdentityHasher& hasher() {
  static const IdentityHasher hasher({"email", "mpid"});
  return hasher;
}

IdentitySet read(std::string_view text) {
  const testing_support::ScratchFolder folder;
  const int descriptor = open(folder.write("list", text).c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(descriptor >= 0);
  const struct Closer {
    int descriptor;
    ~Closer() { close(descriptor); }
  } closer{descriptor};
  return read_list(descriptor, hasher());
}

std::string refusal(std::string_view text) {
  try {
    const IdentitySet set = read(text);
    return "taken";
  } catch (const ListError& error) {
    return error.what();
  }
}

bool has(const IdentitySet& set, const std::string& kind, std::string_view text) {
  return set.contains(hasher().hash(hasher().kind(kind).value(), text));
}

TEST_CASE("a line is a kind and a value, split at the first colon") {
  const IdentitySet set = read("mpid:-17\nemail:jo@example.com\nemail:a:b\n");
  CHECK(set.size() == 3);
  CHECK(has(set, "mpid", "-17"));
  CHECK(has(set, "email", "jo@example.com"));
  CHECK(has(set, "email", "a:b"));
  CHECK_FALSE(has(set, "email", "-17"));
  CHECK_FALSE(has(set, "email", "a"));
  CHECK_FALSE(has(set, "email", "Jo@example.com"));
}

TEST_CASE("blanks around kind and value are taken off, those inside stay") {
  const IdentitySet set = read(" email :\tjo doe \r\nmpid: 1\t\n");
  CHECK(set.size() == 2);
  CHECK(has(set, "email", "jo doe"));
  CHECK(has(set, "mpid", "1"));
}

TEST_CASE("comments, blank lines, a byte order mark and a last line without end") {
  const IdentitySet set = read("\xEF\xBB\xBF# deleted\n\n  \n  # mpid:9\nmpid:1\nemail:a#b\nmpid:1\nmpid:2");
  CHECK(set.size() == 3);
  CHECK(has(set, "mpid", "1"));
  CHECK(has(set, "mpid", "2"));
  CHECK(has(set, "email", "a#b"));
  CHECK(read("").size() == 0);
  CHECK(read("# nobody\n").size() == 0);
}

TEST_CASE("a line that is not understood refuses the list by its number, without its text") {
  CHECK(refusal("mpid:1\n\n# x\njo@example.com\nmpid:2\n") == "line 4 has no colon: kind:value is asked for");
  CHECK(refusal("mpid:1\nphone:123") == "line 2 begins with a kind that `identities` does not name");
  CHECK(refusal(":1\n") == "line 1 begins with a kind that `identities` does not name");
  CHECK(refusal("MPID:1\n") == "line 1 begins with a kind that `identities` does not name");
  CHECK(refusal("\nmpid: \n") == "line 2 has no value");
  CHECK(refusal("mpid:1 # gone\n") == "line 1 has a blank and # in its value: comments need lines of their own");
  CHECK(refusal("email:\xE9\n") == "line 1 holds what is no text (UTF-8, without control characters)");
  CHECK(refusal(std::string("mpid:1\0\0\0\n", 10)) ==
        "line 1 holds what is no text (UTF-8, without control characters)");
  CHECK(refusal("mpid:1\nemail:" + std::string(70'000, 'x') + "\n") == "line 2 is longer than 64 KiB");
}

TEST_CASE("a list of many lines is read whole") {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "mpid:" + std::to_string(i) + '\n';
  const IdentitySet set = read(text);
  CHECK(set.size() == 200'000);
  CHECK(has(set, "mpid", "0"));
  CHECK(has(set, "mpid", "123456"));
  CHECK(has(set, "mpid", "199999"));
  CHECK_FALSE(has(set, "mpid", "200000"));
  CHECK(set.bytes() < 200'000 * 18);
  CHECK(refusal(text + "oops\n") == "line 200001 has no colon: kind:value is asked for");
}

}  // namespace
}  // namespace weir::plugins
