#include "client/consumer/delivery.h"

#include <algorithm>
#include <set>
#include <utility>

namespace rocketmq {

using client::ConsumeCounts;
using client::DeliveryPart;
using client::RejectedMessage;
using client::ReturnedMessage;
using client::Segment;

std::vector<RejectedMessage> Delivery::Impl::rejected_messages() const {
  std::vector<RejectedMessage> messages;
  if (!send_back_) return messages;
  std::vector<std::size_t> rejected = rejected_;
  std::sort(rejected.begin(), rejected.end());
  rejected.erase(std::unique(rejected.begin(), rejected.end()), rejected.end());
  messages.reserve(rejected.size());
  for (const std::size_t row : rejected) {
    const Source& source = sources_[row];
    const DeliveryPart& part = parts_[source.part];
    messages.push_back({part.queue,
                        part.generation,
                        rows_[row].queue_offset,
                        {part.segments[source.segment].body.storage, rows_[row].stored},
                        rejected_for_good_.contains(row)});
  }
  return messages;
}

std::vector<std::pair<std::size_t, std::int64_t>> Delivery::Impl::rejected_places() const {
  std::vector<std::pair<std::size_t, std::int64_t>> places;
  if (send_back_) return places;
  for (const std::size_t row : rejected_)
    places.emplace_back(sources_[row].part, rows_[row].queue_offset);
  return places;
}

std::size_t Delivery::Impl::queue_end(std::size_t row) const noexcept {
  if (row >= rows_.size()) return rows_.size();
  std::size_t end = row + 1;
  while (end < rows_.size() && queue_of(end) == queue_of(row))
    ++end;
  return end;
}

bool Delivery::Impl::is_postponed(std::size_t row) const noexcept {
  if (row >= rows_.size()) return false;
  return std::any_of(postponed_.begin(), postponed_.end(), [&](const Postponed& first) {
    return first.row <= row && queue_of(first.row) == queue_of(row);
  });
}

void Delivery::Impl::acknowledge() {
  acknowledge_first(rows_.size());
}

void Delivery::Impl::acknowledge_first(std::size_t rows) {
  if (parts_.empty()) return;
  if (queues_ == nullptr) return clear();
  if (is_returned()) {
    using End = ReturnedMessage::End;
    if (rows < rows_.size() || !postponed_.empty()) return finish_returned(End::given_back);
    count_handled(rows);
    return finish_returned(rejected_.empty() ? End::handled : End::failed);
  }
  count_handled(rows);
  if (rows >= rows_.size() && postponed_.empty()) {
    queues_->finish(parts_, rejected_messages());
  } else {
    std::erase_if(rejected_, [rows](std::size_t row) { return row >= rows; });
    std::vector<RejectedMessage> messages = rejected_messages();
    const auto skipped = rejected_places();
    keep_unhandled(rows);
    queues_->give_back(std::move(parts_), std::move(messages), skipped);
  }
  clear();
}

// Leaves in the parts only what is not done: each from its first row that is postponed or not before `rows`.
// What was filtered out right before that row is done as well.
void Delivery::Impl::keep_unhandled(std::size_t rows) noexcept {
  for (const Postponed& first : postponed_)
    parts_[sources_[first.row].part].postponed = first.first_pause;
  std::size_t row = 0;
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    const auto is_of_part = [&] { return row < rows_.size() && sources_[row].part == part; };
    while (is_of_part() && row < rows && !is_postponed(row))
      ++row;
    if (is_of_part()) {
      cut(row);
    } else {
      parts_[part].segments.clear();
    }
    while (is_of_part())
      ++row;
  }
}

void Delivery::Impl::cut(std::size_t row) noexcept {
  const Source& source = sources_[row];
  std::vector<Segment>& segments = parts_[source.part].segments;
  segments.erase(segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(source.segment));
  Segment& first = segments.front();
  const auto done_bytes = static_cast<std::size_t>(rows_[row].stored.data() - first.body.view.data());
  const auto done_rows = std::count_if(sources_.begin(), sources_.begin() + static_cast<std::ptrdiff_t>(row),
                                       [&source](const Source& other) {
                                         return other.part == source.part && other.segment == source.segment;
                                       });
  first.begin = rows_[row].queue_offset;
  first.body.view = first.body.view.subspan(done_bytes);
  first.messages -= std::min(first.messages - 1, static_cast<std::size_t>(done_rows));
}

void Delivery::Impl::give_back() {
  if (parts_.empty()) return;
  if (queues_ == nullptr) return clear();
  if (is_returned()) return finish_returned(ReturnedMessage::End::given_back);
  std::vector<RejectedMessage> messages = rejected_messages();
  const auto skipped = rejected_places();
  queues_->give_back(std::move(parts_), std::move(messages), skipped);
  clear();
}

void Delivery::Impl::count_handled(std::size_t rows) {
  rows = std::min(rows, rows_.size());
  if (rows == 0) return;
  const auto now = std::chrono::steady_clock::now();
  const std::set<std::size_t> rejected(rejected_.begin(), rejected_.end());
  for (std::size_t row = 0; row < rows;) {
    const client::AssignedQueue& queue = *queue_of(row);
    ConsumeCounts counts;  // Of the rows that follow each other in a topic.
    for (; row < rows && queue_of(row)->counts == queue.counts; ++row) {
      if (is_postponed(row) && !rejected.contains(row)) continue;
      parts_[sources_[row].part].last_store_ms = rows_[row].store_time_ms;
      ++(rejected.contains(row) ? counts.failed : counts.taken);
    }
    if (counts.taken + counts.failed == 0) continue;
    counts.calls = 1;
    counts.handling = now - taken_at_;
    queues_->count(queue, counts);
  }
}

void Delivery::Impl::finish_returned(ReturnedMessage::End end) noexcept {
  const std::uint64_t number = parts_.front().returned;
  clear();
  queues_->finish_returned(number, end);
}

void Delivery::Impl::clear() noexcept {
  parts_.clear();
  rows_.clear();
  bytes_ = 0;
  sources_.clear();
  rejected_.clear();
  rejected_for_good_.clear();
  postponed_.clear();
  texts_.clear();
}

}  // namespace rocketmq
