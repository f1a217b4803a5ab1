#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "client/producer/batch_packing.h"
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

/// Encodes the messages of one send, in the thread of its caller: every message gets its UNIQ_KEY, the tag
/// and WAIT=true, which asks for the answer after storing. One thread at a time.
class MessageEncoder {
 public:
  /// Throws Error invalid_argument if the tag cannot be a property.
  MessageEncoder(wire::UniqueIdGenerator& ids, std::string_view tag, int compress_level);

  /// Of each message, encoded.
  [[nodiscard]] std::size_t properties_bytes() const noexcept;

  /// A message that compression does not make smaller travels as it is, since it would be too large for a
  /// broker whose limit it just keeps; and with it its batch, which has one flag for all.
  /// What is encoded stands in `memory`, if there is any, in place of what was there.
  /// Throws Error if compression fails because memory runs out.
  [[nodiscard]] EncodedBatch encode(std::span<const std::string_view> bodies, const BatchRange& range,
                                    std::shared_ptr<std::string> memory = nullptr);

 private:
  /// Makes properties_ ready for messages, each of which writes its UNIQ_KEY at id_at_.
  void make_properties();
  /// Both are false if the range is to be compressed and one of its bodies does not get smaller by it.
  [[nodiscard]] bool encode_into(std::string& out, std::span<const std::string_view> bodies,
                                 const BatchRange& range);
  [[nodiscard]] bool encode_items(std::span<const std::string_view> bodies, const BatchRange& range,
                                  wire::UniqueIdGenerator::Run& ids, std::string& out);
  [[nodiscard]] std::string_view compress(std::string_view body, std::size_t index);

  wire::UniqueIdGenerator& ids_;
  int compress_level_;
  std::string fixed_properties_;  // Those that all messages share.
  std::string properties_;        // Of the message at hand.
  std::size_t id_at_ = 0;         // Where in properties_ a message's own part of the UNIQ_KEY stands.
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
