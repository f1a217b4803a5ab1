#include "plugin/call_pacing.h"

#include <cstddef>

namespace rocketmq::plugin {

namespace {

/// Every wait has a deadline; this one only bounds how long a lost wake-up could go unnoticed.
constexpr std::chrono::seconds idle_wait{10};

/// What a call gets at most without asyncPull. So much stays in a processor's cache until the handler has
/// copied it, and handlers that cost a millisecond a call still keep up with a gigabyte a second.
constexpr std::size_t sync_call_bytes = std::size_t{1} << 20;

}  // namespace

CallPacing::CallPacing(const HandlerOptions& options)
    : options_(options),
      throttle_(std::chrono::duration_cast<std::chrono::steady_clock::duration>(
          std::chrono::duration<double, std::milli>(options.throttle_ms))) {}

PollLimits CallPacing::next(TimePoint now) const {
  PollLimits limits;
  limits.deadline = now + idle_wait;
  if (!options_.async_pull) {
    limits.max_bytes = sync_call_bytes;
    return limits;
  }
  limits.max_rows = static_cast<std::size_t>(options_.batch_size);
  const TimePoint due = last_call_ + throttle_;
  if (last_call_ != TimePoint{} && now < due) {
    limits.min_rows = limits.max_rows;
    limits.deadline = due;
  }
  return limits;
}

void CallPacing::called(TimePoint now) {
  last_call_ = now;
}

}  // namespace rocketmq::plugin
