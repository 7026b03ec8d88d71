#include <catch2/catch.hpp>
#include <filesystem>

#include "rig.h"
#include "store_rig.h"

namespace weir::host::spool::test {
namespace {

/// A spool on the disk with one sink and one source.
struct Rig {
  explicit Rig(const std::string& folder, MemoryPositions& positions, std::string secrets = "") {
    Options options;
    options.folder = folder;
    options.secrets = std::move(secrets);
    spool = std::make_shared<Spool>(options, disk_files(), wall_clock_ms, Log());
    sink = make_sink(spool);
    source = make_source(spool, positions);
    REQUIRE(sink->start().ok());
    REQUIRE(source->start().ok());
  }
  ~Rig() {
    sink->stop();
    source->stop();
  }
  std::shared_ptr<Spool> spool;
  std::unique_ptr<Sink> sink;
  std::unique_ptr<Source> source;
};

std::vector<Record*> numbered(Records& records, std::size_t first, std::size_t count) {
  std::vector<Record*> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(records.make("value " + std::to_string(first + i)));
  return all;
}

void require_numbered(const std::vector<Taken>& taken, std::size_t first, std::size_t count) {
  REQUIRE(taken.size() == count);
  for (std::size_t i = 0; i < count; ++i) REQUIRE(taken[i].value == "value " + std::to_string(first + i));
}

}  // namespace

TEST_CASE("records come out of a spool as they went in, in order, and the input's end ends the output") {
  const std::string secrets = GENERATE("", "a secret of some length");
  const Folder folder;
  MemoryPositions positions;
  CountingAcks acks;
  Records records(acks);
  Rig rig(folder.path() + "/spool", positions, secrets);
  const auto all = numbered(records, 0, 5000);
  put_all(*rig.sink, all);
  REQUIRE(rig.sink->flush(Milliseconds(20'000)).ok());
  CHECK(acks.ok() == 5000);
  require_numbered(drain(*rig.source), 0, 5000);
  rig.spool->end_input();
  Slice slice(records.home());
  CHECK(rig.source->poll(slice, {}).code() == WEIR_END);
  const BacklogFigures figures = rig.spool->figures();
  CHECK(figures.spooled == 5000);
  CHECK(figures.taken == 5000);
  CHECK(figures.records == 0);
  require_balance(figures);
}

TEST_CASE("a spool that is opened again goes on behind the checkpoint") {
  const Folder folder;
  MemoryPositions positions;
  CountingAcks acks;
  Records records(acks);
  {
    Rig rig(folder.path(), positions);
    put_all(*rig.sink, numbered(records, 0, 1000));
    REQUIRE(rig.sink->flush(Milliseconds(20'000)).ok());
    const auto taken = drain(*rig.source);
    require_numbered(taken, 0, 1000);
    positions.store(taken[599].offset);
  }
  Rig rig(folder.path(), positions);
  CHECK(rig.spool->figures().start == 400);
  put_all(*rig.sink, numbered(records, 1000, 500));
  REQUIRE(rig.sink->flush(Milliseconds(20'000)).ok());
  require_numbered(drain(*rig.source), 600, 900);
  require_balance(rig.spool->figures());
}

TEST_CASE("a spool that was killed goes on behind its last record") {
  const Folder folder;
  const Folder copy;  // the disk as a kill leaves it: no segment is sealed
  MemoryPositions positions;
  CountingAcks acks;
  Records records(acks);
  {
    Rig rig(folder.path() + "/spool", positions);
    put_all(*rig.sink, numbered(records, 0, 1000));
    REQUIRE(rig.sink->flush(Milliseconds(20'000)).ok());
    std::filesystem::copy(folder.path() + "/spool", copy.path() + "/spool");
  }
  Rig rig(copy.path() + "/spool", positions);
  CHECK(rig.spool->figures().start == 1000);
  put_all(*rig.sink, numbered(records, 1000, 500));
  REQUIRE(rig.sink->flush(Milliseconds(20'000)).ok());
  require_numbered(drain(*rig.source), 0, 1500);
  require_balance(rig.spool->figures());
}

}  // namespace weir::host::spool::test
