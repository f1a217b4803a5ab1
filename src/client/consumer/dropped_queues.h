#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>

#include "client/consumer/consumer_context.h"
#include "client/consumer/pull_loop.h"

namespace rocketmq::client {

/// The hand-over of queues that are no longer ours: their messages may still be with a handler or on their
/// way back to a broker, and what is done of them is stored for the next owner. All functions: loop.
class DroppedQueues {
 public:
  /// `on_done` is called when a queue is handed over, so that it may be taken again.
  DroppedQueues(ConsumerContext& context, std::function<void(const MessageQueue&)> on_done)
      : context_(context), on_done_(std::move(on_done)) {}

  /// A queue whose loop has been stopped, and that is dropped by the AssignedQueues.
  void add(const std::shared_ptr<PullLoop>& loop);
  [[nodiscard]] bool contains(const MessageQueue& queue) const { return dropped_.contains(queue); }
  /// A delivery, or sending a message back, has ended.
  void finish();

  /// Stores what is done; `done` is called once for each of them.
  void commit(const std::function<void()>& done);
  [[nodiscard]] std::size_t size() const noexcept { return dropped_.size(); }

 private:
  struct Dropped {
    std::shared_ptr<PullLoop> loop;
    bool busy = false;  // Its delivery was open, so its offset may have moved after the drop.
    bool committing = false;
  };
  void committed(const MessageQueue& queue);

  ConsumerContext& context_;
  const std::function<void(const MessageQueue&)> on_done_;
  std::map<MessageQueue, Dropped> dropped_;
};

}  // namespace rocketmq::client
