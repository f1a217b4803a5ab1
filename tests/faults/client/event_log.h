#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "rocketmq/log.h"

namespace rocketmq::faults {

/// Microseconds of the clock that all processes of a machine share, so that events of several can be
/// compared.
[[nodiscard]] std::int64_t now_us();

/// Writes a line of words, tabs between them, to standard output: in one step, so that lines of several
/// threads do not mix and a process that is killed leaves whole lines. A tab or line break in a word becomes
/// a blank.
void write_event(std::initializer_list<std::string> words);

/// Writes lines that are already made; each must end with a line break.
void write_lines(const std::string& lines);

/// Writes what a client logs as events `log LEVEL TEXT`, warnings and errors only.
[[nodiscard]] LogSink log_events();

/// Waits for SIGTERM, which every thread of the process must have blocked: see block_sigterm.
void wait_for_sigterm();
void block_sigterm();

}  // namespace rocketmq::faults
