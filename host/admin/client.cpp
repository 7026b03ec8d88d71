#include "admin/client.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <charconv>

#include "admin/request.h"

namespace weir::host::admin {
namespace {

namespace http = boost::beast::http;
using tcp = boost::asio::ip::tcp;
using Error = boost::system::error_code;

constexpr std::uint64_t kLargestBody = 64u << 20;
constexpr std::chrono::seconds kStreamStart{10};

/// One request, each step of it waited for.
class Call {
 public:
  explicit Call(const Address& address) : address_(address) { parser_.body_limit(kLargestBody); }

  Status begin(const std::string& target, std::chrono::milliseconds timeout) {
    stream_.expires_after(timeout);
    const tcp::endpoint endpoint(boost::asio::ip::make_address(address_.host), address_.port);
    http::request<http::empty_body> request(http::verb::get, target, 11);
    request.set(http::field::host, address_.text());
    request.set(http::field::connection, "close");
    wait([&](auto done) { stream_.async_connect(endpoint, [done](Error error) { done(error); }); });
    if (!error_) wait([&](auto done) { http::async_write(stream_, request, done); });
    if (!error_) wait([&](auto done) { http::async_read_header(stream_, buffer_, parser_, done); });
    return status();
  }

  void take_all_time() {
    stream_.expires_never();
    parser_.body_limit(boost::none);
  }

  Status read_some() {
    wait([&](auto done) { http::async_read_some(stream_, buffer_, parser_, done); });
    return status();
  }

  [[nodiscard]] bool done() const { return parser_.is_done(); }
  [[nodiscard]] http::response<http::string_body>& response() { return parser_.get(); }

 private:
  template <typename Begin>
  void wait(Begin begin) {
    begin([this](Error error, std::size_t = 0) { error_ = error; });
    io_.restart();
    io_.run();
  }

  [[nodiscard]] Status status() const {
    if (!error_) return {};
    return Status::fatal("Nobody answers at " + address_.text() + ": " + error_.message() + ".");
  }

  const Address& address_;
  boost::asio::io_context io_{1};
  boost::beast::tcp_stream stream_{io_};
  boost::beast::flat_buffer buffer_;
  http::response_parser<http::string_body> parser_;
  Error error_;
};

Fetched fetched(Call& call) {
  Fetched fetched{call.response().result_int(), std::move(call.response().body()), 0};
  const auto missed = call.response()[kMissedTrailer];
  std::from_chars(missed.data(), missed.data() + missed.size(), fetched.missed);
  return fetched;
}

Result<Fetched> read_all(Call& call) {
  while (!call.done()) {
    if (Status status = call.read_some(); !status.ok()) return status;
  }
  return fetched(call);
}

}  // namespace

Result<Fetched> fetch(const Address& address, const std::string& target, std::chrono::milliseconds timeout) {
  Call call(address);
  if (Status status = call.begin(target, timeout); !status.ok()) return status;
  return read_all(call);
}

Result<Fetched> fetch_stream(const Address& address, const std::string& target,
                             const std::function<bool(std::string_view)>& take) {
  Call call(address);
  if (Status status = call.begin(target, kStreamStart); !status.ok()) return status;
  if (call.response().result() != http::status::ok) return read_all(call);
  call.take_all_time();
  std::string& body = call.response().body();
  while (!call.done()) {
    if (Status status = call.read_some(); !status.ok()) return status;
    if (!body.empty() && !take(body)) break;
    body.clear();
  }
  return fetched(call);
}

}  // namespace weir::host::admin
