#include "plugin/local_time.h"

#include <algorithm>

#include "plugin/sdk.h"

namespace rocketmq::plugin {

namespace {

constexpr long long one_day_ms = 24LL * 60 * 60 * 1000;
}  // namespace

long long local_time_ahead_ms(long long moment_ms) {
  constexpr long long ns_per_ms = 1'000'000;
  const long long ns = std::clamp(moment_ms, 0LL, last_moment_ms) * ns_per_ms;
  return (Util::toLocalNanoTimestamp(ns) - ns) / ns_per_ms;
}

// The SDK converts in the other direction only. Clocks are not changed twice within two days, so one of the
// differences a day before and a day after is the right one.
long long moment_of_local_time(long long local_ms) {
  const long long local = std::clamp(local_ms, -one_day_ms, last_moment_ms);
  const auto [small, large] =
      std::minmax({local_time_ahead_ms(local - one_day_ms), local_time_ahead_ms(local + one_day_ms)});
  const long long early = local - large;
  const long long late = local - small;
  const bool only_late = local_time_ahead_ms(early) != large && local_time_ahead_ms(late) == small;
  return only_late ? late : early;
}

}  // namespace rocketmq::plugin
