#pragma once
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "admin/request.h"

namespace weir::host::admin {

namespace http = boost::beast::http;
using tcp = boost::asio::ip::tcp;

/// What all sessions of a server go by and share. Outlives them.
struct SessionTerms {
  const Handler* handler = nullptr;
  bool local = true;        // only names of this machine are served, see is_local_host
  std::size_t streams = 0;  // under way
};

/// One connection: one request, its answer, the end. Bounded in what it reads and in how long each part may take. Lives as long as
/// something of it is under way. Only on the server's thread.
class Session : public std::enable_shared_from_this<Session> {
 public:
  static constexpr std::size_t kRequestBytes = 8 * 1024;
  static constexpr std::chrono::seconds kReadTime{5};
  static constexpr std::chrono::seconds kWriteTime{10};            // of a reply, or of one piece of a stream
  static constexpr std::chrono::milliseconds kStreamInterval{50};  // between two looks for something new
  static constexpr std::chrono::seconds kLingerTime{1};            // for the client to read the answer and close
  static constexpr std::size_t kLingerBytes = 64 * 1024;

  static constexpr std::size_t kStreams = 8;  // at a time, of all sessions

  Session(tcp::socket socket, SessionTerms& terms);
  ~Session() { drop_stream(); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  void start();
  /// Cuts it off.
  void close();
  [[nodiscard]] bool has_stream() const { return stream_ != nullptr; }

 private:
  void read_done(boost::system::error_code error);
  [[nodiscard]] Answer answer();
  void reply(Reply reply);
  void linger();
  void read_rest(std::size_t so_far);

  void begin_stream(std::unique_ptr<Stream> stream);
  void watch_client();
  void pump();
  void pump_later();
  void write_chunk(bool last);
  void end_stream();
  void drop_stream();

  /// Cuts the session off unless called again within that time.
  void arm(std::chrono::milliseconds time);
  void disarm() { deadline_.cancel(); }

  SessionTerms& terms_;
  tcp::socket socket_;
  boost::asio::steady_timer deadline_;
  boost::asio::steady_timer interval_;
  boost::beast::flat_buffer buffer_{kRequestBytes};
  http::request_parser<http::empty_body> parser_;
  http::response<http::string_body> response_;

  std::unique_ptr<Stream> stream_;
  http::response<http::empty_body> stream_head_;
  std::unique_ptr<http::response_serializer<http::empty_body>> head_writer_;
  http::fields trailer_;
  std::string chunk_;
  std::array<char, 4096> ignored_{};
};

}  // namespace weir::host::admin
