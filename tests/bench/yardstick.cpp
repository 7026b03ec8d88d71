// yardstick BOOTSTRAP TOPIC FILE bare|by_hand
//
// What the machine gives without a host around it: the same file, the same librdkafka settings as the kafka sink, one loop.
//   bare     every line as it is, keyed by the digits behind "mpid":, found by searching
//   by_hand  the whole job of bench.yaml, written for these events alone: simdjson finds the fields, spans are patched
// Prints the lines read and the messages acknowledged. Exit code 0 when all were.
#define OPENSSL_SUPPRESS_DEPRECATED  // the high-level context allocates for every message
#include <fcntl.h>
#include <librdkafka/rdkafka.h>
#include <openssl/sha.h>
#include <simdjson.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using Field = std::string_view;  // a view into the line

// --- Kafka ----------------------------------------------------------------------------------------------------------

class Producer {
 public:
  Producer(const char* bootstrap, const char* topic) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    const std::pair<const char*, const char*> settings[] = {{"bootstrap.servers", bootstrap},
                                                            {"acks", "all"},
                                                            {"enable.idempotence", "true"},
                                                            {"message.timeout.ms", "0"},
                                                            {"compression.type", "lz4"},
                                                            {"linger.ms", "5"},
                                                            {"queue.buffering.max.kbytes", "32768"},
                                                            {"queue.buffering.max.messages", "32768"},
                                                            {"partitioner", "murmur2_random"}};
    std::array<char, 512> why{};
    for (const auto& [name, value] : settings)
      if (rd_kafka_conf_set(conf, name, value, why.data(), why.size()) != RD_KAFKA_CONF_OK)
        throw std::runtime_error(why.data());
    rd_kafka_conf_set_opaque(conf, this);
    rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) ++static_cast<Producer*>(self)->acknowledged_;
    });
    client_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
    if (client_ == nullptr) throw std::runtime_error(why.data());
    topic_ = rd_kafka_topic_new(client_, topic, nullptr);
  }

  /// `copy`: the value does not live until its report.
  void send(std::string_view key, std::string_view value, bool copy) {
    while (rd_kafka_produce(topic_, RD_KAFKA_PARTITION_UA, copy ? RD_KAFKA_MSG_F_COPY : 0,
                            const_cast<char*>(value.data()), value.size(), key.data(), key.size(), nullptr) != 0) {
      if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
        throw std::runtime_error(rd_kafka_err2str(rd_kafka_last_error()));
      rd_kafka_poll(client_, 10);
    }
    if ((++sent_ & 255) == 0) rd_kafka_poll(client_, 0);
  }

  bool finish() {
    rd_kafka_flush(client_, 600'000);
    return acknowledged_ == sent_;
  }
  long sent() const { return sent_; }

 private:
  rd_kafka_t* client_ = nullptr;
  rd_kafka_topic_t* topic_ = nullptr;
  long sent_ = 0;
  long acknowledged_ = 0;
};

// --- the job by hand ------------------------------------------------------------------------------------------------

/// HMAC-SHA-256 (RFC 2104) whose key was hashed once.
class Pseudonyms {
 public:
  explicit Pseudonyms(std::string_view key) {
    std::array<unsigned char, 64> block{};
    std::memcpy(block.data(), key.data(), key.size());
    start(inner_, block, 0x36);
    start(outer_, block, 0x5c);
  }

  void append(std::string& out, std::string_view text) const {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256_CTX hash = inner_;
    SHA256_Update(&hash, text.data(), text.size());
    SHA256_Final(digest.data(), &hash);
    hash = outer_;
    SHA256_Update(&hash, digest.data(), digest.size());
    SHA256_Final(digest.data(), &hash);
    for (const unsigned char byte : digest) {
      out += "0123456789abcdef"[byte >> 4];
      out += "0123456789abcdef"[byte & 15];
    }
  }

 private:
  static void start(SHA256_CTX& hash, std::array<unsigned char, 64> block, unsigned char pad) {
    for (unsigned char& byte : block) byte ^= pad;
    SHA256_Init(&hash);
    SHA256_Update(&hash, block.data(), block.size());
  }

  SHA256_CTX inner_{};
  SHA256_CTX outer_{};
};

/// The fields of one event: strings without their quotes, spans of the line.
struct Event {
  Field type, environment, mpid, email, ip;
  Field ssn;  // the whole member and the comma behind it
};

Field inside(Field token) { return token.substr(1, token.rfind('"') - 1); }

template <typename Object, typename Take>
void each_member(Object&& object, Take&& take) {
  for (auto field : object) {
    const char* key = field.key().value_unsafe().raw();
    take(Field(key, static_cast<std::size_t>(std::strchr(key, '"') - key)), field.value());
  }
}

Event find_fields(simdjson::ondemand::object root) {
  Event event;
  each_member(root, [&](Field key, auto value) {
    if (key == "mpid") {
      event.mpid = value.raw_json_token().value_unsafe();
      event.mpid = event.mpid.substr(0, event.mpid.find_last_of("0123456789") + 1);
    } else if (key == "event_type") {
      event.type = inside(value.raw_json_token().value_unsafe());
    } else if (key == "environment") {
      event.environment = inside(value.raw_json_token().value_unsafe());
    } else if (key == "ip") {
      event.ip = inside(value.raw_json_token().value_unsafe());
    } else if (key == "user_identities") {
      each_member(value.get_object().value_unsafe(), [&](Field name, auto identity) {
        if (name == "email") event.email = inside(identity.raw_json_token().value_unsafe());
      });
    } else if (key == "user_attributes") {
      each_member(value.get_object().value_unsafe(), [&](Field name, auto attribute) {
        if (name != "ssn") return;
        const Field text = inside(attribute.raw_json_token().value_unsafe());
        event.ssn = Field(name.data() - 1, static_cast<std::size_t>(text.data() + text.size() + 2 - (name.data() - 1)));
      });
    }
  });
  return event;
}

/// /24 of IPv4; /48 of the IPv6 addresses the generator writes.
void append_truncated(std::string& out, Field ip) {
  if (ip.find(':') == Field::npos) {
    out.append(ip.substr(0, ip.rfind('.') + 1)).append("0");
    return;
  }
  const std::size_t third = ip.find(':', ip.find(':') + 1) + 1;
  const Field group = ip.substr(third, ip.find(':', third) - third);
  out.append(ip.substr(0, third));
  out.append(group == "0" ? ":" : std::string(group) + "::");
}

/// The fields come in this order in every event.
void append_redacted(std::string& out, Field line, const Event& event, const Pseudonyms& pseudonyms) {
  const char* at = line.data();
  const auto copy_until = [&](const char* end) { out.append(at, static_cast<std::size_t>(end - at)); };
  copy_until(event.email.data());
  pseudonyms.append(out, event.email);
  at = event.email.data() + event.email.size();
  copy_until(event.ssn.data());
  at = event.ssn.data() + event.ssn.size();
  copy_until(event.ip.data());
  append_truncated(out, event.ip);
  at = event.ip.data() + event.ip.size();
  copy_until(line.data() + line.size());
}

// --- the loops ------------------------------------------------------------------------------------------------------

/// The file, readable a little past its end as simdjson wants it.
std::string_view map_file(const char* path) {
  const int file = open(path, O_RDONLY);
  struct stat facts {};
  if (file < 0 || fstat(file, &facts) != 0) throw std::runtime_error("cannot read the events");
  const auto size = static_cast<std::size_t>(facts.st_size);
  const std::size_t room = (size + simdjson::SIMDJSON_PADDING + 4095) / 4096 * 4096 + 4096;
  char* bytes = static_cast<char*>(mmap(nullptr, room, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  if (bytes == MAP_FAILED || mmap(bytes, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 0) == MAP_FAILED)
    throw std::runtime_error("cannot map the events");
  return {bytes, size};
}

template <typename Take>
long each_line(std::string_view bytes, Take&& take) {
  long lines = 0;
  for (std::size_t at = 0; at < bytes.size(); ++lines) {
    const std::size_t end = bytes.find('\n', at);
    take(bytes.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

long bare(std::string_view bytes, Producer& producer) {
  return each_line(bytes, [&](Field line) {
    const std::size_t start = line.find("\"mpid\":") + 7;
    producer.send(line.substr(start, line.find(',', start) - start), line, false);
  });
}

long by_hand(std::string_view bytes, Producer& producer) {
  simdjson::ondemand::parser parser;
  const Pseudonyms pseudonyms("oracle-pseudonym-secret");
  std::string out;
  return each_line(bytes, [&](Field line) {
    const std::size_t room =
        static_cast<std::size_t>(bytes.data() + bytes.size() - line.data()) + simdjson::SIMDJSON_PADDING;
    auto document = parser.iterate(line.data(), line.size(), room);
    const Event event = find_fields(document.get_object());
    if (event.type == "screen_view" && event.environment == "development") return;
    out.clear();
    append_redacted(out, line, event, pseudonyms);
    producer.send(event.mpid, out, true);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  try {
    Producer producer(argv[1], argv[2]);
    const std::string_view bytes = map_file(argv[3]);
    const long lines = argv[4] == std::string_view("bare") ? bare(bytes, producer) : by_hand(bytes, producer);
    const bool whole = producer.finish();
    std::printf("read=%ld sent=%ld\n", lines, producer.sent());
    std::fflush(stdout);
    _exit(whole ? 0 : 1);  // tearing the client down is not part of the measurement
  } catch (const std::exception& error) {
    std::fprintf(stderr, "yardstick: %s\n", error.what());
    return 1;
  }
}
