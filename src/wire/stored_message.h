#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "rocketmq/bytes.h"
#include "rocketmq/errc.h"
#include "wire/batch.h"
#include "wire/host_address.h"
#include "wire/sys_flag.h"

namespace rocketmq::wire {

/// The layouts of stored messages. Source: org.apache.rocketmq.common.message.MessageDecoder.
namespace stored_magic {
inline constexpr std::uint32_t v1 = 0xDAA320A7;     ///< The topic's length has one byte.
inline constexpr std::uint32_t v2 = 0xDAA320AB;     ///< Two bytes: topics longer than 127.
inline constexpr std::uint32_t blank = 0xCBD43194;  ///< Padding at the end of a commit-log file.
}  // namespace stored_magic

/// A message as a broker stores it. The views point into the input of the decoder.
struct StoredMessageView {
  std::int32_t store_size = 0;  ///< Bytes of the whole record.
  std::uint32_t magic = stored_magic::v1;
  std::uint32_t body_crc = 0;  ///< CRC-32 of the body as it is stored.
  std::int32_t queue_id = 0;
  std::int32_t flag = 0;             ///< The user's own flag.
  std::int64_t queue_offset = 0;     ///< Static topics: before the reply's offset_delta is added.
  std::int64_t physical_offset = 0;  ///< Commit-log offset.
  std::int32_t sys_flag = 0;         ///< Bits of `message_flag`.
  std::int64_t born_timestamp = 0;   ///< Milliseconds since the epoch, by the sender's clock.
  HostAddress born_host;
  std::int64_t store_timestamp = 0;  ///< Milliseconds since the epoch, by the broker's clock.
  HostAddress store_host;
  std::int32_t reconsume_times = 0;
  std::int64_t prepared_transaction_offset = 0;
  ByteView body;                ///< As stored, i.e. compressed if sys_flag says so.
  std::string_view topic;       ///< As stored, i.e. %RETRY%group for a message that was sent back.
  std::string_view properties;  ///< See properties.h.

  [[nodiscard]] bool is_compressed() const noexcept { return (sys_flag & message_flag::compressed) != 0; }
  /// The body, once decompressed, is a list of messages: see InnerBatchReader.
  [[nodiscard]] bool is_inner_batch() const noexcept {
    constexpr std::int32_t both = message_flag::need_unwrap | message_flag::inner_batch;
    return (sys_flag & both) == both;
  }
};

/// Whether the body's CRC is checked. Brokers of some storage types store 0, which counts as "not stored".
enum class CrcCheck {
  check,  ///< A body that differs gives bad_crc.
  skip,   ///< Not looked at.
};

/// Reads the stored messages of a pull reply's body one after another; blanks are skipped.
///
/// After bad_magic, bad_crc or bad_field the reader stands behind the bad message, so that next() goes on
/// with the one after it. After truncated it is at its end: what came before stays valid, and the rest must
/// be pulled again.
class StoredMessageReader {
 public:
  explicit StoredMessageReader(ByteView bytes, CrcCheck crc = CrcCheck::check) noexcept
      : bytes_(bytes), crc_(crc) {}

  /// Takes the next message. Sets `found` and returns ok when there is one; ok without `found` at the end.
  /// Errors: truncated (the last record is cut off), bad_magic, bad_field (lengths that contradict each
  /// other, or an offset that no queue has), bad_crc (`out` is filled).
  [[nodiscard]] Errc next(StoredMessageView& out, bool& found) noexcept;

  /// Where the next record starts.
  [[nodiscard]] std::size_t position() const noexcept { return position_; }

 private:
  ByteView bytes_;
  CrcCheck crc_;
  std::size_t position_ = 0;
};

/// What a pull reply's body holds, found without touching message bodies: cheap enough for the loop.
struct MessageScan {
  std::size_t messages = 0;               ///< Messages of inner batches are counted one by one.
  std::int64_t first_queue_offset = 0;    ///< Of the first message; meaningless if there is none.
  std::int64_t last_queue_offset = 0;     ///< Of the last message.
  std::int64_t last_store_timestamp = 0;  ///< Of the last message; milliseconds since the epoch.
  std::size_t usable_bytes = 0;           ///< Bytes of whole records; the rest is cut off.
};

/// Scans a pull reply's body. `out` is filled for the records before an error too.
/// Errors: truncated, and bad_field if a record's length or offset is nonsense. Unknown magics are not
/// counted.
[[nodiscard]] Errc scan_stored_messages(ByteView bytes, MessageScan& out) noexcept;

/// Reads the messages within an inner batch (BatchCQ topics). `body` is the outer message's body,
/// decompressed, and must outlive the views.
class InnerBatchReader {
 public:
  InnerBatchReader(const StoredMessageView& outer, ByteView body) noexcept : outer_(outer), items_(body) {}

  /// Each message has the outer one's fields with its own body, flag, properties and queueOffset; its
  /// sys_flag says neither compressed nor inner batch. Errors are those of BatchReader.
  [[nodiscard]] Errc next(StoredMessageView& out, bool& found) noexcept;

 private:
  StoredMessageView outer_;
  BatchReader items_;
  std::int64_t index_ = 0;
};

}  // namespace rocketmq::wire
