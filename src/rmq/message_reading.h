#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "rmq/commands.h"
#include "rocketmq/reader.h"

namespace rocketmq::rmq {

/// What is to be read.
struct ReadingPlan {
  ReaderConfig config;
  std::int64_t count = 0;  ///< At most so many messages.
  bool follow = false;     ///< Goes on with new messages behind the range.
  bool from_end = false;   ///< Only those.
};

/// A plan for `range` of a topic, of the queues that are named. An offset counts for every queue; one that a
/// queue does not have means its first message behind that. Throws UsageError and Error.
[[nodiscard]] ReadingPlan plan_reading(Session& session, const std::string& topic, const RangeOptions& range,
                                       const std::vector<std::string>& queues);

/// Gives the messages to `each` until it returns false, the count is reached, all is read, or the user
/// interrupts. Those of the range come by the time when they were stored; those of a queue always in the
/// order of their offsets. `idle` is called before it waits for new messages, and behind the last one of the
/// range. Gives their number.
std::int64_t read_messages(const ReadingPlan& plan, const std::function<bool(const ReceivedMessage&)>& each,
                           const std::function<void()>& idle);

}  // namespace rocketmq::rmq
