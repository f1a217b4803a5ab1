#pragma once

#include <span>

#include "client/consumer.h"
#include "plugin/message_columns.h"
#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// A fresh table with a row for each message and the columns of `format` in their order. Bodies are copied
/// byte for byte; what a message does not have is NULL. Fresh, because a handler may keep or change what it
/// is given.
[[nodiscard]] TableSP make_message_table(const MessageTableFormat& format,
                                         std::span<const ReceivedMessage> messages);

}  // namespace rocketmq::plugin
