#include "properties.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "refusals.h"

namespace weir::kafka {
namespace {

constexpr BatchSize kSmallest{16u << 10, 64};  // a request for less costs more than waiting for more

struct Refusal {
  std::string_view name;
  const char* why;
};

constexpr const char* kLoadsCode = "is refused: it loads code into the process";
constexpr const char* kRunsCommands = "is refused: it runs a command";
constexpr const char* kGivesUp = "is refused: a record that was given up after a time would be lost";
constexpr const char* kNeedsReports = "is refused: positions move only on delivery reports";

constexpr std::array<Refusal, 17> kRefused{{
    {"plugin.library.paths", kLoadsCode},
    {"ssl.engine.location", kLoadsCode},
    {"ssl.engine.id", kLoadsCode},
    {"ssl.providers", kLoadsCode},
    {"sasl.kerberos.kinit.cmd", kRunsCommands},
    {"message.timeout.ms", kGivesUp},
    {"delivery.timeout.ms", kGivesUp},
    {"retries", kGivesUp},
    {"message.send.max.retries", kGivesUp},
    {"transactional.id", "is refused: this sink writes without transactions"},
    {"enable.gapless.guarantee", "is refused: order per key needs it on"},
    {"queuing.strategy", "is refused: order per key needs fifo"},
    {"partitioner", "is refused: the sink chooses partitions itself, as Kafka's Java client does"},
    {"delivery.report.only.error", kNeedsReports},
    {"enabled_events", kNeedsReports},
    {"log.queue", "is refused: lines of the client would stay unread"},
    {"test.mock.num.brokers",
     "is refused: it would deliver to a broker inside this process; weir-broker is one outside"},
}};

struct Demand {
  std::string_view name;
  std::array<std::string_view, 2> values;
  const char* why;
};

constexpr std::array<Demand, 3> kDemanded{{
    {"acks", {"all", "-1"}, "must be all: less acknowledges what a broker's crash loses"},
    {"request.required.acks", {"all", "-1"}, "must be all: less acknowledges what a broker's crash loses"},
    {"enable.idempotence", {"true", "true"}, "must be true: without it retries duplicate and reorder"},
}};

/// Ours, unless `config:` says otherwise. Times and sizes as measured (docs/delivery.md).
constexpr std::array<std::pair<const char*, const char*>, 16> kDefaults{{
    {"client.id", "weir"},
    {"acks", "all"},
    {"enable.idempotence", "true"},
    {"enable.gapless.guarantee", "true"},
    {"message.timeout.ms", "0"},
    {"compression.type", "lz4"},
    {"linger.ms", "5"},
    {"request.timeout.ms", "10000"},
    {"socket.timeout.ms", "10000"},
    {"reconnect.backoff.ms", "100"},
    {"reconnect.backoff.max.ms", "1000"},
    {"socket.keepalive.enable", "true"},
    {"socket.nagle.disable", "true"},
    {"allow.auto.create.topics", "false"},
    {"log.connection.close", "false"},
    {"enable.metrics.push", "false"},
}};

constexpr const char* kStatisticsInterval = "60000";  // where they can be seen

/// What may stand in the properties that librdkafka puts into the command line of Kerberos' kinit.
bool is_harmless_in_a_shell(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("._-/@:+=").find(c) != std::string_view::npos;
  });
}

void refuse_dangerous(const Context& map, const std::string& name, const std::string& value) {
  for (const Refusal& refused : kRefused)
    if (refused.name == name) throw map.error(name, refused.why);
  for (const Demand& demand : kDemanded)
    if (demand.name == name && value != demand.values[0] && value != demand.values[1])
      throw map.error(name, demand.why);
  if (name.starts_with("sasl.kerberos.") && !is_harmless_in_a_shell(value))
    throw map.error(name, "is refused: only letters, digits and ._-/@:+= may go into kinit's command line");
}

/// The text of a string, the JSON text of a number or of true and false.
std::string text_of(const Context& map, const std::string& name, const Context& item) {
  const std::string json = item.json();
  if (json.starts_with('"')) return item.text();
  if (json == "null" || json.starts_with('[') || json.starts_with('{'))
    throw map.error(name, "wants a text, a number, true or false");
  return json;
}

void set_default(rd_kafka_conf_t* conf, const char* name, const std::string& value) {
  rd_kafka_conf_set(conf, name, value.c_str(), nullptr, 0);  // an older library does not know some
}

}  // namespace

Properties::Properties(const Context& config) : memory_(config.memory()), conf_(rd_kafka_conf_new()) {
  for (const auto& [name, value] : kDefaults) set_default(conf_.get(), name, value);
  // What librdkafka queues are the window's own bytes; beside them it keeps about 300 bytes and the key of each message.
  const std::uint64_t kbytes = std::clamp<std::uint64_t>(memory_ / 2048, 1024, 1u << 20);
  set_default(conf_.get(), "queue.buffering.max.kbytes", std::to_string(kbytes));
  set_default(conf_.get(), "queue.buffering.max.messages", std::to_string(kbytes));
  if (config.log().enabled(WEIR_LOG_DEBUG)) set_default(conf_.get(), "statistics.interval.ms", kStatisticsInterval);
  const Context map = config.object("config");
  Refusals refusals(config);
  for (const auto& property : config.map("config")) refusals.look([&] { set(map, property.first, property.second); });
  refusals.look([&] { check_servers(config); });
  refusals.look([&] { check_login(map); });
  refusals.throw_first();
}

void Properties::set(const Context& map, const std::string& name, const Context& item) {
  const std::string value = text_of(map, name, item);
  refuse_dangerous(map, name, value);
  const bool secret = is_secret_property(name);
  if (secret) secrets_.add(value);
  std::array<char, 512> why{};
  switch (rd_kafka_conf_set(conf_.get(), name.c_str(), value.c_str(), why.data(), why.size())) {
    case RD_KAFKA_CONF_OK:
      return;
    case RD_KAFKA_CONF_UNKNOWN:
      throw map.error(name, "is no property of librdkafka " + std::string(rd_kafka_version_str()));
    default:
      throw map.error(name, secret ? "has a value that librdkafka refuses" : why.data());
  }
}

void Properties::check_servers(const Context& config) const {
  if (get("bootstrap.servers").empty()) throw config.error("config", "lacks bootstrap.servers");
}

void Properties::check_login(const Context& map) const {
  if (get("sasl.mechanisms") == "OAUTHBEARER") check_token(map);
  constexpr int kScramWorks = 0x020601ff;
  if (rd_kafka_version() < kScramWorks && get("sasl.mechanisms").starts_with("SCRAM"))
    throw map.error("sasl.mechanisms", "SCRAM needs librdkafka 2.6.1 or later, this is " +
                                           std::string(rd_kafka_version_str()) +
                                           ": Kafka 4 would refuse its log-in as a wrong password");
}

/// librdkafka either fetches a token by HTTP, signs nothing itself, or waits for a program to give it one.
void Properties::check_token(const Context& map) const {
  if (get("sasl.oauthbearer.method") != "oidc") {
    if (get("enable.sasl.oauthbearer.unsecure.jwt") == "true") return;
    throw map.error("sasl.oauthbearer.method",
                    "must be oidc: the token comes from sasl.oauthbearer.token.endpoint.url");
  }
  const std::string url = get("sasl.oauthbearer.token.endpoint.url");
  if (!url.starts_with("https://") && !url.starts_with("http://"))
    throw map.error("sasl.oauthbearer.token.endpoint.url", "must begin with https:// or http://");
}

std::string Properties::get(const char* name) const {
  std::array<char, 4096> value{};
  std::size_t size = value.size();
  if (rd_kafka_conf_get(conf_.get(), name, value.data(), &size) != RD_KAFKA_CONF_OK) return {};
  return value.data();
}

std::size_t Properties::number(const char* name) const { return std::stoul(get(name)); }

BatchSize Properties::batch() const { return {number("batch.size"), number("batch.num.messages")}; }
std::size_t Properties::max_message_bytes() const { return number("message.max.bytes"); }

BatchSize Properties::batch_for(std::int32_t partitions) const {
  const std::size_t batches = 2 * static_cast<std::size_t>(partitions);  // one on its way, one that fills
  const std::size_t queue = number("queue.buffering.max.kbytes") * 1024;
  const std::size_t values =
      std::min<std::size_t>(memory_ * 2 / 5, queue);  // edited ones are there twice, with a record each
  const std::size_t messages = number("queue.buffering.max.messages");  // 0: any number
  BatchSize batch = this->batch();
  batch.bytes = std::min(batch.bytes, std::max(values / batches, kSmallest.bytes));
  if (messages > 0) batch.messages = std::min(batch.messages, std::max(messages / batches, kSmallest.messages));
  return batch;
}

std::chrono::milliseconds Properties::refresh_interval() const {
  return std::chrono::milliseconds(std::max(std::stol(get("topic.metadata.refresh.interval.ms")), 0L));
}

Conf Properties::make_conf(BatchSize batch) const {
  Conf conf(rd_kafka_conf_dup(conf_.get()));
  set_default(conf.get(), "batch.size", std::to_string(batch.bytes));
  set_default(conf.get(), "batch.num.messages", std::to_string(batch.messages));
  return conf;
}

}  // namespace weir::kafka
