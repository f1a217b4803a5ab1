#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/bodies.h"
#include "wire/command.h"

namespace rocketmq::bench {

/// The header of a batch send, as the producer makes it.
[[nodiscard]] wire::Command send_header();

/// The broker's reply to a batch of `messages`: its msgId names every one of them.
[[nodiscard]] wire::Command send_reply(std::size_t messages);

/// The header of the broker's reply to a pull.
[[nodiscard]] wire::Command pull_reply();

/// A pull reply's body: `messages` stored messages with the properties that clients and brokers write.
[[nodiscard]] std::string stored_messages(std::size_t messages, std::size_t body_bytes);

/// Bodies and views of them, as the plugin hands them to the producer.
struct BodyList {
  BodyList(std::size_t count, const BodyShape& shape);
  BodyList(std::size_t count, std::size_t bytes) : BodyList(count, BodyShape{BodyKind::text, bytes}) {}

  std::vector<std::string> texts;
  std::vector<std::string_view> views;
};

}  // namespace rocketmq::bench
