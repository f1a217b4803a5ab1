#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "plugin/sdk.h"
#include "plugin/sdk_strings.h"

namespace rocketmq::plugin {

/// Columns of the tables that functions return: one value of each row, by `get`. An empty optional is NULL.
template <class Row>
class TableColumns {
 public:
  explicit TableColumns(const std::vector<Row>& rows) : rows_(rows) {}

  template <class Get>
  [[nodiscard]] ConstantSP text(Get get, DATA_TYPE type = DT_STRING) const {
    StringColumn column(type, rows_.size());
    for (const Row& row : rows_)
      column.append(get(row));
    return column.finish();
  }
  template <class Get>
  [[nodiscard]] ConstantSP bool_column(Get get) const {
    return fill(
        DT_BOOL, [](const VectorSP& column, INDEX i, bool value) { column->setBool(i, value ? 1 : 0); }, get);
  }
  template <class Get>
  [[nodiscard]] ConstantSP int_column(Get get) const {
    return fill(
        DT_INT, [](const VectorSP& column, INDEX i, int value) { column->setInt(i, value); }, get);
  }
  template <class Get>
  [[nodiscard]] ConstantSP long_column(Get get) const {
    return fill(
        DT_LONG, [](const VectorSP& column, INDEX i, long long value) { column->setLong(i, value); }, get);
  }
  template <class Get>
  [[nodiscard]] ConstantSP double_column(Get get) const {
    return fill(
        DT_DOUBLE, [](const VectorSP& column, INDEX i, double value) { column->setDouble(i, value); }, get);
  }
  /// `get` gives nanoseconds since the epoch; the column is in local time.
  template <class Get>
  [[nodiscard]] ConstantSP local_nanos(Get get) const {
    return fill(
        DT_NANOTIMESTAMP,
        [](const VectorSP& column, INDEX i, long long value) {
          column->setLong(i, Util::toLocalNanoTimestamp(value));
        },
        get);
  }
  /// `get` gives milliseconds since the epoch; the column is in local time.
  template <class Get>
  [[nodiscard]] ConstantSP local_millis(Get get) const {
    return fill(
        DT_TIMESTAMP,
        [](const VectorSP& column, INDEX i, long long value) {
          constexpr long long ns_in_a_ms = 1'000'000;
          column->setLong(i, Util::toLocalNanoTimestamp(value * ns_in_a_ms) / ns_in_a_ms);
        },
        get);
  }

 private:
  template <class Set, class Get>
  [[nodiscard]] ConstantSP fill(DATA_TYPE type, Set set, Get get) const {
    const VectorSP column = Util::createVector(type, static_cast<INDEX>(rows_.size()));
    bool has_null = false;
    for (INDEX i = 0; i < static_cast<INDEX>(rows_.size()); ++i) {
      const auto value = std::optional(get(rows_[static_cast<std::size_t>(i)]));
      if (value) {
        set(column, i, *value);
      } else {
        column->setNull(i);
        has_null = true;
      }
    }
    // As with a raw append: only what is told to look for NULLs finds them.
    column->setNullFlag(has_null);
    return column;
  }

  const std::vector<Row>& rows_;
};

}  // namespace rocketmq::plugin
