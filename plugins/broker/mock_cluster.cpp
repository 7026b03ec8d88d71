#include "mock_cluster.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace weir::broker {
namespace {

// Notices about a client without brokers would only puzzle; what is wrong with the cluster shows at its users.
void keep_quiet(const rd_kafka_t*, int, const char*, const char*) {}

rd_kafka_t* make_client() {
  std::array<char, 512> why{};
  rd_kafka_conf_t* settings = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(settings, &keep_quiet);
  rd_kafka_conf_set(settings, "client.id", "weir-broker", why.data(), why.size());
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_PRODUCER, settings, why.data(), why.size());
  if (client != nullptr) return client;
  rd_kafka_conf_destroy(settings);
  throw std::runtime_error(std::string("librdkafka does not start: ") + why.data());
}

/// As Kafka's broker does: else the second of two answers waits until the client's kernel, after 40 ms, acknowledges the first. The library has
/// no setting for it; what it accepts inherits that of the socket it listens on (Linux).
void send_answers_at_once() {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const std::string name = entry.path().filename();
    int descriptor = -1;
    if (std::from_chars(name.data(), name.data() + name.size(), descriptor).ec != std::errc()) continue;
    int listens = 0;
    socklen_t size = sizeof listens;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0) continue;
    const int yes = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  }
}

}  // namespace

MockCluster::MockCluster(int brokers)
    : brokers_(brokers), client_(make_client()), cluster_(rd_kafka_mock_cluster_new(client_.get(), brokers)) {
  if (!cluster_) throw std::runtime_error("librdkafka's mock cluster does not start");
  send_answers_at_once();
}

void MockCluster::create_topic(const std::string& name, int partitions) {
  const rd_kafka_resp_err_t error = rd_kafka_mock_topic_create(cluster_.get(), name.c_str(), partitions, brokers_);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error("topic '" + name + "': " + rd_kafka_err2str(error));
}

void MockCluster::inject(const Fault& fault) {
  std::vector<rd_kafka_resp_err_t> answers(fault.after, RD_KAFKA_RESP_ERR_NO_ERROR);
  answers.insert(answers.end(), fault.times, fault.error);
  rd_kafka_mock_push_request_errors_array(cluster_.get(), fault.request, answers.size(), answers.data());
}

void MockCluster::delay_answers(int milliseconds) {
  for (int broker = 1; broker <= brokers_; ++broker) rd_kafka_mock_broker_set_rtt(cluster_.get(), broker, milliseconds);
}

std::string MockCluster::bootstrap() const { return rd_kafka_mock_cluster_bootstraps(cluster_.get()); }

}  // namespace weir::broker
