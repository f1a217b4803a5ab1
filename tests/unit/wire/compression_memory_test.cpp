// Not in builds with a sanitizer, whose memory cannot be limited like this.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <new>
#include <random>
#include <string>

#include "wire/compression.h"

namespace rocketmq::wire {
namespace {

/// Leaves this process no memory for anything large: neither from the system, nor what was freed before.
void use_up_memory() {
  std::ifstream statm("/proc/self/statm");
  rlim_t pages = 0;
  statm >> pages;
  const rlim_t bytes = pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + (rlim_t{1} << 20);
  const rlimit limit{bytes, bytes};
  if (pages == 0 || ::setrlimit(RLIMIT_AS, &limit) != 0) std::_Exit(2);
  constexpr std::size_t large = 256U << 10;
  void* volatile last = nullptr;
  do
    last = std::malloc(large);
  while (last != nullptr);
}

[[noreturn]] void decompress_without_memory(Compression compression, const std::string& packed) {
  std::string out;
  out.reserve(4U << 20);
  use_up_memory();
  try {
    std::_Exit(decompress(compression, as_bytes(packed), 64U << 20, out) == Errc::ok ? 3 : 1);
  } catch (const std::bad_alloc&) {
    std::_Exit(0);
  }
}

// A body that counts as damaged twice is skipped, so this would lose messages.
TEST(CompressionDeathTest, MemoryThatRunsOutIsNotTakenForADamagedBody) {
  std::minstd_rand random(1);
  std::string noise(std::size_t{16} << 20, '\0');
  for (char& c : noise)
    c = static_cast<char>(random() >> 8);
  std::string packed;
  ASSERT_EQ(compress(Compression::zstd, 9, as_bytes(noise), packed), Errc::ok);
  EXPECT_EXIT(decompress_without_memory(Compression::zstd, packed), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace rocketmq::wire
