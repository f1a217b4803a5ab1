#include "client/producer/message_encoder.h"

#include "base/wall_clock.h"
#include "rocketmq/error.h"
#include "wire/batch.h"
#include "wire/properties.h"

namespace rocketmq::client {
namespace {

constexpr auto compression = wire::Compression::zlib;  // The only one that consumers before 5.0 can read.

std::size_t id_property_bytes(const wire::UniqueIdGenerator& ids) {
  return wire::property::unique_key.size() + ids.length() + 2;
}

}  // namespace

MessageEncoder::MessageEncoder(wire::UniqueIdGenerator& ids, const OutgoingMessages& messages,
                               int compress_level)
    : ids_(ids), compress_level_(compress_level), properties_(messages, id_property_bytes(ids)) {
  text_.assign(wire::property::unique_key);
  text_ += wire::property_name_end;
  text_ += ids_.prefix();
  id_at_ = text_.size();
  text_.append(wire::UniqueIdGenerator::Run::digits, '0');
  text_ += wire::property_value_end;
  text_ += properties_.shared();
  head_bytes_ = text_.size();
}

const std::string& MessageEncoder::next_properties(std::size_t place, wire::UniqueIdGenerator::Run& ids) {
  ids.write_next(text_.data() + id_at_);
  if (!properties_.own_bytes().empty()) {
    text_.resize(head_bytes_);
    properties_.append_own(text_, messages_.empty() ? place : messages_[place]);
  }
  return text_;
}

std::string_view MessageEncoder::compress(std::string_view body, std::size_t index) {
  if (!compressor_) compressor_.emplace(compression, compress_level_);
  compressed_.clear();
  const Errc error = compressor_->append(as_bytes(body), compressed_);
  if (error != Errc::ok) {
    throw Error(error, "message " + std::to_string(index) + " cannot be compressed: " + describe(error));
  }
  return compressed_;
}

EncodedBatch MessageEncoder::encode(std::span<const std::string_view> bodies, const BatchRange& range,
                                    std::shared_ptr<std::string> memory) {
  if (!memory) memory = std::make_shared<std::string>();
  EncodedBatch result;
  result.first = range.first;
  result.count = range.count;
  result.batch = range.count > 1;
  if (range.compressed && encode_into(*memory, bodies, range)) {
    result.sys_flag = wire::compression_flags(compression);
  } else {
    (void)encode_into(*memory, bodies, BatchRange{range.first, range.count, false});
  }
  if (!result.batch) result.properties = text_;
  result.body = std::move(memory);
  return result;
}

bool MessageEncoder::encode_into(std::string& out, std::span<const std::string_view> bodies,
                                 const BatchRange& range) {
  auto ids = ids_.take(range.count, now_in_ms());
  out.clear();
  if (range.count == 1) {
    const std::string_view body = bodies[range.first];
    const auto content = range.compressed ? compress(body, range.first) : body;
    if (range.compressed && content.size() >= body.size()) return false;
    (void)next_properties(range.first, ids);
    out.append(content);
    return true;
  }
  const auto own = properties_.own_bytes();
  // Of compressed bodies nobody knows the size before.
  std::size_t bytes = 0;
  for (const std::string_view body : bodies.subspan(range.first, range.compressed ? 0 : range.count))
    bytes += wire::batch_item_size(body.size(), properties_bytes());
  for (std::size_t place = range.first; place < range.first + range.count && !own.empty(); ++place)
    bytes += own[messages_.empty() ? place : messages_[place]];
  out.reserve(bytes);
  return encode_items(bodies, range, ids, out);
}

bool MessageEncoder::encode_items(std::span<const std::string_view> bodies, const BatchRange& range,
                                  wire::UniqueIdGenerator::Run& ids, std::string& out) {
  for (std::size_t index = range.first; index < range.first + range.count; ++index) {
    const std::string& properties = next_properties(index, ids);
    const auto content = range.compressed ? compress(bodies[index], index) : bodies[index];
    if (range.compressed && content.size() >= bodies[index].size()) return false;
    const Errc error = wire::append_batch_item(out, 0, as_bytes(content), properties);
    if (error != Errc::ok) {
      throw Error(error, "message " + std::to_string(index) + " cannot be encoded: " + describe(error));
    }
  }
  return true;
}

bool take_single(std::string_view items, EncodedBatch& out) {
  wire::BatchReader reader(as_bytes(items));
  wire::BatchItemView item;
  bool found = false;
  if (reader.next(item, found) != Errc::ok || !found) return false;
  out.count = 1;
  out.batch = false;
  out.properties = item.properties;
  out.body = std::make_shared<const std::string>(as_text(item.body));
  return true;
}

bool split_batch(const EncodedBatch& batch, EncodedBatch& front, EncodedBatch& back) {
  const std::string_view items = *batch.body;
  wire::BatchReader reader(as_bytes(items));
  const std::size_t half = batch.count / 2;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < half; ++i) {
    wire::BatchItemView item;
    bool found = false;
    if (reader.next(item, found) != Errc::ok || !found) return false;
    bytes += wire::batch_item_size(item.body.size(), item.properties.size());
  }
  const auto cut = [&](std::size_t first, std::size_t count, std::string_view part, EncodedBatch& out) {
    out = EncodedBatch{first, count, true, batch.sys_flag, {}, nullptr};
    if (count == 1) return take_single(part, out);
    out.body = std::make_shared<const std::string>(part);
    return true;
  };
  return cut(batch.first, half, items.substr(0, bytes), front) &&
         cut(batch.first + half, batch.count - half, items.substr(bytes), back);
}

}  // namespace rocketmq::client
