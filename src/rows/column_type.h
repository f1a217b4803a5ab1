#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace rocketmq::rows {

/// The types that a column made of bodies may have. They have DolphinDB's names and are stored as DolphinDB
/// stores them; each has a value that stands for NULL.
enum class ColumnType {
  boolean,         ///< BOOL: char, 0 or 1.
  character,       ///< CHAR: char, a number.
  short_integer,   ///< SHORT: short.
  integer,         ///< INT: int.
  long_integer,    ///< LONG: long long.
  float32,         ///< FLOAT: float.
  float64,         ///< DOUBLE: double.
  string,          ///< STRING: bytes; empty is NULL.
  symbol,          ///< SYMBOL: the same.
  blob,            ///< BLOB: the same.
  date,            ///< DATE: int, days since 1970.01.01.
  month,           ///< MONTH: int, year * 12 + month - 1.
  time,            ///< TIME: int, milliseconds of the day.
  minute,          ///< MINUTE: int, minutes of the day.
  second,          ///< SECOND: int, seconds of the day.
  date_time,       ///< DATETIME: int, seconds since the epoch.
  timestamp,       ///< TIMESTAMP: long long, milliseconds since the epoch.
  nano_time,       ///< NANOTIME: long long, nanoseconds of the day.
  nano_timestamp,  ///< NANOTIMESTAMP: long long, nanoseconds since the epoch.
};

/// The names of all types, in the order of the enumeration.
inline constexpr std::array<std::string_view, 19> column_type_names{
    "BOOL", "CHAR",  "SHORT", "INT",    "LONG",   "FLOAT",    "DOUBLE",    "STRING",   "SYMBOL",       "BLOB",
    "DATE", "MONTH", "TIME",  "MINUTE", "SECOND", "DATETIME", "TIMESTAMP", "NANOTIME", "NANOTIMESTAMP"};

[[nodiscard]] constexpr std::string_view name_of(ColumnType type) noexcept {
  return column_type_names[static_cast<std::size_t>(type)];
}

/// The type of a name in any case; nothing if there is no such type.
[[nodiscard]] std::optional<ColumnType> column_type_of(std::string_view name) noexcept;

/// What follows the name of a type in the name of its arrays.
inline constexpr std::string_view array_mark = "[]";

/// Whether a column may have arrays of the type.
[[nodiscard]] constexpr bool has_arrays(ColumnType type) noexcept {
  return type == ColumnType::integer || type == ColumnType::long_integer || type == ColumnType::float64;
}

[[nodiscard]] constexpr bool is_text(ColumnType type) noexcept {
  return type == ColumnType::string || type == ColumnType::symbol || type == ColumnType::blob;
}

[[nodiscard]] constexpr bool is_temporal(ColumnType type) noexcept {
  return type >= ColumnType::date;
}

/// Whether the type has a time, but no date.
[[nodiscard]] constexpr bool is_time_of_day(ColumnType type) noexcept {
  return type == ColumnType::time || type == ColumnType::minute || type == ColumnType::second ||
         type == ColumnType::nano_time;
}

}  // namespace rocketmq::rows
