#pragma once

namespace rocketmq::test {

/// Lets the I/O threads of all clients in this process run short of memory once: their `count`-th allocation
/// of at least 128 bytes from now on fails. Only in programs that are linked with memory_shortage.cpp.
void fail_allocation_of_io_threads(int count);

/// Whether it has come to that.
[[nodiscard]] bool allocation_has_failed();

}  // namespace rocketmq::test
