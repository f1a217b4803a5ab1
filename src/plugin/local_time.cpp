#include "plugin/local_time.h"

#include <algorithm>

#include "plugin/sdk.h"

namespace rocketmq::plugin {

namespace {

constexpr long long one_day_ms = 24LL * 60 * 60 * 1000;
/// In the year 2262. Nanoseconds since 1970 fit into a LONG up to there.
constexpr long long last_ms = 9'223'000'000'000;

/// How far local time is ahead of UTC at a moment.
long long ahead_ms(long long moment_ms) {
  constexpr long long ns_per_ms = 1'000'000;
  const long long ns = std::clamp(moment_ms, 0LL, last_ms) * ns_per_ms;
  return (Util::toLocalNanoTimestamp(ns) - ns) / ns_per_ms;
}

}  // namespace

// The SDK converts in the other direction only. Clocks are not changed twice within two days, so one of the
// differences a day before and a day after is the right one.
long long moment_of_local_time(long long local_ms) {
  const long long local = std::clamp(local_ms, -one_day_ms, last_ms);
  const auto [small, large] = std::minmax({ahead_ms(local - one_day_ms), ahead_ms(local + one_day_ms)});
  const long long early = local - large;
  const long long late = local - small;
  const bool only_late = ahead_ms(early) != large && ahead_ms(late) == small;
  return only_late ? late : early;
}

}  // namespace rocketmq::plugin
