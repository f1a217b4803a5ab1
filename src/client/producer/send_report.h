#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rocketmq/producer.h"

namespace rocketmq::client {

/// Orders the ranges of a send, fills the gaps with `missing` as not stored, and joins neighbours that have
/// the same fate. The result covers [0, total).
[[nodiscard]] std::vector<SendRange> complete_ranges(std::vector<SendRange> ranges, std::size_t total,
                                                     const Failure& missing);

/// The failure of a send that is not wholly stored, in words: how many messages are stored, which one failed
/// first and why, which ranges may be stored although no answer says so, and which are not. What is in none
/// of the listed ranges is stored; at most 16 ranges of a kind are listed. The code is send_failed, or the
/// cause's if that one says what to do: closed, topic_not_found, no_queue, no_name_server,
/// message_too_large.
[[nodiscard]] Failure describe_send(std::string_view topic, const std::vector<SendRange>& ranges,
                                    std::size_t queues_tried);

}  // namespace rocketmq::client
