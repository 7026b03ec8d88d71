#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "errors/status.h"
#include "observe/log.h"

namespace weir::host {

class Record;

/// A bad record and where its source had it. Views.
struct DeadLetter {
  const Record* record;
  std::string_view partition;  // "": its position is never stored
  std::string_view offset;
};

/// Where dead letters are kept that their sink refuses, such as those that are too large for its topic. Shared by the tasks of a
/// pipeline. [any]
class Overflow {
 public:
  virtual ~Overflow() = default;
  /// Durable when OK; else none of them counts as kept.
  virtual Status keep(std::span<const DeadLetter> letters) = 0;
  /// For messages.
  [[nodiscard]] virtual std::string place() const = 0;
};

/// Announces what an overflow keeps: an alarm (at most one a minute), and the sum at the end. [task]
class OverflowNotice {
 public:
  explicit OverflowNotice(Log log) : log_(std::move(log)) {}
  void kept(std::size_t count, const char* why, const Overflow& where);
  void at_end(const Overflow& where) const;
  [[nodiscard]] std::uint64_t kept() const { return kept_; }

 private:
  Log log_;
  std::uint64_t kept_ = 0;
};

}  // namespace weir::host
