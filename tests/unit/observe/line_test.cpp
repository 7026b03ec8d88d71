#include "observe/line.h"

#include <catch2/catch.hpp>
#include <limits>

using namespace weir::host;
using observe::format_line;

namespace {

constexpr std::int64_t kTime = 1795356000123;  // 2026-11-22T14:00:00.123Z

std::string text(std::string_view sentence, std::vector<LogField> fields = {}) {
  return format_line(LogFormat::text, {kTime, LogLevel::warn, sentence, {}, fields});
}

std::string json(std::string_view sentence, std::vector<LogField> fields = {}) {
  return format_line(LogFormat::json, {kTime, LogLevel::error, sentence, {}, fields});
}

}  // namespace

TEST_CASE("a text line has time, level, sentence, then context and fields") {
  const std::vector<std::pair<std::string, LogValue>> context{{"pipeline", "a"}, {"task", 0}};
  const std::vector<LogField> fields{{"file", "x.ndjson"}};
  CHECK(format_line(LogFormat::text, {kTime, LogLevel::warn, "Disk is slow.", context, fields}) ==
        "2026-11-22T14:00:00.123Z warn  Disk is slow. pipeline=a task=0 file=x.ndjson");
  CHECK(format_line(LogFormat::text, {kTime, LogLevel::error, "No.", {}, {}}) == "2026-11-22T14:00:00.123Z error No.");
}

TEST_CASE("a value with blanks, quotes or equal signs is quoted") {
  CHECK(text("S.", {{"a", "x y"}}).ends_with(R"(S. a="x y")"));
  CHECK(text("S.", {{"a", ""}}).ends_with(R"(S. a="")"));
  CHECK(text("S.", {{"a", R"(p"q\r)"}}).ends_with(R"(S. a="p\"q\\r")"));
  CHECK(text("S.", {{"a", "b=c"}}).ends_with(R"(S. a="b=c")"));
}

TEST_CASE("line ends and terminal controls never reach the terminal") {
  CHECK(text("One\ntwo\x1b[31m\x7f.").ends_with(R"(One\ntwo\x1b[31m\x7f.)"));
  CHECK(text("C1 \xc2\x9b.").ends_with(R"(C1 \xc2\x9b.)"));
  CHECK(text("S.", {{"a", std::string("\r\0", 2)}}).ends_with(R"(a="\x0d\x00")"));
}

TEST_CASE("text in other alphabets stays readable and broken UTF-8 is escaped") {
  CHECK(text("Größe 漢 🙂.").ends_with("Größe 漢 🙂."));
  CHECK(text("\xff\xc3").ends_with(R"(\xff\xc3)"));
  CHECK(text("\xed\xa0\x80").ends_with(R"(\xed\xa0\x80)"));
  CHECK(text("\xf0\x80\x80\x80").ends_with(R"(\xf0\x80\x80\x80)"));
}

TEST_CASE("a JSON line is one object with escaped strings") {
  CHECK(json("A \"b\"\n\xff", {{"k\\", "v"}}) ==
        R"({"time":"2026-11-22T14:00:00.123Z","level":"error","message":"A \"b\"\u000a\ufffd","k\\":"v"})");
  CHECK(json("\xc2\x85").find(R"("\u0085")") != std::string::npos);
}

TEST_CASE("a JSON line has numbers as numbers, and texts that look like them as texts") {
  CHECK(json("S.", {{"read", std::uint64_t{18446744073709551615u}}, {"left", -1}, {"part", "007"}, {"seconds", 0.25}})
            .ends_with(R"("read":18446744073709551615,"left":-1,"part":"007","seconds":0.250})"));
  CHECK(json("S.", {{"rate", std::numeric_limits<double>::infinity()}}).ends_with(R"("rate":"inf"})"));
  CHECK(text("S.", {{"read", 5}}).ends_with("S. read=5"));
}

TEST_CASE("a time before 1970 is written right") {
  CHECK(format_line(LogFormat::text, {-1, LogLevel::info, "S.", {}, {}}) == "1969-12-31T23:59:59.999Z info  S.");
}
