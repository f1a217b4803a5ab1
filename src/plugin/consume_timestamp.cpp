#include "plugin/consume_timestamp.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "plugin/argument_error.h"
#include "plugin/local_time.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

constexpr long long second_ms = 1000;
constexpr long long minute_ms = 60 * second_ms;
constexpr long long hour_ms = 60 * minute_ms;
constexpr long long day_ms = 24 * hour_ms;

/// Days from 1970.01.01 to a date; nothing if there is no such date.
std::optional<long long> days_to(int year, unsigned month, unsigned day) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

/// yyyyMMddHHmmss as milliseconds since 1970.01.01T00:00 on the same clock.
std::optional<long long> read_digits(const std::string& text) {
  const auto part = [&text](std::size_t at, std::size_t length) {
    return static_cast<unsigned>(std::stoul(text.substr(at, length)));
  };
  if (text.size() != 14 || text.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  const std::optional<long long> days = days_to(static_cast<int>(part(0, 4)), part(4, 2), part(6, 2));
  const unsigned hour = part(8, 2);
  const unsigned minute = part(10, 2);
  const unsigned second = part(12, 2);
  if (!days || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return *days * day_ms + hour * hour_ms + minute * minute_ms + second * second_ms;
}

/// Milliseconds since 1970.01.01T00:00 on the clock that the value was read from.
std::optional<long long> local_ms_of(const ConstantSP& value) {
  constexpr long long ns_per_ms = 1'000'000;
  constexpr int months_per_year = 12;
  const auto number = [&value] { return value->getLong(); };
  switch (value->getType()) {
    case DT_DATE:
      return number() * day_ms;
    case DT_MONTH:  // Since the year 0.
      if (const auto days = days_to(static_cast<int>(number() / months_per_year),
                                    static_cast<unsigned>(number() % months_per_year) + 1, 1)) {
        return *days * day_ms;
      }
      return std::nullopt;
    case DT_DATEHOUR:
      return number() * hour_ms;
    case DT_DATETIME:
      return number() * second_ms;
    case DT_TIMESTAMP:
      return number();
    case DT_NANOTIMESTAMP:
      return number() / ns_per_ms;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<long long> read_local_time(const ConstantSP& value) {
  if (!value->isScalar() || value->isNull()) return std::nullopt;
  const std::optional<long long> local_ms = local_ms_of(value);
  if (!local_ms) return std::nullopt;
  return std::max(moment_of_local_time(*local_ms), 0LL);
}

long long read_consume_timestamp(const ConstantSP& value) {
  std::optional<long long> local_ms;
  if (value->isScalar() && !value->isNull()) {
    if (is_text_type(value)) {
      const std::string text = value->getString();
      local_ms = read_digits(text);
      if (!local_ms)
        throw ArgumentError("consumeTimestamp " + in_quotes(text) +
                            " is no time of the form yyyyMMddHHmmss.");
    } else {
      local_ms = local_ms_of(value);
    }
  }
  if (!local_ms) {
    throw ArgumentError(
        "consumeTimestamp must be a temporal scalar with a date, or a STRING scalar yyyyMMddHHmmss; given: " +
        describe_value(value) + ".");
  }
  return std::max(moment_of_local_time(*local_ms), 0LL);
}

}  // namespace rocketmq::plugin
