#include "cli/chaos/broker.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace weir::host::cli::chaos {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kStartTime{20};
constexpr std::size_t kRead = 256 * 1024;

std::string list_of(const std::vector<Topic>& topics) {
  std::string list;
  for (const Topic& topic : topics)
    list += (list.empty() ? "" : ",") + topic.name + ":" + std::to_string(topic.partitions);
  return list;
}

}  // namespace

std::string program_path(const std::string& name) {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / name).string();
}

Pipe::Pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error(std::string("no pipe: ") + std::strerror(errno));
  reads_ = std::make_unique<FileDescriptor>(ends[0]);
  writes_ = std::make_unique<FileDescriptor>(ends[1]);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

bool Pipe::each_line(const std::function<void(std::string_view)>& line) {
  const std::size_t held = buffer_.size();
  buffer_.resize(held + kRead);
  ssize_t got = -1;
  do {
    got = ::read(reads_->get(), buffer_.data() + held, kRead);
  } while (got < 0 && errno == EINTR);
  const bool more = got > 0 || (got < 0 && errno == EAGAIN);
  buffer_.resize(held + static_cast<std::size_t>(got > 0 ? got : 0));
  std::size_t begin = 0;
  std::size_t end = buffer_.find('\n', held);
  for (; end != std::string::npos; end = buffer_.find('\n', begin)) {
    line(std::string_view(buffer_).substr(begin, end - begin));
    begin = end + 1;
  }
  buffer_.erase(0, begin);
  return more;
}

Result<Broker> Broker::start(const std::vector<Topic>& topics, int log) {
  Pipe pipe;
  std::vector<std::string> arguments{program_path("weir-broker")};
  if (!topics.empty()) arguments.insert(arguments.end(), {"--topics", list_of(topics)});
  auto process = Process::exec(arguments, {pipe.for_child(), log});
  if (!process) return process.status();
  pipe.child_has_it();
  Broker broker;
  broker.process_ = *std::move(process);
  const Clock::time_point give_up = Clock::now() + kStartTime;
  while (broker.bootstrap_.empty() && Clock::now() < give_up) {
    pollfd watched{pipe.descriptor(), POLLIN, 0};
    ::poll(&watched, 1, 100);
    if (!pipe.each_line([&](std::string_view line) { broker.bootstrap_ = line; })) break;
  }
  if (broker.bootstrap_.empty()) return Status::fatal("the throw-away broker did not start");
  return broker;
}

void Broker::freeze() {
  process_.signal(SIGSTOP);
  frozen_ = true;
}

void Broker::go() {
  process_.signal(SIGCONT);
  frozen_ = false;
}

Result<Reader> Reader::start(const std::string& bootstrap, int log) {
  Reader reader;
  reader.pipe_ = std::make_unique<Pipe>();
  // The mock cluster lets a fetch that finds nothing wait to its end, also when something comes meanwhile.
  const std::string soon = "fetch.wait.max.ms=10";
  auto process =
      Process::exec({program_path("weir-consume"), bootstrap, "*", "--json", "--timeout", "86400", "--config", soon},
                    {reader.pipe_->for_child(), log});
  if (!process) return process.status();
  reader.process_ = *std::move(process);
  reader.pipe_->child_has_it();
  return reader;
}

void Reader::finish() { process_.signal(SIGTERM); }

bool Reader::succeeded() {
  while (process_.running()) ::usleep(1000);
  return process_.exit_code() == 0;
}

}  // namespace weir::host::cli::chaos
