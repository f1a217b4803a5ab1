#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/producer/key_order.h"
#include "client/producer/message_encoder.h"
#include "client/producer/send_progress.h"
#include "transport/event_loop.h"
#include "transport/loop_timer.h"

namespace rocketmq::client {

class SendOperation;

/// What a thread sends in one request, and waits for.
struct SendTicket {
  SendTicket(std::string wire_topic, EncodedBatch encoded)
      : topic(std::move(wire_topic)), count(encoded.count), request(std::move(encoded)) {}

  /// Ends it if no loop runs any more, so that nobody but the thread that waits can.
  void give_up(const Failure& failure) {
    const auto outcome = sent ? SendOutcome::possibly_stored : SendOutcome::not_stored;
    progress.end({SendRange{0, count, outcome, failure}}, 0);
  }

  const std::string topic;  ///< On the wire.
  const std::size_t count;  ///< Of messages.
  EncodedBatch request;
  std::shared_ptr<KeyOrder> order;         ///< Null: any queue.
  std::weak_ptr<SendOperation> operation;  ///< That sends it, unless it goes in company. Loop.
  bool needs_timers = false;
  std::atomic<bool> sent{false};    ///< From now on it may be stored.
  bool refused_in_company = false;  ///< In a batch with others.
  SendProgress progress;
};
using SendTicketPtr = std::shared_ptr<SendTicket>;

/// Joins small messages that threads send one by one. If no request of the topic is in flight, a message goes
/// out at once; otherwise it joins the next batch. That one goes out after the end of a request, as soon as
/// it has as many messages as threads were there: those whose messages have just been stored mostly come back
/// with the next one at once. It waits `linger_time` for them at most, and `longest_wait` for the end of a
/// request. So many threads share each round trip, and a thread that sends alone waits for nobody.
///
/// To be used on the loop.
class ProduceAccumulator {
 public:
  /// Larger messages gain nothing from company.
  static constexpr std::size_t max_message_bytes = std::size_t{16} * 1024;
  static constexpr std::size_t max_batch_bytes = std::size_t{128} * 1024;
  /// On a long line a round trip takes longer than this; then several batches are in flight.
  static constexpr std::chrono::milliseconds longest_wait{1};
  /// Less than a round trip takes on the shortest line.
  static constexpr std::chrono::microseconds linger_time{100};
  /// After a topic has refused a batch, though not its messages, they go one by one for this time.
  static constexpr std::chrono::minutes alone_time{1};
  /// Of more topics than this only those with a message are remembered.
  static constexpr std::size_t max_idle_topics = 1024;

  /// Sends one request, and calls `ended` once, on the loop, with what became of its messages.
  using Ended = std::function<void(const SendProgress::Result& result)>;
  using Send = std::function<void(const std::string& topic, EncodedBatch request, Ended ended)>;

  ProduceAccumulator(transport::EventLoop& loop, Send send) : loop_(loop), send_(std::move(send)) {}

  /// Takes one message of at most max_message_bytes, its properties included, that is not compressed.
  void add(const SendTicketPtr& ticket);

  /// Ends what waits.
  void abort(const Failure& failure);

 private:
  using Clock = std::chrono::steady_clock;
  using Batch = std::vector<SendTicketPtr>;
  struct Topic {
    Topic(transport::EventLoop& loop, std::string wire_name) : name(std::move(wire_name)), timer(loop) {}
    const std::string name;
    std::size_t in_flight = 0;
    Batch waiting;
    std::size_t waiting_bytes = 0;
    std::size_t expected = 0;  // Not 0: the batch lingers, and is complete with as many messages.
    Clock::time_point alone_until;
    transport::LoopTimer timer;  // When it ends, the batch goes.
  };

  void start(Topic& topic, Batch batch);
  void start_waiting(Topic& topic);
  void start_after(Topic& topic, Clock::duration time);
  void on_ended(const Batch& batch, const SendProgress::Result& result);
  void forget_if_idle(const Topic& topic);

  transport::EventLoop& loop_;
  const Send send_;
  std::map<std::string, Topic> topics_;
};

}  // namespace rocketmq::client
