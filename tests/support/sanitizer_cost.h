#pragma once

#include <cstddef>

// GCC tells of its sanitizers by macros, Clang by features.
#if defined(__SANITIZE_THREAD__)
#define ROCKETMQ_TEST_THREAD_SANITIZER 1
#elif defined(__SANITIZE_ADDRESS__)
#define ROCKETMQ_TEST_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ROCKETMQ_TEST_THREAD_SANITIZER 1
#elif __has_feature(address_sanitizer)
#define ROCKETMQ_TEST_ADDRESS_SANITIZER 1
#endif
#endif

namespace rocketmq::test {

/// What a build with a sanitizer costs. A test that bounds a time, or is patient for a time, multiplies it by
/// `time_factor`; one that bounds memory multiplies by `memory_factor` and adds `memory_offset_kib`. Both are
/// 1, and the offset 0, in every other build: what is asserted there stays as strict as it is written.
///
/// From the manuals of the sanitizers: AddressSanitizer makes code about 2 times slower and keeps up to 256
/// MiB of freed memory from reuse, ThreadSanitizer makes it 5 to 15 times slower and needs 5 to 10 times the
/// memory. Much of a test's time is the broker's, which is as fast as ever, so the factors are at the lower
/// end.
#if defined(ROCKETMQ_TEST_THREAD_SANITIZER)
inline constexpr int time_factor = 5;
inline constexpr std::size_t memory_factor = 5;
inline constexpr std::size_t memory_offset_kib = 0;
#elif defined(ROCKETMQ_TEST_ADDRESS_SANITIZER)
inline constexpr int time_factor = 3;
inline constexpr std::size_t memory_factor = 2;
inline constexpr std::size_t memory_offset_kib = 256U * 1024U;
#else
inline constexpr int time_factor = 1;
inline constexpr std::size_t memory_factor = 1;
inline constexpr std::size_t memory_offset_kib = 0;
#endif

/// The bound of a memory, in KiB, for the present build.
[[nodiscard]] constexpr std::size_t bound_kib(std::size_t kib) {
  return kib * memory_factor + memory_offset_kib;
}

}  // namespace rocketmq::test
