#include "client/consumer/process_queue.h"

#include <algorithm>
#include <utility>

namespace rocketmq::client {

ProcessQueue::AddResult ProcessQueue::add(Segment segment) {
  if (dropped_) return AddResult::dropped;
  if (segment.begin != next_offset_) return AddResult::out_of_line;
  if (segment.next_begin <= segment.begin) return AddResult::no_progress;
  next_offset_ = segment.next_begin;
  if (segment.messages == 0 && cached_.empty() && !delivered_) return AddResult::added;
  if (segment.messages == 0 && !cached_.empty()) {
    // Everything was filtered out: the offsets join the segment before, so that a broker that filters much
    // does not make the cache grow without bound.
    cached_.back().next_begin = segment.next_begin;
    return AddResult::added;
  }
  cached_messages_ += segment.messages;
  cached_bytes_ += segment.bytes();
  cached_.push_back(std::move(segment));
  return AddResult::added;
}

std::vector<Segment> ProcessQueue::delivery(std::size_t max_messages, std::size_t max_bytes) {
  std::vector<Segment> taken;
  std::size_t messages = 0;
  std::size_t bytes = 0;
  while (!cached_.empty() && (taken.empty() || (messages < max_messages && bytes < max_bytes))) {
    Segment segment = std::move(cached_.front());
    cached_.pop_front();
    messages += segment.messages;
    bytes += segment.bytes();
    taken.push_back(std::move(segment));
  }
  if (taken.empty()) return taken;
  cached_messages_ -= messages;
  cached_bytes_ -= bytes;
  if (!delivered_) {
    delivered_ = true;
    delivery_generation_ = generation_;
    delivery_begin_ = taken.front().begin;
  }
  delivered_messages_ += messages;
  delivered_bytes_ += bytes;
  return taken;
}

void ProcessQueue::give_back(std::vector<Segment> segments) {
  std::size_t messages = 0;
  std::size_t bytes = 0;
  for (const Segment& segment : segments) {
    messages += segment.messages;
    bytes += segment.bytes();
  }
  delivered_messages_ -= std::min(delivered_messages_, messages);
  delivered_bytes_ -= std::min(delivered_bytes_, bytes);
  if (delivery_generation_ != generation_) return;
  if (dropped_) {
    if (!segments.empty()) next_offset_ = std::min(next_offset_, segments.front().begin);
    return;
  }
  cached_messages_ += messages;
  cached_bytes_ += bytes;
  cached_.insert(cached_.begin(), std::make_move_iterator(segments.begin()),
                 std::make_move_iterator(segments.end()));
}

void ProcessQueue::finish_delivery() {
  delivered_ = false;
  delivered_messages_ = 0;
  delivered_bytes_ = 0;
  finish_empty_front();
  const std::int64_t unread = cached_.empty() ? next_offset_ : cached_.front().begin;
  skipped_.erase(skipped_.begin(), skipped_.lower_bound(unread));
}

void ProcessQueue::mark_pending(std::int64_t offset) {
  pending_.insert(offset);
  skipped_.insert(offset);
}

void ProcessQueue::pending_done(std::int64_t offset) {
  pending_.erase(offset);
}

void ProcessQueue::pending_left(std::int64_t offset) {
  pending_.erase(offset);
  next_offset_ = std::min(next_offset_, offset);
}

void ProcessQueue::reset(std::int64_t offset) {
  clear_cache();
  pending_.clear();
  skipped_.clear();
  next_offset_ = offset;
  ++generation_;
}

void ProcessQueue::rewind(std::int64_t offset) {
  clear_cache();
  next_offset_ = offset;
}

void ProcessQueue::drop() {
  if (!cached_.empty()) next_offset_ = cached_.front().begin;
  clear_cache();
  dropped_ = true;
}

std::int64_t ProcessQueue::commit_offset() const noexcept {
  const std::int64_t offset = first_not_done();
  return held_at_ ? std::min(*held_at_, offset) : offset;
}

std::int64_t ProcessQueue::first_not_done() const noexcept {
  std::int64_t offset = cached_.empty() ? next_offset_ : cached_.front().begin;
  if (delivered_ && delivery_generation_ == generation_) offset = std::min(offset, delivery_begin_);
  if (!pending_.empty()) offset = std::min(offset, *pending_.begin());
  return offset;
}

void ProcessQueue::clear_cache() noexcept {
  cached_.clear();
  cached_messages_ = 0;
  cached_bytes_ = 0;
}

// Segments without messages are never handed out on their own: once nothing unfinished lies before them,
// their offsets are done.
void ProcessQueue::finish_empty_front() {
  while (!cached_.empty() && cached_.front().messages == 0)
    cached_.pop_front();
}

}  // namespace rocketmq::client
