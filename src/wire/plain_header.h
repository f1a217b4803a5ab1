#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/command.h"

namespace rocketmq::wire {

/// Reads a JSON header that has the form in which RocketMQ's servers write it: no blanks, no escapes, numbers
/// and texts only, nothing twice. That is several times quicker than to build a tree of it first. Gives
/// nothing for every other text, which the lenient reader has to decide on; what both can read they read
/// alike. `language` says what the name of a language stands for.
[[nodiscard]] std::optional<Command> read_plain_header(std::string_view text,
                                                       std::uint8_t (*language)(std::string_view name));

}  // namespace rocketmq::wire
