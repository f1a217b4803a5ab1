#pragma once

namespace rocketmq::plugin {

/// The last moment that a server's nanoseconds since the epoch can hold, in the year 2262.
inline constexpr long long last_moment_ms = 9'223'000'000'000;

/// How far the server's local time is ahead of UTC at a moment, in milliseconds since the epoch.
[[nodiscard]] long long local_time_ahead_ms(long long moment_ms);

/// The moment, in milliseconds since the epoch, at which clocks of the server show a local time, given as
/// milliseconds since 1970.01.01T00:00 on such a clock. If the clocks are put back and show a time twice, the
/// first of both. If they are put forward and never show it, a moment before that. What lies before 1970 or
/// behind the year 2262 becomes a moment near that border.
[[nodiscard]] long long moment_of_local_time(long long local_ms);

}  // namespace rocketmq::plugin
