#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

#include "rows/row_buffer.h"

namespace rocketmq::plugin {

/// Finds columns of a schema that stay NULL, mostly because a key or path is misspelt: no body is wrong then,
/// so nothing else would tell. The threads of a job share one. Thread-safe.
class EmptyColumns {
 public:
  /// A column that is NULL in so many rows is worth a line.
  static constexpr std::size_t patience_rows = 1000;

  /// The schema must outlive it.
  explicit EmptyColumns(const rows::RowSchema& schema) : schema_(schema), filled_(schema.size()) {}

  /// Looks at the rows of a call. Once, after patience_rows, it gives a warning that names the columns which
  /// were NULL in all of them; otherwise "". Rows of calls that are repeated count each time.
  [[nodiscard]] std::string look(const rows::RowBuffer& rows);

 private:
  const rows::RowSchema& schema_;
  std::vector<std::atomic<bool>> filled_;
  std::atomic<std::size_t> rows_{0};
  std::atomic<bool> over_{false};
};

}  // namespace rocketmq::plugin
