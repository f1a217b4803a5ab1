#pragma once

#include <cstddef>
#include <string>

namespace rocketmq::bench {

/// Body number `index`: its number first, then letters up to `bytes`. Bodies differ from each other, and all
/// clients send the same ones. Shorter than its number, it is cut.
[[nodiscard]] std::string make_body(std::size_t index, std::size_t bytes);

}  // namespace rocketmq::bench
