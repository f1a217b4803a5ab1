#pragma once

#include <memory>
#include <string_view>

#include "rows/body_error.h"
#include "rows/row_buffer.h"

namespace rocketmq::rows {

/// Makes rows of JSON bodies: of an object one, of an array of objects one each. Strict JSON in UTF-8; a byte
/// order mark is skipped. Keys that the schema does not name are skipped. Of a repeated key the last one
/// counts. Keeps its memory from body to body. Not for several threads at a time.
class JsonRows {
 public:
  /// The schema must outlive it.
  explicit JsonRows(const RowSchema& schema);
  ~JsonRows();

  JsonRows(const JsonRows&) = delete;
  JsonRows& operator=(const JsonRows&) = delete;

  /// Appends the body's rows. If it fails, or throws std::bad_alloc, the buffer holds what it held before.
  /// The body must outlive the rows.
  [[nodiscard]] BodyError append(std::string_view body, RowBuffer& out);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace rocketmq::rows
