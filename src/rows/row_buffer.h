#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rows/numbers.h"
#include "rows/row_schema.h"

namespace rocketmq::rows {

/// The values of a column as DolphinDB stores them; see ColumnType. Texts are views of the bodies that they
/// came from, or of the buffer's own memory.
using ColumnValues =
    std::variant<std::vector<char>, std::vector<short>, std::vector<int>, std::vector<long long>,
                 std::vector<float>, std::vector<double>, std::vector<std::string_view>>;

/// Rows of typed columns, filled cell by cell. One converter for all formats: a number, a text of JSON and a
/// field of CSV that look alike become the same value; only set_decimal() differs.
///
/// It keeps its memory when it is cleared. Not for several threads at a time.
class RowBuffer {
 public:
  /// The schema must outlive the buffer.
  explicit RowBuffer(const RowSchema& schema);

  RowBuffer(const RowBuffer&) = delete;
  RowBuffer& operator=(const RowBuffer&) = delete;

  [[nodiscard]] const RowSchema& schema() const noexcept { return *schema_; }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] const ColumnValues& values(std::size_t column) const { return columns_[column]; }
  /// Of a column of arrays: where the array of each row ends in values(). Of others it is empty.
  [[nodiscard]] const std::vector<int>& ends(std::size_t column) const { return ends_[column]; }
  /// Whether a value of the column is NULL. An empty text is.
  [[nodiscard]] bool has_null(std::size_t column) const;
  /// Whether a row of the column is not NULL.
  [[nodiscard]] bool has_value(std::size_t column) const;

  /// No rows; the texts that were kept are gone.
  void clear();
  /// Keeps the first `rows` rows.
  void truncate(std::size_t rows);
  /// A row more, all NULL. An array that is NULL has one element, which is NULL: DolphinDB has no other.
  void add_row();

  /// Sets a cell of the last row. Unless the result is ok, the cell stays as it is.
  /// `text` is how the number is written; it is kept if the column is a text, so it must outlive the rows.
  [[nodiscard]] Fit set_integer(std::size_t column, long long value, std::string_view text);
  /// A number that is not an integer, as it is written. Unlike the text, it is never a date: 2024.1 is no
  /// month.
  [[nodiscard]] Fit set_decimal(std::size_t column, std::string_view text);
  [[nodiscard]] Fit set_bool(std::size_t column, bool value);
  /// A text, or a number as it is written. It must outlive the rows, too.
  [[nodiscard]] Fit set_text(std::size_t column, std::string_view text);
  /// The element `index` of the last row's array, NULL as yet; the cell that is set is this one from now on.
  /// Elements are added in their order, from 0 on.
  void add_element(std::size_t column, std::size_t index);
  /// Makes the cell of the last row NULL again; of an array all of it.
  void set_null(std::size_t column);

  /// A copy of `text` that lives until clear().
  [[nodiscard]] std::string_view keep(std::string_view text);

 private:
  [[nodiscard]] Fit set_moment(std::size_t column, const Moment& moment);
  [[nodiscard]] Fit set_temporal_text(std::size_t column, std::string_view text);
  void store_integer(std::size_t column, long long value);

  const RowSchema* schema_;
  std::vector<ColumnValues> columns_;
  std::vector<std::vector<int>> ends_;
  std::deque<std::string> kept_;  // Blocks of texts, one behind the other.
  std::size_t rows_ = 0;
};

/// The limits of the type's whole numbers, without the value that stands for NULL. For BOOL to LONG.
struct IntegerLimits {
  long long min = 0;
  long long max = 0;
};
[[nodiscard]] IntegerLimits limits_of(ColumnType type) noexcept;

}  // namespace rocketmq::rows
