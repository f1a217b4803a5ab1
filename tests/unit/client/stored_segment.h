#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "client/consumer/process_queue.h"
#include "support/stored_message_encoder.h"
#include "wire/properties.h"
#include "wire/stored_message.h"

namespace rocketmq::client {

struct Text {
  std::string body;
  std::string tag;
  std::string extra;  // Further properties, encoded.
};

/// Stored messages of consecutive offsets, as a broker returns them.
inline Segment segment(std::int64_t begin, const std::vector<Text>& texts, std::int32_t sys_flag = 0) {
  std::string bytes;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::string properties = texts[i].extra;
    if (!texts[i].tag.empty()) {
      EXPECT_EQ(wire::append_property(properties, wire::property::tags, texts[i].tag), Errc::ok);
    }
    wire::StoredMessageView message;
    message.queue_offset = begin + static_cast<std::int64_t>(i);
    message.physical_offset = 1000 + static_cast<std::int64_t>(i);
    message.sys_flag = sys_flag;
    message.topic = "stored-topic";
    message.body = as_bytes(texts[i].body);
    message.properties = properties;
    EXPECT_EQ(wire::append_stored_message(bytes, message), Errc::ok);
  }
  auto storage = std::make_shared<const Bytes>(bytes.begin(), bytes.end());
  const std::int64_t end = begin + static_cast<std::int64_t>(texts.size());
  return {begin, end, {storage, *storage}, texts.size(), false, 0};
}

inline std::vector<Text> texts(int count) {
  std::vector<Text> out;
  for (int i = 0; i < count; ++i)
    out.push_back({"body" + std::to_string(i), "", ""});
  return out;
}

}  // namespace rocketmq::client
