#include "cli/chaos/one_run.h"

#include <fcntl.h>

#include <array>
#include <csignal>
#include <filesystem>

namespace weir::host::cli::chaos {
namespace {

using Clock = std::chrono::steady_clock;

constexpr OneRun::Milliseconds kStep{20};         // between two looks
constexpr OneRun::Milliseconds kAfterKill{50};    // what a dead worker has sent still comes in
constexpr OneRun::Milliseconds kReadEnd{60'000};  // for what is left in the topics

OneRun::Milliseconds left_until(Clock::time_point end) {
  return std::max(OneRun::Milliseconds(0), std::chrono::ceil<OneRun::Milliseconds>(end - Clock::now()));
}

}  // namespace

OneRun::OneRun(WatchPoint& watch, const WorkerCode& code, SharedPage& page, Home home, See see)
    : watch_(watch), code_(code), page_(page), home_(std::move(home)), see_(std::move(see)) {}

Status OneRun::open(const std::vector<Topic>& topics) {
  if (Status made = make_folder(); !made.ok()) return made;
  auto broker = Broker::start(topics, log_->get());
  if (!broker) return broker.status();
  broker_ = *std::move(broker);
  home_.bootstrap = broker_->bootstrap();
  return start_reader("*");
}

Status OneRun::open_there(const std::string& bootstrap, const std::string& topic, const std::vector<Extent>& extents) {
  if (Status made = make_folder(); !made.ok()) return made;
  home_.bootstrap = bootstrap;
  for (std::size_t i = 0; i < extents.size(); ++i)
    next_offsets_[{topic, static_cast<std::int32_t>(i)}] = extents[i].end;
  return start_reader(topic);
}

Status OneRun::make_folder() {
  std::error_code failed;
  std::filesystem::create_directories(home_.folder + "/files", failed);
  if (failed) return Status::fatal("cannot make " + home_.folder + ": " + failed.message());
  const std::string path = log_file();
  log_ = std::make_unique<FileDescriptor>(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  return log_->is_open() ? Status() : errno_status("cannot write", path);
}

Status OneRun::start_reader(const std::string& topic) {
  auto reader = Reader::start(home_.bootstrap, topic, log_->get());
  if (!reader) return reader.status();
  reader_ = *std::move(reader);
  page_.put = 0;
  page_.read = 0;
  page_.hold = false;
  return {};
}

void OneRun::start_worker() {
  messages_before_ = messages_;
  // What a killed worker put and never delivered does not count.
  page_.put = page_.read.load();
  put_before_ = page_.put;
  auto worker = Process::fork([this] { return code_.run(home_, page_); }, {log_->get(), log_->get()});
  if (worker)
    worker_ = *std::move(worker);
  else
    note_trouble(worker.status());
}

void OneRun::kill_worker() {
  worker_.kill();
  wait(kAfterKill);
}

bool OneRun::has_read(const std::string& topic) const {
  const auto first = next_offsets_.lower_bound({topic, 0});
  return first != next_offsets_.end() && first->first.first == topic;
}

bool OneRun::worker_delivered() const { return worker_put() && messages_ > messages_before_; }

void OneRun::freeze() {
  broker_->freeze();
  hold_at_ = Clock::now() + hold_after_;
}

void OneRun::go() {
  broker_->go();
  page_.hold = false;
}

bool OneRun::wait_until(const std::function<bool()>& done, Milliseconds time) {
  const Clock::time_point end = Clock::now() + time;
  while (trouble_.ok() && !done() && worker_.running() && Clock::now() < end) pump(std::min(kStep, left_until(end)));
  return done();
}

void OneRun::wait(Milliseconds time) {
  const Clock::time_point end = Clock::now() + time;
  while (trouble_.ok() && Clock::now() < end) pump(std::min(kStep, left_until(end)));
}

void OneRun::finish() {
  if (!trouble_.ok()) return;
  if (frozen()) go();
  reader_->finish();
  const Clock::time_point end = Clock::now() + kReadEnd;
  while (trouble_.ok() && !reader_ended_ && Clock::now() < end) {
    const std::array<int, 1> descriptors{reader_->descriptor()};
    watch_.wait(descriptors, kStep);
    if (watch_.signal() != 0) return note_trouble(Status::fatal("interrupted"));
    read_lines();
  }
  if (!reader_ended_ || !reader_->succeeded())
    note_trouble(Status::fatal("what the broker holds could not be read to its end"));
}

void OneRun::pump(Milliseconds time) {
  if (frozen() && Clock::now() >= hold_at_) page_.hold = true;
  const std::array<int, 1> descriptors{reader_->descriptor()};
  watch_.wait(descriptors, time);
  if (watch_.signal() != 0) return note_trouble(Status::fatal("interrupted"));
  read_lines();
  if (reader_ended_) note_trouble(Status::fatal("the reader of the broker ended"));
  if (broker_ && !broker_->running()) note_trouble(Status::fatal("the throw-away broker ended"));
}

void OneRun::read_lines() {
  if (!reader_->each_line([this](std::string_view line) { take(line); })) reader_ended_ = true;
}

void OneRun::take(std::string_view line) {
  const auto message = Message::parse(line);
  if (!message) return note_trouble(Status::fatal("weir-consume is not understood: " + message.status().message()));
  std::int64_t& next = next_offsets_[{message->topic, message->partition}];
  if (message->offset > next)
    note_trouble(Status::fatal(
        "the broker forgot messages of " + message->topic +
        " that nobody had read yet: a throw-away one keeps 5 MiB a partition. Give the topic more partitions "
        "(--topics " +
        message->topic + ":48), or a larger --for"));
  next = message->offset + 1;
  page_.read += (message->value ? message->value->size() : 0) + SharedPage::kMessageBytes;
  ++messages_;
  see_(*message);
}

void OneRun::note_trouble(Status status) {
  if (trouble_.ok()) trouble_ = std::move(status);
}

}  // namespace weir::host::cli::chaos
