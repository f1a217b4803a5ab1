#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "base/byte_writer.h"
#include "wire/body_crc.h"
#include "wire/properties.h"
#include "wire/stored_message.h"

namespace rocketmq::wire {

namespace stored_message_encoder {

inline constexpr std::size_t longest_v1_topic = 127;  // Java reads the length as a signed byte.
inline constexpr std::array<std::uint8_t, 4> no_host{};

inline HostAddress or_no_host(const HostAddress& host) {
  return host.ip.empty() ? HostAddress{no_host, 0} : host;
}

inline bool is_possible(const HostAddress& host) {
  return host.ip.size() == 4 || host.ip.size() == 16;
}

inline void put_host(ByteWriter& writer, const HostAddress& host) {
  writer.put_bytes(host.ip);
  writer.put<std::int32_t>(host.port);
}

}  // namespace stored_message_encoder

/// Appends a stored message, as a broker would return it. V2 is chosen by `magic`, or by itself if the topic
/// is longer than 127. store_size, body_crc and the IPv6 bits of sys_flag are computed; an empty host is
/// 0.0.0.0:0. bad_field if topic, properties or a host have an impossible length; nothing is appended then.
[[nodiscard]] inline Errc append_stored_message(std::string& out, const StoredMessageView& message) {
  using namespace stored_message_encoder;
  const HostAddress born_host = or_no_host(message.born_host);
  const HostAddress store_host = or_no_host(message.store_host);
  constexpr auto longest_body = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) / 2;
  if (!is_possible(born_host) || !is_possible(store_host) ||
      message.topic.size() > std::numeric_limits<std::uint16_t>::max() ||
      message.properties.size() > max_properties_bytes || message.body.size() > longest_body) {
    return Errc::bad_field;
  }
  const bool v2 = message.magic == stored_magic::v2 || message.topic.size() > longest_v1_topic;
  std::int32_t sys_flag = message.sys_flag & ~(message_flag::born_host_v6 | message_flag::store_host_v6);
  if (born_host.ip.size() == 16) sys_flag |= message_flag::born_host_v6;
  if (store_host.ip.size() == 16) sys_flag |= message_flag::store_host_v6;

  ByteWriter writer(out);
  const std::size_t start = writer.size();
  writer.put<std::uint32_t>(0);  // The total, patched below.
  writer.put<std::uint32_t>(v2 ? stored_magic::v2 : stored_magic::v1);
  writer.put<std::uint32_t>(body_crc32(message.body));
  writer.put<std::int32_t>(message.queue_id);
  writer.put<std::int32_t>(message.flag);
  writer.put<std::int64_t>(message.queue_offset);
  writer.put<std::int64_t>(message.physical_offset);
  writer.put<std::int32_t>(sys_flag);
  writer.put<std::int64_t>(message.born_timestamp);
  put_host(writer, born_host);
  writer.put<std::int64_t>(message.store_timestamp);
  put_host(writer, store_host);
  writer.put<std::int32_t>(message.reconsume_times);
  writer.put<std::int64_t>(message.prepared_transaction_offset);
  writer.put<std::uint32_t>(static_cast<std::uint32_t>(message.body.size()));
  writer.put_bytes(message.body);
  if (v2) {
    writer.put<std::uint16_t>(static_cast<std::uint16_t>(message.topic.size()));
  } else {
    writer.put<std::uint8_t>(static_cast<std::uint8_t>(message.topic.size()));
  }
  writer.put_text(message.topic);
  writer.put<std::uint16_t>(static_cast<std::uint16_t>(message.properties.size()));
  writer.put_text(message.properties);
  writer.patch<std::uint32_t>(start, static_cast<std::uint32_t>(writer.size() - start));
  return Errc::ok;
}

}  // namespace rocketmq::wire
