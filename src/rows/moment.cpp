#include "rows/moment.h"

#include <array>
#include <charconv>
#include <chrono>
#include <climits>
#include <cstddef>
#include <string>
#include <system_error>

#include "base/text.h"

namespace rocketmq::rows {

namespace {

constexpr long long ns_per_s = 1'000'000'000;
constexpr long long ns_per_ms = 1'000'000;
constexpr long long s_per_day = 86'400;
constexpr long long ns_per_minute = 60 * ns_per_s;
constexpr long long ns_per_day = s_per_day * ns_per_s;
// 0001.01.01 and 9999.12.31.
constexpr long long min_days = -719'162;
constexpr long long max_days = 2'932'896;
/// In the order of TimeUnit.
constexpr std::array<long long, 4> units_per_s{1, 1000, 1'000'000, ns_per_s};

long long floor_divide(long long value, long long by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

/// Reads a text from its begin; what does not match leaves it where it is.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return text_.empty(); }
  [[nodiscard]] char peek() const { return text_.empty() ? '\0' : text_.front(); }

  bool take(char c) {
    if (peek() != c || text_.empty()) return false;
    text_.remove_prefix(1);
    return true;
  }

  /// Exactly `count` digits.
  bool take_digits(std::size_t count, long long& out) {
    if (text_.size() < count) return false;
    long long value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(text_[i])) return false;
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    out = value;
    return true;
  }

  /// One or two digits.
  bool take_up_to_two(long long& out) { return take_digits(2, out) || take_digits(1, out); }

  /// One to nine digits after a point, as nanoseconds.
  bool take_fraction(long long& ns) {
    long long value = 0;
    int digits = 0;
    for (; digits < 9 && is_digit(peek()); ++digits) {
      value = value * 10 + (peek() - '0');
      text_.remove_prefix(1);
    }
    if (digits == 0 || is_digit(peek())) return false;
    for (; digits < 9; ++digits)
      value *= 10;
    ns = value;
    return true;
  }

 private:
  std::string_view text_;
};

/// yyyy.MM.dd or, for a month, yyyy.MM and yyyy.MMM, with one of ". - /" between.
bool read_date(Scanner& in, Moment& out) {
  long long year = 0;
  long long month = 0;
  long long day = 1;
  if (!in.take_digits(4, year)) return false;
  const char separator = in.peek();
  if (separator != '.' && separator != '-' && separator != '/') return false;
  in.take(separator);
  if (!in.take_up_to_two(month)) return false;
  const bool is_month = in.take('M') || in.at_end();
  if (!is_month && (!in.take(separator) || !in.take_up_to_two(day))) return false;
  if (!set_date(out, year, month, day)) return false;
  out.has_date = !is_month;
  return true;
}

/// HH:mm, HH:mmm (a MINUTE), HH:mm:ss and HH:mm:ss.fraction.
bool read_time(Scanner& in, Moment& out) {
  long long hour = 0;
  long long minute = 0;
  long long second = 0;
  long long ns = 0;
  if (!in.take_up_to_two(hour) || !in.take(':') || !in.take_digits(2, minute)) return false;
  if (in.take(':')) {
    if (!in.take_digits(2, second)) return false;
    if ((in.take('.') || in.take(',')) && !in.take_fraction(ns)) return false;
  } else {
    in.take('m');
  }
  if (hour > 23 || minute > 59 || second > 59) return false;
  out.has_time = true;
  out.ns_of_day = ((hour * 60 + minute) * 60 + second) * ns_per_s + ns;
  return true;
}

/// Z, +08:00, +0800 or +08 at the end.
bool read_zone(Scanner& in, Moment& out) {
  if (in.take('Z') || in.take('z')) return true;
  const bool west = in.peek() == '-';
  if (!in.take('+') && !in.take('-')) return false;
  long long hours = 0;
  long long minutes = 0;
  if (!in.take_digits(2, hours)) return false;
  if ((in.take(':') || !in.at_end()) && !in.take_digits(2, minutes)) return false;
  if (hours > 18 || minutes > 59) return false;
  const int ahead = static_cast<int>(hours * 60 + minutes);
  to_utc(out, west ? -ahead : ahead);
  return true;
}

bool fits_int(long long value) {
  return value > INT_MIN && value <= INT_MAX;
}

long long month_of(long long days) {
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(static_cast<std::chrono::days::rep>(days)))};
  return static_cast<int>(date.year()) * 12LL + static_cast<unsigned>(date.month()) - 1;
}

}  // namespace

std::optional<TimeUnit> time_unit_of(std::string_view word) noexcept {
  constexpr std::array<std::string_view, 4> words{"s", "ms", "us", "ns"};
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == word) return static_cast<TimeUnit>(i);
  }
  return std::nullopt;
}

std::optional<TimeUnit> default_unit_of(ColumnType type) noexcept {
  if (type == ColumnType::timestamp || type == ColumnType::date_time) return TimeUnit::ms;
  if (type == ColumnType::nano_timestamp) return TimeUnit::ns;
  return std::nullopt;
}

bool set_date(Moment& moment, long long year, long long month, long long day) noexcept {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return false;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return false;
  moment.has_month = true;
  moment.has_date = true;
  moment.days = std::chrono::sys_days(date).time_since_epoch().count();
  return true;
}

void to_utc(Moment& moment, int minutes_ahead) noexcept {
  const long long ns = moment.ns_of_day - minutes_ahead * ns_per_minute;
  const long long days = floor_divide(ns, ns_per_day);
  if (moment.has_date) moment.days += days;
  moment.ns_of_day = ns - days * ns_per_day;
}

Fit instant_of(long long count, TimeUnit unit, long long more_ns, Moment& out) noexcept {
  const long long per_s = units_per_s.at(static_cast<std::size_t>(unit));
  const long long seconds = floor_divide(count, per_s);
  out.has_month = true;
  out.has_date = true;
  out.has_time = true;
  out.days = floor_divide(seconds, s_per_day);
  if (out.days < min_days || out.days > max_days) return Fit::out_of_range;
  out.ns_of_day =
      (seconds - out.days * s_per_day) * ns_per_s + (count - seconds * per_s) * (ns_per_s / per_s);
  if (more_ns != 0) {
    out.ns_of_day += more_ns;
    to_utc(out, 0);  // It may have left the day.
  }
  return Fit::ok;
}

Fit read_instant(std::string_view number, TimeUnit unit, Moment& out) {
  number = trim(number);
  if (number.size() > 1 && number[0] == '+' && number[1] != '-') number.remove_prefix(1);
  std::string plain;
  if (number.find_first_of("eE") != std::string_view::npos) {
    if (const Fit fit = without_exponent(number, plain); fit != Fit::ok) return fit;
    number = plain;
  }
  const std::size_t point = number.find('.');
  const std::string_view whole = number.substr(0, point);
  long long count = 0;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), count);
  if (end != whole.data() + whole.size() || error == std::errc::invalid_argument) return Fit::wrong;
  if (error != std::errc()) return Fit::out_of_range;
  if (point == std::string_view::npos) return instant_of(count, unit, 0, out);
  const std::string_view digits = number.substr(point + 1);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return Fit::wrong;
  // More digits than nanoseconds come from numbers that went through a double.
  long long fraction_ns = 0;
  Scanner(digits.substr(0, 9)).take_fraction(fraction_ns);
  const long long ns = fraction_ns / units_per_s.at(static_cast<std::size_t>(unit));
  return instant_of(count, unit, number.starts_with('-') ? -ns : ns, out);
}

Fit read_moment(std::string_view text, Moment& out) noexcept {
  text = trim(text);
  Scanner in(text);
  Moment moment;
  const bool time_only = text.substr(0, 3).find(':') != std::string_view::npos;
  if (!time_only) {
    if (!read_date(in, moment)) return Fit::wrong;
    if (!in.at_end() && !in.take('T') && !in.take(' ')) return Fit::wrong;
    if (in.at_end() && (text.ends_with('T'))) return Fit::wrong;
  }
  if (!in.at_end() && !read_time(in, moment)) return Fit::wrong;
  if (!in.at_end() && !read_zone(in, moment)) return Fit::wrong;
  if (!in.at_end()) return Fit::wrong;
  out = moment;
  return Fit::ok;
}

Fit to_column(const Moment& moment, ColumnType type, long long& out) noexcept {
  const bool enough = is_time_of_day(type)        ? moment.has_time
                      : type == ColumnType::month ? moment.has_month
                                                  : moment.has_date;
  if (!enough) return Fit::wrong;
  if (moment.has_month && (moment.days < min_days || moment.days > max_days)) return Fit::out_of_range;
  switch (type) {
    case ColumnType::date:
      out = moment.days;
      break;
    case ColumnType::month:
      out = month_of(moment.days);
      break;
    case ColumnType::time:
      out = moment.ns_of_day / ns_per_ms;
      break;
    case ColumnType::minute:
      out = moment.ns_of_day / ns_per_minute;
      break;
    case ColumnType::second:
      out = moment.ns_of_day / ns_per_s;
      break;
    case ColumnType::nano_time:
      out = moment.ns_of_day;
      break;
    case ColumnType::date_time:
      out = moment.days * s_per_day + moment.ns_of_day / ns_per_s;
      return fits_int(out) ? Fit::ok : Fit::out_of_range;
    case ColumnType::timestamp:
      out = moment.days * s_per_day * 1000 + moment.ns_of_day / ns_per_ms;
      break;
    case ColumnType::nano_timestamp: {
      // 1677.09.22 to 2262.04.10: all of these days.
      constexpr long long days_that_fit = 106'750;
      if (moment.days < -days_that_fit || moment.days > days_that_fit) return Fit::out_of_range;
      out = moment.days * ns_per_day + moment.ns_of_day;
      break;
    }
    default:
      return Fit::wrong;
  }
  return Fit::ok;
}

}  // namespace rocketmq::rows
