#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/log_limiter.h"
#include "rocketmq/error.h"
#include "rocketmq/log.h"
#include "transport/loop_timer.h"

namespace rocketmq::wire {
struct HeartbeatData;
}

namespace rocketmq::client {

class ClientCore;

/// Tells every broker of the known routes which groups this client serves: at once when a broker becomes
/// known and after a connection broke, and every 30 s, because a broker forgets a client after 120 s. All
/// functions: loop; set_source and set_result_handler may also be called before the core's start.
class Heartbeats {
 public:
  static constexpr std::chrono::seconds interval{30};
  static constexpr std::chrono::milliseconds request_timeout{3000};
  /// Pause before a broker that does not know us is told again.
  static constexpr std::chrono::milliseconds retry_interval{500};

  explicit Heartbeats(ClientCore& core);
  ~Heartbeats();

  /// What to say; called on the loop before every round. Until it is set nothing is said. `slaves_too`:
  /// consumers tell slaves as well, because they may read there.
  void set_source(std::function<wire::HeartbeatData()> source, bool slaves_too);

  /// What became of a heartbeat. `first`: the first one that the broker accepted on its present connection,
  /// so it may have been restarted and have forgotten what it knew.
  using ResultHandler = std::function<void(const std::string& address, const Failure& failure, bool first)>;
  /// Called on the loop with the outcome of every heartbeat, e.g. to pull as soon as a broker knows us.
  void set_result_handler(ResultHandler handler);

  /// Tells all brokers now, e.g. after the subscription changed.
  void send_now();

  /// Tells one broker now and reports its outcome, e.g. after SUBSCRIPTION_NOT_EXIST.
  void send_to(const std::string& address, std::function<void(const Failure&)> done);

  /// Whether the broker accepted a heartbeat on its present connection.
  [[nodiscard]] bool known_to(const std::string& address) const;

  /// Whether the first heartbeat on the present connection is under way, so that the broker does not know us
  /// yet.
  [[nodiscard]] bool is_introducing_to(const std::string& address) const;

  /// Takes leave of every broker that knows us, two-way, and stops. Groups that are empty are left out.
  /// `done` comes when all have answered or `deadline` has passed.
  void unregister(const std::string& producer_group, const std::string& consumer_group,
                  std::chrono::milliseconds deadline, std::function<void()> done);

  /// Called by the core: when it starts, a connection was lost, a route changed, it closes.
  void start();
  void on_disconnect(const std::string& address);
  void on_routes_changed();
  void close();

 private:
  enum class State {
    unknown,  ///< Not told yet, or the connection broke since.
    pending,  ///< A heartbeat is under way.
    known,    ///< The last heartbeat was accepted.
  };
  [[nodiscard]] std::set<std::string> targets() const;
  void beat(const std::string& address, std::function<void(const Failure&)> done);
  void beat_unknown();
  void beat_later();
  void retry_later();

  ClientCore& core_;
  std::function<wire::HeartbeatData()> source_;
  ResultHandler result_handler_;
  bool slaves_too_ = false;
  bool closed_ = false;
  std::map<std::string, State> states_;
  std::set<std::string> failing_;  // Brokers whose last failure was logged: once is enough.
  LogLimiter limiter_;             // Brokers that accept and refuse by turns.
  transport::LoopTimer timer_;
  transport::LoopTimer retry_timer_;
  transport::LoopTimer leave_timer_;
};

}  // namespace rocketmq::client
