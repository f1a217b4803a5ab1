#pragma once

#include <random>

namespace rocketmq::simulation {

/// Runs what the clients of the simulated world have to do: all their io_contexts on this one thread, a
/// handler at a time, of a client chosen at random. Stands in for the threads of
/// src/client/core/io_threads.cpp.
class SimulatedThreads {
 public:
  /// Until no client has anything to do before the time moves on.
  static void run_ready(std::minstd_rand& random);
};

}  // namespace rocketmq::simulation
