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
  Sums& sums = at(now);
  ++sums.pulls;
  sums.pulled += messages;
  sums.pulling += took;
}

void ConsumeMeter::handled(const Handled& calls, TimePoint now) {
  if (calls.calls > 0) at(now).handled += calls;
}

ConsumeMeter::Rates ConsumeMeter::rates(TimePoint now) const {
  const std::int64_t present = period_of(now);
  Sums minute;
  Rates rates;
  for (const Sums& sums : ring_) {
    if (sums.period < 0 || sums.period + static_cast<std::int64_t>(ring_.size()) <= present) continue;
    rates.failures += static_cast<std::int64_t>(sums.handled.failed);
    if (sums.period + static_cast<std::int64_t>(periods_a_minute) <= present) continue;
    minute.pulls += sums.pulls;
    minute.pulled += sums.pulled;
    minute.pulling += sums.pulling;
    minute.handled += sums.handled;
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
  rates.handle_ms = average(minute.handled.took, minute.handled.calls);
  rates.taken = static_cast<double>(minute.handled.taken) / seconds;
  rates.failed = static_cast<double>(minute.handled.failed) / seconds;
  return rates;
}

}  // namespace rocketmq::client
