#pragma once

#include <string_view>
#include <vector>

#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// The bodies in a STRING, SYMBOL or BLOB scalar or vector, byte for byte and not copied: the views live as
/// long as `data` is neither changed nor freed. Throws ArgumentError for other types and forms, and for a
/// NULL or empty element, naming its index: RocketMQ stores no empty body.
[[nodiscard]] std::vector<std::string_view> read_bodies(const ConstantSP& data);

}  // namespace rocketmq::plugin
