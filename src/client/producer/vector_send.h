#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "client/producer/batch_packing.h"
#include "client/producer/message_encoder.h"
#include "transport/event_loop.h"

namespace rocketmq::client {

class ProducerClient;
class SendOperation;

/// The side of the sender's thread of a vector that takes many batches: cuts it and encodes the batches while
/// earlier ones are in flight.
class VectorSend {
 public:
  /// `topic` is the one that users know, `wire_topic` the one on the wire.
  VectorSend(ProducerClient& producer, std::string_view topic, std::string wire_topic,
             std::span<const std::string_view> bodies, MessageEncoder& encoder);

  /// Sends all to at most `queues` queues and waits for the end. `bytes`: of all messages, encoded.
  /// Throws SendError.
  void run(const PackingOptions& packing, std::size_t queues, std::size_t bytes,
           transport::EventLoop::Waiter& waiter);

 private:
  void send(const PackingOptions& packing, std::size_t queues, transport::EventLoop::Waiter& waiter);
  void abort_if_ended(SendOperation& operation);

  ProducerClient& producer_;
  const std::string_view topic_;
  const std::string wire_topic_;
  const std::span<const std::string_view> bodies_;
  MessageEncoder& encoder_;
};

/// Of all messages, as batch items.
[[nodiscard]] std::size_t encoded_bytes(std::span<const std::string_view> bodies,
                                        std::size_t properties_bytes);

}  // namespace rocketmq::client
