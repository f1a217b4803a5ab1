#include "client/producer/key_order.h"

#include <algorithm>
#include <numeric>

namespace rocketmq::client {

KeyOrder::KeyOrder(std::span<const OrderKey> keys, std::size_t messages) : messages_(messages) {
  hashes_.reserve(keys.size());
  for (const OrderKey& key : keys)
    hashes_.push_back(key.hash);
  std::iota(messages_.begin(), messages_.end(), 0U);
}

// Source: SelectMessageQueueByHash: the remainder has the sign of the hash, and its absolute value counts.
void KeyOrder::divide(const std::vector<MessageQueue>& queues) {
  const auto place_of = [count = static_cast<std::int64_t>(queues.size())](std::int32_t hash) {
    const std::int64_t rest = hash % count;
    return static_cast<std::size_t>(rest < 0 ? -rest : rest);
  };
  if (hashes_.size() == 1) {
    queues_ = {queues[place_of(hashes_.front())]};
    slices_ = {{0, messages_.size()}};
    return;
  }
  std::vector<std::size_t> ends(queues.size() + 1);
  for (const std::int32_t hash : hashes_)
    ++ends[place_of(hash) + 1];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  for (std::size_t i = 0; i < queues.size(); ++i) {
    if (ends[i] == ends[i + 1]) continue;
    queues_.push_back(queues[i]);
    slices_.push_back({ends[i], ends[i + 1] - ends[i]});
  }
  for (std::size_t i = 0; i < hashes_.size(); ++i)
    messages_[ends[place_of(hashes_[i])]++] = static_cast<std::uint32_t>(i);
}

std::vector<SendRange> KeyOrder::restore(const std::vector<SendRange>& ranges) const {
  if (slices_.empty()) return ranges;  // Not divided: nothing was sent.
  std::vector<std::size_t> fates(messages_.size());
  for (std::size_t range = 0; range < ranges.size(); ++range) {
    for (std::size_t place = ranges[range].first; place < ranges[range].first + ranges[range].count; ++place)
      fates[messages_[place]] = range;
  }
  std::vector<SendRange> restored;
  for (std::size_t message = 0; message < fates.size(); ++message) {
    if (message == 0 || fates[message] != fates[message - 1]) {
      restored.push_back(ranges[fates[message]]);
      restored.back().first = message;
      restored.back().count = 0;
    }
    ++restored.back().count;
  }
  return restored;
}

}  // namespace rocketmq::client
