// NULL of each stored number type, and the conversion between them that every accessor uses. Host only.
#pragma once

#include <cmath>
#include <limits>
#include <type_traits>

#include "Types.h"

HOST_SDK_BEGIN

template <class T>
constexpr T nullNumber() {
  // The smallest value: CHAR_MIN, SHRT_MIN, INT_MIN, LLONG_MIN, -FLT_MAX, -DBL_MAX.
  return std::numeric_limits<T>::lowest();
}

template <class T>
constexpr bool isNullNumber(T value) {
  return value == nullNumber<T>();
}

/// The plain type that is stored as T.
template <class T>
constexpr DATA_TYPE numberType() {
  if constexpr (std::is_same_v<T, char>) return DT_CHAR;
  if constexpr (std::is_same_v<T, short>) return DT_SHORT;
  if constexpr (std::is_same_v<T, int>) return DT_INT;
  if constexpr (std::is_same_v<T, long long>) return DT_LONG;
  if constexpr (std::is_same_v<T, float>) return DT_FLOAT;
  return DT_DOUBLE;
}

/// NULL stays NULL. A floating value is rounded half away from zero; what does not fit becomes NULL.
template <class To, class From>
To convertNumber(From value) {
  if constexpr (std::is_same_v<To, From>) {
    return value;
  } else {
    if (isNullNumber(value)) return nullNumber<To>();
    if constexpr (std::is_floating_point_v<From>) {
      if (!std::isfinite(value)) return nullNumber<To>();
      if constexpr (std::is_integral_v<To>) {
        const double rounded = std::round(static_cast<double>(value));
        // The upper bound as a power of two, because LLONG_MAX itself is no double.
        const double limit = std::ldexp(1.0, std::numeric_limits<To>::digits);
        if (rounded >= limit || rounded < -limit) return nullNumber<To>();
        return static_cast<To>(rounded);
      } else {
        if (std::fabs(static_cast<double>(value)) > static_cast<double>(std::numeric_limits<To>::max())) {
          return nullNumber<To>();
        }
        return static_cast<To>(value);
      }
    } else if constexpr (std::is_floating_point_v<To>) {
      return static_cast<To>(value);
    } else {
      // NOLINTNEXTLINE(bugprone-signed-char-misuse): a CHAR is a small signed number
      const auto wide = static_cast<long long>(value);
      if (wide < static_cast<long long>(std::numeric_limits<To>::lowest()) ||
          wide > static_cast<long long>(std::numeric_limits<To>::max())) {
        return nullNumber<To>();
      }
      return static_cast<To>(value);
    }
  }
}

/// A truth value: 0, 1 or NULL.
template <class From>
char convertToBool(From value) {
  if (isNullNumber(value)) return nullNumber<char>();
  return value != From{} ? char{1} : char{0};
}

// The conversions under the accessors' names, so that getBool and getChar, both char, differ.
#define HOST_SDK_DEFINE(Name, Type)    \
  template <class From>                \
  Type convertTo##Name(From value) {   \
    return convertNumber<Type>(value); \
  }
HOST_SDK_DEFINE(Char, char)
HOST_SDK_DEFINE(Short, short)
HOST_SDK_DEFINE(Int, int)
HOST_SDK_DEFINE(Long, long long)
HOST_SDK_DEFINE(Index, INDEX)
HOST_SDK_DEFINE(Float, float)
HOST_SDK_DEFINE(Double, double)
#undef HOST_SDK_DEFINE

/// A double that is not a number, or infinite, is stored as NULL.
template <class T>
T storableNumber(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    if (!std::isfinite(value)) return nullNumber<T>();
  }
  return value;
}

HOST_SDK_END
