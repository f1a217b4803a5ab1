#include "lang/literals.h"

#include <charconv>
#include <cstdlib>
#include <limits>
#include <optional>

#include "ScalarImp.h"

namespace host {
namespace {

constexpr long long nanos_per_second = 1'000'000'000;

// Reads exactly `digits` decimal digits.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc{} || end != text.data() + digits) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

struct Clock {
  long long nanos = 0;       // of the day
  std::size_t decimals = 0;  // digits of the fraction that were written
};

std::optional<Clock> take_clock(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || !take(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  Clock clock{((*hour * 60LL + *minute) * 60 + *second) * nanos_per_second, 0};
  if (take(text, '.')) {
    long long unit = nanos_per_second;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
      unit /= 10;
      clock.nanos += unit * (text.front() - '0');
      if (++clock.decimals > 9) return std::nullopt;
    }
    if (clock.decimals == 0) return std::nullopt;
  }
  return clock;
}

ConstantSP make(DATA_TYPE type, long long value) {
  ConstantSP result = Util::createConstant(type);
  result->setLong(value);
  return result;
}

ConstantSP moment_of_day(const Clock& clock) {
  if (clock.decimals == 0) return make(DT_SECOND, clock.nanos / nanos_per_second);
  if (clock.decimals <= 3) return make(DT_TIME, clock.nanos / 1'000'000);
  return make(DT_NANOTIME, clock.nanos);
}

ConstantSP moment(int days, const Clock& clock) {
  const long long seconds = days * 86'400LL;
  if (clock.decimals == 0) return make(DT_DATETIME, seconds + clock.nanos / nanos_per_second);
  if (clock.decimals <= 3) return make(DT_TIMESTAMP, seconds * 1000 + clock.nanos / 1'000'000);
  return make(DT_NANOTIMESTAMP, seconds * nanos_per_second + clock.nanos);
}

ConstantSP parse_date(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '.')) return {};
  const auto month = take_digits(text, 2);
  if (!month || *month < 1 || *month > 12) return {};
  if (text == "M") return make(DT_MONTH, *year * 12LL + *month - 1);
  if (!take(text, '.')) return {};
  const auto day = take_digits(text, 2);
  if (!day) return {};
  const int days = Util::countDays(*year, *month, *day);
  if (days == std::numeric_limits<int>::min()) return {};
  if (text.empty()) return make(DT_DATE, days);
  if (!take(text, 'T') && !take(text, ' ')) return {};
  const auto clock = take_clock(text);
  if (!clock || !text.empty()) return {};
  return moment(days, *clock);
}

// 00i is the NULL of INT, and so on. DT_VOID if the text is no such NULL.
DATA_TYPE null_type(std::string_view text) {
  if (text.size() != 3 || text.substr(0, 2) != "00") return DT_VOID;
  switch (text[2]) {
    case 'b':
      return DT_BOOL;
    case 'c':
      return DT_CHAR;
    case 'h':
      return DT_SHORT;
    case 'i':
      return DT_INT;
    case 'l':
      return DT_LONG;
    case 'f':
      return DT_FLOAT;
    case 'F':
      return DT_DOUBLE;
    default:
      return DT_VOID;
  }
}

char resolve_escape(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    default:
      return c;
  }
}

}  // namespace

ConstantSP parse_temporal(std::string_view text) {
  if (text.size() > 4 && text[4] == '.') return parse_date(text);
  if (text.size() == 6 && text.back() == 'm') {
    const auto hour = take_digits(text, 2);
    if (!hour || !take(text, ':')) return {};
    const auto minute = take_digits(text, 2);
    if (!minute || *hour > 23 || *minute > 59) return {};
    return make(DT_MINUTE, *hour * 60LL + *minute);
  }
  const auto clock = take_clock(text);
  if (!clock || !text.empty()) return {};
  return moment_of_day(*clock);
}

ConstantSP parse_number(std::string_view text, Position where) {
  if (const auto type = null_type(text); type != DT_VOID) return Util::createConstant(type);
  char suffix = text.back() >= '0' && text.back() <= '9' ? '\0' : text.back();
  const auto digits = std::string(suffix == '\0' ? text : text.substr(0, text.size() - 1));
  const bool is_real = digits.find_first_of(".eE") != std::string::npos || suffix == 'f' || suffix == 'F';
  if (is_real) {
    const double value = std::strtod(digits.c_str(), nullptr);
    if (value > std::numeric_limits<double>::max()) {
      throw SyntaxError(where, "The number " + std::string(text) + " is out of range");
    }
    if (suffix == 'f') return new Float(static_cast<float>(value));
    if (suffix == '\0' || suffix == 'F') return new Double(value);
    throw SyntaxError(where, "The number " + std::string(text) + " has a fraction and an integer's suffix");
  }
  long long value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const auto check = [&](long long most) {
    if (parsed.ec != std::errc{} || value > most) {
      throw SyntaxError(where, "The number " + std::string(text) + " is out of range");
    }
  };
  switch (suffix) {
    case 'b':
      check(1);
      return new Bool(static_cast<char>(value));
    case 'c':
      check(std::numeric_limits<signed char>::max());
      return make(DT_CHAR, value);
    case 'h':
      check(std::numeric_limits<short>::max());
      return make(DT_SHORT, value);
    case 'l':
      check(std::numeric_limits<long long>::max());
      return new Long(value);
    default:
      check(std::numeric_limits<long long>::max());
      if (value > std::numeric_limits<int>::max()) return new Long(value);
      return new Int(static_cast<int>(value));
  }
}

ConstantSP parse_string(std::string_view quoted) {
  std::string bytes;
  const auto inner = quoted.substr(1, quoted.size() - 2);
  for (std::size_t i = 0; i < inner.size(); ++i) {
    if (inner[i] == '\\' && i + 1 < inner.size()) {
      const char next = inner[++i];
      // A backslash before another character stays, so that patterns like "\\d" need no doubling.
      const bool known = std::string_view("ntr\\\"'").find(next) != std::string_view::npos;
      if (!known) bytes += '\\';
      bytes += known ? resolve_escape(next) : next;
    } else {
      bytes += inner[i];
    }
  }
  if (quoted.front() == '\'' && bytes.size() == 1) return make(DT_CHAR, bytes.front());
  return new String(bytes);
}

ConstantSP parse_symbols(std::string_view text) {
  vector<ConstantSP> values;
  for (std::size_t start = 1; start <= text.size();) {
    const auto end = std::min(text.find('`', start), text.size());
    values.push_back(new String(std::string(text.substr(start, end - start))));
    start = end + 1;
  }
  if (values.size() == 1) return values.front();
  const VectorSP result = Util::createVector(DT_STRING, 0, static_cast<INDEX>(values.size()));
  for (const auto& value : values)
    result->append(value);
  return result;
}

}  // namespace host
