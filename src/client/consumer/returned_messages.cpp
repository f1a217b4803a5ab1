#include "client/consumer/returned_messages.h"

#include <algorithm>
#include <utility>

namespace rocketmq::client {

bool ReturnedMessages::add(DeliveryPart part) {
  if (waiting_.size() >= max_waiting) return false;
  waiting_.push_back({std::move(part)});
  return true;
}

void ReturnedMessages::withdraw(std::uint64_t number) {
  waiting_.remove_if([number](const ReturnedMessage& message) { return message.part.returned == number; });
}

DeliveryPart ReturnedMessages::hand_out() {
  DeliveryPart part = waiting_.front().part;
  handed_out_.splice(handed_out_.end(), waiting_, waiting_.begin());
  return part;
}

bool ReturnedMessages::finish(std::uint64_t number, ReturnedMessage::End end,
                              std::list<ReturnedMessage>& ended) noexcept {
  const auto found =
      std::find_if(handed_out_.begin(), handed_out_.end(),
                   [number](const ReturnedMessage& message) { return message.part.returned == number; });
  if (found == handed_out_.end()) return false;
  found->end = end;
  found->part.segments.clear();
  ended.splice(ended.end(), handed_out_, found);
  return true;
}

}  // namespace rocketmq::client
