#pragma once

#include "client/client_config.h"
#include "rmq/options.h"

namespace rocketmq::rmq {

/// The client's settings by options and environment. What goes wrong inside the client and is tried again is
/// told on standard error. Throws UsageError.
[[nodiscard]] ClientConfig client_settings(const CommonOptions& options);

}  // namespace rocketmq::rmq
