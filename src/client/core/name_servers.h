#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/log_limiter.h"
#include "rocketmq/error.h"
#include "transport/loop_timer.h"
#include "transport/server_request.h"

namespace rocketmq::client {

class ClientCore;

/// The name servers of a client: any of them knows every route, so one is used until it fails, then the next.
///
/// With name_server_domain the list is looked up at start and then every name_server_look_up_interval_ms; a
/// list that was received wins over the configured one, and a look-up that fails changes nothing. All
/// functions: loop.
class NameServers {
 public:
  /// `address` is the server that answered, or the last one that was tried.
  using Handler =
      std::function<void(const Failure& failure, const std::string& address, wire::ReceivedCommand&& reply)>;

  explicit NameServers(ClientCore& core);
  ~NameServers();

  /// Looks up the domain if one is given, then asks all servers at once; the first that answers becomes
  /// the current one. A broker is none, and that is said. `done` gets no_name_server, with every address and
  /// its failure, after connect_timeout, or as soon as all have failed.
  void start(std::function<void(const Failure&)> done);

  /// Asks the current server, and the next ones, each at most once, if the transport fails or the reply is
  /// neither SUCCESS nor TOPIC_NOT_EXIST: such a server cannot say, another one may. If none can, the
  /// first such reply is handed on. Failures: no_name_server, whose text names every address and why it
  /// failed; closed.
  void request(const wire::Command& command, std::chrono::milliseconds timeout_a_try, Handler handler);

  /// In the order in which they are tried, the current one first.
  [[nodiscard]] std::vector<std::string> addresses() const;

  /// Ends the timers and the look-up; pending requests end through the directory.
  void close();

 private:
  struct Try;
  struct Start;
  void look_up(std::chrono::milliseconds timeout, std::function<void()> done);
  void look_up_later();
  void take_list(const std::string& url, const Failure& problem, const std::string& reply);
  void probe_all(const std::shared_ptr<Start>& start);
  void try_next(const std::shared_ptr<Try>& state);
  /// A server that was not tried yet; empty if there is none.
  [[nodiscard]] std::string next_of(const Try& state) const;
  void prefer(const std::string& address);
  void log_limited(const std::string& line);

  ClientCore& core_;
  std::vector<std::string> addresses_;
  std::size_t current_ = 0;
  std::string look_up_failure_;
  LogLimiter limiter_;
  transport::LoopTimer start_timer_;
  transport::LoopTimer look_up_timer_;
  std::function<void()> cancel_look_up_;  // Of the last one; harmless once that is over.
  bool closed_ = false;
};

}  // namespace rocketmq::client
