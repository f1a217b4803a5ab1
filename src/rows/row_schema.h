#pragma once

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
  std::optional<TimeUnit> unit = {};  ///< Of temporal columns: what numbers count.
  std::optional<TimeFormat> format = {};  ///< Of temporal columns: how texts are written.
};

using RowSchema = std::vector<RowColumn>;

}  // namespace rocketmq::rows
