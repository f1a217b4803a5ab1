#pragma once

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

/// Which requests of a producer may be on their way now, over all of its sends.
///
/// One per queue: the next one goes after the answer, so that the order of storage is the order of sending,
/// whatever thread sends. And per broker no more than its window. A busy broker drops what waits in its
/// queue, and would drop the same number of requests again. Therefore a busy answer halves the window, down
/// to one, and every window of answers that are not busy makes it one larger.
///
/// Permits are given in the order in which they were asked for. Not thread-safe; knows neither sockets nor
/// clocks. Queues without requests cost nothing.
class SendPermits {
 public:
  /// Called once, when the request may go out.
  using Granted = std::function<void()>;

  enum class Outcome {
    answered,    ///< The broker answered, and was not busy.
    busy,        ///< The broker answered that it is busy.
    unanswered,  ///< Nothing came, or nothing was sent: says nothing about load.
  };

  /// The window of a broker that was never busy; far more than there are queues.
  static constexpr std::size_t max_window = 1024;

  /// Calls `granted` at once if the request may go out now, and later otherwise.
  void acquire(const MessageQueue& queue, Granted granted);

  /// Gives a permit back. The result is to be called, but not from within a function that could wait for a
  /// permit: a long row of waiters would fill the stack.
  [[nodiscard]] std::vector<Granted> release(const MessageQueue& queue, Outcome outcome);

  [[nodiscard]] bool busy(const MessageQueue& queue) const { return queues_.count(queue) != 0; }

  /// How many requests may be on their way to the broker now.
  [[nodiscard]] std::size_t window(const std::string& broker_name) const;

 private:
  struct Broker {
    std::size_t window = max_window;
    std::size_t in_flight = 0;
    std::size_t answered = 0;     // Since the window last changed.
    std::size_t sent_before = 0;  // Requests from before the last cut whose answers are still to come.
    std::deque<Granted> waiting;  // Each has its queue already.
  };
  static void note_outcome(Broker& broker, Outcome outcome);

  std::map<MessageQueue, std::deque<Granted>> queues_;  // An entry exists while its queue is in use.
  std::map<std::string, Broker> brokers_;
};

}  // namespace rocketmq::client
