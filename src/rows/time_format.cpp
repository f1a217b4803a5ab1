#include "rows/time_format.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>

#include "base/text.h"

namespace rocketmq::rows {

namespace {

constexpr std::string_view letters = "yMdHhmsaSn";
/// Enough for what the vendor's function takes, 002-019-006; more digits are no part of a time.
constexpr int max_digits = 9;

constexpr std::array<std::string_view, 12> months{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                  "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};

bool is_run(char letter, int count) {
  switch (letter) {
    case 'y':
      return count == 4 || count == 2 || count == 1;
    case 'M':
      return count <= 3;
    case 'S':
      return count == 3;
    case 'n':
      return count == 6 || count == 9;
    default:
      return count <= 2;
  }
}

/// The parts of a moment while a text is read.
struct Parts {
  long long year = 0;
  long long month = 1;
  long long day = 1;
  long long hour = 0;
  long long minute = 0;
  long long second = 0;
  long long ns = 0;
  bool twelve_hours = false;
  bool afternoon = false;
};

bool take_month_name(std::string_view& text, Parts& parts) {
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (!equal_ignoring_case(text.substr(0, 3), months[i])) continue;
    parts.month = static_cast<long long>(i) + 1;
    text.remove_prefix(3);
    return true;
  }
  return false;
}

bool take_half_of_day(std::string_view& text, Parts& parts) {
  parts.afternoon = equal_ignoring_case(text.substr(0, 2), "PM");
  if (!parts.afternoon && !equal_ignoring_case(text.substr(0, 2), "AM")) return false;
  text.remove_prefix(2);
  return true;
}

/// Two digits of a year: 00 to 39 are 2000 to 2039, 40 to 99 are 1940 to 1999, as in temporalParse.
long long full_year(long long year) {
  return year < 40 ? 2000 + year : 1900 + year;
}

bool set(char letter, int digits, long long value, Parts& parts) {
  switch (letter) {
    case 'y':
      parts.year = digits == 2 ? full_year(value) : value;
      return digits == 2 || digits == 4;
    case 'M':
      parts.month = value;
      return true;
    case 'd':
      parts.day = value;
      return true;
    case 'H':
      parts.hour = value;
      return value < 24;
    case 'h':
      parts.hour = value % 12;
      parts.twelve_hours = true;
      return value <= 12;
    case 'm':
      parts.minute = value;
      return value < 60;
    case 's':
      parts.second = value;
      return value < 60;
    case 'S':
      parts.ns = value * 1'000'000;
      return true;
    default:
      parts.ns = digits == 6 ? value * 1000 : value;
      return true;
  }
}

}  // namespace

TimeFormat::TimeFormat(std::string_view format, ColumnType type) {
  for (std::size_t i = 0; i < format.size();) {
    const char c = format[i];
    if (letters.find(c) == std::string_view::npos) {
      fields_.push_back({.literal = c});
      ++i;
      continue;
    }
    const std::size_t end = std::min(format.find_first_not_of(c, i), format.size());
    const int count = static_cast<int>(std::min<std::size_t>(end - i, 100));
    if (!is_run(c, count)) {
      throw std::invalid_argument(
          "\"" + std::string(format.substr(i, end - i)) +
          "\" is no part of a time format; there are yyyy yy MM MMM dd HH hh mm ss aa "
          "SSS nnnnnn nnnnnnnnn");
    }
    const bool follows = !fields_.empty() && fields_.back().letter != 0;
    const bool alone =
        !follows && (end == format.size() || letters.find(format[end]) == std::string_view::npos);
    if (count == 1 && !alone) {
      throw std::invalid_argument("the single letter \"" + std::string(1, c) +
                                  "\" needs something between it and other letters");
    }
    fields_.push_back({.letter = c, .letters = count, .fixed = !alone || c == 'S' || c == 'n'});
    i = end;
  }
  check(format, type);
}

void TimeFormat::check(std::string_view format, ColumnType type) const {
  const auto count = [this](char letter) {
    return std::count_if(fields_.begin(), fields_.end(),
                         [letter](const Field& field) { return field.letter == letter; });
  };
  for (const char letter : letters) {
    if (count(letter) > 1) {
      throw std::invalid_argument("it has \"" + std::string(1, letter) + "\" twice");
    }
  }
  if (count('H') + count('h') > 1 || count('S') + count('n') > 1) {
    throw std::invalid_argument("it has two fields for one part of the time");
  }
  const bool has_time = count('H') + count('h') > 0;
  const bool has_month = count('y') > 0 && count('M') > 0;
  const bool has_date = has_month && count('d') > 0;
  const bool enough = is_time_of_day(type) ? has_time : type == ColumnType::month ? has_month : has_date;
  if (!enough) {
    throw std::invalid_argument("a " + std::string(name_of(type)) + " needs " +
                                (is_time_of_day(type)        ? "hours"
                                 : type == ColumnType::month ? "year and month"
                                                             : "year, month and day") +
                                ", which \"" + printable(format, 64) + "\" does not have");
  }
}

Fit TimeFormat::read(std::string_view text, Moment& out) const noexcept {
  text = trim(text);
  Parts parts;
  bool has_time = false;
  bool has_date = false;
  for (const Field& field : fields_) {
    has_time = has_time || field.letter == 'H' || field.letter == 'h';
    has_date = has_date || field.letter == 'y';
    if (field.letter == 0) {
      if (text.empty() || text.front() != field.literal) return Fit::wrong;
      text.remove_prefix(1);
      continue;
    }
    if (field.letter == 'a') {
      if (!take_half_of_day(text, parts)) return Fit::wrong;
      continue;
    }
    if (field.letter == 'M' && field.letters == 3) {
      if (!take_month_name(text, parts)) return Fit::wrong;
      continue;
    }
    const int most = field.fixed ? field.letters : max_digits;
    long long value = 0;
    int digits = 0;
    for (; digits < most && !text.empty() && text.front() >= '0' && text.front() <= '9'; ++digits) {
      value = value * 10 + (text.front() - '0');
      text.remove_prefix(1);
    }
    if (digits == 0 || (field.fixed && digits != field.letters)) return Fit::wrong;
    if (!set(field.letter, digits, value, parts)) return Fit::wrong;
  }
  if (!text.empty()) return Fit::wrong;
  if (parts.afternoon && parts.twelve_hours) parts.hour += 12;
  Moment moment;
  if (has_date && !set_date(moment, parts.year, parts.month, parts.day)) return Fit::wrong;
  moment.has_time = has_time;
  moment.ns_of_day = ((parts.hour * 60 + parts.minute) * 60 + parts.second) * 1'000'000'000 + parts.ns;
  out = moment;
  return Fit::ok;
}

}  // namespace rocketmq::rows
