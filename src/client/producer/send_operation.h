#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/backoff.h"
#include "base/log_limiter.h"
#include "client/core/client_core.h"
#include "client/core/route_table.h"
#include "client/producer/batch_packing.h"
#include "client/producer/message_encoder.h"
#include "client/producer/queue_selector.h"
#include "client/producer/queue_slots.h"
#include "client/producer/send_lanes.h"
#include "client/producer/send_progress.h"
#include "client/producer/send_retry.h"
#include "client/producer/send_windows.h"

namespace rocketmq::client {

/// What all sends of a producer share. Strand.
struct SendShared {
  ClientCore& core;
  QueueSlots slots;
  SendWindows windows;
  QueueSelector selector;
  LogLimiter limiter = {};  ///< Of lines about single batches.
};

struct SendOptions {
  std::string producer_group;  ///< On the wire.
  std::chrono::milliseconds timeout{3000};
  int max_attempts = 5;
};

/// One send of a vector: divides its messages among queues, takes the encoded batches, brings each to its
/// queue, tries again where that helps, and reports what became of every message. All functions: strand.
///
/// At most max_lanes queues are used. The first batch that fails for good ends the send: what is on
/// its way is awaited, the rest is not sent, since it would mostly fail the same way and take long for it.
///
/// send_operation.cpp brings batches on their way and ends the send; send_operation_results.cpp is what
/// follows from each result.
class SendOperation : public std::enable_shared_from_this<SendOperation> {
 public:
  static constexpr std::size_t max_lanes = 64;

  /// `topic` is the one on the wire; `queues` is how many are to be used, if there are so many.
  SendOperation(SendShared& shared, const SendOptions& options, std::string topic, std::size_t messages,
                std::size_t queues, std::shared_ptr<SendProgress> progress);

  /// Looks up the route, then sends the only batch, or without one tells the progress which messages go to
  /// each queue. `ended` is called once, just before the progress gets the result and the senders go on.
  void start(std::optional<EncodedBatch> only, std::function<void()> ended);
  /// How many batches each slice of the plan makes; before the first of them is added.
  void set_batches(const std::vector<std::size_t>& counts);
  void add(std::size_t slice, EncodedBatch batch);
  /// A broker that could not be reached is back: what pauses because of it goes out now.
  void on_broker_back(const std::string& address);
  /// Ends the send now, without waiting for what is on its way.
  void abort(const Failure& failure);

 private:
  enum class SliceState {
    idle,       ///< May go on when it has a batch and heads its lane.
    waiting,    ///< Waits for its queue's slot, then for a place in its broker's window.
    in_flight,  ///< A request is on its way.
    pausing,    ///< Waits before the next try.
  };
  struct Batch {
    EncodedBatch encoded;
    bool ends_planned = true;  ///< False for all but the last part of a batch that was split.
    int attempts = 0;
    bool possibly_stored = false;  ///< Some try may have been stored.
    Failure failure;               ///< Of the last try.
    Backoff unreachable{unreachable_pauses};
    Backoff busy{busy_pauses};
  };
  struct Slice {
    std::size_t left = 0;  ///< Batches of the plan that have not ended.
    std::deque<Batch> ready;
    SliceState state = SliceState::idle;
    std::unique_ptr<StrandTimer> timer;
    std::string awaits;  ///< While pausing: the address of the broker that could not be reached, or empty.
  };

  void on_route(const RoutePtr& route);
  void step(std::size_t slice);
  void step_heads();
  [[nodiscard]] bool may_send(std::size_t slice) const;
  void on_slot(std::size_t slice, const MessageQueue& queue);
  void on_admitted(std::size_t slice, const MessageQueue& queue);
  void release_slot(const MessageQueue& queue);
  void release(const MessageQueue& queue, SendWindows::Outcome outcome);
  void send_head(std::size_t slice, const MessageQueue& queue);
  void on_result(std::size_t slice, const MessageQueue& queue, const Failure& failure,
                 const wire::ReceivedCommand& reply, const std::string& address);
  void log_weak(const MessageQueue& queue, const wire::ReceivedCommand& reply);
  void log_limited(LogLevel level, const std::string& line);
  void on_stored(std::size_t slice);
  void try_again(std::size_t slice, const MessageQueue& queue, const SendDecision& decision,
                 const std::string& unreachable);
  void pause(std::size_t slice, const std::string& unreachable);
  void end_pause(std::size_t slice);
  void split_head(std::size_t slice);
  void fail_head(std::size_t slice);
  void stop(const Failure& cause);
  void record(const Batch& batch, SendOutcome outcome);
  /// A batch that has been tried and is given up: whether it may be stored follows from its tries.
  void record_given_up(const Batch& batch);
  void end_if_idle();
  void end();
  [[nodiscard]] const std::string* address_of(const MessageQueue& queue, RoutePtr& route) const;
  [[nodiscard]] Failure describe_try(const MessageQueue& queue, const std::string& address,
                                     const Failure& transport, const wire::ReceivedCommand& reply) const;

  SendShared& shared_;
  SendOptions options_;
  std::string topic_;
  std::size_t messages_;
  std::size_t queues_wanted_;
  std::shared_ptr<SendProgress> progress_;
  std::function<void()> ended_handler_;
  std::optional<SendLanes> lanes_;
  std::vector<Slice> slices_;
  std::deque<Batch> only_;  // The only batch, until the route is there.
  std::set<MessageQueue> queues_tried_;
  std::vector<SendRange> ranges_;
  Failure cause_;  // Why the send stops; failed() once it does.
  bool ended_ = false;
};

}  // namespace rocketmq::client
