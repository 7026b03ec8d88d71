#include "connection.h"

namespace weir::kafka {
namespace {

/// librdkafka takes untyped pointers and writes through none of them.
void* untyped(std::string_view bytes) { return const_cast<char*>(bytes.data()); }

rd_kafka_vu_t field(rd_kafka_vtype_t type) {
  rd_kafka_vu_t made{};
  made.vtype = type;
  return made;
}

rd_kafka_vu_t field(rd_kafka_vtype_t type, std::optional<std::string_view> bytes) {
  rd_kafka_vu_t made = field(type);
  if (bytes) made.u.mem = {untyped(*bytes), bytes->size()};
  return made;
}

void add_headers(std::vector<rd_kafka_vu_t>& fields, std::vector<std::string>& names, std::span<const Header> headers) {
  names.reserve(headers.size());  // the names' addresses are kept below
  for (const Header& header : headers) {
    rd_kafka_vu_t made = field(RD_KAFKA_VTYPE_HEADER);
    made.u.header.name = names.emplace_back(header.name).c_str();
    if (header.value) {
      made.u.header.val = untyped(*header.value);
      made.u.header.size = static_cast<ssize_t>(header.value->size());
    }
    fields.push_back(made);
  }
}

}  // namespace

Topic* Connection::known(std::string_view name) {
  const auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : &found->second;
}

rd_kafka_resp_err_t Connection::look_up(const std::string& name, Milliseconds timeout) {
  TopicHandle& handle = asked_[name];
  if (!handle) handle = client_.topic(name);
  const Client::Found found = client_.find(handle.get(), timeout);
  if (found.error != RD_KAFKA_RESP_ERR_NO_ERROR) return found.error;
  topics_.emplace(name, Topic{std::move(handle), Partitioner(found.partitions), limit_, std::nullopt});
  asked_.erase(name);
  return found.error;
}

std::int32_t Connection::recount(const std::string& name, Milliseconds timeout) {
  Topic& topic = topics_.at(name);
  const Client::Found found = client_.find(topic.handle.get(), timeout);
  if (found.error == RD_KAFKA_RESP_ERR_NO_ERROR) topic.partitioner = Partitioner(found.partitions);
  return topic.partitioner.count();
}

std::vector<std::string> Connection::topics() const {
  std::vector<std::string> names;
  for (const auto& known : topics_) names.push_back(known.first);
  return names;
}

std::size_t Message::bytes() const {
  std::size_t sum = (key ? key->size() : 0) + (value ? value->size() : 0);
  for (const Header& header : headers) sum += header.name.size() + (header.value ? header.value->size() : 0);
  return sum;
}

rd_kafka_message_t Message::plain(std::int32_t partition) const {
  rd_kafka_message_t made{};
  made.partition = partition;
  if (value) {
    made.payload = untyped(*value);
    made.len = value->size();
  }
  if (key) {
    made.key = untyped(*key);
    made.key_len = key->size();
  }
  made._private = opaque;
  return made;
}

rd_kafka_resp_err_t Connection::send(const Topic& topic, std::int32_t partition, const Message& message) const {
  std::vector<std::string> names;
  std::vector<rd_kafka_vu_t> fields{field(RD_KAFKA_VTYPE_VALUE, message.value), field(RD_KAFKA_VTYPE_KEY, message.key)};
  fields.push_back(field(RD_KAFKA_VTYPE_RKT));
  fields.back().u.rkt = topic.handle.get();
  fields.push_back(field(RD_KAFKA_VTYPE_PARTITION));
  fields.back().u.i32 = partition;
  fields.push_back(field(RD_KAFKA_VTYPE_OPAQUE));
  fields.back().u.ptr = message.opaque;
  if (message.timestamp_ms >= 0) {
    fields.push_back(field(RD_KAFKA_VTYPE_TIMESTAMP));
    fields.back().u.i64 = message.timestamp_ms;
  }
  add_headers(fields, names, message.headers);
  rd_kafka_error_t* error = rd_kafka_produceva(client_.handle(), fields.data(), fields.size());
  if (error == nullptr) return RD_KAFKA_RESP_ERR_NO_ERROR;
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
  rd_kafka_error_destroy(error);
  return code;
}

void Connection::send(const Topic& topic, std::span<rd_kafka_message_t> messages) {
  rd_kafka_produce_batch(topic.handle.get(), RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_PARTITION, messages.data(),
                         static_cast<int>(messages.size()));
}

}  // namespace weir::kafka
