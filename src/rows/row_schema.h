#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "rows/column_type.h"
#include "rows/moment.h"
#include "rows/time_format.h"

namespace rocketmq::rows {

/// A column that is made of bodies.
struct RowColumn {
  std::string name;
  ColumnType type = ColumnType::string;
  std::vector<std::string> path;      ///< JSON: the steps from the row's object to the value; at least one.
  bool is_array = false;              ///< A row has any number of values of the type; JSON only.
  std::optional<TimeUnit> unit = {};  ///< Of temporal columns: what numbers count.
  std::optional<TimeFormat> format = {};  ///< Of temporal columns: how texts are written.
};

/// Elements in the array of a row, at most.
inline constexpr std::size_t max_array_elements = 65'535;

/// As a schema writes it: `DOUBLE`, `DOUBLE[]`.
[[nodiscard]] inline std::string type_name_of(const RowColumn& column) {
  std::string name(name_of(column.type));
  if (column.is_array) name += array_mark;
  return name;
}

using RowSchema = std::vector<RowColumn>;

}  // namespace rocketmq::rows
