#include <catch2/catch.hpp>
#include <filesystem>
#include <map>

#include "rig.h"
#include "spool/inspect.h"
#include "store_rig.h"

namespace weir::host::spool::test {
namespace {

std::map<std::string, std::string> bytes_of_all(const MemoryFiles& files) {
  std::map<std::string, std::string> all;
  for (const std::string& path : files.paths()) all[path] = files.content(path);
  return all;
}

constexpr std::int64_t kDay = 24 * 60 * 60 * 1000;

}  // namespace

TEST_CASE("a spool has one user, and one that is refused touches nothing") {
  MemoryFiles files(1);
  StoreRig rig(files);
  REQUIRE(rig.open().ok());
  REQUIRE(rig.append({3}).ok());
  const auto before = bytes_of_all(files);
  Store other(rig.options, files, Log());
  const Status status = other.open(std::nullopt, rig.now_ms);
  CHECK(status.code() == WEIR_E_FATAL);
  CHECK_THAT(status.message(), Catch::Contains("in use"));
  CHECK((bytes_of_all(files) == before));
  CHECK(rig.append({1}).ok());
}

TEST_CASE("a spool is that of one pipeline, and one of another name touches nothing") {
  MemoryFiles files(1);
  StoreRig rig(files);
  rig.options.owner = "orders";
  REQUIRE(rig.open().ok());
  REQUIRE(rig.append({3}).ok());
  rig.close();
  const auto before = bytes_of_all(files);
  rig.options.owner = "visits";
  const Status refused = rig.open();
  CHECK(refused.code() == WEIR_E_CONFIG);
  CHECK(refused.message().find("'orders'") != std::string::npos);
  CHECK((bytes_of_all(files) == before));
  rig.options.owner = "orders";
  REQUIRE(rig.open().ok());
  CHECK(rig.read() == numbers(0, 3));
}

TEST_CASE("a spool whose owner was not written yet takes the first") {
  MemoryFiles files(1);
  StoreRig rig(files);
  REQUIRE(rig.open().ok());
  REQUIRE(rig.append({3}).ok());
  std::unique_ptr<File> empty;
  REQUIRE(files.open("/spool/owner", FileSystem::Open::create, empty) == 0);
  rig.options.owner = "orders";
  REQUIRE(rig.open().ok());
  CHECK(files.content("/spool/owner") == "orders\n");
  rig.options.owner = "visits";
  CHECK(rig.open().code() == WEIR_E_CONFIG);
}

TEST_CASE("a spool refuses secrets that do not open it, and touches nothing") {
  MemoryFiles files(1);
  StoreRig rig(files);
  rig.options.secrets = "the first secret of all";
  REQUIRE(rig.open().ok());
  REQUIRE(rig.append({3}).ok());  // and is killed: there is something to recover
  const auto before = bytes_of_all(files);
  const auto refused_with = [&](const std::string& secrets) {
    StoreRig other(files);
    other.options.secrets = secrets;
    const Status status = other.open();
    CHECK(status.code() == WEIR_E_CONFIG);
    CHECK((bytes_of_all(files) == before));
    return status.message();
  };
  refused_with("another secret than it");
  refused_with("short");
  CHECK_THAT(refused_with(""), Catch::Contains("encryption_secret"));
  for (const auto& [path, bytes] : before) CHECK(bytes.find("value") == std::string::npos);
  REQUIRE(rig.open().ok());
  CHECK(rig.read() == numbers(0, 3));
}

TEST_CASE("secrets change: the newest encrypts, all open") {
  MemoryFiles files(1);
  StoreRig rig(files);
  rig.options.secrets = "the first secret of all";
  REQUIRE(rig.open().ok());
  REQUIRE(rig.append({3}).ok());
  rig.options.secrets = "the second secret of all\nthe first secret of all\n";
  REQUIRE(rig.open().ok());
  REQUIRE(rig.append({3}).ok());
  CHECK(rig.read() == numbers(0, 6));
  const Sequence settled = rig.last();
  rig.close();
  rig.options.secrets = "the second secret of all";
  CHECK(rig.open().code() == WEIR_E_CONFIG);  // the first segment is still to be read
  REQUIRE(rig.open(settled).ok());
  REQUIRE(rig.append({1}).ok());
  CHECK(rig.read() == numbers(6, 7));
  std::vector<int> values;
  const auto both = Inspector::open(files, "/spool", "the second secret of all\nthe first secret of all");
  REQUIRE(both);
  REQUIRE((*both)
              ->read({},
                     [&](const SpooledRecord& record) {
                       values.push_back(std::stoi(std::string(view(record.record->value))));
                       return true;
                     })
              .ok());
  CHECK(values == numbers(0, 7));
  const auto none = Inspector::open(files, "/spool", "");
  CHECK((*none)->read({}, [](const SpooledRecord&) { return true; }).code() == WEIR_E_CONFIG);
}

TEST_CASE("thirty days: only what is older than max_age goes, counted; the rest comes once, in order") {
  MemoryFiles files(1);
  StoreRig rig(files);
  rig.options.segment_bytes = 4096;
  REQUIRE(rig.open().ok());
  for (int day = 0; day < 45; ++day) {
    for (int hour = 0; hour < 4; ++hour) {
      REQUIRE(rig.append({5, 5}).ok());
      rig.now_ms += kDay / 4;
      rig.store().tend(rig.now_ms);
    }
    require_balance(rig.figures());
    if (day % 10 == 9) REQUIRE(rig.open().ok());  // killed now and then
  }
  const int all = rig.next;
  const std::vector<int> values = rig.read();
  REQUIRE(!values.empty());
  CHECK(values == numbers(values.front(), all));
  // Forty records a day; the last one was taken a quarter of a day ago, and one exactly thirty days old is not older than that.
  CHECK(values.front() == all - 30 * 40);
  const std::size_t segments = rig.segments().size();
  rig.now_ms += 31 * kDay;
  REQUIRE(rig.open().ok());
  CHECK(rig.read().empty());
  CHECK(rig.figures().expired == rig.figures().start);
  rig.store().tend(rig.now_ms);
  CHECK(rig.segments().empty());
  CHECK(segments >= 30);
  require_balance(rig.figures());
}

TEST_CASE("what expires while earlier records are under way makes room, and is not missed later") {
  MemoryFiles files(1);
  StoreRig rig(files);
  rig.options.segment_bytes = 1;  // a segment a group
  REQUIRE(rig.open().ok());
  for (int i = 0; i < 6; ++i) REQUIRE(rig.append({2}).ok());
  CHECK(rig.read(1) == numbers(0, 1));  // in flight for the rest of the test
  rig.now_ms += 31 * kDay;
  REQUIRE(rig.append({2}).ok());
  rig.store().tend(rig.now_ms);
  CHECK(rig.figures().expired == 11);
  CHECK(rig.segments().size() == 2);  // the one in flight, and the new one
  CHECK(rig.figures().records == 2);
  require_balance(rig.figures());
  REQUIRE(rig.open().ok());
  CHECK(rig.figures().start == 4);  // the first segment's two again, which expire now, and the new ones
  CHECK(rig.read() == numbers(12, 14));
  CHECK(rig.figures().expired == 2);
  CHECK(rig.figures().damaged == 0);
  require_balance(rig.figures());
}

TEST_CASE("delivered segments stay as long as they are kept, and go first when room is short") {
  MemoryFiles files(1);
  StoreRig rig(files);
  rig.options.segment_bytes = 1;
  rig.options.keep_delivered = std::chrono::hours(48);
  rig.options.max_bytes = 1u << 20;
  REQUIRE(rig.open().ok());
  for (int i = 0; i < 10; ++i) REQUIRE(rig.append({1}).ok());
  CHECK(rig.read().size() == 10);
  rig.store().settle(rig.last());
  rig.now_ms += kDay;
  rig.store().tend(rig.now_ms);
  CHECK(rig.segments().size() == 10);
  const std::uint64_t bytes = rig.figures().bytes;
  rig.close();
  rig.options.max_bytes = bytes + 2000;
  REQUIRE(rig.open(rig.last()).ok());
  for (int i = 0; i < 5; ++i) REQUIRE(rig.append({1}).ok());
  CHECK(rig.figures().bytes <= rig.options.max_bytes);
  CHECK(rig.segments().size() == 11);
  CHECK(rig.read() == numbers(10, 15));
  rig.store().settle(rig.last());
  rig.now_ms += 2 * kDay;
  rig.store().tend(rig.now_ms);
  CHECK(rig.segments().empty());
}

TEST_CASE("the work at start does not depend on the backlog") {
  const auto bytes_read_at_start = [](int groups) {
    MemoryFiles files(1);
    StoreRig rig(files);
    rig.options.segment_bytes = 1;
    REQUIRE(rig.open().ok());
    for (int i = 0; i < groups; ++i) REQUIRE(rig.append({10}).ok());
    const std::uint64_t before = files.bytes_read();
    REQUIRE(rig.open().ok());
    const std::uint64_t took = files.bytes_read() - before;
    CHECK(rig.figures().start == static_cast<std::uint64_t>(groups) * 10);
    return took;
  };
  CHECK(bytes_read_at_start(500) < bytes_read_at_start(20) + 100);  // numbers have more digits
}

TEST_CASE("what was read leaves the page cache, and nothing else does") {
  MemoryFiles files(1);
  StoreRig rig(files);
  rig.options.segment_bytes = 3'000'000;
  REQUIRE(rig.open().ok());
  for (int group = 0; group < 20; ++group) REQUIRE(rig.append({20'000, 20'000}).ok());
  std::uint64_t stored = 0;
  for (const std::string& segment : rig.segments()) stored += files.content(segment).size();
  REQUIRE(rig.segments().size() > 2);
  CHECK(files.bytes_released() == 0);
  std::size_t count = 0;
  while (count < 400'000) count += rig.read(Slice::kRecords).size();
  CHECK(files.bytes_released() > stored / 4);
  CHECK(files.bytes_released() <= stored / 2 + 256 * 1024);
  CHECK(count + rig.read().size() == 800'000);
  CHECK(files.bytes_released() > stored - 3 * 1024 * 1024);
  CHECK(files.bytes_released() <= stored);
}

TEST_CASE("a folder of another spool under the same path loses nothing to an old checkpoint") {
  MemoryFiles files(1);
  StoreRig rig(files);
  REQUIRE(rig.open().ok());
  REQUIRE(rig.append({5}).ok());
  CHECK(rig.read().size() == 5);
  const Sequence settled = rig.last();
  rig.close();
  for (const std::string& path : files.paths()) REQUIRE(files.remove(path) == 0);
  rig.now_ms += 1000;
  REQUIRE(rig.open(settled).ok());
  REQUIRE(rig.append({5}).ok());
  REQUIRE(rig.open(settled).ok());
  CHECK(rig.read() == numbers(5, 10));
  rig.now_ms -= 5000;  // a clock that went back changes nothing
  for (const std::string& path : files.paths()) REQUIRE(files.remove(path) == 0);
  REQUIRE(rig.open(settled).ok());
  REQUIRE(rig.append({5}).ok());
  CHECK(rig.read() == numbers(10, 15));
}

TEST_CASE("segments without a state are left alone") {
  MemoryFiles files(1);
  StoreRig rig(files);
  REQUIRE(rig.open().ok());
  REQUIRE(rig.append({5}).ok());
  rig.close();
  REQUIRE(files.remove("/spool/state") == 0);
  const auto before = bytes_of_all(files);
  const Status status = rig.open();
  CHECK(status.code() == WEIR_E_FATAL);
  CHECK_THAT(status.message(), Catch::Contains("state"));
  CHECK((bytes_of_all(files) == before));
  files.kill();
  REQUIRE(rebuild_state(files, "/spool", 0, rig.now_ms).ok());
  CHECK(rebuild_state(files, "/spool", 0, rig.now_ms).code() == WEIR_E_FATAL);  // now it has one
  REQUIRE(rig.open().ok());
  CHECK(rig.read() == numbers(0, 5));
}

TEST_CASE("inspection beside a worker sees what is whole") {
  MemoryFiles files(1);
  StoreRig rig(files);
  REQUIRE(rig.open().ok());
  REQUIRE(rig.append({2, 3}).ok());
  rig.now_ms += 1000;
  REQUIRE(rig.append({4}).ok());
  const auto inspector = Inspector::open(files, "/spool", "");
  REQUIRE(inspector);
  const auto segments = (*inspector)->segments();
  REQUIRE(segments->size() == 1);
  CHECK_FALSE((*segments)[0].sealed);
  CHECK((*segments)[0].records == 9);
  CHECK((*segments)[0].blocks == 3);
  CHECK((*inspector)->verify((*segments)[0].first)->sound());
  const auto read = [&](Inspector::Range range) {
    std::vector<int> values;
    REQUIRE((*inspector)
                ->read(range,
                       [&](const SpooledRecord& record) {
                         values.push_back(std::stoi(std::string(view(record.record->value))));
                         return true;
                       })
                .ok());
    return values;
  };
  const Sequence first = (*segments)[0].first;
  CHECK(read({}) == numbers(0, 9));
  CHECK(read({first + 1, first + 4, INT64_MIN, INT64_MAX}) == numbers(1, 4));
  CHECK(read({0, ~Sequence{0}, rig.now_ms, INT64_MAX}) == numbers(5, 9));
  CHECK(read({0, ~Sequence{0}, INT64_MIN, rig.now_ms}) == numbers(0, 5));
  CHECK((*inspector)->state()->delivered == first - 1);
  CHECK(Inspector::open(files, "/spool", "short").status().code() == WEIR_E_CONFIG);
}

TEST_CASE("a disk that fills up behind a segment's header is waited for") {
  MemoryFiles files(1);
  StoreRig rig(files);
  rig.options.segment_bytes = 1;
  REQUIRE(rig.open().ok());
  REQUIRE(rig.append({2}).ok());
  std::uint64_t used = 0;
  for (const std::string& path : files.paths()) used += files.content(path).size();
  files.set_capacity(used + kFooterBytes + kSegmentHeaderBytes + 50);
  for (int i = 0; i < 5; ++i) {
    CHECK(rig.append({3}).code() == WEIR_E_RETRY);
    rig.next -= 3;
    rig.store().tend(rig.now_ms);
  }
  CHECK(rig.read() == numbers(0, 2));
  rig.store().settle(rig.last());
  rig.store().tend(rig.now_ms);  // the first segment goes and makes room
  CHECK(rig.append({3}).ok());
  CHECK(rig.read() == numbers(2, 5));
  require_balance(rig.figures());
}

TEST_CASE("of a segment that was given up only what counts is seen") {
  MemoryFiles files(1);
  StoreRig rig(files);
  REQUIRE(rig.open().ok());
  REQUIRE(rig.append({2, 3}).ok());
  files.fail_syncs(1);
  REQUIRE(rig.append({4}).ok());  // is written to the first segment, and again to the second
  REQUIRE(rig.segments().size() == 2);
  REQUIRE(rig.append({1}).ok());
  const auto inspector = Inspector::open(files, "/spool", "");
  REQUIRE(inspector);
  const auto segments = (*inspector)->segments();
  REQUIRE(segments->size() == 2);
  CHECK((*segments)[0].records == 5);
  CHECK((*segments)[1].records == 5);
  for (const SegmentSummary& segment : *segments) {
    const auto verdict = (*inspector)->verify(segment.first);
    CHECK(verdict->sound());
    CHECK(verdict->records == 5);
  }
  std::vector<int> values;
  REQUIRE((*inspector)
              ->read({},
                     [&](const SpooledRecord& record) {
                       values.push_back(std::stoi(std::string(view(record.record->value))));
                       return true;
                     })
              .ok());
  CHECK(values == numbers(0, 10));
}

TEST_CASE("whole blocks behind a torn one are kept after a crash, and what is torn is not counted") {
  MemoryFiles files(1);
  StoreRig rig(files);
  rig.options.secrets = GENERATE("", "a secret of some length");
  REQUIRE(rig.open().ok());
  REQUIRE(rig.append({2}).ok());
  REQUIRE(rig.append({3, 4, 5}).ok());
  const std::string segment = rig.segments()[0];
  const std::string bytes = files.content(segment);
  const auto header = decode_segment_header(bytes);
  std::uint64_t second = kSegmentHeaderBytes;
  second += decode_block_header(std::string_view(bytes).substr(second), salt_of(header->spool))->size();
  files.flip(segment, second + kBlockHeaderBytes);
  REQUIRE(rig.open().ok());
  CHECK(rig.figures().start == 11);
  std::vector<int> expected = numbers(0, 2);
  for (const int number : numbers(5, 14)) expected.push_back(number);
  CHECK(rig.read() == expected);
  CHECK(rig.figures().damaged == 0);
  REQUIRE(rig.append({1}).ok());
  REQUIRE(rig.open().ok());
  expected.push_back(14);
  CHECK(rig.read() == expected);
  CHECK(rig.figures().damaged == 0);
  require_balance(rig.figures());
}

TEST_CASE("a spool on the machine's disk is for its owner only") {
  const Folder folder;
  Options options;
  options.folder = folder.path() + "/a/spool";
  Store store(options, disk_files(), Log());
  REQUIRE(store.open(std::nullopt, 5).ok());
  Store second(options, disk_files(), Log());
  CHECK(second.open(std::nullopt, 5).code() == WEIR_E_FATAL);
  namespace fs = std::filesystem;
  CHECK(fs::status(options.folder).permissions() == fs::perms::owner_all);
  for (const auto& entry : fs::directory_iterator(options.folder))
    CHECK(entry.status().permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}

}  // namespace weir::host::spool::test
