#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/bodies.h"
#include "reference/queue_target.h"
#include "wire/message_id.h"

namespace rocketmq::bench {

/// The largest stored size of a batch that a broker takes with its default configuration.
/// Source: MessageStoreConfig.maxMessageSize.
inline constexpr std::size_t broker_batch_limit = std::size_t{4} << 20;

/// A request as it goes over the wire, ready to be written as it is.
struct Frame {
  std::string bytes;
  std::size_t messages = 0;
};

/// Prepares requests, with the properties that a real client writes (UNIQ_KEY and WAIT), so that brokers have
/// the same work with them and every client can consume them.
class FrameMaker {
 public:
  FrameMaker(std::string topic, const BodyShape& body);

  /// Batch requests (320) that hold `messages` messages in all. Each is as large as the broker takes it once
  /// stored, or `batch_bytes` of encoded messages where that is less and not 0.
  [[nodiscard]] std::vector<Frame> batches(const QueueTarget& queue, std::size_t messages,
                                           std::size_t batch_bytes);

  /// One message (310).
  [[nodiscard]] Frame single(const QueueTarget& queue, std::int32_t opaque);

 private:
  [[nodiscard]] std::string properties();
  [[nodiscard]] std::string request(const QueueTarget& queue, const std::string& properties, bool batch,
                                    std::int32_t opaque, const std::string& body) const;

  std::string topic_;
  BodyShape body_;
  std::size_t made_ = 0;
  wire::UniqueIdGenerator ids_;
};

/// A pull (11) whose offset and opaque can be changed in place.
class PullFrame {
 public:
  /// A broker without messages holds the request for `hold`, or answers at once where that is 0.
  PullFrame(const std::string& topic, const std::string& group, const QueueTarget& queue,
            std::int32_t max_messages, std::chrono::milliseconds hold = std::chrono::milliseconds(0));

  /// The request for messages from `offset` on; valid until the next call.
  [[nodiscard]] const std::string& at(std::int64_t offset, std::int32_t opaque);

 private:
  std::string bytes_;
  std::size_t offset_at_ = 0;
};

}  // namespace rocketmq::bench
