#include "client/producer/send_report.h"

#include <algorithm>
#include <utility>

namespace rocketmq {

SendError::SendError(Failure failure, std::vector<SendRange> ranges)
    : Error(std::move(failure)), ranges_(std::move(ranges)) {}

std::size_t SendError::stored_count() const noexcept {
  std::size_t count = 0;
  for (const auto& range : ranges_) {
    if (range.outcome == SendOutcome::stored) count += range.count;
  }
  return count;
}

namespace client {
namespace {

constexpr std::size_t max_ranges_in_text = 16;

bool same_fate(const SendRange& left, const SendRange& right) {
  return left.outcome == right.outcome && left.failure.code == right.failure.code &&
         left.failure.message == right.failure.message;
}

void append(std::vector<SendRange>& ranges, SendRange range) {
  if (range.count == 0) return;
  if (!ranges.empty() && same_fate(ranges.back(), range)) {
    ranges.back().count += range.count;
  } else {
    ranges.push_back(std::move(range));
  }
}

bool says_what_to_do(Errc code) {
  switch (code) {
    case Errc::closed:
    case Errc::topic_not_found:
    case Errc::no_queue:
    case Errc::no_name_server:
    case Errc::message_too_large:
      return true;
    default:
      return false;
  }
}

/// `; <outcome>: [first,end), [first,end)`, ranges that touch joined whatever their failures; nothing if
/// there is none.
std::string list_ranges(const std::vector<SendRange>& ranges, SendOutcome outcome,
                        std::string_view outcome_name) {
  std::string text;
  std::size_t listed = 0;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    if (ranges[i].outcome != outcome) continue;
    const std::size_t first = ranges[i].first;
    while (i + 1 < ranges.size() && ranges[i + 1].outcome == outcome)
      ++i;
    if (listed == max_ranges_in_text) return text + " and more";
    text += listed == 0 ? "; " + std::string(outcome_name) + ": [" : ", [";
    text += std::to_string(first) + "," + std::to_string(ranges[i].first + ranges[i].count) + ")";
    ++listed;
  }
  return text;
}

}  // namespace

std::vector<SendRange> complete_ranges(std::vector<SendRange> ranges, std::size_t total,
                                       const Failure& missing) {
  std::sort(ranges.begin(), ranges.end(),
            [](const SendRange& left, const SendRange& right) { return left.first < right.first; });
  std::vector<SendRange> result;
  std::size_t next = 0;
  for (auto& range : ranges) {
    append(result, SendRange{next, range.first - next, SendOutcome::not_stored, missing});
    next = range.first + range.count;
    append(result, std::move(range));
  }
  append(result, SendRange{next, total - next, SendOutcome::not_stored, missing});
  return result;
}

Failure describe_send(std::string_view topic, const std::vector<SendRange>& ranges,
                      std::size_t queues_tried) {
  std::size_t stored = 0;
  std::size_t total = 0;
  const SendRange* first = nullptr;
  for (const auto& range : ranges) {
    total += range.count;
    if (range.outcome == SendOutcome::stored) {
      stored += range.count;
    } else if (first == nullptr) {
      first = &range;
    }
  }
  Failure failure{Errc::send_failed, {}, std::nullopt};
  failure.message = std::to_string(stored) + " of " + std::to_string(total) + " messages stored";
  if (first == nullptr) return failure;
  if (says_what_to_do(first->failure.code)) failure.code = first->failure.code;
  failure.server = first->failure.server;
  failure.message += "; message " + std::to_string(first->first) +
                     " is the first that failed: " + first->failure.message + "; topic '" +
                     std::string(topic) + "', " + std::to_string(queues_tried) +
                     (queues_tried == 1 ? " queue" : " queues") + " tried" +
                     list_ranges(ranges, SendOutcome::possibly_stored, "possibly stored");
  // If nothing at all is stored, the count says it.
  if (ranges.size() > 1) failure.message += list_ranges(ranges, SendOutcome::not_stored, "not stored");
  return failure;
}

}  // namespace client
}  // namespace rocketmq
