#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace rocketmq::client {

/// How many requests may be on their way to each broker at once, over all sends of a producer.
///
/// A broker that is busy drops what waits in its queue, so the same number of requests again would be dropped
/// again. Therefore a busy answer halves what may be on its way to that broker, down to one, and every round
/// of answers that are not busy allows one more, up to no limit worth the name.
///
/// Not thread-safe. Knows neither sockets nor clocks.
class SendWindows {
 public:
  /// Called once when the request may go out.
  using Granted = std::function<void()>;

  enum class Outcome {
    answered,    ///< The broker answered, and was not busy.
    busy,        ///< The broker answered that it is busy.
    unanswered,  ///< Nothing came, or nothing was sent: says nothing about load.
  };

  /// Requests on their way to a broker that never was busy; far more than there are queues.
  static constexpr std::size_t max_in_flight = 1024;

  /// Takes a place and calls `granted` at once where there is one; otherwise keeps `granted` for later.
  /// Places are given in the order in which they were asked for.
  void acquire(const std::string& broker_name, Granted granted);

  /// Gives a place back. The result is to be called, but not from within a function that could wait in it.
  [[nodiscard]] std::vector<Granted> release(const std::string& broker_name, Outcome outcome);

  /// How many requests may be on their way to the broker now.
  [[nodiscard]] std::size_t limit(const std::string& broker_name) const;

 private:
  struct Window {
    std::size_t limit = max_in_flight;
    std::size_t in_flight = 0;
    std::size_t answered = 0;     // Since the limit last changed.
    std::size_t sent_before = 0;  // Requests from before the last cut whose answers are still to come.
    std::deque<Granted> waiting;
  };

  std::map<std::string, Window> windows_;  // By broker name.
};

}  // namespace rocketmq::client
