#pragma once

#include <random>

namespace rocketmq::simulation {

/// Runs what the clients of the simulated world have to do: all their loops on this one thread, a handler at
/// a time, of a client chosen at random.
class SimulatedLoops {
 public:
  /// Until no client has anything to do before the time moves on.
  static void run_ready(std::minstd_rand& random);
};

}  // namespace rocketmq::simulation
