#include "plain_consumer.h"

#include <algorithm>
#include <array>
#include <csignal>

namespace weir::consume {
namespace {

constexpr std::chrono::seconds kLookEvery{1};
constexpr int kAnswerMs = 5000;

volatile std::sig_atomic_t finish_asked = 0;

void set(rd_kafka_conf_t* settings, const std::string& name, const std::string& value) {
  std::array<char, 512> why{};
  if (rd_kafka_conf_set(settings, name.c_str(), value.c_str(), why.data(), why.size()) == RD_KAFKA_CONF_OK) return;
  rd_kafka_conf_destroy(settings);
  throw std::invalid_argument("--config " + name + " is refused");  // the library's own text may hold a password
}

rd_kafka_t* make_client(const Options& options) {
  rd_kafka_conf_t* settings = rd_kafka_conf_new();
  set(settings, "bootstrap.servers", options.bootstrap);
  set(settings, "group.id", "weir-consume");  // asked for by the library, though no group is joined
  set(settings, "enable.auto.commit", "false");
  set(settings, "enable.partition.eof", "true");
  set(settings, "auto.offset.reset", "earliest");
  set(settings, "log_level", "3");
  for (const auto& [name, value] : options.config) set(settings, name, value);
  std::array<char, 512> why{};
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_CONSUMER, settings, why.data(), why.size());
  if (client != nullptr) return client;
  rd_kafka_conf_destroy(settings);
  throw std::invalid_argument(why.data());
}

}  // namespace

PlainConsumer::PlainConsumer(const Options& options) : options_(options), client_(make_client(options)) {
  rd_kafka_poll_set_consumer(client_.get());
  if (reads_all()) return;
  topics_[options_.topic].resize(static_cast<std::size_t>(partition_count()));
  assign();
}

PlainConsumer::~PlainConsumer() { rd_kafka_consumer_close(client_.get()); }

void PlainConsumer::finish() noexcept { finish_asked = 1; }

/// From where each partition was read to.
void PlainConsumer::assign() {
  rd_kafka_topic_partition_list_t* all = rd_kafka_topic_partition_list_new(0);
  for (const auto& [name, partitions] : topics_) {
    for (std::size_t number = 0; number < partitions.size(); ++number)
      rd_kafka_topic_partition_list_add(all, name.c_str(), static_cast<std::int32_t>(number))->offset =
          partitions[number].next;
  }
  const rd_kafka_resp_err_t error = rd_kafka_assign(client_.get(), all);
  rd_kafka_topic_partition_list_destroy(all);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw GaveUp(rd_kafka_err2str(error));
}

int PlainConsumer::partition_count() {
  const Clock::time_point give_up = Clock::now() + std::chrono::seconds(options_.timeout_s);
  rd_kafka_topic_t* topic = rd_kafka_topic_new(client_.get(), options_.topic.c_str(), nullptr);
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR__TIMED_OUT;
  int count = 0;
  do {
    const rd_kafka_metadata_t* found = nullptr;
    error = rd_kafka_metadata(client_.get(), 0, topic, &found, 1000);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    error = found->topic_cnt == 1 ? found->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) count = found->topics[0].partition_cnt;
    rd_kafka_metadata_destroy(found);
  } while (error != RD_KAFKA_RESP_ERR_NO_ERROR && error != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART &&
           Clock::now() < give_up);
  rd_kafka_topic_destroy(topic);
  if (count == 0) throw GaveUp("topic '" + options_.topic + "': " + rd_kafka_err2str(error));
  return count;
}

/// Topics and partitions that are new are read too. A cluster that does not answer now is asked again.
void PlainConsumer::look_for_topics() {
  look_at_ = Clock::now() + kLookEvery;
  const rd_kafka_metadata_t* answer = nullptr;
  if (rd_kafka_metadata(client_.get(), 1, nullptr, &answer, kAnswerMs) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const Metadata found(answer);
  bool grown = false;
  for (int i = 0; i < found->topic_cnt; ++i) {
    const rd_kafka_metadata_topic& topic = found->topics[i];
    const std::string name = topic.topic;
    if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR || name.starts_with("__")) continue;  // those are Kafka's own
    const auto count = static_cast<std::size_t>(topic.partition_cnt);
    std::vector<Partition>& partitions = topics_[name];
    if (partitions.size() >= count) continue;
    partitions.resize(count);
    grown = true;
  }
  if (grown) assign();
}

/// Where all partitions stand at `logical`, RD_KAFKA_OFFSET_BEGINNING or _END, in the order of topics_: asked at once, for an answer may
/// have to wait behind that of a fetch.
std::vector<std::int64_t> PlainConsumer::offsets_at(std::int64_t logical) {
  using List = std::unique_ptr<rd_kafka_topic_partition_list_t, void (*)(rd_kafka_topic_partition_list_t*)>;
  const List all(rd_kafka_topic_partition_list_new(0), rd_kafka_topic_partition_list_destroy);
  for (const auto& [name, partitions] : topics_) {
    for (std::size_t number = 0; number < partitions.size(); ++number)
      rd_kafka_topic_partition_list_add(all.get(), name.c_str(), static_cast<std::int32_t>(number))->offset = logical;
  }
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  // To the protocol the two are times: -2 the earliest, -1 the latest.
  if (all->cnt > 0) error = rd_kafka_offsets_for_times(client_.get(), all.get(), kAnswerMs);
  std::vector<std::int64_t> offsets;
  for (int i = 0; i < all->cnt; ++i) {
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) error = all->elems[i].err;
    offsets.push_back(all->elems[i].offset);
  }
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw GaveUp(std::string("where the partitions end cannot be had: ") + rd_kafka_err2str(error));
  return offsets;
}

/// Nothing behind where the partitions end now is to be read.
void PlainConsumer::limit() {
  if (reads_all()) look_for_topics();
  const std::vector<std::int64_t> begins = offsets_at(RD_KAFKA_OFFSET_BEGINNING);
  const std::vector<std::int64_t> ends = offsets_at(RD_KAFKA_OFFSET_END);
  std::size_t i = 0;
  for (auto& [name, partitions] : topics_) {
    for (Partition& partition : partitions) {
      partition.next = std::max(partition.next, begins[i]);
      partition.limit = ends[i++];
      partition.limited = true;
    }
  }
  limited_ = true;
}

bool PlainConsumer::done() const {
  if (!limited_ && (!options_.until_end || topics_.empty())) return false;
  for (const auto& [name, partitions] : topics_) {
    for (const Partition& partition : partitions) {
      const bool read = partition.limited ? partition.next >= partition.limit : partition.ended;
      if (!read) return false;
    }
  }
  return true;
}

void PlainConsumer::note(const rd_kafka_message_t& message) {
  if (message.rkt == nullptr || message.partition < 0) return;
  const auto topic = topics_.find(rd_kafka_topic_name(message.rkt));
  const auto number = static_cast<std::size_t>(message.partition);
  if (topic == topics_.end() || number >= topic->second.size()) return;
  Partition& partition = topic->second[number];
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    partition.next = message.offset + 1;
  } else if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    partition.next = std::max(partition.next, message.offset);
    partition.ended = true;
  }
}

PlainConsumer::Message PlainConsumer::next() {
  const Clock::time_point give_up = Clock::now() + std::chrono::seconds(options_.timeout_s);
  while (true) {
    if (finish_asked != 0 && !limited_) limit();
    if (reads_all() && !limited_ && Clock::now() >= look_at_) look_for_topics();
    if (done()) return nullptr;
    Message message(rd_kafka_consumer_poll(client_.get(), 200));
    if (message) note(*message);
    if (message && message->err == RD_KAFKA_RESP_ERR_NO_ERROR) return message;
    if (Clock::now() > give_up)
      throw GaveUp("no message for " + std::to_string(options_.timeout_s) + " s" +
                   (message ? std::string(": ") + rd_kafka_message_errstr(message.get()) : ""));
  }
}

}  // namespace weir::consume
