#include "rows/column_type.h"

#include "base/text.h"

namespace rocketmq::rows {

std::optional<ColumnType> column_type_of(std::string_view name) noexcept {
  for (std::size_t i = 0; i < column_type_names.size(); ++i) {
    if (equal_ignoring_case(column_type_names[i], name)) return static_cast<ColumnType>(i);
  }
  return std::nullopt;
}

}  // namespace rocketmq::rows
