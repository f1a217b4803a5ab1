#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "wire/message_queue.h"

namespace rocketmq::client {

using wire::MessageQueue;

/// Reorders queues so that neighbours belong to different brokers as far as possible: taken in turn, they
/// spread the load over all brokers from the first message on.
[[nodiscard]] std::vector<MessageQueue> interleave_brokers(const std::vector<MessageQueue>& queues);

/// Which queues the sends of a producer go to, and when a request may go there.
///
/// Sends take all queues in turn, each topic with a turn of its own. Brokers that just failed are left out
/// for a while, unless nothing else is left.
///
/// One request per queue is on its way: the next one goes after the answer, so that the order of storage is
/// the order of sending, whatever thread sends. And per broker no more than its window. A busy broker drops
/// what waits in its queue, and would drop the same number of requests again. Therefore a busy answer halves
/// the window, down to one, and every window of answers that are not busy makes it one larger.
///
/// Permits are given in the order in which they were asked for. Not thread-safe; knows neither sockets nor
/// clocks. Queues without requests cost nothing.
class SendQueues {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  /// Called once, when the request may go out.
  using Granted = std::function<void()>;

  enum class Outcome {
    answered,    ///< The broker answered, and was not busy.
    busy,        ///< The broker answered that it is busy.
    unanswered,  ///< Nothing came: the broker is avoided for a while.
    not_sent,    ///< Says nothing about the broker.
  };

  /// The window of a broker that was never busy; far more than there are queues.
  static constexpr std::size_t max_window = 1024;

  /// How long a broker is left out after a failure. Short, because one request finds out.
  static constexpr std::chrono::seconds avoid_time{3};

  /// `first_turn` shifts where the turns begin, so that many producers do not all start with the same queue.
  explicit SendQueues(std::size_t first_turn) : first_turn_(first_turn) {}

  /// Up to `count` different queues of `queues`, which must be those of one topic. Busy queues come after
  /// idle ones, those of avoided brokers come last. Never empty if `queues` is not.
  [[nodiscard]] std::vector<MessageQueue> choose(const std::vector<MessageQueue>& queues, std::size_t count,
                                                 TimePoint now);

  /// Calls `granted` at once if the request may go out now, and later otherwise.
  void acquire(const MessageQueue& queue, Granted granted);

  /// Gives a permit back. The result is to be called, but not from within a function that could wait for a
  /// permit: a long row of waiters would fill the stack.
  [[nodiscard]] std::vector<Granted> release(const MessageQueue& queue, Outcome outcome, TimePoint now);

  [[nodiscard]] bool is_busy(const MessageQueue& queue) const { return queues_.count(queue) != 0; }
  [[nodiscard]] bool is_avoided(const std::string& broker_name, TimePoint now) const;

  /// How many requests may be on their way to the broker now.
  [[nodiscard]] std::size_t window(const std::string& broker_name) const;

 private:
  struct Broker {
    std::size_t window = max_window;
    std::size_t in_flight = 0;
    std::size_t answered = 0;     // Since the window last changed.
    std::size_t sent_before = 0;  // Requests from before the last cut whose answers are still to come.
    std::deque<Granted> waiting;  // Each has its queue already.
    TimePoint avoided_until = TimePoint::min();
  };
  static void note_outcome(Broker& broker, Outcome outcome);

  const std::size_t first_turn_;
  std::map<std::string, std::size_t> turns_;            // By topic.
  std::map<MessageQueue, std::deque<Granted>> queues_;  // An entry exists while its queue is in use.
  std::map<std::string, Broker> brokers_;
};

}  // namespace rocketmq::client
