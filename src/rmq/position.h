#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "rocketmq/reader.h"

namespace rocketmq::rmq {

/// Reads a place in a topic, as options name it. `now_ms` is the present moment.
///
///   first, last, now    the first stored message, the end, the present moment
///   90s 10m 2h 1d       so long ago; also with a fraction (1.5h), and ms
///   2026-11-28T10:00    a local time; seconds, milliseconds, a blank for the T and a zone (Z, +08:00) may
///                       be given, or only the date, which is its midnight
///   10:00, 10:00:30     a local time of today
///   @1764300000         seconds since the epoch, with up to three decimals
///   1234                an offset
///
/// Throws UsageError that quotes the text.
[[nodiscard]] ReadPosition read_position(std::string_view text, std::int64_t now_ms);

/// The same for a time only: milliseconds since the epoch. `10m` is ago; with `ahead` it is from now on.
[[nodiscard]] std::int64_t read_time(std::string_view text, std::int64_t now_ms, bool ahead = false);

/// Throws UsageError if an offset lies beyond the end of all queues that it is for: mostly it is a time
/// without its @. `end` is the furthest of the queues' ends, `option` what gave the offset.
void check_within(std::string_view option, std::int64_t offset, std::int64_t end, std::string_view topic);

/// A local time as `2026-11-28T10:00:00.123`, which read_position reads.
void append_time(std::string& out, std::int64_t time_ms);
[[nodiscard]] std::string time_text(std::int64_t time_ms);

}  // namespace rocketmq::rmq
