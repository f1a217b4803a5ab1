#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "rocketmq/error.h"
#include "wire/message_queue.h"

namespace rocketmq::client {

using wire::MessageQueue;

/// Where a group's progress is kept: at the brokers (clustering) or in a file (broadcasting). All functions:
/// loop; handlers are called there, exactly once, never from within the call.
class OffsetStore {
 public:
  /// A failure, or the stored offset. Nothing without a failure means: the store says that there is none.
  using LoadHandler = std::function<void(const Failure& failure, std::optional<std::int64_t> offset)>;
  using StoreHandler = std::function<void(const Failure& failure)>;

  OffsetStore() = default;
  virtual ~OffsetStore() = default;
  OffsetStore(const OffsetStore&) = delete;
  OffsetStore& operator=(const OffsetStore&) = delete;

  virtual void load(const MessageQueue& queue, LoadHandler handler) = 0;

  /// Stores `offset`, whatever is there: the caller sees to it that it does not go back.
  virtual void store(const MessageQueue& queue, std::int64_t offset, StoreHandler handler) = 0;

  /// Whether the last offset that was stored is where the next one would go.
  [[nodiscard]] virtual bool is_up_to_date(const MessageQueue& queue) const {
    (void)queue;
    return true;
  }
};

}  // namespace rocketmq::client
