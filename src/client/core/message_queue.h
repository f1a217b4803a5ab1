#pragma once

#include "wire/message_queue.h"

namespace rocketmq::client {

/// One queue of a topic; the topic's name is the one on the wire, with its namespace.
using wire::MessageQueue;

}  // namespace rocketmq::client
