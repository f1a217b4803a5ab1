#include "rows/numbers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <system_error>

// std::from_chars for floating point numbers takes locks and memory in GCC 11.
#include <fast_float/fast_float.h>

#include "base/text.h"

namespace rocketmq::rows {

namespace {

/// Blanks at the ends and one plus sign away.
std::string_view plain(std::string_view text) {
  text = trim(text);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

/// The parts of a decimal number: digits[.digits][e[sign]digits].
struct Decimal {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  long long exponent = 0;
};

std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

bool split(std::string_view text, Decimal& out) {
  if (text.starts_with('-')) {
    out.negative = true;
    text.remove_prefix(1);
  }
  out.whole = take_digits(text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    out.fraction = take_digits(text);
  }
  if (out.whole.empty() && out.fraction.empty()) return false;
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  if (text.size() > 1 && text[0] == '+' && is_digit(text[1])) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.exponent);
  if (end != text.data() + text.size() || text.empty()) return false;
  // So large that every number that is not 0 is out of range, or has a fraction.
  if (error != std::errc()) out.exponent = text[0] == '-' ? -1'000'000'000 : 1'000'000'000;
  return true;
}

/// For what std::from_chars does not read as a whole number.
Fit read_decimal_as_integer(std::string_view text, long long& out) {
  Decimal number;
  if (!split(text, number)) return Fit::wrong;
  const auto whole_size = static_cast<long long>(number.whole.size());
  const long long all_size = whole_size + static_cast<long long>(number.fraction.size());
  const long long point = whole_size + number.exponent;
  const auto digit_at = [&number](long long i) {
    const auto place = static_cast<std::size_t>(i);
    return place < number.whole.size() ? number.whole[place] : number.fraction[place - number.whole.size()];
  };
  for (long long i = std::clamp(point, 0LL, all_size); i < all_size; ++i) {
    if (digit_at(i) != '0') return Fit::wrong;
  }
  // Counted downwards, because there is one more negative number than there are positive ones.
  constexpr long long lowest = std::numeric_limits<long long>::min();
  long long value = 0;
  for (long long i = 0; i < point; ++i) {
    if (i >= all_size && value == 0) break;
    const int digit = i < all_size ? digit_at(i) - '0' : 0;
    if (value < lowest / 10 || value * 10 < lowest + digit) return Fit::out_of_range;
    value = value * 10 - digit;
  }
  if (!number.negative && value == lowest) return Fit::out_of_range;
  out = number.negative ? value : -value;
  return Fit::ok;
}

template <class T>
Fit read(std::string_view text, T& out) noexcept {
  text = plain(text);
  // It would take "nan" and "infinity".
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  if (text.size() <= first || (!is_digit(text[first]) && text[first] != '.')) return Fit::wrong;
  T value = 0;
  const auto [end, error] = fast_float::from_chars(text.data(), text.data() + text.size(), value);
  // Versions differ in whether they say result_out_of_range; the value is infinite in all of them.
  if (end != text.data() + text.size()) return Fit::wrong;
  if (error == std::errc::invalid_argument) return Fit::wrong;
  if (std::isinf(value) || value == std::numeric_limits<T>::lowest()) return Fit::out_of_range;
  out = value;
  return Fit::ok;
}

}  // namespace

Fit read_integer(std::string_view text, long long min, long long max, long long& out) noexcept {
  text = plain(text);
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) {
    if (const Fit fit = read_decimal_as_integer(text, value); fit != Fit::ok) return fit;
  } else if (error != std::errc()) {
    return Fit::out_of_range;
  }
  if (value < min || value > max) return Fit::out_of_range;
  out = value;
  return Fit::ok;
}

Fit read_float(std::string_view text, float& out) noexcept {
  return read(text, out);
}

Fit read_float(std::string_view text, double& out) noexcept {
  return read(text, out);
}

Fit without_exponent(std::string_view number, std::string& out) {
  constexpr long long farthest = 30;
  Decimal parts;
  if (!split(number, parts) || parts.whole.empty()) return Fit::wrong;
  if (parts.exponent > farthest || parts.exponent < -farthest) return Fit::out_of_range;
  std::string digits(parts.whole);
  digits += parts.fraction;
  long long point = static_cast<long long>(parts.whole.size()) + parts.exponent;
  if (point < 1) {
    digits.insert(0, static_cast<std::size_t>(1 - point), '0');
    point = 1;
  }
  const auto size = static_cast<std::size_t>(point);
  if (digits.size() < size) digits.resize(size, '0');
  out = parts.negative ? "-" : "";
  out.append(digits, 0, size);
  if (digits.size() > size) out.append(1, '.').append(digits, size);
  return Fit::ok;
}

Fit read_bool(std::string_view text, bool& out) noexcept {
  const std::string_view word = trim(text);
  long long number = 0;
  if (equal_ignoring_case(word, "true")) {
    number = 1;
  } else if (!equal_ignoring_case(word, "false") && read_integer(text, 0, 1, number) != Fit::ok) {
    return Fit::wrong;
  }
  out = number == 1;
  return Fit::ok;
}

}  // namespace rocketmq::rows
