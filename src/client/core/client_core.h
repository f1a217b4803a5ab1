#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "base/log_limiter.h"
#include "rocketmq/client_config.h"
#include "rocketmq/error.h"
#include "rocketmq/log.h"
#include "transport/event_loop.h"
#include "transport/remoting_client.h"

namespace rocketmq::client {

class Heartbeats;
class NameServers;
class RouteTable;

/// What a producer and a consumer have in common: identity, event loop, connections, name servers, routes,
/// heartbeats.
///
/// All protocol logic of a client runs on its loop, so it needs no locks. Functions marked "loop" may be
/// called there only; the others from any thread. Handlers of the loop do not run any more once the core is
/// gone, so they may hold plain pointers to what lives as long as the core, and need not keep it alive.
class ClientCore : public std::enable_shared_from_this<ClientCore> {
 public:
  /// Checks the configuration and builds the clientId; no thread and no connection yet.
  /// Throws Error: invalid_argument, invalid_address, invalid_name.
  /// `silence_limit`: a connection on which an answer is due and not a byte comes for this time is replaced;
  /// it must be longer than any request of this client may be held.
  [[nodiscard]] static std::shared_ptr<ClientCore> create(
      ClientConfig config,
      std::chrono::milliseconds silence_limit = transport::RemotingOptions{}.silence_limit);

  /// Closes with a deadline of 0 if close() was not called. Safe on a loop of its own.
  ~ClientCore();
  ClientCore(const ClientCore&) = delete;
  ClientCore& operator=(const ClientCore&) = delete;

  /// Starts the loop and waits until a name server answered, at most connect_timeout_ms. Throws Error
  /// no_name_server, whose text names every address that was tried, and why it failed; everything is then
  /// closed. To be called once; set the request handler and the heartbeats' source before.
  void start();

  /// Fails everything pending with `closed`, closes the connections and joins the threads. Handlers that
  /// still run at the deadline are waited for, those that wait are dropped. Once it has returned no handler
  /// of this client runs any more. A call from a loop of this client cannot wait: the
  /// current handler is then the last one. Idempotent, from any thread. What must be said to the brokers
  /// before (commit, unregister) is the caller's business.
  void close(std::chrono::milliseconds deadline);
  [[nodiscard]] bool closing() const noexcept { return closing_.load(); }
  /// Whether close() has run to its end: no handler will run any more.
  [[nodiscard]] bool ended() const;

  /// Whether an exception has broken off some work of this client. It is to be closed, and another one made.
  [[nodiscard]] bool failed() const noexcept;
  /// Runs `function`. What it throws counts as a failure, because nobody can be told.
  template <class Function>
  void guard(const Function& function) noexcept {
    (void)guarded(function, [this](const char* what) { note_failure(what); });
  }
  /// Called after each failure, on any thread; must not throw. To be set before the start.
  void set_failure_handler(std::function<void()> handler);

  /// Runs `function` on the loop, later; drops it if the core is gone by then. The caller holds a reference
  /// until this has returned, because what runs may let go of the last one.
  template <class Function>
  void post(Function function) {
    loop_->post([weak = weak_from_this(), run = std::move(function)]() mutable {
      if (const auto core = weak.lock()) run();
    });
  }

  /// RemotingClient::request. What the handler throws counts as a failure of this client. Loop.
  void request(const std::string& address, wire::Command command, transport::RequestBody body,
               std::chrono::milliseconds timeout, transport::ReplyHandler handler);

  /// The same over the connections of one of ClientConfig::io_threads loops, which `share` chooses; the
  /// handler runs on this client's loop all the same. For pulls, whose answers are large: reading and
  /// decrypting them is then spread over several threads. Loop.
  void request_share(std::size_t share, const std::string& address, wire::Command command,
                     std::chrono::milliseconds timeout, transport::ReplyHandler handler);

  [[nodiscard]] const ClientConfig& config() const noexcept { return config_; }
  /// `ip@instance[@unit]`, and `pid#...` for the instance if none is configured.
  [[nodiscard]] const std::string& client_id() const noexcept { return client_id_; }
  /// The middle part of it.
  [[nodiscard]] const std::string& instance_name() const noexcept { return instance_name_; }
  [[nodiscard]] transport::EventLoop& loop() noexcept { return *loop_; }
  [[nodiscard]] transport::RemotingClient& remoting() noexcept { return *remoting_; }
  [[nodiscard]] NameServers& name_servers() noexcept { return *name_servers_; }
  [[nodiscard]] RouteTable& routes() noexcept { return *routes_; }
  [[nodiscard]] Heartbeats& heartbeats() noexcept { return *heartbeats_; }
  [[nodiscard]] std::chrono::milliseconds connect_timeout() const noexcept;
  /// In [0, 1), for back-off pauses and shuffles. Loop.
  [[nodiscard]] double random();

  /// Topic or group, as users know it, to the name on the wire. Retry and dead-letter topics, system names
  /// and names that carry the namespace already are left alone as RocketMQ does.
  [[nodiscard]] std::string wrap_name(std::string_view name) const;
  /// The other way round.
  [[nodiscard]] std::string unwrap_name(std::string_view name) const;

  /// Never throws, whatever the sink does.
  void log(LogLevel level, std::string_view line) const noexcept;
  /// The same, unless `limiter` leaves the line out. Whether it was logged.
  bool log_limited(LogLimiter& limiter, LogLevel level, const std::string& line) const;

 private:
  /// A further loop and the connections on it.
  struct PullLoop {
    explicit PullLoop(const LogSink& log) : loop(log) {}
    transport::EventLoop loop;
    std::shared_ptr<transport::RemotingClient> remoting;
  };

  ClientCore(ClientConfig config, std::chrono::milliseconds silence_limit);

  void note_failure(const char* what) noexcept;

  ClientConfig config_;
  std::string instance_name_;
  std::string client_id_;
  std::unique_ptr<transport::EventLoop> loop_;  // First of the members that use it, so that it goes last.
  std::shared_ptr<transport::RemotingClient> remoting_;
  std::vector<std::unique_ptr<PullLoop>> pull_loops_;
  std::unique_ptr<NameServers> name_servers_;
  std::unique_ptr<RouteTable> routes_;
  std::unique_ptr<Heartbeats> heartbeats_;
  std::atomic<bool> closing_{false};
  std::mt19937_64 random_{std::random_device{}()};
};

/// A request's outcome as one failure: what the transport said, or server_refused with the server's reply
/// if its code is not 0. `what` names the request and its object, e.g. "the route of topic 't'".
[[nodiscard]] Failure failure_of(const Failure& transport, const wire::ReceivedCommand& reply,
                                 const std::string& address, std::string_view what);

}  // namespace rocketmq::client
