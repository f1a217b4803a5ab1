#include "client/reader/read_buffer.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace rocketmq::client {

void ReadBuffer::set_ranges(const std::vector<Range>& ranges) {
  const std::lock_guard lock(mutex_);
  queues_.reserve(ranges.size());
  for (const Range& range : ranges) {
    Queue& queue = queues_.emplace_back();
    queue.range = range;
    queue.received = range.begin;
  }
}

void ReadBuffer::add(std::size_t queue, Segment segment) {
  {
    const std::lock_guard lock(mutex_);
    Queue& to = queues_[queue];
    to.received = segment.next_begin;
    to.received_bytes += segment.bytes();
    to.waiting_bytes += segment.bytes();
    if (segment.messages > 0) to.segments.push_back(std::move(segment));
  }
  changed_.notify_all();
}

bool ReadBuffer::has_room(std::size_t queue, std::size_t bytes) const {
  const std::lock_guard lock(mutex_);
  const Queue& of = queues_[queue];
  return of.segments.empty() || of.waiting_bytes + bytes < max_bytes_per_queue;
}

void ReadBuffer::fail(Failure failure) {
  {
    const std::lock_guard lock(mutex_);
    if (!failure_.failed()) failure_ = std::move(failure);
  }
  changed_.notify_all();
}

// A queue of which nothing was handed over yet is behind all others.
const ReadBuffer::Queue* ReadBuffer::furthest_behind() const {
  const Queue* found = nullptr;
  for (const Queue& queue : queues_) {
    if (!queue.finished() && (found == nullptr || queue.store_time_ms < found->store_time_ms)) found = &queue;
  }
  return found;
}

ReadBuffer::Queue* ReadBuffer::next(bool oldest_first) {
  if (oldest_first) {
    const Queue* const found = furthest_behind();
    return found == nullptr || found->segments.empty()
               ? nullptr
               : &queues_[static_cast<std::size_t>(found - queues_.data())];
  }
  const auto most = std::max_element(
      queues_.begin(), queues_.end(),
      [](const Queue& left, const Queue& right) { return left.waiting_bytes < right.waiting_bytes; });
  return most == queues_.end() || most->segments.empty() ? nullptr : &*most;
}

std::optional<ReadBuffer::Taken> ReadBuffer::take(bool oldest_first,
                                                  std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  Queue* queue = nullptr;
  const auto finished = [this] {
    return std::all_of(queues_.begin(), queues_.end(), [](const Queue& each) { return each.finished(); });
  };
  changed_.wait_until(lock, deadline, [&] {
    queue = next(oldest_first);
    return failure_.failed() || queue != nullptr || finished();
  });
  throw_if(failure_);
  if (queue == nullptr) return std::nullopt;
  Taken taken;
  taken.queue = static_cast<std::size_t>(queue - queues_.data());
  taken.segments.assign(std::make_move_iterator(queue->segments.begin()),
                        std::make_move_iterator(queue->segments.end()));
  queue->segments.clear();
  queue->waiting_bytes = 0;
  return taken;
}

void ReadBuffer::give_back(std::size_t queue, std::vector<Segment> rest) {
  const std::lock_guard lock(mutex_);
  Queue& to = queues_[queue];
  for (const Segment& segment : rest)
    to.waiting_bytes += segment.bytes();
  to.segments.insert(to.segments.begin(), std::make_move_iterator(rest.begin()),
                     std::make_move_iterator(rest.end()));
}

void ReadBuffer::read_up_to(std::size_t queue, std::int64_t store_time_ms) {
  const std::lock_guard lock(mutex_);
  // A broker's clock may have been put back.
  queues_[queue].store_time_ms = std::max(queues_[queue].store_time_ms, store_time_ms);
}

bool ReadBuffer::finished() const {
  const std::lock_guard lock(mutex_);
  return std::all_of(queues_.begin(), queues_.end(), [](const Queue& each) { return each.finished(); });
}

bool ReadBuffer::failed() const {
  const std::lock_guard lock(mutex_);
  return failure_.failed();
}

std::optional<std::int64_t> ReadBuffer::oldest_to_come_ms() const {
  const std::lock_guard lock(mutex_);
  const Queue* const behind = furthest_behind();
  if (behind == nullptr || behind->store_time_ms < 0) return std::nullopt;
  return behind->store_time_ms;
}

std::optional<std::size_t> ReadBuffer::estimated_bytes(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  const bool known = changed_.wait_until(lock, deadline, [this] {
    return failure_.failed() || std::all_of(queues_.begin(), queues_.end(), [](const Queue& queue) {
             return queue.complete() || queue.received > queue.range.begin;
           });
  });
  throw_if(failure_);
  if (!known) return std::nullopt;
  double bytes = 0;
  for (const Queue& queue : queues_) {
    const auto received = static_cast<double>(queue.received - queue.range.begin);
    const auto all = static_cast<double>(queue.range.end - queue.range.begin);
    if (received > 0) bytes += static_cast<double>(queue.received_bytes) / received * all;
  }
  return static_cast<std::size_t>(bytes);
}

}  // namespace rocketmq::client
