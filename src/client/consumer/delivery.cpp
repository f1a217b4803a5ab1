#include "client/consumer/delivery.h"

#include <algorithm>
#include <array>
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

void Delivery::Impl::acknowledge() {
  if (parts_.empty()) return;
  count_handled(rows_.size());
  if (is_returned()) {
    return finish_returned(rejected_.empty() ? ReturnedMessage::End::handled : ReturnedMessage::End::failed);
  }
  queues_->finish(parts_, rejected_messages());
  clear();
}

void Delivery::Impl::acknowledge_first(std::size_t rows) {
  if (rows >= rows_.size()) return acknowledge();
  if (is_returned()) return finish_returned(ReturnedMessage::End::given_back);
  count_handled(rows);
  std::erase_if(rejected_, [rows](std::size_t row) { return row >= rows; });
  std::vector<RejectedMessage> messages = rejected_messages();
  keep_from(rows);
  queues_->give_back(std::move(parts_), std::move(messages), {});
  clear();
}

// Leaves in the parts only what is not done: nothing of those before the row's part, and that one from the
// row on. What was filtered out right before the row is done as well.
void Delivery::Impl::keep_from(std::size_t row) {
  const Source& source = sources_[row];
  for (std::size_t i = 0; i < source.part; ++i)
    parts_[i].segments.clear();
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
  if (is_returned()) return finish_returned(ReturnedMessage::End::given_back);
  std::vector<RejectedMessage> messages = rejected_messages();
  std::vector<std::pair<std::size_t, std::int64_t>> skipped;
  if (!send_back_) {
    for (const std::size_t row : rejected_)
      skipped.emplace_back(sources_[row].part, rows_[row].queue_offset);
  }
  queues_->give_back(std::move(parts_), std::move(messages), skipped);
  clear();
}

void Delivery::Impl::count_handled(std::size_t rows) {
  if (rows == 0) return;
  const auto now = std::chrono::steady_clock::now();
  const std::set<std::size_t> rejected(rejected_.begin(), rejected_.end());
  std::array<ConsumeCounts, 2> counts;  // Of the topic, and of the retry topic.
  for (std::size_t row = 0; row < rows; ++row) {
    ConsumeCounts& topic = counts.at(parts_[sources_[row].part].queue->is_retry ? 1 : 0);
    ++(rejected.contains(row) ? topic.failed : topic.taken);
  }
  for (const bool is_retry : {false, true}) {
    ConsumeCounts& topic = counts.at(is_retry ? 1 : 0);
    if (topic.taken + topic.failed == 0) continue;
    topic.calls = 1;
    topic.handling = now - taken_at_;
    queues_->handled(is_retry, topic);
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
  texts_.clear();
}

}  // namespace rocketmq
