#pragma once

#include <optional>
#include <string_view>

#include "rows/column_type.h"
#include "rows/numbers.h"

namespace rocketmq::rows {

/// What a temporal text or number says.
struct Moment {
  bool has_month = false;
  bool has_date = false;  ///< With it, has_month is true, too.
  long long days = 0;     ///< Since 1970.01.01; of a month, its first.
  bool has_time = false;
  long long ns_of_day = 0;
};

/// What an integer counts; it counts from the epoch.
enum class TimeUnit { s, ms, us, ns };

/// The unit of a schema's `format`: "s", "ms", "us" or "ns".
[[nodiscard]] std::optional<TimeUnit> time_unit_of(std::string_view word) noexcept;

/// What a number in a column of this type counts if the schema does not say it; nothing if it has to.
[[nodiscard]] std::optional<TimeUnit> default_unit_of(ColumnType type) noexcept;

/// A date, if it is one; years 1 to 9999.
[[nodiscard]] bool set_date(Moment& moment, long long year, long long month, long long day) noexcept;

/// Moves a moment that is `minutes_ahead` of UTC to UTC. Without a date it stays within the day.
void to_utc(Moment& moment, int minutes_ahead) noexcept;

/// A number of units since the epoch, plus nanoseconds.
[[nodiscard]] Fit instant_of(long long count, TimeUnit unit, long long more_ns, Moment& out) noexcept;

/// The same from text. Fractions down to nanoseconds count: `1700000000.5` with TimeUnit::s.
[[nodiscard]] Fit read_instant(std::string_view number, TimeUnit unit, Moment& out);

/// The forms of DolphinDB (2024.01.02, 2024.01M, 09:30m, 09:30:00.123, 2024.01.02T09:30:00.123456789) and of
/// ISO 8601 (2024-01-02T09:30:00.123+08:00, ...Z), also with '/' in the date and with a blank for the T. A
/// text with a zone becomes UTC, one without stays as written.
[[nodiscard]] Fit read_moment(std::string_view text, Moment& out) noexcept;

/// The value of a temporal column. What is finer than the column is cut off. Fit::wrong: the column needs a
/// date or a time that the moment does not have.
[[nodiscard]] Fit to_column(const Moment& moment, ColumnType type, long long& out) noexcept;

}  // namespace rocketmq::rows
