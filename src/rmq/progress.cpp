#include "rmq/progress.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

namespace rocketmq::rmq {

Progress::Progress(std::string what)
    : what_(std::move(what)), active_(isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) == 0) {}

Progress::~Progress() {
  if (shown_) (void)std::fputs("\r\x1b[K", stderr);
}

void Progress::update(std::int64_t count) {
  constexpr std::chrono::milliseconds interval{200};
  const auto now = std::chrono::steady_clock::now();
  if (!active_ || now - last_ < interval) return;
  last_ = now;
  shown_ = true;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  (void)std::fprintf(stderr, "\r%lld messages %s, %.0f per second\x1b[K", static_cast<long long>(count),
                     what_.c_str(), static_cast<double>(count) / seconds);
}

}  // namespace rocketmq::rmq
