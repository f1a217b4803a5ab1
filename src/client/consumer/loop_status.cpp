#include "client/consumer/loop_status.h"

#include "client/consumer/assigned_queues.h"

namespace rocketmq::client {

ConsumerStatus status_of(const AssignedQueues& queues) {
  ConsumerStatus status;
  const std::shared_ptr<const LoopStatus> published = queues.published();
  if (published == nullptr) return status;
  status.topics = published->topics;
  status.troubles = published->troubles;
  status.queues.reserve(published->queues.size());
  for (const LoopStatus::Queue& known : published->queues) {
    const MessageQueue& queue = known.queue->queue;
    const AssignedQueues::QueueCounts counts = queues.counts(known.queue);
    QueueStatus& row = status.queues.emplace_back();
    row.topic = known.queue->user_topic;
    row.broker_name = queue.broker_name;
    row.queue_id = queue.queue_id;
    row.is_retry = known.queue->is_retry;
    row.committed_offset = known.committed;
    if (known.has_offset) {
      row.consumed_offset = counts.commit_offset;
      row.received_offset = counts.next_offset;
    }
    row.max_offset = known.max_offset;
    row.last_reply_ms = known.last_reply_ms;
    row.last_store_ms = counts.last_store_ms;
    row.last_handled_ms = counts.last_handled_ms;
    row.cached_messages = counts.messages;
    row.cached_bytes = counts.bytes;
    row.held_back = counts.held_back;
    row.trouble = known.trouble;
  }
  return status;
}

}  // namespace rocketmq::client
