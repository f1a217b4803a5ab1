#include "client/consumer/decode_rows.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "rocketmq/errc.h"
#include "wire/compression.h"
#include "wire/properties.h"
#include "wire/stored_message.h"

namespace rocketmq::client {

namespace {

enum class Step {
  done,        ///< The message is in the delivery, or not wanted.
  limit,       ///< It does not fit any more.
  unreadable,  ///< See RowDecoder::error_.
};

/// How far a segment was read.
struct Progress {
  std::int64_t next = 0;     ///< The first offset that is not dealt with.
  std::size_t position = 0;  ///< Where its record starts in the body.
  std::size_t messages = 0;  ///< Dealt with.
  Step end = Step::done;     ///< Why it ended.
};

class RowDecoder {
 public:
  RowDecoder(Delivery::Impl& delivery, const DecodeOptions& options)
      : delivery_(delivery), options_(options) {}

  [[nodiscard]] DecodedPart decode(std::size_t part_index);

 private:
  using Source = Delivery::Impl::Source;
  [[nodiscard]] bool full() const noexcept {
    return delivery_.rows().size() >= options_.max_rows || delivery_.bytes() >= options_.max_bytes;
  }
  [[nodiscard]] Progress decode_segment(std::size_t part_index, std::size_t segment_index);
  [[nodiscard]] Step take(const wire::StoredMessageView& message, const Source& source, Progress& progress);
  [[nodiscard]] Step take_batch(const wire::StoredMessageView& outer, ByteView body, const Source& source,
                                Progress& progress);
  [[nodiscard]] Step take_one(const wire::StoredMessageView& message, ByteView body, const Source& source,
                              Progress& progress);
  void give_up(const DeliveryPart& part, Segment& segment, std::int64_t offset,
               const wire::StoredMessageView& message);

  Delivery::Impl& delivery_;
  const DecodeOptions& options_;
  Errc error_ = Errc::ok;
  ByteView record_;  // The stored message that is being read.
  ConsumerNotice given_up_;
  std::optional<wire::Decompressor> decompressor_;
};

DecodedPart RowDecoder::decode(std::size_t part_index) {
  DeliveryPart& part = delivery_.parts()[part_index];
  DecodedPart result;
  for (std::size_t i = 0; i < part.segments.size(); ++i) {
    const Progress progress = decode_segment(part_index, i);
    if (progress.end == Step::done) continue;
    // The segment is cut: what was dealt with stays with the delivery, the rest goes back to the queue.
    Segment& segment = part.segments[i];
    Segment rest = segment;
    rest.begin = progress.next;
    rest.body.view = segment.body.view.subspan(progress.position);
    rest.messages =
        std::max<std::size_t>(segment.messages - std::min(segment.messages, progress.messages), 1);
    segment.next_begin = progress.next;
    segment.body.view = segment.body.view.first(progress.position);
    segment.messages -= std::min(segment.messages, rest.messages);
    result.rest.push_back(std::move(rest));
    const auto next = part.segments.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    result.rest.insert(result.rest.end(), std::make_move_iterator(next),
                       std::make_move_iterator(part.segments.end()));
    part.segments.erase(next, part.segments.end());
    if (progress.end == Step::unreadable) result.rewind = progress.next;
    break;
  }
  if (given_up_.given_up > 0 && options_.on_given_up) options_.on_given_up(given_up_);
  return result;
}

Progress RowDecoder::decode_segment(std::size_t part_index, std::size_t segment_index) {
  DeliveryPart& part = delivery_.parts()[part_index];
  Segment& segment = part.segments[segment_index];
  Progress progress;
  progress.next = segment.begin;
  wire::StoredMessageReader reader(segment.body.view);
  while (true) {
    progress.position = reader.position();
    wire::StoredMessageView message;
    bool found = false;
    error_ = reader.next(message, found);
    if (error_ == Errc::ok && !found) return progress;

    Step step = Step::unreadable;
    if (error_ == Errc::ok) {
      message.queue_offset += segment.offset_delta;
      record_ = segment.body.view.subspan(progress.position, reader.position() - progress.position);
      step = take(message, {part_index, segment_index}, progress);
    }
    if (step == Step::limit) {
      progress.end = step;
      return progress;
    }
    if (step == Step::unreadable) {
      if (!segment.pulled_again) {
        progress.end = step;
        return progress;
      }
      const std::int64_t known =
          error_ == Errc::bad_magic || error_ == Errc::bad_field || error_ == Errc::truncated
              ? progress.next
              : message.queue_offset + (error_ == Errc::bad_crc ? segment.offset_delta : 0);
      give_up(part, segment, known, message);
      progress.next = std::max(progress.next, known + 1);
      ++progress.messages;
      if (error_ == Errc::truncated) return progress;
    }
  }
}

Step RowDecoder::take(const wire::StoredMessageView& message, const Source& source, Progress& progress) {
  if (!message.is_compressed() && !message.is_inner_batch()) {
    return take_one(message, message.body, source, progress);
  }
  if (!message.is_inner_batch() && full()) return Step::limit;
  ByteView body = message.body;
  if (message.is_compressed()) {
    wire::Compression method{};
    error_ = wire::compression_of(message.sys_flag, method);
    if (error_ != Errc::ok) return Step::unreadable;
    if (!decompressor_) decompressor_.emplace();
    std::string text;
    error_ = decompressor_->append(method, message.body, max_unpacked_bytes, text);
    if (error_ != Errc::ok) return Step::unreadable;
    body = as_bytes(delivery_.keep(std::move(text)));
  }
  if (message.is_inner_batch()) return take_batch(message, body, source, progress);
  return take_one(message, body, source, progress);
}

Step RowDecoder::take_batch(const wire::StoredMessageView& outer, ByteView body, const Source& source,
                            Progress& progress) {
  wire::InnerBatchReader reader(outer, body);
  while (true) {
    wire::StoredMessageView message;
    bool found = false;
    error_ = reader.next(message, found);
    if (error_ != Errc::ok) return Step::unreadable;
    if (!found) return Step::done;
    const Step step = take_one(message, message.body, source, progress);
    if (step != Step::done) return step;
  }
}

Step RowDecoder::take_one(const wire::StoredMessageView& message, ByteView body, const Source& source,
                          Progress& progress) {
  const DeliveryPart& part = delivery_.parts()[source.part];
  const Segment& segment = part.segments[source.segment];
  const std::int64_t offset = message.queue_offset;
  if (offset < progress.next) {  // Before what was asked for, or handed out already.
    ++progress.messages;
    return Step::done;
  }
  if (offset >= segment.next_begin) return Step::done;  // The next segment brings it.

  ReceivedMessage row;
  std::string_view retry_topic;
  wire::PropertyReader properties(message.properties);
  std::string_view name;
  std::string_view value;
  while (properties.next(name, value)) {
    if (name == wire::property::tags) {
      row.tag = value;
    } else if (name == wire::property::unique_key && row.message_id.empty()) {
      // Brokers of 4.9 and 5.1 put the key of a whole batch behind those of its messages. The Java client
      // gives all of them that one; here each has the id that its sender was told.
      row.message_id = value;
    } else if (name == wire::property::retry_topic) {
      retry_topic = value;
    }
  }
  if (!part.skipped.contains(offset) && part.queue->subscription->matches(row.tag)) {
    const std::size_t rows = delivery_.rows().size();
    if (rows >= options_.max_rows || (rows > 0 && delivery_.bytes() + body.size() > options_.max_bytes)) {
      return Step::limit;
    }
    row.topic = part.queue->user_topic;
    if (part.queue->is_retry && !retry_topic.empty()) {
      row.topic = delivery_.keep(options_.unwrap_topic(retry_topic));
    }
    row.broker_name = part.queue->queue.broker_name;
    row.queue_id = part.queue->queue.queue_id;
    row.queue_offset = offset;
    row.body = body;
    row.born_time_ms = message.born_timestamp;
    row.store_time_ms = message.store_timestamp;
    row.reconsume_times = message.reconsume_times + segment.failed_here;
    row.properties = message.properties;
    row.stored = record_;
    delivery_.add_row(row, source);
  }
  progress.next = offset + 1;
  ++progress.messages;
  return Step::done;
}

void RowDecoder::give_up(const DeliveryPart& part, Segment& segment, std::int64_t offset,
                         const wire::StoredMessageView& message) {
  // A delivery that was given back is read once more.
  if (offset <= segment.told_up_to) return;
  segment.told_up_to = offset;
  if (++given_up_.given_up > 1) {
    const auto more = static_cast<std::size_t>(given_up_.given_up - 1);
    if (more <= max_named_offsets)
      given_up_.text += (more == 1 ? "; so were " : ", ") + std::to_string(offset);
    return;
  }
  const wire::MessageQueue& queue = part.queue->queue;
  given_up_.place = {options_.unwrap_topic(queue.topic), queue.broker_name, queue.queue_id, offset};
  given_up_.text = "skipped a message of " + to_string(part.queue->queue) + " at offset " +
                   std::to_string(offset) + ", which could not be read twice: " + describe(error_);
  if (message.physical_offset > 0) {
    given_up_.text += "; the broker keeps it at commit-log offset " + std::to_string(message.physical_offset);
  }
  given_up_.text += "; it lies in the reply of offsets " + std::to_string(segment.begin) + " to " +
                    std::to_string(segment.next_begin - 1) +
                    " and can be looked up there until the broker deletes it";
}

}  // namespace

DecodedPart decode_rows(Delivery::Impl& delivery, std::size_t part, const DecodeOptions& options) {
  return RowDecoder(delivery, options).decode(part);
}

}  // namespace rocketmq::client
