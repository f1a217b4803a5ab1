#include "transport/http_get.h"

#include <array>
#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>
#include <memory>
#include <utility>

#include "base/address.h"
#include "transport/connector.h"
#include "wire/http_reply.h"

namespace rocketmq::transport {

namespace {

class HttpExchange : public std::enable_shared_from_this<HttpExchange> {
 public:
  using Handler = std::function<void(const Failure& failure, std::string reply)>;

  HttpExchange(asio::io_context& context, std::string request, std::chrono::milliseconds timeout,
               std::size_t max_bytes, Handler handler)
      : executor_(context.get_executor()),
        request_(std::move(request)),
        timeout_(timeout),
        max_bytes_(max_bytes),
        handler_(std::move(handler)),
        socket_(context),
        timer_(context) {}

  /// `problem` is what is wrong with the address already, if anything.
  void start(Address address, Failure problem) {
    asio::post(executor_,
               [self = shared_from_this(), address = std::move(address), problem = std::move(problem)] {
                 if (problem.failed()) {
                   self->finish(problem);
                 } else {
                   self->connect(address);
                 }
               });
  }

  void cancel() {
    asio::post(executor_,
               [self = shared_from_this()] { self->fail(Errc::closed, "was given up: the client closes"); });
  }

 private:
  void connect(const Address& address) {
    if (!handler_) return;
    server_ = to_string(address);
    deadline_ = std::chrono::steady_clock::now() + timeout_;
    connector_ = std::make_shared<Connector>(
        executor_, nullptr, address, timeout_,
        [self = shared_from_this()](const Failure& failure, asio::ip::tcp::socket socket) {
          self->on_socket(failure, std::move(socket));
        });
    connector_->start();
  }

  void on_socket(const Failure& failure, asio::ip::tcp::socket socket) {
    if (failure.failed()) {
      finish(failure);
      return;
    }
    socket_ = std::move(socket);
    timer_.expires_at(deadline_);
    timer_.async_wait([self = shared_from_this()](const asio::error_code& error) {
      if (!error)
        self->fail(Errc::request_timeout, "had no reply within " + std::to_string(self->timeout_.count()) +
                                              " ms; check that the server is healthy");
    });
    asio::async_write(socket_, asio::buffer(request_),
                      [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                        if (error) {
                          self->fail(Errc::connection_closed, "broke (" + error.message() + ")");
                        } else {
                          self->read();
                        }
                      });
  }

  void read() {
    socket_.async_read_some(asio::buffer(chunk_),
                            [self = shared_from_this()](const asio::error_code& error, std::size_t count) {
                              self->on_read(error, count);
                            });
  }

  void on_read(const asio::error_code& error, std::size_t count) {
    if (!handler_) return;
    reply_.append(chunk_.data(), count);
    if (reply_.size() > max_bytes_) {
      fail(Errc::too_large,
           "sent more than " + std::to_string(max_bytes_) + " bytes; check that it is a name-server list");
    } else if (error && (error != asio::error::eof || reply_.empty())) {
      fail(Errc::connection_closed, error == asio::error::eof ? "closed the connection without a reply"
                                                              : "broke (" + error.message() + ")");
    } else if (error || wire::http_reply_complete(reply_)) {
      finish({});
    } else {
      read();
    }
  }

  void fail(Errc code, const std::string& what) {
    finish({code, "the HTTP request to " + server_ + " " + what, std::nullopt});
  }

  void finish(const Failure& failure) {
    const Handler handler = std::exchange(handler_, nullptr);
    if (!handler) return;
    if (connector_) connector_->cancel();
    connector_.reset();
    timer_.cancel();
    asio::error_code ignored;
    socket_.close(ignored);
    handler(failure, failure.failed() ? std::string() : std::move(reply_));
  }

  asio::io_context::executor_type executor_;
  const std::string request_;
  const std::chrono::milliseconds timeout_;
  const std::size_t max_bytes_;
  Handler handler_;  // Empty once it was called.
  std::chrono::steady_clock::time_point deadline_;
  std::string server_;
  std::shared_ptr<Connector> connector_;
  asio::ip::tcp::socket socket_;
  asio::steady_timer timer_;
  std::array<char, 4096> chunk_{};
  std::string reply_;
};

}  // namespace

std::function<void()> http_get(asio::io_context& context, const std::string& host, const std::string& port,
                               std::string request, std::chrono::milliseconds timeout, std::size_t max_bytes,
                               std::function<void(const Failure& failure, std::string reply)> handler) {
  const auto exchange =
      std::make_shared<HttpExchange>(context, std::move(request), timeout, max_bytes, std::move(handler));
  Address address;
  const bool ipv6 = host.find(':') != std::string::npos;
  const std::string text = (ipv6 ? "[" + host + "]" : host) + ":" + port;
  Failure problem = parse_address(text, address);
  exchange->start(std::move(address), std::move(problem));
  return [weak = std::weak_ptr(exchange)] {
    if (const auto running = weak.lock()) running->cancel();
  };
}

}  // namespace rocketmq::transport
