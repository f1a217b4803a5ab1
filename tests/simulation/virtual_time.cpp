#include "simulation/virtual_time.h"

#include <pthread.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <map>
#include <random>
#include <utility>

namespace rocketmq::simulation {
namespace {

// Later than any interval that the client subtracts from it.
constexpr VirtualTime::Duration beginning = std::chrono::hours(24);

struct State {
  VirtualTime::Duration now = beginning;
  std::uint64_t sequence = 0;
  // Events of one time run in the order in which they were asked for.
  std::map<std::pair<VirtualTime::Duration, std::uint64_t>, std::function<void()>> events;
  std::minstd_rand random;
};

State& state() {
  static State instance;
  return instance;
}

}  // namespace

void VirtualTime::restart(std::uint64_t seed) {
  State& world = state();
  world.events.clear();
  world.now = beginning;
  world.sequence = 0;
  world.random.seed(static_cast<std::minstd_rand::result_type>(seed % 1'000'003U + 1));
}

VirtualTime::Duration VirtualTime::now() noexcept {
  return state().now;
}

std::chrono::milliseconds VirtualTime::now_ms() noexcept {
  return std::chrono::duration_cast<std::chrono::milliseconds>(now());
}

void VirtualTime::after(Duration delay, std::function<void()> event) {
  State& world = state();
  world.events.emplace(std::pair(world.now + std::max(delay, Duration::zero()), ++world.sequence),
                       std::move(event));
}

bool VirtualTime::run_next(Duration limit) {
  State& world = state();
  if (world.events.empty() || world.events.begin()->first.first > limit) {
    world.now = std::max(world.now, limit);
    return false;
  }
  auto event = world.events.extract(world.events.begin());
  world.now = event.key().first;
  event.mapped()();
  return true;
}

}  // namespace rocketmq::simulation

// The client asks the standard library for the time and for a random seed. The program's own definitions come
// before those of the shared library, for everything that is linked here.

std::chrono::steady_clock::time_point std::chrono::steady_clock::now() noexcept {
  return time_point(rocketmq::simulation::VirtualTime::now());
}

std::random_device::result_type std::random_device::_M_getval() {
  return static_cast<result_type>(rocketmq::simulation::state().random());
}

// There is one thread, so whoever would wait for another one has waited in vain.
extern "C" int pthread_cond_clockwait(pthread_cond_t* /*condition*/, pthread_mutex_t* /*mutex*/,
                                      clockid_t /*clock*/, const timespec* /*until*/) {
  return ETIMEDOUT;
}
