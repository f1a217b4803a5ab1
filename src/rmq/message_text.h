#pragma once

#include <string>
#include <string_view>

#include "rocketmq/consumer.h"

namespace rocketmq::rmq {

/// Appends a text so that a record stays one line and a terminal is safe: control characters become \n, \t,
/// \r or \xNN. Other bytes stay as they are.
void append_visible(std::string& out, std::string_view text);

/// Appends a message as a JSON object. A body that is no UTF-8 is given as `bodyBase64` in place of `body`.
void append_message_json(std::string& out, const ReceivedMessage& message);

/// Its user's properties as a JSON object. A name that is repeated is given once, with its last value.
void append_properties(std::string& out, const ReceivedMessage& message);

}  // namespace rocketmq::rmq
