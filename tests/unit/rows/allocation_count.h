#pragma once

#include <cstddef>

namespace rocketmq::rows::test {

/// How often this process has allocated. Only in programs that are linked with allocation_count.cpp.
[[nodiscard]] std::size_t allocation_count();

}  // namespace rocketmq::rows::test
