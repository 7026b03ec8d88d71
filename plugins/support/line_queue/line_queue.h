#pragma once
#include <string>
#include <string_view>
#include <vector>
#include <weir/sink.hpp>

namespace weir::plugins {

/// What a line of output shows of a record.
enum class LineFormat {
  value,              // its value's bytes
  value_or_envelope,  // a dead letter's value; one that has none, or one with a line break, as envelope
  envelope,           // all of it as one JSON object: envelope.h
};

/// The `format` of a sink's configuration, or `otherwise` where it is not given.
[[nodiscard]] LineFormat line_format(const Context& config, LineFormat otherwise);

/// Records on their way out as lines. The sink adds records, writes unsent(), and says how much went out; a record is acknowledged (by
/// the queue or by the sink itself) when the last byte of its line is out. One that cannot be a line of this format is refused in its turn. [task]
class LineQueue {
 public:
  LineQueue(LineFormat format, Acks acks) : format_(format), acks_(acks) {}

  void add(const Record& record);
  /// Bytes to write next, whole lines; begins inside a line when a part of it is out.
  [[nodiscard]] std::string_view unsent() const { return std::string_view(bytes_).substr(sent_); }
  /// That many bytes of unsent() are out, for good. Returns how many records are acknowledged by that.
  std::size_t sent(std::size_t bytes);
  /// The same, but leaves the acknowledging of lines that are out to the caller: appends their records to `out`.
  std::size_t sent(std::size_t bytes, std::vector<Delivery>& out);
  /// Bytes that are out of a line that is not.
  [[nodiscard]] std::size_t unfinished() const { return sent_ - line_start_; }
  /// The rest of such a line; "" when none has begun.
  [[nodiscard]] std::string_view rest_of_line() const;
  /// Records not acknowledged.
  [[nodiscard]] std::size_t pending() const { return lines_.size() - first_; }

  /// Gives back what is not acknowledged.
  void give_back(Reason reason);
  /// Drops it: the sink says it did not take it.
  void forget();

 private:
  struct Line {
    Delivery record;
    std::size_t end;      // in bytes_
    const char* refusal;  // null: it is a line
  };
  void move_on(std::size_t count, std::vector<Delivery>& out);
  void shift();
  void compact();

  LineFormat format_;
  Acks acks_;
  std::string bytes_;
  std::vector<Line> lines_;
  std::vector<Delivery> done_;  // scratch
  std::size_t first_ = 0;       // of lines_: not acknowledged
  std::size_t sent_ = 0;        // of bytes_
  std::size_t line_start_ = 0;  // of the line that sent_ lies in
};

}  // namespace weir::plugins
