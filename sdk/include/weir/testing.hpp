#pragma once
#include "weir/predicate.hpp"
#include "weir/sink.hpp"
#include "weir/source.hpp"
#include "weir/testing/host_table.hpp"
#include "weir/transform.hpp"

/// Runs a plugin's class without host or file, through the same wrappers the host calls:
///
///   weir::testing::Transform<Blank> blank(R"({"field": "user.email"})");
///   auto out = blank.run(R"({"user": {"email": "x"}})");
///   out.value() == R"({"user": {"email": "***"}})"
///
/// The configuration is JSON; it is checked by the class's fields, defaults are filled in. A constructor that refuses throws
/// ConfigError here; start and the calls throw RetryError, FatalError or ConfigError as the host would see them. The documents
/// behave as the host's do, slowly; `matches` in conditions is std::regex. Use from one thread; acknowledgements may come from
/// any.
namespace weir::testing {

namespace detail {

/// An instance of T and the host around it. T's kind decides the table.
template <typename T>
class Runner {
 public:
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// The first call that needs it starts the instance; call it to see what start throws.
  void start() {
    if (started_) return;
    if (table().start != nullptr) succeed(table().start(self_));
    started_ = true;
  }
  void stop() {
    if (started_ && table().stop != nullptr) table().stop(self_);
    started_ = false;
  }

  [[nodiscard]] std::vector<LogLine> logs() {
    const std::lock_guard lock(host_.mutex);
    return host_.logs;
  }
  /// What the plugin sees as the time, from now on.
  void set_now(std::int64_t now_ms) { host_.setup.now_ms = now_ms; }
  [[nodiscard]] T& object() { return weir::detail::instance<T>(self_).object; }

 protected:
  Runner(std::string_view config, Setup setup)
      : host_(weir::detail::kComponent<T>, table().capabilities, config, std::move(setup)) {
    host_.in_create = true;
    succeed(table().create(handle_of(host_), &host_table(), &self_));
    host_.in_create = false;
  }
  ~Runner() {
    if constexpr (requires { table().stop; }) stop();
    table().destroy(self_);
  }

  static constexpr const auto& table() { return weir::detail::Kind<T>::table; }
  /// Throws what an error status stands for, with the explanation the plugin gave.
  void succeed(weir_status status) {
    if (status >= 0) return;
    const std::lock_guard lock(host_.mutex);
    const std::string text = std::exchange(host_.error_text, "");
    if (status == WEIR_E_CONFIG) throw ConfigError(host_.error_pointer, text);
    if (status == WEIR_E_RETRY) throw RetryError(text);
    if (status == WEIR_E_FATAL) throw FatalError(text);
    throw UsageError("a call returned status " + std::to_string(status));
  }

  FakeHost host_;
  void* self_ = nullptr;
  bool started_ = false;
};

inline std::vector<weir_record*> handles_of(const std::vector<FakeRecord*>& records) {
  std::vector<weir_record*> handles;
  for (FakeRecord* record : records) handles.push_back(handle_of(*record));
  return handles;
}

inline std::vector<Message> messages_of(std::initializer_list<const char*> values) {
  std::vector<Message> messages;
  for (const char* value : values) messages.push_back(Message{.value = value});
  return messages;
}

}  // namespace detail

/// What came of the records of one call.
struct Outcome {
  std::vector<Message> records;  // those that go on, in order
  std::size_t dropped = 0;
  std::size_t held = 0;  // of this call
  std::vector<Failure> failures;

  [[nodiscard]] bool filtered() const { return records.empty() && failures.empty() && held == 0; }
  [[nodiscard]] bool failed() const { return !failures.empty(); }
  /// The reason of the only failure; "" when there is none.
  [[nodiscard]] std::string reason() const { return failures.empty() ? "" : failures.at(0).reason; }
  /// The only record that goes on.
  [[nodiscard]] const Message& only() const {
    if (records.size() != 1) throw std::logic_error(std::to_string(records.size()) + " records go on. " + reason());
    return records.front();
  }
  /// Its value; of a tombstone: an exception.
  [[nodiscard]] const std::string& value() const { return only().value.value(); }
};

template <typename T>
class Transform : public detail::Runner<T> {
 public:
  explicit Transform(std::string_view config = "{}", Setup setup = {}) : detail::Runner<T>(config, std::move(setup)) {}

  Outcome run(std::string_view value) { return run(Message{.value = std::string(value)}); }
  /// Several values in one call: run({"1", "2"}).
  Outcome run(std::initializer_list<const char*> values) { return run(detail::messages_of(values)); }
  Outcome run(const Message& message) { return run(std::vector<Message>{message}); }
  /// All in one call. Null values pass by a class without tombstones, as in the host.
  Outcome run(const std::vector<Message>& messages) {
    this->start();
    std::vector<detail::FakeRecord*> all;
    std::vector<detail::FakeRecord*> chosen;
    const bool sees_null = (this->table().capabilities & WEIR_TOMBSTONES) != 0;
    for (const Message& message : messages) {
      all.push_back(&this->host_.add(message));
      if (message.value || sees_null) chosen.push_back(all.back());
    }
    const std::vector<weir_record*> handles = detail::handles_of(chosen);
    const weir_batch batch{sizeof(weir_batch), static_cast<std::uint32_t>(handles.size()), handles.data()};
    this->host_.emitted.clear();
    if (!handles.empty()) this->succeed(this->table().apply(this->self_, &batch, output()));
    return outcome_of(all);
  }
  /// Puts out what is held.
  Outcome flush() {
    this->start();
    this->host_.emitted.clear();
    if (this->table().flush != nullptr) this->succeed(this->table().flush(this->self_, output()));
    return outcome_of({});
  }
  /// Timers, at this time; next_tick() says when they want to be called again.
  Outcome tick(std::int64_t now_ms) {
    this->start();
    this->set_now(now_ms);
    this->host_.emitted.clear();
    std::int64_t next = -1;
    if (this->table().tick != nullptr) this->succeed(this->table().tick(this->self_, output(), now_ms, &next));
    next_tick_ = next < 0 ? std::nullopt : std::optional(next);
    return outcome_of({});
  }
  [[nodiscard]] std::optional<std::int64_t> next_tick() const { return next_tick_; }

 private:
  weir_output* output() { return reinterpret_cast<weir_output*>(&this->host_); }

  Outcome outcome_of(std::vector<detail::FakeRecord*> records) {
    records.insert(records.end(), this->host_.emitted.begin(), this->host_.emitted.end());
    Outcome outcome;
    for (const detail::FakeRecord* record : records) add(*record, outcome);
    return outcome;
  }
  static void add(const detail::FakeRecord& record, Outcome& outcome) {
    switch (record.fate) {
      case detail::Fate::live:
        outcome.records.push_back(detail::message_of(record));
        break;
      case detail::Fate::dropped:
        ++outcome.dropped;
        break;
      case detail::Fate::failed:
        outcome.failures.push_back(record.failure);
        break;
      case detail::Fate::held:
        ++outcome.held;
        break;
      case detail::Fate::merged:
        break;
    }
    for (const detail::FakeRecord* copy : record.clones) add(*copy, outcome);
  }

  std::optional<std::int64_t> next_tick_;
};

template <typename T>
class Predicate : public detail::Runner<T> {
 public:
  explicit Predicate(std::string_view config = "{}", Setup setup = {}) : detail::Runner<T>(config, std::move(setup)) {}

  bool test(std::string_view value) { return test(Message{.value = std::string(value)}); }
  /// Whether the record is chosen. A null value is not shown to a class without tombstones: not chosen. failure() tells when it
  /// could not be judged.
  bool test(const Message& message) {
    failure_.reset();
    if (!message.value && (this->table().capabilities & WEIR_TOMBSTONES) == 0) return false;
    detail::FakeRecord& record = this->host_.add(message);
    weir_record* const handle = detail::handle_of(record);
    const weir_batch batch{sizeof(weir_batch), 1, &handle};
    std::uint8_t matches = 0;
    this->succeed(this->table().test(this->self_, &batch, &matches));
    if (record.fate == detail::Fate::failed) failure_ = record.failure;
    return matches != 0;
  }
  [[nodiscard]] const std::optional<Failure>& failure() const { return failure_; }

 private:
  std::optional<Failure> failure_;
};

/// A record a source made. A failed one has its failure.
struct Polled {
  Message message;
  Position position;
  std::optional<Failure> failure;
};

template <typename T>
class Source : public detail::Runner<T> {
 public:
  explicit Source(std::string_view config = "{}", Setup setup = {}) : detail::Runner<T>(config, std::move(setup)) {}

  /// One poll.
  std::vector<Polled> poll(std::uint32_t max_records = 64, std::size_t max_bytes = 128 * 1024,
                           std::uint32_t timeout_ms = 0) {
    this->start();
    detail::FakeHost& host = this->host_;
    host.appended = 0;
    host.max_records = max_records;
    first_polled_ = host.records.size();
    const weir_status status =
        this->table().poll(this->self_, reinterpret_cast<weir_output*>(&host), max_records, max_bytes, timeout_ms);
    ended_ = status == WEIR_END;
    this->succeed(status);
    return last_polled();
  }
  /// What the latest poll appended, also when it threw: it counts.
  [[nodiscard]] std::vector<Polled> last_polled() const {
    std::vector<Polled> polled;
    for (std::size_t i = first_polled_; i < this->host_.records.size(); ++i) {
      const detail::FakeRecord& record = *this->host_.records[i];
      polled.push_back({detail::message_of(record), record.position, std::nullopt});
      if (record.fate == detail::Fate::failed) polled.back().failure = record.failure;
    }
    return polled;
  }
  /// Polls until the source ends, or so many times.
  std::vector<Polled> drain(std::size_t max_polls = 1000) {
    std::vector<Polled> all;
    for (std::size_t i = 0; i < max_polls && !ended_; ++i) {
      for (Polled& record : poll()) all.push_back(std::move(record));
    }
    return all;
  }
  [[nodiscard]] bool ended() const { return ended_; }
  /// The resume points it made so far, in order, those without records too.
  [[nodiscard]] std::vector<Position> positions() const {
    return {this->host_.origins.begin(), this->host_.origins.end()};
  }

  /// As if all it made so far had settled: what the host would store of it is what Positions::stored says from now on.
  void store_all() {
    for (const Position& position : this->host_.origins) {
      if (position.partition) this->host_.setup.positions[*position.partition] = position.offset;
    }
  }
  [[nodiscard]] const std::map<std::string, std::string>& stored() const { return this->host_.setup.positions; }

  /// Tells the source that origins settled; may be called from any thread.
  void settle(std::uint64_t token, weir_status status = WEIR_OK) {
    const weir_settled settled{token, status, 0};
    if (this->table().settled != nullptr) this->table().settled(this->self_, &settled, 1);
  }
  void wake() { this->table().wake(this->self_); }

 private:
  std::size_t first_polled_ = 0;
  bool ended_ = false;
};

template <typename T>
class Sink : public detail::Runner<T> {
 public:
  explicit Sink(std::string_view config = "{}", Setup setup = {}) : detail::Runner<T>(config, std::move(setup)) {}

  /// Offers them in one call; returns how many were taken. Acks count those taken or not in the order they were ever offered.
  std::size_t put(const std::vector<Message>& messages) {
    this->start();
    std::vector<detail::FakeRecord*> records;
    for (const Message& message : messages) records.push_back(&this->host_.add(message));
    const std::vector<weir_record*> handles = detail::handles_of(records);
    const weir_batch batch{sizeof(weir_batch), static_cast<std::uint32_t>(handles.size()), handles.data()};
    std::uint32_t taken = 0;
    this->host_.in_put = true;
    const weir_status status = this->table().put(this->self_, &batch, &taken);
    this->host_.in_put = false;
    this->succeed(status);
    return taken;
  }
  std::size_t put(std::initializer_list<const char*> values) { return put(detail::messages_of(values)); }
  std::size_t put(std::string_view value) { return put({Message{.value = std::string(value)}}); }
  void service(std::uint32_t timeout_ms = 0) {
    if (this->table().service != nullptr) this->succeed(this->table().service(this->self_, timeout_ms));
  }
  /// True: all that was taken is acknowledged.
  bool flush(std::uint32_t timeout_ms = 1000) {
    this->start();
    const weir_status status = this->table().flush(this->self_, timeout_ms);
    if (status != WEIR_E_RETRY) this->succeed(status);
    return status == WEIR_OK;
  }
  /// So far, in the order they came.
  [[nodiscard]] std::vector<Ack> acks() {
    const std::lock_guard lock(this->host_.mutex);
    return this->host_.acks;
  }
};

}  // namespace weir::testing
