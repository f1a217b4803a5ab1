#pragma once

#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// Reads consumerConfig's consumeTimestamp: a temporal scalar with a date, in local time, or a STRING
/// yyyyMMddHHmmss as for the Java client. Milliseconds since the epoch. Throws ArgumentError.
[[nodiscard]] long long read_consume_timestamp(const ConstantSP& value);

}  // namespace rocketmq::plugin
