#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "base/address.h"
#include "rocketmq/error.h"
#include "transport/host_lookup.h"

namespace rocketmq::transport {

/// Makes one TCP connection: looks the host up (a numeric address is never looked up), then tries its
/// addresses in turn, each with a fair share of the time that is left, so that one black hole does not use
/// it up. Everything runs on the given executor, which must have one thread.
class Connector : public std::enable_shared_from_this<Connector> {
 public:
  /// Called once, unless cancelled: a failure, or an open socket. Failures: resolve_failed, connect_failed,
  /// connect_timeout; the text names the address.
  using Handler = std::function<void(const Failure& failure, asio::ip::tcp::socket socket)>;

  Connector(const asio::any_io_executor& executor, std::shared_ptr<HostLookup> lookup, Address address,
            std::chrono::milliseconds timeout, Handler handler);
  ~Connector();

  void start();

  /// The handler will not be called. On the executor, like everything here.
  void cancel();

 private:
  void on_host_found(const HostAddresses& found);
  void try_next();
  void on_connect(std::size_t attempt, const asio::error_code& error);
  void arm_timer(std::chrono::steady_clock::time_point when);
  void on_timer();
  void fail(Errc code, std::string message);
  void finish(const Failure& failure, asio::ip::tcp::socket socket);

  asio::any_io_executor executor_;
  std::shared_ptr<HostLookup> lookup_;
  Address address_;
  std::chrono::milliseconds timeout_;
  Handler handler_;
  asio::ip::tcp::socket socket_;
  asio::steady_timer timer_;
  std::chrono::steady_clock::time_point deadline_;
  std::shared_ptr<HostLookup::Ticket> ticket_;
  std::deque<asio::ip::tcp::endpoint> endpoints_;  // Not tried yet.
  std::size_t attempt_ = 0;                        // Tells the current try from those that were given up.
  std::string last_error_;
};

}  // namespace rocketmq::transport
