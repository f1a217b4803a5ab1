#pragma once

#include <cstddef>

#include "client/consumer.h"
#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// A fresh table with one BLOB column `msg` that holds the bodies of [first, first + count) of a delivery,
/// byte for byte. Fresh, because a handler may keep or change what it is given.
[[nodiscard]] TableSP make_message_table(const Delivery& delivery, std::size_t first, std::size_t count);

}  // namespace rocketmq::plugin
