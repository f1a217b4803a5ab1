#include "wire/stored_message.h"

#include "base/byte_reader.h"
#include "wire/body_crc.h"
#include "wire/properties.h"
#include "wire/queue_offset.h"

namespace rocketmq::wire {

namespace {

constexpr std::size_t record_head_bytes = 8;  // total and magic

bool read_host(ByteReader& reader, bool v6, HostAddress& out) {
  return reader.read_view(v6 ? 16 : 4, out.ip) && reader.read(out.port);
}

bool is_message(std::uint32_t magic) {
  return magic == stored_magic::v1 || magic == stored_magic::v2;
}

// A record as its first eight bytes announce it.
struct Record {
  ByteView bytes;
  std::uint32_t magic = 0;
};

// Cuts off the record at the front of `bytes`. Errors: truncated, bad_field (a length that no record has).
Errc cut_record(ByteView bytes, Record& out) noexcept {
  ByteReader reader(bytes);
  std::int32_t total = 0;
  if (!reader.read(total)) return Errc::truncated;
  if (total < static_cast<std::int32_t>(record_head_bytes)) return Errc::bad_field;
  if (!reader.read(out.magic) || static_cast<std::size_t>(total) > bytes.size()) return Errc::truncated;
  out.bytes = bytes.first(static_cast<std::size_t>(total));
  return Errc::ok;
}

// More items than this do not fit any body that we decompress; see decode_rows.h.
constexpr std::int64_t max_inner_messages = (std::int64_t{64} << 20) / std::int64_t{batch_item_overhead};

// How many messages an inner batch has: the broker says so in a property, and the items can be counted
// unless the body is compressed.
std::int64_t inner_message_count(const StoredMessageView& message) noexcept {
  std::int64_t count = 0;
  if (read_property(message.properties, property::inner_num, count) == Errc::ok && count > 0 &&
      count <= max_inner_messages) {
    return count;
  }
  count = 0;
  if (!message.is_compressed()) {
    BatchReader items(message.body);
    BatchItemView item;
    bool found = false;
    while (items.next(item, found) == Errc::ok && found)
      ++count;
  }
  return count > 0 ? count : 1;
}

Errc decode_fields(const Record& record, StoredMessageView& out) noexcept {
  ByteReader reader(record.bytes);
  std::int32_t body_length = 0;
  if (!reader.read(out.store_size) || !reader.read(out.magic) || !reader.read(out.body_crc) ||
      !reader.read(out.queue_id) || !reader.read(out.flag) || !reader.read(out.queue_offset) ||
      !reader.read(out.physical_offset) || !reader.read(out.sys_flag) || !reader.read(out.born_timestamp) ||
      !is_queue_offset(out.queue_offset)) {
    return Errc::bad_field;
  }
  if (!read_host(reader, (out.sys_flag & message_flag::born_host_v6) != 0, out.born_host) ||
      !reader.read(out.store_timestamp) ||
      !read_host(reader, (out.sys_flag & message_flag::store_host_v6) != 0, out.store_host) ||
      !reader.read(out.reconsume_times) || !reader.read(out.prepared_transaction_offset) ||
      !reader.read(body_length) || body_length < 0 ||
      !reader.read_view(static_cast<std::size_t>(body_length), out.body)) {
    return Errc::bad_field;
  }
  std::size_t topic_length = 0;
  if (record.magic == stored_magic::v1) {
    std::uint8_t length = 0;
    if (!reader.read(length)) return Errc::bad_field;
    topic_length = length;
  } else {
    std::uint16_t length = 0;
    if (!reader.read(length)) return Errc::bad_field;
    topic_length = length;
  }
  ByteView topic;
  std::int16_t properties_length = 0;
  ByteView properties;
  if (!reader.read_view(topic_length, topic) || !reader.read(properties_length) || properties_length < 0 ||
      !reader.read_view(static_cast<std::size_t>(properties_length), properties)) {
    return Errc::bad_field;
  }
  out.topic = as_text(topic);
  out.properties = as_text(properties);
  return Errc::ok;
}

}  // namespace

Errc StoredMessageReader::next(StoredMessageView& out, bool& found) noexcept {
  found = false;
  while (position_ < bytes_.size()) {
    Record record;
    if (const Errc error = cut_record(bytes_.subspan(position_), record); error != Errc::ok) {
      position_ = bytes_.size();
      return error;
    }
    position_ += record.bytes.size();
    if (record.magic == stored_magic::blank) continue;
    if (!is_message(record.magic)) return Errc::bad_magic;
    if (const Errc error = decode_fields(record, out); error != Errc::ok) return error;
    if (crc_ == CrcCheck::check && out.body_crc != 0 &&
        (out.body_crc & body_crc_mask) != body_crc32(out.body)) {
      return Errc::bad_crc;
    }
    found = true;
    return Errc::ok;
  }
  return Errc::ok;
}

namespace {

std::size_t born_host_bytes(std::int32_t sys_flag) noexcept {
  constexpr std::size_t port = 4;
  return ((sys_flag & message_flag::born_host_v6) != 0 ? 16 : 4) + port;
}

}  // namespace

Errc scan_stored_messages(ByteView bytes, MessageScan& out) noexcept {
  // The places of the fields that a scan looks at. Source: MessageDecoder's QUEUE_OFFSET_POSITION,
  // SYSFLAG_POSITION and the order of what follows.
  constexpr std::size_t queue_offset_at = 20;
  constexpr std::size_t between = 8;  // physicalOffset
  out = {};
  while (out.usable_bytes < bytes.size()) {
    Record record;
    if (const Errc error = cut_record(bytes.subspan(out.usable_bytes), record); error != Errc::ok) {
      return error;
    }
    if (is_message(record.magic)) {
      ByteReader reader(record.bytes);
      StoredMessageView message;
      if (!reader.skip(queue_offset_at) || !reader.read(message.queue_offset) || !reader.skip(between) ||
          !reader.read(message.sys_flag) || !reader.skip(sizeof message.born_timestamp) ||
          !reader.skip(born_host_bytes(message.sys_flag)) || !reader.read(message.store_timestamp) ||
          !is_queue_offset(message.queue_offset)) {
        return Errc::bad_field;
      }
      std::int64_t count = 1;
      if (message.is_inner_batch()) {
        if (const Errc error = decode_fields(record, message); error != Errc::ok) return error;
        count = inner_message_count(message);
      }
      if (out.messages == 0) out.first_queue_offset = message.queue_offset;
      out.messages += static_cast<std::size_t>(count);
      out.last_queue_offset = message.queue_offset + (count - 1);
      out.last_store_timestamp = message.store_timestamp;
    }
    out.usable_bytes += record.bytes.size();
  }
  return Errc::ok;
}

Errc InnerBatchReader::next(StoredMessageView& out, bool& found) noexcept {
  BatchItemView item;
  if (const Errc error = items_.next(item, found); error != Errc::ok || !found) return error;
  out = outer_;
  out.queue_offset = outer_.queue_offset + index_;
  out.flag = item.flag;
  out.body = item.body;
  out.properties = item.properties;
  out.sys_flag &= ~(message_flag::compressed | message_flag::compression_mask | message_flag::need_unwrap |
                    message_flag::inner_batch);
  ++index_;
  return Errc::ok;
}

}  // namespace rocketmq::wire
