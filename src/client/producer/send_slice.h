#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

#include "base/backoff.h"
#include "client/producer/message_encoder.h"
#include "client/producer/send_queues.h"
#include "client/producer/send_retry.h"
#include "transport/loop_timer.h"
#include "wire/frame.h"

namespace rocketmq::client {

class SendOperation;

/// The messages of one send that go to one queue, one batch after another: brings each batch to the broker,
/// tries again if that helps, and tells the send what became of it. To be used on the loop.
class SendSlice {
 public:
  SendSlice(SendOperation& send, std::size_t index) : send_(send), index_(index) {}

  /// How many batches it makes; before the first of them is added.
  void expect(std::size_t batches) { left_ = batches; }
  void add(EncodedBatch batch);
  /// Sends the next batch, if there is one and it may go.
  void step();
  /// A broker that could not be reached is back: what pauses because of it goes out now.
  void on_broker_back(const std::string& address);
  /// The send has failed: gives up everything that is not in flight.
  void stop();
  /// Does not wait for what is in flight any more.
  void abort(const Failure& failure);

  /// The send has ended. The last to let go of it may be the sender's thread, and timers end on the loop
  /// only.
  void end() { timer_.reset(); }

  [[nodiscard]] bool in_flight() const noexcept { return state_ == State::in_flight; }
  [[nodiscard]] bool ended() const noexcept { return left_ == 0; }

 private:
  enum class State {
    idle,       ///< May go on when it has a batch and heads its lane.
    waiting,    ///< Waits for a permit.
    in_flight,  ///< A request is on its way.
    pausing,    ///< Waits before the next try.
  };
  struct Batch {
    EncodedBatch encoded;
    bool ends_planned = true;  // False for all but the last part of a batch that was split.
    int attempts = 0;
    bool possibly_stored = false;  // Some try may have been stored.
    Failure failure;               // Of the last try.
    Backoff unreachable{unreachable_pauses};
    Backoff busy{busy_pauses};
  };

  [[nodiscard]] bool may_send() const;
  void on_permit(const MessageQueue& queue);
  void release(const MessageQueue& queue, SendQueues::Outcome outcome);
  void send_head(const MessageQueue& queue);
  void on_result(const MessageQueue& queue, const Failure& failure, const wire::ReceivedCommand& reply,
                 const std::string& address);
  void on_stored();
  void try_again(const MessageQueue& queue, const SendDecision& decision, const std::string& unreachable);
  void pause(const std::string& unreachable);
  void end_pause();
  void split_head();
  void fail_head();
  void give_up(const Batch& batch);

  SendOperation& send_;
  const std::size_t index_;
  std::size_t left_ = 0;  // Batches of the plan that have not ended.
  std::deque<Batch> ready_;
  State state_ = State::idle;
  std::string awaits_;  // While pausing: the address of the broker that could not be reached, or empty.
  std::optional<transport::LoopTimer> timer_;  // Made for the first pause.
};

}  // namespace rocketmq::client
