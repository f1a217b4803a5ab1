#pragma once

#include <string>
#include <string_view>

#include "rows/body_error.h"
#include "rows/row_buffer.h"

namespace rocketmq::rows {

/// Makes rows of CSV bodies: of each line one, of its fields by position. RFC 4180: fields in quotes may hold
/// delimiters, line breaks and doubled quotes. Lines end with LF, CR LF or CR; the last one may go without. A
/// byte order mark is skipped. An empty field is NULL. Not for several threads at a time.
class CsvRows {
 public:
  /// `delimiter` is neither a quote nor a line break.
  explicit CsvRows(char delimiter) : delimiter_(delimiter) {}

  /// As JsonRows::append.
  [[nodiscard]] BodyError append(std::string_view body, RowBuffer& out);

 private:
  struct Field {
    std::string_view text;     ///< Without quotes; of the body, or of unquoted_.
    std::string_view written;  ///< As it stands in the body.
    bool in_own_memory = false;
  };

  /// Reads the field at `place`, and moves `place` behind it: to a delimiter, a line break or the end.
  [[nodiscard]] bool read_field(std::string_view body, std::size_t& place, Field& out);
  [[nodiscard]] BodyError append_line(std::string_view body, std::size_t& place, RowBuffer& out);

  char delimiter_;
  std::string unquoted_;
};

}  // namespace rocketmq::rows
