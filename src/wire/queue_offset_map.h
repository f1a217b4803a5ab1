#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/errc.h"
#include "wire/json_writer.h"
#include "wire/reset_offset.h"

namespace rocketmq::wire {

/// Writes a Java Map<MessageQueue, Long> the way fastjson does and expects it: with objects as keys.
void write_queue_offset_map(JsonWriter& writer, std::string_view name,
                            const std::vector<QueueOffset>& offsets);

/// Reads member `name` of a JSON body: that map, the same with the key's JSON as a text, or a list of
/// {topic, brokerName, queueId, offset}.
[[nodiscard]] Errc read_queue_offsets(ByteView body, std::string_view name, std::vector<QueueOffset>& out);

}  // namespace rocketmq::wire
