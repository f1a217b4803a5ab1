#include "transport/connector.h"

#include <fcntl.h>

#include <algorithm>
#include <asio/ip/address.hpp>
#include <asio/post.hpp>
#include <utility>

namespace rocketmq::transport {

using std::chrono::steady_clock;

Connector::Connector(const asio::any_io_executor& executor, std::shared_ptr<HostLookup> lookup,
                     Address address, std::chrono::milliseconds timeout, Handler handler)
    : executor_(executor),
      lookup_(lookup ? std::move(lookup) : HostLookup::system()),
      address_(std::move(address)),
      timeout_(timeout),
      handler_(std::move(handler)),
      socket_(executor),
      timer_(executor) {}

Connector::~Connector() {
  if (ticket_) ticket_->cancel();
}

void Connector::start() {
  deadline_ = steady_clock::now() + timeout_;
  asio::error_code no_number;
  const asio::ip::address numeric = asio::ip::make_address(address_.host, no_number);
  if (!no_number) {
    endpoints_.emplace_back(numeric, address_.port);
    try_next();
    return;
  }
  arm_timer(deadline_);
  // The pending timer keeps the context running while the look-up has its own thread.
  ticket_ = lookup_->start(address_.host,
                           [weak = weak_from_this(), executor = executor_](const HostAddresses& found) {
                             asio::post(executor, [weak, found] {
                               if (const auto self = weak.lock()) self->on_host_found(found);
                             });
                           });
}

void Connector::cancel() {
  handler_ = nullptr;
  if (ticket_) ticket_->cancel();
  timer_.cancel();
  asio::error_code ignored;
  socket_.close(ignored);
}

void Connector::on_host_found(const HostAddresses& found) {
  if (!handler_) return;
  for (const std::string& text : found.addresses) {
    asio::error_code error;
    const asio::ip::address address = asio::ip::make_address(text, error);
    if (!error) endpoints_.emplace_back(address, address_.port);
  }
  if (endpoints_.empty()) {
    fail(Errc::resolve_failed, "cannot find the host of " + to_string(address_) + " (" + found.error +
                                   "); check the name and this machine's name service");
    return;
  }
  try_next();
}

void Connector::try_next() {
  if (endpoints_.empty()) {
    fail(Errc::connect_failed, "cannot connect to " + to_string(address_) + " (" + last_error_ +
                                   "); check the address and that the server runs");
    return;
  }
  const steady_clock::time_point now = steady_clock::now();
  const auto left = std::max(deadline_ - now, steady_clock::duration::zero());
  arm_timer(now + left / static_cast<steady_clock::rep>(endpoints_.size()));

  const asio::ip::tcp::endpoint endpoint = endpoints_.front();
  endpoints_.pop_front();
  const std::size_t attempt = ++attempt_;
  asio::error_code error;
  socket_.close(error);
  socket_.open(endpoint.protocol(), error);
  if (error) {
    last_error_ = error.message();
    asio::post(executor_, [self = shared_from_this(), attempt, error] { self->on_connect(attempt, error); });
    return;
  }
  // A program that the host process starts must not inherit the connection.
  (void)::fcntl(socket_.native_handle(), F_SETFD, FD_CLOEXEC);
  socket_.async_connect(endpoint, [self = shared_from_this(), attempt](const asio::error_code& result) {
    self->on_connect(attempt, result);
  });
}

void Connector::on_connect(std::size_t attempt, const asio::error_code& error) {
  if (!handler_ || attempt != attempt_) return;
  if (error) {
    last_error_ = error.message();
    try_next();
    return;
  }
  asio::error_code ignored;
  if (socket_.local_endpoint(ignored) == socket_.remote_endpoint(ignored)) {
    // TCP lets a socket connect to itself when nobody listens on a local port of the ephemeral range.
    last_error_ = "no program listens there";
    try_next();
    return;
  }
  finish({}, std::move(socket_));
}

void Connector::arm_timer(steady_clock::time_point when) {
  timer_.expires_at(when);
  timer_.async_wait([self = shared_from_this()](const asio::error_code& error) {
    if (!error) self->on_timer();
  });
}

void Connector::on_timer() {
  if (!handler_) return;
  const steady_clock::time_point now = steady_clock::now();
  // The wait was replaced after this expiry had been queued.
  if (now < timer_.expiry()) return;
  if (now < deadline_ && !endpoints_.empty()) {
    last_error_ = "no answer";
    try_next();
    return;
  }
  const std::string within = " within " + std::to_string(timeout_.count()) + " ms";
  if (attempt_ == 0) {
    fail(Errc::connect_timeout, "cannot find the host of " + to_string(address_) + within +
                                    "; check the name and this machine's name service");
  } else {
    fail(Errc::connect_timeout, "cannot connect to " + to_string(address_) + within +
                                    "; check the address and that the server runs");
  }
}

void Connector::fail(Errc code, std::string message) {
  finish({code, std::move(message), std::nullopt}, asio::ip::tcp::socket(executor_));
}

void Connector::finish(const Failure& failure, asio::ip::tcp::socket socket) {
  const Handler handler = std::exchange(handler_, nullptr);
  cancel();
  handler(failure, std::move(socket));
}

}  // namespace rocketmq::transport
