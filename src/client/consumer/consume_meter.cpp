#include "client/consumer/consume_meter.h"

#include <algorithm>

namespace rocketmq::client {

std::int64_t ConsumeMeter::period_of(TimePoint now) const {
  return std::max<std::int64_t>((now - start_) / period, 0);
}

ConsumeMeter::Sums& ConsumeMeter::at(TimePoint now) {
  const std::int64_t number = period_of(now);
  Sums& sums = ring_[static_cast<std::size_t>(number) % ring_.size()];
  if (sums.period != number) {
    sums = {};
    sums.period = number;
  }
  return sums;
}

void ConsumeMeter::pulled(std::size_t messages, Milliseconds took, TimePoint now) {
  const std::lock_guard lock(mutex_);
  Sums& sums = at(now);
  ++sums.pulls;
  sums.pulled += messages;
  sums.pulling += took;
}

void ConsumeMeter::handled(std::size_t taken, std::size_t failed, Milliseconds took, TimePoint now) {
  const std::lock_guard lock(mutex_);
  Sums& sums = at(now);
  ++sums.calls;
  sums.taken += taken;
  sums.failed += failed;
  sums.handling += took;
}

ConsumeMeter::Rates ConsumeMeter::rates(TimePoint now) const {
  const std::lock_guard lock(mutex_);
  const std::int64_t present = period_of(now);
  Sums minute;
  Rates rates;
  for (const Sums& sums : ring_) {
    if (sums.period < 0 || sums.period + static_cast<std::int64_t>(ring_.size()) <= present) continue;
    rates.failures += static_cast<std::int64_t>(sums.failed);
    if (sums.period + static_cast<std::int64_t>(periods_a_minute) <= present) continue;
    minute.pulls += sums.pulls;
    minute.pulled += sums.pulled;
    minute.calls += sums.calls;
    minute.taken += sums.taken;
    minute.failed += sums.failed;
    minute.pulling += sums.pulling;
    minute.handling += sums.handling;
  }
  // The present period is not over yet.
  const auto first = std::max<std::int64_t>(present - static_cast<std::int64_t>(periods_a_minute) + 1, 0);
  const std::chrono::duration<double> measured = now - (start_ + first * period);
  const double seconds = std::max(measured.count(), 1.0);
  const auto average = [](Milliseconds sum, std::size_t count) {
    return count == 0 ? 0 : sum.count() / static_cast<double>(count);
  };
  rates.pull_ms = average(minute.pulling, minute.pulls);
  rates.pulled = static_cast<double>(minute.pulled) / seconds;
  rates.handle_ms = average(minute.handling, minute.calls);
  rates.taken = static_cast<double>(minute.taken) / seconds;
  rates.failed = static_cast<double>(minute.failed) / seconds;
  return rates;
}

}  // namespace rocketmq::client
