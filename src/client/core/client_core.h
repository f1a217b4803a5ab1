#pragma once

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/log.h"
#include "client/client_config.h"
#include "client/core/guarded.h"
#include "client/core/strand_timer.h"
#include "transport/directory.h"

namespace rocketmq::client {

class Heartbeats;
class IoThreads;
class NameServers;
class RouteTable;

/// What a producer and a consumer have in common: identity, threads, connections, name servers, routes,
/// heartbeats.
///
/// All protocol logic of a client runs on its strand, so it needs no locks. Functions marked "strand" may be
/// called there only; the others from any thread. Handlers of the strand are kept from running once the core
/// is gone, so they may hold plain pointers to what lives as long as the core, and need not keep it alive.
class ClientCore : public std::enable_shared_from_this<ClientCore> {
 public:
  /// Checks the configuration and builds the clientId; no thread and no connection yet.
  /// Throws Error: invalid_argument, invalid_address, invalid_name.
  /// `callers_help`: threads that wait for this client may run its handlers; see threads(). Requests are then
  /// written, and their replies handled, at once where that is possible, since somebody waits.
  /// `silence_limit`: a connection on which an answer is due and not a byte comes for so long is replaced; it
  /// must be longer than any request of this client may be held.
  [[nodiscard]] static std::shared_ptr<ClientCore> create(
      ClientConfig config, bool callers_help = false,
      std::chrono::milliseconds silence_limit = transport::DirectoryOptions{}.silence_limit);

  /// Closes with a deadline of 0 where close() was not called. Safe on an I/O thread of its own.
  ~ClientCore();
  ClientCore(const ClientCore&) = delete;
  ClientCore& operator=(const ClientCore&) = delete;

  /// Starts the I/O threads and waits until a name server answered, at most connect_timeout_ms. Throws Error
  /// no_name_server, whose text names every address that was tried, and why it failed; everything is then
  /// closed. To be called once; set the directory's handlers and the heartbeats' source before.
  void start();

  /// Fails everything pending with `closed`, closes the connections and joins the threads. Handlers that
  /// still run at the deadline are waited for, those that wait are dropped. Once it has returned no handler
  /// of this client runs any more, except where it was called on an I/O thread of this client: then the
  /// current handler is the last one. Idempotent, from any thread. What must be said to the brokers before
  /// (commit, unregister) is the caller's business.
  void close(std::chrono::milliseconds deadline);
  [[nodiscard]] bool closing() const noexcept { return closing_.load(); }
  /// Whether close() has run to its end: no handler will run any more.
  [[nodiscard]] bool ended() const;

  /// Whether an exception has broken off some work of this client. It is to be closed, and another one made.
  [[nodiscard]] bool failed() const noexcept;
  /// Runs `function`, for who is called by nobody who could be told what it throws: that counts as a failure.
  template <class Function>
  void guard(const Function& function) noexcept {
    (void)guarded(function, [this](const char* what) { note_failure(what); });
  }
  /// Called after each failure, on any thread; must not throw. To be set before the start.
  void set_failure_handler(std::function<void()> handler);

  /// Runs `function` on the strand, later; drops it where the core is gone by then. Whoever calls holds a
  /// reference until this has returned, since what runs may let go of the last one.
  template <class Function>
  void post(Function function) {
    asio::post(strand_, [weak = weak_from_this(), run = std::move(function)]() mutable {
      if (const auto core = weak.lock()) run();
    });
  }

  /// Directory::request, with the handler called on the strand. From any thread.
  void request(const std::string& address, wire::Command command, transport::RequestBody body,
               std::chrono::milliseconds timeout, transport::ReplyHandler handler);

  [[nodiscard]] const ClientConfig& config() const noexcept { return config_; }
  /// `ip@instance[@unit]`, and `pid#...` for the instance where none is configured.
  [[nodiscard]] const std::string& client_id() const noexcept { return client_id_; }
  /// The middle part of it.
  [[nodiscard]] const std::string& instance_name() const noexcept { return instance_name_; }
  [[nodiscard]] asio::io_context& context() noexcept;
  [[nodiscard]] IoThreads& threads() noexcept { return *threads_; }
  [[nodiscard]] const Strand& strand() const noexcept { return strand_; }
  [[nodiscard]] transport::Directory& directory() noexcept { return *directory_; }
  [[nodiscard]] NameServers& name_servers() noexcept { return *name_servers_; }
  [[nodiscard]] RouteTable& routes() noexcept { return *routes_; }
  [[nodiscard]] Heartbeats& heartbeats() noexcept { return *heartbeats_; }
  [[nodiscard]] std::chrono::milliseconds connect_timeout() const noexcept;
  /// In [0, 1), for back-off pauses and shuffles. Strand.
  [[nodiscard]] double random();

  /// Topic or group, as users know it, to the name on the wire. Retry and dead-letter topics, system names
  /// and names that carry the namespace already are left alone as RocketMQ does.
  [[nodiscard]] std::string wrap_name(std::string_view name) const;
  /// The other way round.
  [[nodiscard]] std::string unwrap_name(std::string_view name) const;

  /// Never throws, whatever the sink does.
  void log(LogLevel level, std::string_view line) const noexcept;

 private:
  ClientCore(ClientConfig config, bool callers_help, std::chrono::milliseconds silence_limit);

  void note_failure(const char* what) noexcept;
  void on_outcome(transport::ReplyHandler handler, const Failure& failure, wire::ReceivedCommand&& reply);

  ClientConfig config_;
  const bool callers_help_;
  std::string instance_name_;
  std::string client_id_;
  std::unique_ptr<IoThreads> threads_;  // First of the members that use it, so that it goes last.
  Strand strand_;
  std::unique_ptr<transport::Directory> directory_;
  std::unique_ptr<NameServers> name_servers_;
  std::unique_ptr<RouteTable> routes_;
  std::unique_ptr<Heartbeats> heartbeats_;
  std::atomic<bool> closing_{false};
  std::mt19937_64 random_{std::random_device{}()};
};

/// A request's outcome as one failure: what the transport said, or server_refused with the server's reply
/// where its code is not 0. `what` names the request and its object, e.g. "the route of topic 't'".
[[nodiscard]] Failure failure_of(const Failure& transport, const wire::ReceivedCommand& reply,
                                 const std::string& address, std::string_view what);

}  // namespace rocketmq::client
