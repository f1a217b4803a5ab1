#include "rmq/position.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <ctime>
#include <limits>
#include <optional>

#include "base/text.h"
#include "rmq/usage_error.h"

namespace rocketmq::rmq {

namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t hour_ms = 60 * minute_ms;
constexpr std::int64_t day_ms = 24 * hour_ms;
/// Beyond every message: 30,000 years.
constexpr double longest_ms = 1e15;

[[noreturn]] void refuse(std::string_view text, bool offsets) {
  throw UsageError("'" + printable(text, 64) + "' is no time" + (offsets ? " and no offset" : "") +
                   ": give 10m, 2026-11-28T10:00, 10:00 or @1764300000" +
                   (offsets ? ", first, last or an offset" : ""));
}

std::optional<double> read_number(std::string_view text) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0)) return std::nullopt;
  return value;
}

/// `10m` and the like, in milliseconds.
std::optional<std::int64_t> read_duration(std::string_view text) {
  const std::size_t unit_at = text.find_first_not_of("0123456789.");
  if (unit_at == 0 || unit_at == std::string_view::npos) return std::nullopt;
  const std::string_view unit = text.substr(unit_at);
  const auto number = read_number(text.substr(0, unit_at));
  std::int64_t unit_ms = 0;
  if (unit == "ms") unit_ms = 1;
  if (unit == "s") unit_ms = 1000;
  if (unit == "m" || unit == "min") unit_ms = minute_ms;
  if (unit == "h") unit_ms = hour_ms;
  if (unit == "d") unit_ms = day_ms;
  if (unit == "w") unit_ms = 7 * day_ms;
  if (!number || unit_ms == 0) return std::nullopt;
  const double whole = *number * static_cast<double>(unit_ms);
  return whole > longest_ms ? std::nullopt : std::optional(static_cast<std::int64_t>(std::llround(whole)));
}

/// Goes through a text of numbers and signs.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  /// A number of exactly so many digits.
  [[nodiscard]] std::optional<int> number(std::size_t digits) {
    int value = 0;
    if (rest_.size() < digits) return std::nullopt;
    for (std::size_t i = 0; i < digits; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return std::nullopt;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  [[nodiscard]] bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// One to three decimals, as milliseconds.
  [[nodiscard]] std::optional<int> milliseconds() {
    int value = 0;
    std::size_t digits = 0;
    for (; digits < 3 && digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits)
      value = value * 10 + (rest_[digits] - '0');
    if (digits == 0) return std::nullopt;
    rest_.remove_prefix(digits);
    for (; digits < 3; ++digits)
      value *= 10;
    return value;
  }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

 private:
  std::string_view rest_;
};

struct DayTime {
  int hour = 0;
  int minute = 0;
  int second = 0;
  int millisecond = 0;
};

std::optional<DayTime> read_day_time(Scanner& scanner) {
  DayTime time;
  const auto hour = scanner.number(2);
  if (!hour || !scanner.take(':')) return std::nullopt;
  const auto minute = scanner.number(2);
  if (!minute) return std::nullopt;
  time.hour = *hour;
  time.minute = *minute;
  if (scanner.take(':')) {
    const auto second = scanner.number(2);
    if (!second) return std::nullopt;
    time.second = *second;
    if (scanner.take('.')) {
      const auto fraction = scanner.milliseconds();
      if (!fraction) return std::nullopt;
      time.millisecond = *fraction;
    }
  }
  if (time.hour > 23 || time.minute > 59 || time.second > 60) return std::nullopt;
  return time;
}

/// A zone in milliseconds east of Greenwich.
std::optional<std::int64_t> read_zone(Scanner& scanner) {
  if (scanner.take('Z')) return 0;
  const bool east = scanner.take('+');
  if (!east && !scanner.take('-')) return std::nullopt;
  const auto hours = scanner.number(2);
  if (!hours) return std::nullopt;
  const bool colon = scanner.take(':');
  const auto minutes = scanner.at_end() && !colon ? std::optional(0) : scanner.number(2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::int64_t zone = *hours * hour_ms + *minutes * minute_ms;
  return east ? zone : -zone;
}

std::int64_t local_to_ms(std::tm local, int millisecond) {
  local.tm_isdst = -1;
  const std::time_t seconds = std::mktime(&local);
  return static_cast<std::int64_t>(seconds) * 1000 + millisecond;
}

std::tm local_of(std::int64_t time_ms) {
  // Also times before 1970 have milliseconds that are not negative.
  const auto seconds = static_cast<std::time_t>(time_ms >= 0 ? time_ms / 1000 : (time_ms - 999) / 1000);
  std::tm local{};
  localtime_r(&seconds, &local);
  return local;
}

void set_day_time(std::tm& local, const DayTime& time) {
  local.tm_hour = time.hour;
  local.tm_min = time.minute;
  local.tm_sec = time.second;
}

/// `2026-11-28`, `2026-11-28T10:00:00.123Z` and what lies between.
std::optional<std::int64_t> read_date(std::string_view text) {
  Scanner scanner(text);
  const auto year = scanner.number(4);
  if (!year || !scanner.take('-')) return std::nullopt;
  const auto month = scanner.number(2);
  if (!month || !scanner.take('-')) return std::nullopt;
  const auto day = scanner.number(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  DayTime time;
  if (scanner.take('T') || scanner.take(' ')) {
    const auto read = read_day_time(scanner);
    if (!read) return std::nullopt;
    time = *read;
    if (!scanner.at_end()) {
      const auto zone = read_zone(scanner);
      if (!zone || !scanner.at_end()) return std::nullopt;
      const auto midnight = std::chrono::sys_days(date).time_since_epoch();
      return std::chrono::duration_cast<std::chrono::milliseconds>(midnight).count() + time.hour * hour_ms +
             time.minute * minute_ms + std::int64_t{time.second} * 1000 + time.millisecond - *zone;
    }
  }
  if (!scanner.at_end()) return std::nullopt;
  std::tm local{};
  local.tm_year = *year - 1900;
  local.tm_mon = *month - 1;
  local.tm_mday = *day;
  set_day_time(local, time);
  return local_to_ms(local, time.millisecond);
}

std::optional<std::int64_t> read_today(std::string_view text, std::int64_t now_ms) {
  Scanner scanner(text);
  const auto time = read_day_time(scanner);
  if (!time || !scanner.at_end()) return std::nullopt;
  std::tm local = local_of(now_ms);
  set_day_time(local, *time);
  return local_to_ms(local, time->millisecond);
}

std::optional<std::int64_t> read_epoch(std::string_view text) {
  if (!text.starts_with('@')) return std::nullopt;
  const auto seconds = read_number(text.substr(1));
  if (!seconds || *seconds * 1000 > longest_ms) return std::nullopt;
  return static_cast<std::int64_t>(std::llround(*seconds * 1000));
}

std::optional<std::int64_t> try_time(std::string_view text, std::int64_t now_ms, bool ahead) {
  if (text == "now") return now_ms;
  if (const auto duration = read_duration(text)) return ahead ? now_ms + *duration : now_ms - *duration;
  if (const auto date = read_date(text)) return date;
  if (const auto today = read_today(text, now_ms)) return today;
  return read_epoch(text);
}

}  // namespace

ReadPosition read_position(std::string_view text, std::int64_t now_ms) {
  if (text == "first") return {ReadPosition::Kind::first, 0};
  if (text == "last") return {ReadPosition::Kind::last, 0};
  if (const auto time = try_time(text, now_ms, false)) return {ReadPosition::Kind::time, *time};
  std::int64_t offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (error != std::errc() || end != text.data() + text.size() || offset < 0) refuse(text, true);
  return {ReadPosition::Kind::offset, offset};
}

std::int64_t read_time(std::string_view text, std::int64_t now_ms, bool ahead) {
  const auto time = try_time(text, now_ms, ahead);
  if (!time) refuse(text, false);
  return *time;
}

void check_within(std::string_view option, std::int64_t offset, std::int64_t end, std::string_view topic) {
  if (offset <= end) return;
  const std::string number = std::to_string(offset);
  std::string text = std::string(option) + " " + number + ": no queue of topic '" + std::string(topic) +
                     "' goes as far; the furthest ends at " + std::to_string(end);
  // Seconds and milliseconds since the epoch, from 2001 to 2286.
  const std::size_t digits = number.size();
  if (digits == 10) text += ". A time in seconds is @" + number + ", which is " + time_text(offset * 1000);
  if (digits == 13) {
    text += ". A time is in seconds: @" + number.substr(0, 10) + "." + number.substr(10) + ", which is " +
            time_text(offset);
  }
  throw UsageError(text);
}

void append_time(std::string& out, std::int64_t time_ms) {
  // Asking the system for the local time takes long, and messages of one second follow each other.
  thread_local std::int64_t known_second = std::numeric_limits<std::int64_t>::min();
  thread_local std::array<char, 32> known{};
  thread_local std::size_t length = 0;
  const std::int64_t second = time_ms >= 0 ? time_ms / 1000 : (time_ms - 999) / 1000;
  if (second != known_second) {
    const std::tm local = local_of(time_ms);
    length = std::strftime(known.data(), known.size(), "%Y-%m-%dT%H:%M:%S", &local);
    known_second = second;
  }
  out.append(known.data(), length);
  const auto millisecond = static_cast<int>(time_ms - second * 1000);
  out += '.';
  out += static_cast<char>('0' + millisecond / 100);
  out += static_cast<char>('0' + millisecond / 10 % 10);
  out += static_cast<char>('0' + millisecond % 10);
}

std::string time_text(std::int64_t time_ms) {
  std::string text;
  append_time(text, time_ms);
  return text;
}

}  // namespace rocketmq::rmq
