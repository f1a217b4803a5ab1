#pragma once

#include <string>

namespace rocketmq::plugin {

/// 128 random bits as 32 hexadecimal digits in the groups of a UUID (version 4). Never an address, never
/// reused, not guessable.
[[nodiscard]] std::string make_unique_id();

}  // namespace rocketmq::plugin
