#pragma once

#include <optional>

#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// A temporal scalar with a date, in local time, as milliseconds since the epoch; nothing if it is none.
[[nodiscard]] std::optional<long long> read_local_time(const ConstantSP& value);

/// Reads consumerConfig's consumeTimestamp: a temporal scalar with a date, in local time, or a STRING
/// yyyyMMddHHmmss as for the Java client. Milliseconds since the epoch. Throws ArgumentError.
[[nodiscard]] long long read_consume_timestamp(const ConstantSP& value);

}  // namespace rocketmq::plugin
