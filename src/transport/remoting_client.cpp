#include "transport/remoting_client.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/guarded.h"
#include "transport/connection.h"
#include "transport/event_loop.h"
#include "transport/peer.h"

namespace rocketmq::transport {

namespace {

constexpr std::int32_t system_error = 1;
constexpr std::int32_t request_code_not_supported = 3;

/// Keeps deadlines far from the clock's range.
constexpr std::chrono::milliseconds longest_timeout = std::chrono::hours(24);

/// The RemotingClient that has real connections.
class ConnectionPool final : public RemotingClient,
                             public Connection::Owner,
                             public std::enable_shared_from_this<ConnectionPool> {
 public:
  ConnectionPool(EventLoop& loop, RemotingOptions options)
      : loop_(loop), options_(std::make_shared<const RemotingOptions>(std::move(options))) {}

  void request(const std::string& address, wire::Command command, RequestBody body,
               std::chrono::milliseconds timeout, ReplyHandler handler) override;
  void send_one_way(const std::string& address, wire::Command command, RequestBody body) override;
  void forget(const std::string& address) override;
  void close() override;

  void on_connected(Connection& connection, const std::string& protocol) override;
  void on_failed(Connection& connection, const Failure& failure) override;
  void on_closed(Connection& connection) override;
  void on_lost(Connection& connection) override { disconnected(connection.address()); }
  void on_go_away(Connection& connection, RequestPtr request) override;
  void on_request(const std::shared_ptr<Connection>& connection, wire::ReceivedCommand&& request) override;

 private:
  [[nodiscard]] RequestPtr encode(wire::Command command, RequestBody body, std::int32_t flag);
  /// Hands the request to a connection. On failure nothing has been sent and the handler is not called.
  [[nodiscard]] Failure dispatch(const std::string& address, const RequestPtr& request);
  /// The connection to use, which may be a new one. Null: `failure` says why.
  [[nodiscard]] std::shared_ptr<Connection> connect(const std::string& address, Failure& failure);
  /// The peer whose present connection this is, or null.
  [[nodiscard]] Peer* peer_of(const Connection& connection);
  void fail_later(RequestPtr request, Failure failure);
  [[nodiscard]] Responder responder(const std::shared_ptr<Connection>& connection, std::int32_t opaque) const;
  void disconnected(const std::string& address);
  void log(LogLevel level, const std::string& text) const;
  /// For what a server can make us say as often as it likes.
  void log_limited(const std::string& address, LogLevel level, const std::string& text);

  EventLoop& loop_;
  const std::shared_ptr<const RemotingOptions> options_;
  // From a random number on: a Proxy passes the numbers of its clients on to a broker over one connection,
  // and would mix up requests of two clients that have the same one.
  std::uint32_t next_opaque_ = std::random_device{}() & 0x7FFF'FFFFU;
  std::unordered_map<std::string, Peer> peers_;
  std::vector<std::shared_ptr<Connection>> leaving_;  // They drain after GO_AWAY.
  std::minstd_rand random_{std::random_device{}()};
  bool closed_ = false;
};

void ConnectionPool::request(const std::string& address, wire::Command command, RequestBody body,
                             std::chrono::milliseconds timeout, ReplyHandler handler) {
  RequestPtr request = encode(std::move(command), std::move(body), 0);
  request->timeout = std::clamp(timeout, std::chrono::milliseconds::zero(), longest_timeout);
  request->deadline = Clock::now() + request->timeout;
  request->handler = std::move(handler);
  if (!request->handler) request->handler = [](const Failure&, wire::ReceivedCommand&&) {};
  Failure failure = dispatch(address, request);
  if (failure.failed()) fail_later(std::move(request), std::move(failure));
}

void ConnectionPool::send_one_way(const std::string& address, wire::Command command, RequestBody body) {
  const RequestPtr request = encode(std::move(command), std::move(body), wire::Command::one_way_flag);
  const Failure failure = dispatch(address, request);
  if (failure.failed()) {
    log(LogLevel::warning,
        "the one-way request " + std::to_string(request->code) + " was not sent: " + failure.message);
  }
}

RequestPtr ConnectionPool::encode(wire::Command command, RequestBody body, std::int32_t flag) {
  command.opaque = static_cast<std::int32_t>(next_opaque_++);
  command.flag = flag;
  if (options_->sign) options_->sign(command, body ? as_bytes(*body) : ByteView{});
  return make_request(command, std::move(body), options_->serialize_type);
}

Failure ConnectionPool::dispatch(const std::string& address, const RequestPtr& request) {
  if (request->size() > wire::max_frame_bytes) {
    return {Errc::message_too_large,
            "request " + std::to_string(request->code) + " to " + address + " has " +
                std::to_string(request->size()) + " bytes; a frame has at most " +
                std::to_string(wire::max_frame_bytes),
            std::nullopt};
  }
  Failure failure;
  const std::shared_ptr<Connection> connection = connect(address, failure);
  if (!connection) return failure;
  std::string pending;
  switch (connection->submit(request)) {
    case Connection::Submitted::accepted:
      return {};
    case Connection::Submitted::closed:
      return {Errc::connect_failed, "the connection to " + address + " is being closed; try again",
              std::nullopt};
    case Connection::Submitted::too_many_requests:
      pending = std::to_string(options_->max_pending_requests) + " requests are pending at ";
      break;
    case Connection::Submitted::too_many_bytes:
      pending = std::to_string(options_->max_pending_bytes) + " bytes are waiting to be sent to ";
      break;
  }
  return {Errc::too_many_requests, pending + address + "; wait for replies before sending more",
          std::nullopt};
}

std::shared_ptr<Connection> ConnectionPool::connect(const std::string& address, Failure& failure) {
  if (closed_) {
    failure = {Errc::closed, "the client is closed; nothing was sent to " + address, std::nullopt};
    return nullptr;
  }
  auto found = peers_.find(address);
  if (found != peers_.end()) {
    if (found->second.connection) return found->second.connection;
    if (found->second.pausing(Clock::now())) {
      failure = found->second.last_failure();
      return nullptr;
    }
  }
  Address parsed;
  failure = parse_address(address, parsed);
  if (failure.failed()) return nullptr;
  if (found == peers_.end()) found = peers_.try_emplace(address, *options_).first;
  found->second.connection =
      std::make_shared<Connection>(loop_, std::move(parsed), address, options_, weak_from_this());
  found->second.connection->start();
  return found->second.connection;
}

void ConnectionPool::fail_later(RequestPtr request, Failure failure) {
  loop_.post([options = options_, request = std::move(request), failure = std::move(failure)] {
    finish(*request, failure, {}, options->log);
  });
}

Peer* ConnectionPool::peer_of(const Connection& connection) {
  const auto found = peers_.find(connection.address());
  return found != peers_.end() && found->second.connection.get() == &connection ? &found->second : nullptr;
}

void ConnectionPool::forget(const std::string& address) {
  const auto found = peers_.find(address);
  if (found == peers_.end()) return;
  const std::shared_ptr<Connection> connection = std::move(found->second.connection);
  peers_.erase(found);
  if (connection) {
    connection->close({Errc::connection_closed,
                       "closed the connection to " + address + ": the server is no longer in any route",
                       std::nullopt});
  }
}

void ConnectionPool::close() {
  if (std::exchange(closed_, true)) return;
  std::vector<std::shared_ptr<Connection>> connections = std::exchange(leaving_, {});
  for (auto& [address, peer] : peers_) {
    if (peer.connection) connections.push_back(std::move(peer.connection));
  }
  peers_.clear();
  for (const auto& connection : connections) {
    connection->close(
        {Errc::closed, "the client was closed before " + connection->address() + " replied", std::nullopt});
  }
}

void ConnectionPool::on_connected(Connection& connection, const std::string& protocol) {
  const std::string& address = connection.address();
  if (Peer* const peer = peer_of(connection)) peer->connected(Clock::now());
  log_limited(address, LogLevel::info,
              "connected to " + address + (protocol.empty() ? "" : " with " + protocol));
}

void ConnectionPool::on_failed(Connection& connection, const Failure& failure) {
  if (Peer* const peer = peer_of(connection)) {
    peer->failed(failure, Clock::now(), std::uniform_real_distribution<double>(0.0, 1.0)(random_));
  }
  log_limited(connection.address(), LogLevel::warning, failure.message);
}

void ConnectionPool::on_closed(Connection& connection) {
  std::erase_if(leaving_, [&connection](const auto& leaving) { return leaving.get() == &connection; });
  if (Peer* const peer = peer_of(connection)) peer->connection.reset();
}

void ConnectionPool::on_go_away(Connection& connection, RequestPtr request) {
  const std::string& address = connection.address();
  if (Peer* const peer = peer_of(connection)) {
    log(LogLevel::info, address + " is shutting down; asking again over a new connection");
    leaving_.push_back(std::exchange(peer->connection, nullptr));
    connection.drain();
    disconnected(address);
  }
  Failure failure = dispatch(address, request);
  if (failure.failed()) fail_later(std::move(request), std::move(failure));
}

Responder ConnectionPool::responder(const std::shared_ptr<Connection>& connection,
                                    std::int32_t opaque) const {
  return [weak = std::weak_ptr(connection), opaque, options = options_](Response response) {
    response.header.opaque = opaque;
    response.header.flag = wire::Command::response_flag;
    if (const auto open = weak.lock()) {
      const RequestPtr frame =
          make_request(response.header, std::move(response.body), options->serialize_type);
      if (open->submit(frame) == Connection::Submitted::accepted) return;
    }
    if (options->log) {
      options->log(LogLevel::warning,
                   "an answer to a server's request was dropped: its connection is closed or overloaded");
    }
  };
}

void ConnectionPool::on_request(const std::shared_ptr<Connection>& connection,
                                wire::ReceivedCommand&& request) {
  const std::int32_t code = request.header.code;
  const std::string& address = connection->address();
  Responder respond;
  if (!request.header.is_one_way()) respond = responder(connection, request.header.opaque);
  Response refusal;
  refusal.header.code = system_error;
  if (request.skipped_bytes > 0) {
    refusal.header.remark = "the request has " + std::to_string(request.skipped_bytes) +
                            " bytes; a frame has at most " + std::to_string(wire::max_frame_bytes);
    log_limited(address, LogLevel::warning,
                "refused request " + std::to_string(code) + " of " + address + ": " + refusal.header.remark);
  } else if (!request_handler_) {
    refusal.header.code = request_code_not_supported;
    refusal.header.remark = "request code " + std::to_string(code) + " is not supported by this client";
    log(LogLevel::debug, "ignored request " + std::to_string(code) + " of " + address);
  } else {
    const auto problem = thrown_by([&] { request_handler_(address, std::move(request), respond); });
    if (!problem) return;
    log(LogLevel::error,
        "the handler of request " + std::to_string(code) + " of " + address + " threw: " + *problem);
    refusal.header.remark = "the client's handler failed";
  }
  if (respond) respond(std::move(refusal));
}

void ConnectionPool::disconnected(const std::string& address) {
  if (!disconnect_handler_) return;
  const auto problem = thrown_by([&] { disconnect_handler_(address); });
  if (problem)
    log(LogLevel::error, "the handler of the lost connection to " + address + " threw: " + *problem);
}

void ConnectionPool::log(LogLevel level, const std::string& text) const {
  if (options_->log) options_->log(level, text);
}

void ConnectionPool::log_limited(const std::string& address, LogLevel level, const std::string& text) {
  std::string left_out;
  const auto found = peers_.find(address);
  if (found != peers_.end() && !found->second.limiter.pass(Clock::now(), text, left_out)) return;
  log(level, text + left_out);
}

}  // namespace

std::shared_ptr<RemotingClient> make_remoting_client(EventLoop& loop, RemotingOptions options) {
  return std::make_shared<ConnectionPool>(loop, std::move(options));
}

}  // namespace rocketmq::transport
