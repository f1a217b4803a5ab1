#pragma once

#include <asio/io_context.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/backoff.h"
#include "base/log_limiter.h"
#include "transport/connection.h"
#include "transport/directory.h"

namespace rocketmq::transport {

/// What a Directory does. Thread-safe; its functions are those of the Directory.
class Directory::Impl final : public Connection::Owner, public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& context, DirectoryOptions options)
      : context_(context), options_(std::make_shared<const DirectoryOptions>(std::move(options))) {}

  void request(const std::string& address, wire::Command command, RequestBody body,
               std::chrono::milliseconds timeout, ReplyHandler handler);
  void send_one_way(const std::string& address, wire::Command command, RequestBody body);
  void forget(const std::string& address);
  void close();

  void on_connected(Connection& connection, const std::string& protocol) override;
  void on_failed(Connection& connection, const Failure& failure) override;
  void on_closed(Connection& connection) override;
  void on_lost(Connection& connection) override;
  void on_go_away(Connection& connection, RequestPtr request) override;
  void on_request(const std::shared_ptr<Connection>& connection, wire::ReceivedCommand&& request) override;

  RequestHandler request_handler;
  std::function<void(const std::string& address)> disconnect_handler;

 private:
  /// What is known of one address.
  struct Peer {
    explicit Peer(const DirectoryOptions& options)
        : backoff({.first = options.reconnect_first, .cap = options.reconnect_cap}) {}

    std::shared_ptr<Connection> connection;         ///< Null: none yet, or the last one is gone.
    std::optional<Clock::time_point> connected_at;  ///< Of `connection`, or of the last one until it failed.
    int broken = 0;  ///< Connections in a row that broke before they were steady.
    Backoff backoff;
    Clock::time_point retry_at;  ///< Until then requests fail with `last_failure`.
    Failure last_failure;
    LogLimiter limiter;  ///< A server that is down is tried about twice a second.
  };

  [[nodiscard]] RequestPtr encode(wire::Command command, RequestBody body, std::int32_t flag);
  /// Hands the request to a connection. On failure nothing has been sent and the handler is not called.
  [[nodiscard]] Failure dispatch(const std::string& address, const RequestPtr& request);
  [[nodiscard]] std::shared_ptr<Connection> connection_for(const std::string& address,
                                                           const Connection* closed, Failure& failure);
  void fail_later(RequestPtr request, Failure failure);
  void disconnected(const std::string& address);
  void log(LogLevel level, const std::string& text) const;
  /// What a server can make us say as often as it likes.
  void log_limited(const std::string& address, LogLevel level, const std::string& text);

  asio::io_context& context_;
  const std::shared_ptr<const DirectoryOptions> options_;
  // From a random number on: a Proxy passes the numbers of its clients on to a broker over one connection,
  // and would mix up requests of two clients that have the same one.
  std::atomic<std::uint32_t> next_opaque_ = std::random_device{}() & 0x7FFF'FFFFU;

  std::mutex mutex_;  // Guards everything below; never held while a handler or a connection is called.
  std::unordered_map<std::string, Peer> peers_;
  std::vector<std::shared_ptr<Connection>> leaving_;  // Draining after GO_AWAY.
  std::minstd_rand random_{std::random_device{}()};
  bool closed_ = false;
};

}  // namespace rocketmq::transport
