#include "wire/batch.h"

#include <limits>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "wire/properties.h"

namespace rocketmq::wire {

Errc append_batch_item(std::string& out, std::int32_t flag, ByteView body, std::string_view properties) {
  if (properties.size() > max_properties_bytes) return Errc::bad_properties;
  constexpr auto longest = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());
  if (body.size() > longest - batch_item_overhead - properties.size()) return Errc::message_too_large;
  ByteWriter writer(out);
  writer.put<std::int32_t>(static_cast<std::int32_t>(batch_item_size(body.size(), properties.size())));
  writer.put<std::int32_t>(0);  // magic
  writer.put<std::int32_t>(0);  // CRC: the broker computes it.
  writer.put<std::int32_t>(flag);
  writer.put<std::int32_t>(static_cast<std::int32_t>(body.size()));
  writer.put_bytes(body);
  writer.put<std::int16_t>(static_cast<std::int16_t>(properties.size()));
  writer.put_text(properties);
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
