#pragma once
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <weir/source.hpp>

#include "catalog.h"
#include "contents.h"
#include "lines/line_reader.h"
#include "patience.h"

namespace weir::plugins {

/// Reads the files of one chain one after the other: all of the one before, stored as read, before the next one begins. Between two
/// polls it holds at most an unfinished line, after rest() nothing but a few numbers. [task]
class Track {
 public:
  using Clock = std::chrono::steady_clock;
  struct Surroundings {
    Catalog& catalog;
    const Positions& positions;
    const Log& log;
    bool follows;
    std::size_t longest_line;
  };
  enum class State : std::uint8_t {
    more,   // may be read on at once
    quiet,  // nothing to read now
    done,   // nothing will come any more, but by add()
  };

  Track(std::string chain, const Surroundings& around) : chain_(std::move(chain)), around_(around) {}

  void add(Assignment file);
  /// Appends at most a slice of records.
  State read(Output& out);
  /// Whether there is something to read after State::quiet, without opening anything.
  [[nodiscard]] bool has_something();
  /// Gives up its descriptor and buffers; it goes on where it was.
  void rest();
  /// Whether the latest read() took memory or origins of the poll: there is room for no more.
  [[nodiscard]] bool gave() const { return gave_; }
  [[nodiscard]] bool is_open() const { return contents_ != nullptr; }
  [[nodiscard]] const std::string& chain() const { return chain_; }

 private:
  [[nodiscard]] Assignment& file() { return files_.front(); }
  [[nodiscard]] const Assignment& file() const { return files_.front(); }
  [[nodiscard]] bool has_successor() const { return files_.size() > 1; }
  bool open_contents();
  void begin_reading(Output& out);
  void go_on();
  bool begin_at_offset();
  [[nodiscard]] bool was_cut_short();
  State read_lines(Output& out);
  void pause();
  [[nodiscard]] bool is_at_its_name() const;
  bool follow_name();
  void go_on_in(const Catalog::Whereabouts& copy);
  void set_gone();
  State cut_short();
  void mark(Output& out);
  void mark_file(Output& out);
  void store(Output& out, const std::string& partition, const std::string& offset);
  bool learn_start();
  State at_end(Output& out, const ReadResult& result);
  State finish(Output& out);
  State missing(Output& out);
  void go_to_next();

  const std::string chain_;
  const Surroundings around_;
  std::deque<Assignment> files_;  // the first is being read; of the others it is known that they follow
  std::unique_ptr<Contents> contents_;
  std::optional<LineReader> reader_;         // of the first file, also while that is closed
  std::uint64_t size_at_end_ = 0;            // bytes on disk when its end was met
  std::optional<std::uint64_t> size_known_;  // bytes on disk up to which its start is known, where that is all of it
  Clock::time_point quiet_since_{};          // nothing came since then
  bool was_quiet_ = false;                   // since the latest lines
  bool is_ending_ = false;                   // its end is the end
  bool is_begun_ = false;                    // its marks were stored where that is due
  bool is_gone_ = false;                     // no name leads to it
  bool is_lost_ = false;                     // and not all of it was read
  bool is_cut_ = false;                      // it was cut short, its copy is looked for
  bool is_opened_ = false;                   // just now: another file may have its inode
  bool is_copied_ = false;                   // it lies elsewhere than its marks say
  bool gave_ = false;
  std::uint32_t origins_ = 0;  // without records, of this poll
  std::string finished_at_;    // the position that has to be stored before the next file; "": not at its end
  bool end_is_told_ = false;   // an origin with that position was made
  Patience missing_{std::chrono::seconds(3)};   // with no name that leads to it
  Patience uncopied_{std::chrono::seconds(1)};  // with finding the copy
};

}  // namespace weir::plugins
