#include "faults/client/event_log.h"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t and sigwait are POSIX
#include <unistd.h>

#include <cstdlib>
#include <initializer_list>
#include <string_view>

namespace rocketmq::faults {
namespace {

constexpr int exit_without_output = 3;

sigset_t only_sigterm() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

void write_lines(const std::string& lines) {
  for (std::size_t done = 0; done < lines.size();) {
    const ssize_t count = ::write(STDOUT_FILENO, lines.data() + done, lines.size() - done);
    if (count <= 0) std::_Exit(exit_without_output);
    done += static_cast<std::size_t>(count);
  }
}

void write_event(std::initializer_list<std::string> words) {
  std::string line;
  for (std::string word : words) {
    for (char& c : word) {
      if (c == '\t' || c == '\n' || c == '\r') c = ' ';
    }
    if (!line.empty()) line += '\t';
    line += word;
  }
  line += '\n';
  write_lines(line);
}

LogSink log_events() {
  return [](LogLevel level, std::string_view line) {
    if (level < LogLevel::warning) return;
    write_event({"log", std::to_string(now_us()), level == LogLevel::warning ? "warning" : "error",
                 std::string(line)});
  };
}

void block_sigterm() {
  const sigset_t set = only_sigterm();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void wait_for_sigterm() {
  const sigset_t set = only_sigterm();
  int number = 0;
  while (sigwait(&set, &number) != 0) {
  }
}

}  // namespace rocketmq::faults
