#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/errc.h"
#include "wire/json_value.h"
#include "wire/json_writer.h"
#include "wire/message_queue.h"
#include "wire/reset_offset.h"

namespace rocketmq::wire {

/// Writes a Java Map<MessageQueue, Long> the way fastjson does and expects it: with objects as keys.
void write_queue_offset_map(JsonWriter& writer, std::string_view name,
                            const std::vector<QueueOffset>& offsets);

/// Reads a key of such a map: an object, or in the way of standard writers the text of that object.
[[nodiscard]] Errc read_queue_key(const JsonValue& key, MessageQueue& out);

/// Reads member `name` of a JSON body: that map, the same with the key's JSON as a text, or a list of
/// {topic, brokerName, queueId, offset}.
[[nodiscard]] Errc read_queue_offsets(ByteView body, std::string_view name, std::vector<QueueOffset>& out);

}  // namespace rocketmq::wire
