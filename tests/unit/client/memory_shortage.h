#pragma once

namespace rocketmq::test {

/// Lets the I/O threads of all clients in this process run short of memory once: their `count`-th allocation
/// of at least 128 bytes from now on fails. Only in programs that are linked with memory_shortage.cpp.
void fail_allocation_of_io_threads(int count);

/// Ends that, and says whether it has come to it.
[[nodiscard]] bool stop_failing_allocations();

}  // namespace rocketmq::test
