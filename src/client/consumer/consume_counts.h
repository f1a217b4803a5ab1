#pragma once

#include <chrono>
#include <cstddef>

namespace rocketmq::client {

/// What a consumer has achieved in one topic.
struct ConsumeCounts {
  using Milliseconds = std::chrono::duration<double, std::milli>;

  std::size_t pulls = 0;  ///< That brought messages.
  std::size_t pulled = 0;
  Milliseconds pulling{0};  ///< All of them together, each from its request to its reply.
  std::size_t calls = 0;    ///< Of pollers' handlers.
  std::size_t taken = 0;
  std::size_t failed = 0;
  Milliseconds handling{0};  ///< All calls together.

  ConsumeCounts& operator+=(const ConsumeCounts& more) noexcept {
    pulls += more.pulls;
    pulled += more.pulled;
    pulling += more.pulling;
    calls += more.calls;
    taken += more.taken;
    failed += more.failed;
    handling += more.handling;
    return *this;
  }
};

}  // namespace rocketmq::client
