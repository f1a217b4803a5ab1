#include "wire/batch.h"

#include <array>
#include <limits>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "wire/properties.h"

namespace rocketmq::wire {

Errc append_batch_item(std::string& out, std::int32_t flag, ByteView body, std::string_view properties) {
  if (properties.size() > max_properties_bytes) return Errc::bad_properties;
  constexpr auto longest = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());
  if (body.size() > longest - batch_item_overhead - properties.size()) return Errc::message_too_large;
  // The fixed fields at once: there is one of these for each message.
  std::array<char, 20> head{};  // The magic (at 4) and the CRC (at 8) stay 0: the broker computes it.
  store_big_endian<std::int32_t>(head.data(),
                                 static_cast<std::int32_t>(batch_item_size(body.size(), properties.size())));
  store_big_endian<std::int32_t>(head.data() + 12, flag);
  store_big_endian<std::int32_t>(head.data() + 16, static_cast<std::int32_t>(body.size()));
  std::array<char, 2> properties_length{};
  store_big_endian<std::int16_t>(properties_length.data(), static_cast<std::int16_t>(properties.size()));
  out.append(head.data(), head.size());
  out.append(as_text(body));
  out.append(properties_length.data(), properties_length.size());
  out.append(properties);
  return Errc::ok;
}

Errc BatchReader::next(BatchItemView& out, bool& found) noexcept {
  found = false;
  if (position_ >= bytes_.size()) return Errc::ok;
  ByteReader reader(bytes_.subspan(position_));
  position_ = bytes_.size();  // Until this item proves to be whole.
  const std::size_t available = reader.remaining();
  std::int32_t total = 0;
  if (!reader.read(total)) return Errc::truncated;
  if (total < static_cast<std::int32_t>(batch_item_overhead)) return Errc::bad_field;
  const auto size = static_cast<std::size_t>(total);
  if (size > available) return Errc::truncated;

  ByteView item;
  if (!reader.read_view(size - 4, item)) return Errc::truncated;
  ByteReader fields(item);
  std::int32_t body_length = 0;
  std::int16_t properties_length = 0;
  ByteView properties;
  if (!fields.skip(8) || !fields.read(out.flag) || !fields.read(body_length) || body_length < 0 ||
      !fields.read_view(static_cast<std::size_t>(body_length), out.body) || !fields.read(properties_length) ||
      properties_length < 0 || !fields.read_view(static_cast<std::size_t>(properties_length), properties)) {
    return Errc::bad_field;
  }
  out.properties = as_text(properties);
  position_ = bytes_.size() - (available - size);
  found = true;
  return Errc::ok;
}

}  // namespace rocketmq::wire
