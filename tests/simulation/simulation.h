#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace rocketmq::simulation {

struct Outcome {
  std::string problem;  ///< Empty where every promise held.
  std::size_t stored = 0;
  std::size_t delivered = 0;
  std::size_t committed = 0;
};

/// One run: brokers, producers and consumers for some minutes of virtual time, with faults that follow from
/// the seed; then without, until everything is finished and closed. `log` gets the lines of the clients and
/// what happens to them; it may be empty.
[[nodiscard]] Outcome simulate(std::uint64_t seed, const std::function<void(const std::string& line)>& log);

}  // namespace rocketmq::simulation
