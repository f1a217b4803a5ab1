#pragma once

#include <string>

#include "rmq/options.h"
#include "rocketmq/client_config.h"

namespace rocketmq::rmq {

/// The client's settings by options and environment. Throws UsageError. What goes wrong inside the client and
/// is tried again is told on standard error if `tell_warnings`, or by --verbose; a command that fails says
/// why by itself.
[[nodiscard]] ClientConfig client_settings(const CommonOptions& options, bool tell_warnings = false);

/// The library's texts name an option of DolphinDB's plugin where credentials may be wrong; this names ours.
[[nodiscard]] std::string in_our_words(std::string text);

}  // namespace rocketmq::rmq
