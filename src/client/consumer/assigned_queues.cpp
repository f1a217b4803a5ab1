#include "client/consumer/assigned_queues.h"

#include <algorithm>
#include <utility>

#include "base/wall_clock.h"

namespace rocketmq::client {

void AssignedQueues::set_wake(std::function<void()> wake) {
  const std::lock_guard lock(wake_mutex_);
  wake_ = std::move(wake);
}

void AssignedQueues::wake_loop() {
  const std::lock_guard lock(wake_mutex_);
  if (wake_) wake_();
}

void AssignedQueues::assign(const AssignedQueuePtr& queue) {
  const std::lock_guard lock(mutex_);
  turns_.add(queue);
}

ProcessQueue::AddResult AssignedQueues::add(const AssignedQueuePtr& queue, Segment segment) {
  const std::lock_guard lock(mutex_);
  const auto result = queue->process.add(std::move(segment));
  recount(queue);
  if (result == ProcessQueue::AddResult::added && waiting_ > 0) pollers_.notify_all();
  return result;
}

void AssignedQueues::reset(const AssignedQueuePtr& queue, std::int64_t offset) {
  const std::lock_guard lock(mutex_);
  queue->process.reset(offset);
  if (!limits_.auto_commit) queue->process.hold_commit();
  queue->held_back.end();
  recount(queue);
  idle_.notify_all();
}

void AssignedQueues::allow_commit() {
  const std::lock_guard lock(mutex_);
  for (const AssignedQueuePtr& queue : turns_.queues()) {
    if (!queue->process.is_dropped()) queue->process.hold_commit();
  }
}

std::int64_t AssignedQueues::drop(const AssignedQueuePtr& queue) {
  const std::lock_guard lock(mutex_);
  const std::int64_t held_offsets = queue->process.held_offsets();
  queue->process.drop();
  recount(queue);
  return held_offsets;
}

// After each change of a queue. A dropped one is needed only while a delivery or rejected messages of it
// count.
void AssignedQueues::recount(const AssignedQueuePtr& queue) {
  const ProcessQueue& process = queue->process;
  const CacheUse now{process.unfinished_messages() + queue->expected.messages,
                     process.unfinished_bytes() + queue->expected.bytes, process.pending_count(),
                     process.is_delivered() ? 1U : 0U,
                     queue->held_back.active() && !process.is_dropped() ? 1U : 0U};
  const CacheUse before = std::exchange(queue->counted, now);
  use_.messages += now.messages - before.messages;
  use_.bytes += now.bytes - before.bytes;
  use_.pending += now.pending - before.pending;
  use_.deliveries += now.deliveries - before.deliveries;
  use_.held_back += now.held_back - before.held_back;
  if (process.is_dropped() && now.pending + now.deliveries == 0) turns_.erase(queue);
}

bool AssignedQueues::is_busy(const AssignedQueuePtr& queue) const {
  const std::lock_guard lock(mutex_);
  return queue->process.is_delivered() || queue->process.pending_count() > 0;
}

bool AssignedQueues::has_room(const AssignedQueuePtr& queue) const {
  const std::lock_guard lock(mutex_);
  if (use_.pending >= limits_.max_messages) return false;
  return queue->process.unfinished_messages() == 0 || may_receive(*queue);
}

bool AssignedQueues::may_receive(const AssignedQueue& queue) const {
  if (use_.held_back == 0) return !full();
  const std::size_t sharers = std::max<std::size_t>(turns_.queues().size(), 1);
  const bool below_share = queue.counted.messages < limits_.max_messages / sharers &&
                           queue.counted.bytes < limits_.max_bytes / sharers;
  return below_share || (!full() && !queue.held_back.active());
}

void AssignedQueues::expect(const AssignedQueuePtr& queue, std::size_t messages, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  queue->expected = {messages, bytes};
  recount(queue);
  if (waiting_ > 0 && full()) pollers_.notify_all();  // Some wait until there is no room for more.
}

AssignedQueues::QueueCounts AssignedQueues::counts(const AssignedQueuePtr& queue) const {
  const std::lock_guard lock(mutex_);
  const ProcessQueue& process = queue->process;
  return {process.unfinished_messages(), process.unfinished_bytes(), process.commit_offset(),
          process.next_offset(),         queue->last_consumed,       queue->last_store_ms,
          queue->last_handled_ms,        queue->held_back.active()};
}

void AssignedQueues::sent_back(const RejectedMessage& message) {
  const std::lock_guard lock(mutex_);
  if (message.queue->process.generation() != message.generation) return;
  message.queue->process.pending_done(message.queue_offset);
  recount(message.queue);
  idle_.notify_all();
}

bool AssignedQueues::leave_rejected(const RejectedMessage& message) {
  const std::lock_guard lock(mutex_);
  ProcessQueue& process = message.queue->process;
  if (process.generation() != message.generation) return true;
  if (!process.is_dropped()) return false;
  process.pending_left(message.queue_offset);
  recount(message.queue);
  idle_.notify_all();
  return true;
}

AssignedQueues::Work AssignedQueues::collect() {
  const std::lock_guard lock(mutex_);
  return std::exchange(work_, {});
}

bool AssignedQueues::hand_out_again(std::uint64_t number, const AssignedQueuePtr& queue, Segment segment) {
  const std::lock_guard lock(mutex_);
  if (interrupted_) return true;
  DeliveryPart part;
  part.queue = queue;
  part.generation = queue->process.generation();
  part.segments.push_back(std::move(segment));
  part.returned = number;
  if (!returned_.add(std::move(part))) return false;
  pollers_.notify_all();
  return true;
}

void AssignedQueues::withdraw(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  returned_.withdraw(number);
}

bool AssignedQueues::enough(const Wanted& wanted, const std::vector<DeliveryPart>& held) const {
  const std::size_t ready = turns_.ready_messages(held);
  if (ready > 0 && ready >= wanted.min_messages) return true;
  // With pollers that hold a part each, nobody could ever get what he waits for.
  const auto& queues = turns_.queues();
  return full() && (ready > 0 || !held.empty()) &&
         std::none_of(queues.begin(), queues.end(),
                      [this](const auto& queue) { return may_receive(*queue); });
}

std::vector<DeliveryPart> AssignedQueues::poll(const Wanted& wanted, const std::vector<DeliveryPart>& held) {
  Lock lock(mutex_);
  ++waiting_;
  std::vector<DeliveryPart> parts;
  while (!interrupted_) {
    if (held.empty() && returned_.any_waiting()) {
      parts.reserve(1);  // Nothing may fail once it is handed out.
      parts.push_back(returned_.hand_out());
      break;
    }
    const auto now = std::chrono::steady_clock::now();
    const bool is_ready = now >= wanted.deadline || enough(wanted, held);
    const auto due = held.empty() && use_.held_back > 0 ? turns_.next_due() : std::nullopt;
    if (is_ready || (due && *due <= now)) {
      parts = turns_.take(wanted, held, std::max<std::size_t>(waiting_, 1), is_ready, now);
      for (const DeliveryPart& part : parts)
        recount(part.queue);
      break;
    }
    pollers_.wait_until(lock, due ? std::min(*due, wanted.deadline) : wanted.deadline);
  }
  --waiting_;
  return parts;
}

std::size_t AssignedQueues::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

std::size_t AssignedQueues::delivered() const {
  const std::lock_guard lock(mutex_);
  return use_.deliveries + returned_.handed_out();
}

void AssignedQueues::decoded(const DeliveryPart& part, DecodedPart result) {
  if (result.rest.empty() && !result.rewind) return;
  {
    const std::lock_guard lock(mutex_);
    ProcessQueue& process = part.queue->process;
    if (process.generation() != part.generation) return;
    process.give_back(std::move(result.rest));
    if (result.rewind && !process.is_dropped()) process.rewind(*result.rewind);
    recount(part.queue);
    if (!result.rewind) return;
    work_.rewinds.emplace_back(part.queue, *result.rewind);
  }
  wake_loop();
}

void AssignedQueues::note_rejected(std::vector<RejectedMessage> rejected) {
  for (RejectedMessage& message : rejected) {
    if (message.queue->process.generation() == message.generation) {
      message.queue->process.mark_pending(message.queue_offset);
      recount(message.queue);
    }
    work_.rejected.push_back(std::move(message));
  }
}

void AssignedQueues::end_deliveries(const std::vector<DeliveryPart>& parts) {
  for (const DeliveryPart& part : parts) {
    if (part.postponed && part.generation == part.queue->process.generation()) {
      part.queue->held_back.postpone(std::chrono::steady_clock::now(), *part.postponed);
    }
    part.queue->process.finish_delivery();
    part.queue->last_consumed = std::chrono::system_clock::now();
    if (part.last_store_ms > 0) {
      part.queue->last_store_ms = part.last_store_ms;
      part.queue->last_handled_ms = to_ms(part.queue->last_consumed);
    }
    recount(part.queue);
  }
  pollers_.notify_all();
  idle_.notify_all();
}

void AssignedQueues::finish(const std::vector<DeliveryPart>& parts, std::vector<RejectedMessage> rejected) {
  {
    const std::lock_guard lock(mutex_);
    note_rejected(std::move(rejected));
    for (const DeliveryPart& part : parts)
      part.queue->held_back.end();
    end_deliveries(parts);
  }
  wake_loop();
}

void AssignedQueues::give_back(std::vector<DeliveryPart> parts, std::vector<RejectedMessage> rejected,
                               const std::vector<std::pair<std::size_t, std::int64_t>>& skipped) {
  {
    const std::lock_guard lock(mutex_);
    note_rejected(std::move(rejected));
    for (const auto& [part, offset] : skipped) {
      ProcessQueue& process = parts[part].queue->process;
      if (process.generation() == parts[part].generation) process.mark_skipped(offset);
    }
    // The last part first: two parts of one queue follow each other.
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      if (part->segments.empty()) part->queue->held_back.end();
      part->queue->process.give_back(std::move(part->segments));
    }
    end_deliveries(parts);
  }
  wake_loop();
}

void AssignedQueues::count(const AssignedQueue& queue, const ConsumeCounts& more) {
  const std::lock_guard lock(mutex_);
  *queue.counts += more;
}

ConsumeCounts AssignedQueues::counts(const SubscribedTopic& topic) const {
  const std::lock_guard lock(mutex_);
  return *topic.counts;
}

void AssignedQueues::finish_returned(std::uint64_t number, ReturnedMessage::End end) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (!returned_.finish(number, end, work_.returned)) return;
    idle_.notify_all();
  }
  wake_loop();
}

void AssignedQueues::interrupt() {
  const std::lock_guard lock(mutex_);
  interrupted_ = true;
  returned_.withdraw_all();
  pollers_.notify_all();
}

bool AssignedQueues::wait_until_idle(std::chrono::steady_clock::time_point deadline) {
  Lock lock(mutex_);
  return idle_.wait_until(lock, deadline,
                          [&] { return use_.deliveries + returned_.handed_out() + use_.pending == 0; });
}

}  // namespace rocketmq::client
