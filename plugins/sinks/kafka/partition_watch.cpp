#include "partition_watch.h"

namespace weir::kafka {
namespace {

constexpr Milliseconds kAnswer{250};

}  // namespace

PartitionWatch::PartitionWatch(Connection& connection, Milliseconds interval)
    : connection_(connection), interval_(interval), next_(Clock::now() + interval) {}

void PartitionWatch::look(Clock::time_point now) {
  if (answers_) {
    const Event event(rd_kafka_queue_poll(answers_.get(), 0));
    if (event) heed(event.get());
  } else if (interval_.count() > 0 && now >= next_) {
    next_ = now + interval_;
    ask();
  }
}

void PartitionWatch::take_over(const Log& log) {
  for (const std::string& name : grown_) {
    const std::int32_t before = connection_.known(name)->partitioner.count();
    const std::int32_t after = connection_.recount(name, kAnswer);
    if (after == before) continue;
    log.info("The topic has more partitions; its keys are spread anew. topic=" + name +
             " before=" + std::to_string(before) + " partitions=" + std::to_string(after));
  }
  grown_.clear();
}

#if RD_KAFKA_VERSION >= 0x020300ff  // earlier ones have no such request
void PartitionWatch::ask() {
  constexpr Milliseconds kPatience{10'000};
  const std::vector<std::string> names = connection_.topics();
  std::vector<const char*> texts;
  for (const std::string& name : names) texts.push_back(name.c_str());
  if (texts.empty()) return;
  const Client& client = connection_.client();
  answers_.reset(rd_kafka_queue_new(client.handle()));
  const AdminOptions options = client.admin_options(RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, kPatience);
  rd_kafka_TopicCollection_t* topics = rd_kafka_TopicCollection_of_topic_names(texts.data(), texts.size());
  rd_kafka_DescribeTopics(client.handle(), topics, options.get(), answers_.get());
  rd_kafka_TopicCollection_destroy(topics);
}

void PartitionWatch::heed(rd_kafka_event_t* event) {
  const rd_kafka_DescribeTopics_result_t* result = rd_kafka_event_DescribeTopics_result(event);
  std::size_t count = 0;
  const rd_kafka_TopicDescription_t** topics =
      result == nullptr ? nullptr : rd_kafka_DescribeTopics_result_topics(result, &count);
  for (std::size_t i = 0; i < count; ++i) {
    const char* name = rd_kafka_TopicDescription_name(topics[i]);
    std::size_t partitions = 0;  // none of a topic with an error
    rd_kafka_TopicDescription_partitions(topics[i], &partitions);
    const Topic* topic = connection_.known(name);
    if (topic != nullptr && partitions > static_cast<std::size_t>(topic->partitioner.count()))
      grown_.emplace_back(name);
  }
  answers_.reset();
}
#else
void PartitionWatch::ask() {}
void PartitionWatch::heed(rd_kafka_event_t*) { answers_.reset(); }
#endif

}  // namespace weir::kafka
