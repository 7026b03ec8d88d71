#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "memory_files.h"
#include "spool/store.h"

namespace weir::host::spool::test {

/// One random schedule of what may happen to a spool, against a plain list of what it was given: appends, reads, settlements, time, crashes,
/// kills, full and failing disks. All of it follows from the seed.
class Schedule {
 public:
  explicit Schedule(std::uint64_t seed);

  /// Runs it to its end. Empty: all held; else what did not.
  [[nodiscard]] std::string run();

  /// What happened, for the test that looks whether schedules reach what they should.
  struct Seen {
    std::uint64_t acked = 0, read = 0, expired = 0, crashes = 0, kills = 0, refused = 0, retried = 0, reopened = 0,
                  limbo = 0, twice = 0, poisoned_or_full = 0;
    Seen& operator+=(const Seen& other);
  };
  [[nodiscard]] const Seen& seen() const { return seen_; }

 private:
  struct Item {
    std::int64_t ms = 0;
    bool acked = false;
    bool read = false;  // at least once
  };
  struct Given {
    Sequence sequence;
    std::uint64_t id;
  };

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  bool chance(int of_100) { return below(100) < static_cast<std::uint64_t>(of_100); }
  void fail(const std::string& what);
  void tell(const std::string& what) { story_ += " " + what; }

  void step();
  void make_group();
  void append();
  void read();
  void judge(Sequence sequence, const std::string& value);
  void judge_skipped(std::uint64_t from, std::uint64_t end);
  void settle();
  void pass_time();
  void break_disk();
  void go_down(bool power);
  void close_and_open();
  void open();
  bool try_open();
  void check_books();
  void finish();
  [[nodiscard]] std::string value_of(std::uint64_t id) const;

  const std::uint64_t seed_;
  std::mt19937_64 random_;
  MemoryFiles files_;
  Options options_;
  std::unique_ptr<Store> store_;
  std::int64_t now_ms_ = 1'700'000'000'000;
  std::vector<Item> items_{1};        // by id, which begins with 1
  std::vector<std::uint64_t> group_;  // ids that wait to be durable
  std::vector<Given> given_;          // since the store was opened, not settled
  std::uint64_t last_ = 0;            // id that was read last
  std::uint64_t settled_ = 0;         // id up to which the store was told that all has settled
  std::optional<Sequence> checkpoint_;
  std::optional<Sequence> older_checkpoint_;
  Sequence last_sequence_ = 0;
  std::string wrong_;
  std::string story_;  // what happened, in a few words each
  Seen seen_;
};

}  // namespace weir::host::spool::test
