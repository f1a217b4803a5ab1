#pragma once

#include <string>

namespace rocketmq::rmq {

/// Asks on the terminal whether to do what was shown. True if the user says yes, or `yes` does. Throws
/// UsageError if there is nobody to ask.
[[nodiscard]] bool confirmed(const std::string& question, bool yes);

}  // namespace rocketmq::rmq
