#include "memory_shortage.h"

#include <pthread.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

/// Asio continues a strand in a destructor, which cannot fail, with less than that. Where not even so much is
/// to be had, the process ends.
constexpr std::size_t smallest = 128;

std::atomic<int> left_to_failure{0};  // 0: none fails.

bool is_io_thread() {
  std::array<char, 16> name{};
  return pthread_getname_np(pthread_self(), name.data(), name.size()) == 0 &&
         std::strcmp(name.data(), "rocketmq-io") == 0;
}

bool fails_now(std::size_t bytes) {
  if (left_to_failure.load() == 0 || bytes < smallest || !is_io_thread()) return false;
  // Only the last step to 0 fails.
  int left = left_to_failure.load();
  while (left > 0 && !left_to_failure.compare_exchange_weak(left, left - 1)) {
  }
  return left == 1;
}

}  // namespace

void rocketmq::test::fail_allocation_of_io_threads(int count) {
  left_to_failure = count;
}

bool rocketmq::test::allocation_has_failed() {
  return left_to_failure == 0;
}

// The other forms call these.
void* operator new(std::size_t bytes) {
  void* const memory = fails_now(bytes) ? nullptr : std::malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t /*bytes*/) noexcept {
  std::free(memory);
}
