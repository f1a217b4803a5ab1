#include "transport/directory_impl.h"

#include <algorithm>
#include <asio/post.hpp>
#include <exception>
#include <utility>

#include "base/address.h"

namespace rocketmq::transport {

namespace {

constexpr std::int32_t system_error = 1;
constexpr std::int32_t request_code_not_supported = 3;

/// How often a submit may find its connection just closed before the request is given up.
constexpr int submit_attempts = 4;

/// A connection that has lasted so long was a good one. Nothing that succeeded on it meanwhile says that: one
/// kind of request may break it each time while others are answered.
constexpr std::chrono::seconds steady_after{10};

/// So many connections may break sooner than that, one after another, until pauses begin.
constexpr int breaks_without_pause = 3;

/// Keeps deadlines far from the clock's range.
constexpr std::chrono::milliseconds longest_timeout = std::chrono::hours(24);

/// Sends one answer to one request of a server.
class AnswerOnce {
 public:
  AnswerOnce(const std::shared_ptr<Connection>& connection, std::int32_t opaque,
             std::shared_ptr<const DirectoryOptions> options)
      : connection_(connection), opaque_(opaque), options_(std::move(options)) {}

  void operator()(Answer answer) {
    if (used_.exchange(true)) return;
    answer.header.opaque = opaque_;
    answer.header.flag = wire::Command::response_flag;
    const auto connection = connection_.lock();
    if (connection) {
      const RequestPtr request =
          make_request(answer.header, std::move(answer.body), options_->serialize_type);
      if (connection->submit(request) == Connection::Submitted::accepted) return;
    }
    if (options_->log) {
      options_->log(LogLevel::warning,
                    "an answer to a server's request was dropped: its connection is closed "
                    "or overloaded");
    }
  }

 private:
  std::weak_ptr<Connection> connection_;
  std::int32_t opaque_;
  std::shared_ptr<const DirectoryOptions> options_;
  std::atomic<bool> used_ = false;
};

}  // namespace

void Directory::Impl::request(const std::string& address, wire::Command command, RequestBody body,
                              std::chrono::milliseconds timeout, ReplyHandler handler) {
  RequestPtr request = encode(std::move(command), std::move(body), 0);
  request->timeout = std::clamp(timeout, std::chrono::milliseconds::zero(), longest_timeout);
  request->deadline = Clock::now() + request->timeout;
  request->handler = std::move(handler);
  if (!request->handler) request->handler = [](const Failure&, wire::ReceivedCommand&&) {};
  Failure failure = dispatch(address, request);
  if (failure.failed()) fail_later(std::move(request), std::move(failure));
}

void Directory::Impl::send_one_way(const std::string& address, wire::Command command, RequestBody body) {
  const RequestPtr request = encode(std::move(command), std::move(body), wire::Command::one_way_flag);
  const Failure failure = dispatch(address, request);
  if (failure.failed()) {
    log(LogLevel::warning,
        "the one-way request " + std::to_string(request->code) + " was not sent: " + failure.message);
  }
}

RequestPtr Directory::Impl::encode(wire::Command command, RequestBody body, std::int32_t flag) {
  command.opaque = static_cast<std::int32_t>(next_opaque_.fetch_add(1, std::memory_order_relaxed));
  command.flag = flag;
  if (options_->sign) options_->sign(command, body ? as_bytes(*body) : ByteView{});
  return make_request(command, std::move(body), options_->serialize_type);
}

Failure Directory::Impl::dispatch(const std::string& address, const RequestPtr& request) {
  if (request->size() > wire::max_frame_bytes) {
    return {Errc::message_too_large,
            "request " + std::to_string(request->code) + " to " + address + " has " +
                std::to_string(request->size()) + " bytes; a frame has at most " +
                std::to_string(wire::max_frame_bytes),
            std::nullopt};
  }
  std::shared_ptr<Connection> connection;
  for (int attempt = 0; attempt < submit_attempts; ++attempt) {
    Failure failure;
    // A connection that takes no more is replaced; its pointer is kept until then, so that no other
    // connection can have its place in memory.
    const std::shared_ptr<Connection> closed = std::move(connection);
    connection = connection_for(address, closed.get(), failure);
    if (!connection) return failure;
    switch (connection->submit(request)) {
      case Connection::Submitted::accepted:
        return {};
      case Connection::Submitted::closed:
        break;
      case Connection::Submitted::too_many_requests:
        return {Errc::too_many_requests,
                std::to_string(options_->max_pending_requests) + " requests are pending at " + address +
                    "; wait for replies before sending more",
                std::nullopt};
      case Connection::Submitted::too_many_bytes:
        return {Errc::too_many_requests,
                std::to_string(options_->max_pending_bytes) + " bytes are waiting to be sent to " + address +
                    "; wait for replies before sending more",
                std::nullopt};
    }
  }
  return {Errc::connect_failed,
          address + " closes every connection at once; check that the server is healthy", std::nullopt};
}

std::shared_ptr<Connection> Directory::Impl::connection_for(const std::string& address,
                                                            const Connection* closed, Failure& failure) {
  std::shared_ptr<Connection> connection;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) {
      failure = {Errc::closed, "the client is closed; nothing was sent to " + address, std::nullopt};
      return nullptr;
    }
    auto found = peers_.find(address);
    if (found != peers_.end()) {
      Peer& peer = found->second;
      if (peer.connection && peer.connection.get() != closed) return peer.connection;
      if (Clock::now() < peer.retry_at) {
        failure = peer.last_failure;
        return nullptr;
      }
    }
    Address parsed;
    failure = parse_address(address, parsed);
    if (failure.failed()) return nullptr;
    if (found == peers_.end()) found = peers_.try_emplace(address, *options_).first;
    connection =
        std::make_shared<Connection>(context_, std::move(parsed), address, options_, weak_from_this());
    found->second.connection = connection;
  }
  connection->start();
  return connection;
}

void Directory::Impl::fail_later(RequestPtr request, Failure failure) {
  asio::post(context_, [options = options_, request = std::move(request), failure = std::move(failure)] {
    finish(*request, failure, {}, options->log);
  });
}

void Directory::Impl::forget(const std::string& address) {
  std::shared_ptr<Connection> connection;
  {
    const std::lock_guard lock(mutex_);
    const auto found = peers_.find(address);
    if (found == peers_.end()) return;
    connection = std::move(found->second.connection);
    peers_.erase(found);
  }
  if (connection) {
    connection->close({Errc::connection_closed,
                       "closed the connection to " + address + ": the server is no longer in any route",
                       std::nullopt});
  }
}

void Directory::Impl::close() {
  std::vector<std::shared_ptr<Connection>> connections;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(closed_, true)) return;
    connections.swap(leaving_);
    for (auto& [address, peer] : peers_) {
      if (peer.connection) connections.push_back(std::move(peer.connection));
    }
    peers_.clear();
  }
  for (const auto& connection : connections) {
    connection->close(
        {Errc::closed, "the client was closed before " + connection->address() + " replied", std::nullopt});
  }
}

void Directory::Impl::on_connected(Connection& connection, const std::string& protocol) {
  const std::string& address = connection.address();
  {
    const std::lock_guard lock(mutex_);
    const auto found = peers_.find(address);
    if (found != peers_.end() && found->second.connection.get() == &connection) {
      found->second.connected_at = Clock::now();
      // Where connections break again and again, having made another one is no success.
      if (found->second.broken <= breaks_without_pause) found->second.backoff.reset();
    }
  }
  log_limited(address, LogLevel::info,
              "connected to " + address + (protocol.empty() ? "" : " with " + protocol));
}

void Directory::Impl::on_failed(Connection& connection, const Failure& failure) {
  const std::string& address = connection.address();
  {
    const std::lock_guard lock(mutex_);
    const auto found = peers_.find(address);
    if (found != peers_.end() && found->second.connection.get() == &connection) {
      Peer& peer = found->second;
      const Clock::time_point now = Clock::now();
      const auto connected_at = std::exchange(peer.connected_at, std::nullopt);
      if (connected_at && now - *connected_at >= steady_after) {
        peer.broken = 0;
        peer.backoff.reset();
      } else if (!connected_at || ++peer.broken > breaks_without_pause) {
        const double random = std::uniform_real_distribution<double>(0.0, 1.0)(random_);
        peer.retry_at = now + peer.backoff.next(random);
        peer.last_failure = failure;
        // Nothing of what is refused meanwhile reaches the server.
        if (connected_at) peer.last_failure.code = Errc::connect_failed;
      }
      peer.connection.reset();
    }
  }
  log_limited(address, LogLevel::warning, failure.message);
}

void Directory::Impl::on_closed(Connection& connection) {
  const std::lock_guard lock(mutex_);
  std::erase_if(leaving_, [&connection](const auto& leaving) { return leaving.get() == &connection; });
  const auto found = peers_.find(connection.address());
  if (found != peers_.end() && found->second.connection.get() == &connection) {
    found->second.connection.reset();
  }
}

void Directory::Impl::on_lost(Connection& connection) {
  disconnected(connection.address());
}

void Directory::Impl::on_go_away(Connection& connection, RequestPtr request) {
  const std::string& address = connection.address();
  std::shared_ptr<Connection> leaving;
  {
    const std::lock_guard lock(mutex_);
    const auto found = peers_.find(address);
    if (found != peers_.end() && found->second.connection.get() == &connection) {
      leaving = std::move(found->second.connection);
      leaving_.push_back(leaving);
    }
  }
  if (leaving) {
    log(LogLevel::info, address + " is shutting down; asking again over a new connection");
    leaving->drain();
    disconnected(address);
  }
  Failure failure = dispatch(address, request);
  if (failure.failed()) fail_later(std::move(request), std::move(failure));
}

void Directory::Impl::on_request(const std::shared_ptr<Connection>& connection,
                                 wire::ReceivedCommand&& request) {
  const std::int32_t code = request.header.code;
  const std::string& address = connection->address();
  Responder respond;
  if (!request.header.is_one_way()) {
    const auto answer = std::make_shared<AnswerOnce>(connection, request.header.opaque, options_);
    respond = [answer](Answer reply) { (*answer)(std::move(reply)); };
  }
  Answer refusal;
  if (request.skipped_bytes > 0) {
    refusal.header.code = system_error;
    refusal.header.remark = "the request has " + std::to_string(request.skipped_bytes) +
                            " bytes; a frame has at most " + std::to_string(wire::max_frame_bytes);
    log_limited(address, LogLevel::warning,
                "refused request " + std::to_string(code) + " of " + address + ": " + refusal.header.remark);
  } else if (!request_handler) {
    refusal.header.code = request_code_not_supported;
    refusal.header.remark = "request code " + std::to_string(code) + " is not supported by this client";
    log(LogLevel::debug, "ignored request " + std::to_string(code) + " of " + address);
  } else {
    std::string problem;
    try {
      request_handler(address, std::move(request), respond);
      return;
    } catch (const std::exception& error) {
      problem = error.what();
    } catch (...) {
      problem = "an exception of an unknown type";
    }
    refusal.header.code = system_error;
    refusal.header.remark = "the client's handler failed";
    log(LogLevel::error,
        "the handler of request " + std::to_string(code) + " of " + address + " threw: " + problem);
  }
  if (respond) respond(std::move(refusal));
}

void Directory::Impl::disconnected(const std::string& address) {
  if (!disconnect_handler) return;
  std::string problem;
  try {
    disconnect_handler(address);
    return;
  } catch (const std::exception& error) {
    problem = error.what();
  } catch (...) {
    problem = "an exception of an unknown type";
  }
  log(LogLevel::error, "the handler of the lost connection to " + address + " threw: " + problem);
}

void Directory::Impl::log(LogLevel level, const std::string& text) const {
  if (options_->log) options_->log(level, text);
}

void Directory::Impl::log_limited(const std::string& address, LogLevel level, const std::string& text) {
  std::string left_out;
  {
    const std::lock_guard lock(mutex_);
    const auto found = peers_.find(address);
    if (found != peers_.end() && !found->second.limiter.pass(Clock::now(), text, left_out)) return;
  }
  log(level, text + left_out);
}

}  // namespace rocketmq::transport
