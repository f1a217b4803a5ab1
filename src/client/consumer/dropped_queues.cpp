#include "client/consumer/dropped_queues.h"

#include <utility>
#include <vector>

namespace rocketmq::client {

void DroppedQueues::add(const std::shared_ptr<PullLoop>& loop) {
  const MessageQueue& queue = loop->queue()->queue;
  dropped_.insert_or_assign(queue, Dropped{loop, context_.queues->is_busy(loop->queue()), true});
  // The member that has the queue now may have had it for a while, if brokers did not agree on the members.
  loop->commits().commit_after_drop([this, queue] { committed(queue); });
}

void DroppedQueues::committed(const MessageQueue& queue) {
  if (const auto found = dropped_.find(queue); found != dropped_.end()) found->second.committing = false;
  finish();
}

void DroppedQueues::finish() {
  std::vector<MessageQueue> done;
  for (auto& [queue, dropped] : dropped_) {
    if (dropped.committing || context_.queues->is_busy(dropped.loop->queue())) continue;
    if (!dropped.busy) {
      done.push_back(queue);
      continue;
    }
    dropped.busy = false;
    dropped.committing = true;
    dropped.loop->commits().commit_after_drop([this, name = queue] {
      // Later: this may run while finish() still walks through the map.
      context_.core->post([this, name] { committed(name); });
    });
  }
  for (const MessageQueue& queue : done) {
    dropped_.erase(queue);
    on_done_(queue);
  }
}

void DroppedQueues::commit(const std::function<void()>& done) {
  for (const auto& [queue, dropped] : dropped_)
    dropped.loop->commits().commit_after_drop(done);
}

}  // namespace rocketmq::client
