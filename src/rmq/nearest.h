#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rocketmq::rmq {

/// `; did you mean 'x'?` for the name that is nearest to a word, or nothing if none is near.
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string>& names);

}  // namespace rocketmq::rmq
