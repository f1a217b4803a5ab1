#include "client/producer/producer_check.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "wire/frame.h"
#include "wire/names.h"

namespace rocketmq::client {

namespace {

/// Room for a request's header and properties beside a body within one frame.
constexpr std::size_t max_body_bytes = wire::max_frame_bytes - (64U << 10);

void check_positive(int value, const char* name) {
  if (value > 0) return;
  throw Error(Errc::invalid_argument,
              std::string(name) + " must be greater than 0, not " + std::to_string(value));
}

}  // namespace

void check_bodies(std::span<const std::string_view> bodies, const ProducerConfig& config) {
  const std::size_t limit = std::min(static_cast<std::size_t>(config.max_message_bytes), max_body_bytes);
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const std::size_t size = bodies[i].size();
    if (size == 0) {
      throw Error(Errc::empty_message,
                  "message " + std::to_string(i) + " is empty; RocketMQ stores no message without a body");
    }
    if (size > limit) {
      throw Error(Errc::message_too_large, "message " + std::to_string(i) + " has " + std::to_string(size) +
                                               " bytes, more than the limit of " + std::to_string(limit) +
                                               "; nothing was sent");
    }
  }
}

void check_producer_config(const ProducerConfig& config) {
  // First, because the group's name has it in front.
  if (!config.client.name_space.empty()) throw_if(wire::check_namespace(config.client.name_space));
  throw_if(wire::check_producer_group(wire::wrap_namespace(config.client.name_space, config.group)));
  check_positive(config.send_timeout_ms, "send_timeout_ms");
  check_positive(config.max_attempts, "max_attempts");
  check_positive(config.compress_over_bytes, "compress_over_bytes");
  check_positive(config.max_message_bytes, "max_message_bytes");
  if (config.compress_level < 1 || config.compress_level > 9) {
    throw Error(Errc::invalid_argument,
                "compress_level must be from 1 to 9, not " + std::to_string(config.compress_level));
  }
}

}  // namespace rocketmq::client
