#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/file.h"
#include "cli/chaos/home.h"
#include "cli/chaos/process.h"

namespace weir::host::cli::chaos {

/// Where the programs lie that belong to weir: beside it.
[[nodiscard]] std::string program_path(const std::string& name);

/// A pipe whose other end a child writes to.
class Pipe {
 public:
  Pipe();
  [[nodiscard]] int for_child() const { return writes_->get(); }
  void child_has_it() { writes_.reset(); }
  [[nodiscard]] int descriptor() const { return reads_->get(); }

  /// Calls `line` for every whole line that is there, without waiting. False: the other end is closed and everything was read.
  bool each_line(const std::function<void(std::string_view)>& line);

 private:
  std::unique_ptr<FileDescriptor> reads_;
  std::unique_ptr<FileDescriptor> writes_;
  std::string buffer_;  // a line that is not whole yet
};

/// A throw-away broker, weir-broker, in a process of its own.
class Broker {
 public:
  /// What it says of itself goes to `log`, a descriptor.
  [[nodiscard]] static Result<Broker> start(const std::vector<Topic>& topics, int log);

  [[nodiscard]] const std::string& bootstrap() const { return bootstrap_; }
  [[nodiscard]] bool running() { return process_.running(); }
  /// Stands still, until go().
  void freeze();
  void go();
  [[nodiscard]] bool frozen() const { return frozen_; }

 private:
  Process process_;
  std::string bootstrap_;
  bool frozen_ = false;
};

/// Reads everything that comes into the topics of a broker, those that come later too: weir-consume, which shares no code with a sink.
class Reader {
 public:
  [[nodiscard]] static Result<Reader> start(const std::string& bootstrap, int log);

  [[nodiscard]] int descriptor() const { return pipe_->descriptor(); }
  /// Its lines so far; false: there will be no more.
  bool each_line(const std::function<void(std::string_view)>& line) { return pipe_->each_line(line); }
  /// It reads to where the partitions end now, and ends.
  void finish();
  /// Once there are no more lines: whether it read everything.
  [[nodiscard]] bool succeeded();

 private:
  Process process_;
  std::unique_ptr<Pipe> pipe_;
};

}  // namespace weir::host::cli::chaos
