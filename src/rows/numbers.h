#pragma once

#include <string>
#include <string_view>

namespace rocketmq::rows {

/// Whether a value fits into a column.
enum class Fit {
  ok,
  wrong,         ///< It is not a value of the type at all, e.g. "abc" for an INT.
  out_of_range,  ///< It is one, but the type cannot hold it. The value that stands for NULL counts as such.
  no_array,      ///< The column has arrays, and it is none.
  too_many,      ///< It is the first element that an array cannot hold.
};

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// The same rules for numbers of JSON, for texts of JSON and for fields of CSV. None depends on the locale;
/// blanks at the ends do not count.

/// A whole number within [min, max]. `1.0` and `1e3` are whole, `1.5` is wrong.
[[nodiscard]] Fit read_integer(std::string_view text, long long min, long long max, long long& out) noexcept;

/// Correctly rounded. Too small for the type is 0; too large, and the value of NULL, are out of range; NaN
/// and infinity are no numbers.
[[nodiscard]] Fit read_float(std::string_view text, float& out) noexcept;
[[nodiscard]] Fit read_float(std::string_view text, double& out) noexcept;

/// The same number as digits with or without a point: 1.7000000005E9 becomes 1700000000.5. Out of range if
/// the point moves by more than 30 places, which no time needs.
[[nodiscard]] Fit without_exponent(std::string_view number, std::string& out);

/// `true` and `false` in any case, `1` and `0`.
[[nodiscard]] Fit read_bool(std::string_view text, bool& out) noexcept;

}  // namespace rocketmq::rows
