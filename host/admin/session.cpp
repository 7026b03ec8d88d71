#include "admin/session.h"

#include <boost/asio/write.hpp>
#include <exception>

#include "admin/address.h"

namespace weir::host::admin {
namespace {

using Error = boost::system::error_code;

/// The answer to a request that could not be read; 0: there is nobody to answer.
unsigned status_of(Error error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::body_limit || error == http::error::unexpected_body) return 413;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return 0;
  return error.category() == http::make_error_code(http::error::bad_method).category() ? 400 : 0;
}

template <typename Message>
void set_common(Message& message) {
  message.version(11);
  message.keep_alive(false);
  message.set(http::field::cache_control, "no-store");
  message.set("X-Content-Type-Options", "nosniff");
}

}  // namespace

Session::Session(tcp::socket socket, SessionTerms& terms)
    : terms_(terms), socket_(std::move(socket)), deadline_(socket_.get_executor()), interval_(socket_.get_executor()) {
  parser_.header_limit(kRequestBytes);
  parser_.body_limit(0);
}

void Session::start() {
  arm(kReadTime);
  http::async_read(socket_, buffer_, parser_,
                   [self = shared_from_this()](Error error, std::size_t) { self->read_done(error); });
}

void Session::close() {
  Error ignored;
  socket_.close(ignored);
  disarm();
  interval_.cancel();
}

void Session::arm(std::chrono::milliseconds time) {
  deadline_.expires_after(time);
  deadline_.async_wait([weak = weak_from_this()](Error) {
    const auto self = weak.lock();
    if (self != nullptr && self->deadline_.expiry() <= std::chrono::steady_clock::now()) self->close();
  });
}

void Session::read_done(Error error) {
  if (error) {
    const unsigned status = status_of(error);
    return status == 0 ? close() : reply(text_reply(status, "The request cannot be read: " + error.message() + "."));
  }
  Answer given = answer();
  if (auto* stream = std::get_if<std::unique_ptr<Stream>>(&given)) return begin_stream(std::move(*stream));
  reply(std::get<Reply>(std::move(given)));
}

Answer Session::answer() try {
  const auto& head = parser_.get();
  const auto host = head[http::field::host];
  if (terms_.local && !host.empty() && !is_local_host({host.data(), host.size()}))
    return text_reply(421, "This server answers to IP addresses and to localhost.");
  if (head.method() != http::verb::get && head.method() != http::verb::head)
    return text_reply(405, "Only GET and HEAD.");
  const auto request = parse_target({head.target().data(), head.target().size()});
  if (!request) return text_reply(400, "The request's target is not well formed.");
  Answer given = (*terms_.handler)(*request);
  const bool streams = std::holds_alternative<std::unique_ptr<Stream>>(given);
  if (streams && (head.version() < 11 || head.method() == http::verb::head))
    return text_reply(400, "This one is for GET with HTTP/1.1.");
  return given;
} catch (const std::exception&) {
  return text_reply(500, "The request could not be answered.");
}

void Session::reply(Reply reply) {
  response_.result(reply.status);
  set_common(response_);
  response_.set(http::field::content_type, reply.type);
  if (reply.status == 405) response_.set(http::field::allow, "GET, HEAD");
  response_.body() = std::move(reply.body);
  response_.prepare_payload();
  if (parser_.is_header_done() && parser_.get().method() == http::verb::head) response_.body().clear();
  arm(kWriteTime);
  http::async_write(socket_, response_,
                    [self = shared_from_this()](Error error, std::size_t) { error ? self->close() : self->linger(); });
}

/// A socket that is closed with bytes unread takes the answer back (RFC 9112, 9.6): the client reads it and closes first.
void Session::linger() {
  Error error;
  socket_.shutdown(tcp::socket::shutdown_send, error);
  if (error) return close();
  arm(kLingerTime);
  read_rest(0);
}

void Session::read_rest(std::size_t so_far) {
  socket_.async_read_some(boost::asio::buffer(ignored_),
                          [self = shared_from_this(), so_far](Error error, std::size_t size) {
                            if (error || so_far + size > kLingerBytes) return self->close();
                            self->read_rest(so_far + size);
                          });
}

void Session::begin_stream(std::unique_ptr<Stream> stream) {
  if (terms_.streams >= kStreams) {
    stream.reset();
    return reply(text_reply(503, "Enough of them are under way."));
  }
  stream_ = std::move(stream);
  ++terms_.streams;
  set_common(stream_head_);
  stream_head_.set(http::field::content_type, "application/x-ndjson");
  stream_head_.set(http::field::trailer, kMissedTrailer);
  stream_head_.chunked(true);
  head_writer_ = std::make_unique<http::response_serializer<http::empty_body>>(stream_head_);
  watch_client();
  arm(kWriteTime);
  http::async_write_header(socket_, *head_writer_, [self = shared_from_this()](Error error, std::size_t) {
    error ? self->close() : self->pump();
  });
}

/// A stream may be silent for long: only a read tells that its client went.
void Session::watch_client() {
  socket_.async_read_some(boost::asio::buffer(ignored_), [self = shared_from_this()](Error error, std::size_t) {
    if (self->stream_ == nullptr) return;
    if (error) {
      self->drop_stream();
      return self->close();
    }
    self->watch_client();
  });
}

void Session::pump() try {
  disarm();
  if (stream_ == nullptr) return;
  chunk_.clear();
  const bool last = !stream_->read(chunk_);
  if (!chunk_.empty()) return write_chunk(last);
  last ? end_stream() : pump_later();
} catch (const std::exception&) {
  drop_stream();
  close();
}

void Session::drop_stream() {
  if (stream_ != nullptr) --terms_.streams;
  stream_.reset();
}

void Session::pump_later() {
  interval_.expires_after(kStreamInterval);
  interval_.async_wait([self = shared_from_this()](Error error) {
    if (!error) self->pump();
  });
}

void Session::write_chunk(bool last) {
  arm(kWriteTime);
  boost::asio::async_write(socket_, http::make_chunk(boost::asio::buffer(chunk_)),
                           [self = shared_from_this(), last](Error error, std::size_t) {
                             if (error || self->stream_ == nullptr) return self->close();
                             self->disarm();
                             last ? self->end_stream() : self->pump_later();
                           });
}

void Session::end_stream() {
  trailer_.set(kMissedTrailer, std::to_string(stream_->missed()));
  drop_stream();
  arm(kWriteTime);
  boost::asio::async_write(socket_, http::make_chunk_last(trailer_),
                           [self = shared_from_this()](Error error, std::size_t) {
                             if (error) return self->close();
                             Error ignored;
                             self->socket_.shutdown(tcp::socket::shutdown_send, ignored);
                             self->arm(kLingerTime);  // watch_client's read is what is left under way
                           });
}

}  // namespace weir::host::admin
