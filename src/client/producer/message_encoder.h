#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "client/producer/batch_packing.h"
#include "client/producer/message_properties.h"
#include "transport/request.h"
#include "wire/compression.h"
#include "wire/message_id.h"

namespace rocketmq::client {

/// The body of one send request, and what its header needs to know.
struct EncodedBatch {
  std::size_t first = 0;  ///< The messages [first, first + count) of the send.
  std::size_t count = 0;
  bool batch = false;           ///< Batch items (request 320); else the one message's body (request 310).
  std::int32_t sys_flag = 0;    ///< Compression bits, for all messages alike.
  std::string properties;       ///< Of a single message; those of batch items are in the body.
  transport::RequestBody body;  ///< Shared, so that every try sends the very same bytes and UNIQ_KEYs.
};

/// Encodes the messages of one send, in the thread of its caller: every message gets its UNIQ_KEY, its
/// properties and WAIT=true, which asks for the answer after storing. One thread at a time.
class MessageEncoder {
 public:
  /// Throws what MessageProperties does.
  MessageEncoder(wire::UniqueIdGenerator& ids, const OutgoingMessages& messages, int compress_level);

  /// Encoded, without those that a message has for itself.
  [[nodiscard]] std::size_t properties_bytes() const noexcept { return head_bytes_; }
  [[nodiscard]] const MessageProperties& properties() const noexcept { return properties_; }

  /// From now on the bodies are at other places: `messages` says whose they are.
  void follow(std::span<const std::uint32_t> messages) noexcept { messages_ = messages; }

  /// A message that compression does not make smaller travels as it is, since it would be too large for a
  /// broker whose limit it just keeps; and with it its batch, which has one flag for all.
  /// What is encoded stands in `memory`, if there is any, in place of what was there.
  /// Throws Error if compression fails because memory runs out.
  [[nodiscard]] EncodedBatch encode(std::span<const std::string_view> bodies, const BatchRange& range,
                                    std::shared_ptr<std::string> memory = nullptr);

 private:
  /// Those of the next message.
  [[nodiscard]] const std::string& next_properties(std::size_t place, wire::UniqueIdGenerator::Run& ids);
  /// Both are false if the range is to be compressed and one of its bodies does not get smaller by it.
  [[nodiscard]] bool encode_into(std::string& out, std::span<const std::string_view> bodies,
                                 const BatchRange& range);
  [[nodiscard]] bool encode_items(std::span<const std::string_view> bodies, const BatchRange& range,
                                  wire::UniqueIdGenerator::Run& ids, std::string& out);
  [[nodiscard]] std::string_view compress(std::string_view body, std::size_t index);

  wire::UniqueIdGenerator& ids_;
  int compress_level_;
  MessageProperties properties_;
  std::span<const std::uint32_t> messages_;  // By place; empty if both are the same.
  std::string text_;                         // Of the message at hand: first what all share.
  std::size_t id_at_ = 0;                    // Where in text_ a message's own part of the UNIQ_KEY stands.
  std::size_t head_bytes_ = 0;
  std::string compressed_;
  std::optional<wire::Compressor> compressor_;  // Made for the first body that needs it: it is large.
};

/// Makes the first of `items` an ordinary message: its body and its properties, for request 310. What else
/// `out` says stays. False if the item cannot be read, which would be a fault of the encoder.
[[nodiscard]] bool take_single(std::string_view items, EncodedBatch& out);

/// Cuts a batch in two without encoding anything again. Needs count > 1 and batch. A half of one message is
/// an ordinary message, because some topics take no batch, not even of one.
/// False if the batch cannot be read, which would be a fault of the encoder.
[[nodiscard]] bool split_batch(const EncodedBatch& batch, EncodedBatch& front, EncodedBatch& back);

}  // namespace rocketmq::client
