#pragma once

#include <string_view>

#include "rocketmq/consumer.h"
#include "support/stored_message_encoder.h"

namespace rocketmq::plugin::test {

/// A message that has all that tables show. The texts must outlive it.
inline ReceivedMessage full_message(std::string_view body, std::string_view properties) {
  ReceivedMessage message;
  message.topic = "topic1";
  message.broker_name = "broker-a";
  message.queue_id = 3;
  message.queue_offset = 1LL << 40;
  message.body = as_bytes(body);
  message.tag = "tagA";
  message.message_id = "7F000001";
  message.properties = properties;
  message.reconsume_times = 2;
  return message;
}

}  // namespace rocketmq::plugin::test
