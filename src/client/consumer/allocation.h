#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/message_queue.h"

namespace rocketmq::client {

using wire::MessageQueue;

/// The share of `self` in the queues of a topic, by RocketMQ's default strategy AVG: contiguous runs of
/// the sorted queues, one for each of the sorted clientIds, the first ones longer by one if it does not
/// divide. Every member of a group computes this on its own, so it must be the same everywhere: input is
/// sorted here and repeated entries count once.
///
/// Nothing if `self` is not among `client_ids`: the broker does not know this client (yet), so nothing
/// can be said about its share. An empty share means that there are more clients than queues.
/// Source: AllocateMessageQueueAveragely.
[[nodiscard]] std::optional<std::vector<MessageQueue>> allocate_average(std::vector<MessageQueue> queues,
                                                                        std::vector<std::string> client_ids,
                                                                        std::string_view self);

}  // namespace rocketmq::client
