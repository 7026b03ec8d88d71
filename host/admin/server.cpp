#include "admin/server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <thread>

#include "admin/session.h"
#include "observe/log.h"

namespace weir::host::admin {
namespace {

constexpr std::size_t kConnections = 32;
static_assert(Session::kStreams < kConnections);  // there is always room for a request
constexpr int kBacklog = 64;
constexpr std::chrono::milliseconds kAcceptAgain{100};  // after an error, such as too many open files

}  // namespace

class Server::Core {
 public:
  explicit Core(Handler handler) : handler_(std::move(handler)), acceptor_(io_), pause_(io_) {}

  ~Core() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  Status listen(const Address& address) {
    boost::system::error_code error;
    const tcp::endpoint endpoint(boost::asio::ip::make_address(address.host), address.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(kBacklog, error);
    if (!error) address_ = {address.host, acceptor_.local_endpoint(error).port()};
    if (error)
      return Status::config("The admin address " + address.text() + " cannot be used: " + error.message() + ".");
    terms_ = {&handler_, address.is_loopback(), 0};
    accept();
    thread_ = std::thread([this] { serve(); });
    return {};
  }

  [[nodiscard]] const Address& address() const { return address_; }

 private:
  /// What goes wrong with one connection, such as memory that is not there, must not end the others.
  void serve() {
    while (!io_.stopped()) {
      try {
        io_.run();
      } catch (const std::exception&) {
        Log().warn("The admin server dropped a connection that it could not serve.");
      }
    }
  }

  void accept() {
    acceptor_.async_accept([this](boost::system::error_code error, tcp::socket socket) {
      if (!error) {
        take(std::move(socket));
        return accept();
      }
      pause_.expires_after(kAcceptAgain);
      pause_.async_wait([this](boost::system::error_code) { accept(); });
    });
  }

  void take(tcp::socket socket) {
    std::erase_if(sessions_, [](const auto& session) { return session.expired(); });
    if (sessions_.size() >= kConnections && !make_room()) return;  // the socket closes
    auto session = std::make_shared<Session>(std::move(socket), terms_);
    sessions_.push_back(session);
    session->start();
  }

  /// The oldest one that has no stream goes: it is slow, or waits for its client to go.
  bool make_room() {
    for (auto each = sessions_.begin(); each != sessions_.end(); ++each) {
      const auto session = each->lock();
      if (session == nullptr || session->has_stream()) continue;
      session->close();
      sessions_.erase(each);
      return true;
    }
    return false;
  }

  const Handler handler_;
  SessionTerms terms_;
  Address address_;
  boost::asio::io_context io_{1};
  tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::list<std::weak_ptr<Session>> sessions_;  // the oldest first
  std::thread thread_;
};

Result<std::unique_ptr<Server>> Server::start(const Address& address, Handler handler) {
  auto core = std::make_unique<Core>(std::move(handler));
  if (Status status = core->listen(address); !status.ok()) return status;
  return std::unique_ptr<Server>(new Server(std::move(core)));
}

Server::Server(std::unique_ptr<Core> core) : core_(std::move(core)) {}

Server::~Server() = default;

const Address& Server::address() const { return core_->address(); }

}  // namespace weir::host::admin
