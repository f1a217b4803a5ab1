#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugin/sdk.h"
#include "rows/row_schema.h"

namespace rocketmq::plugin {

enum class ColumnKind {
  msg,
  topic,
  tag,
  keys,
  msg_id,
  broker_name,
  queue_id,
  queue_offset,
  born_timestamp,
  store_timestamp,
  born_host,
  reconsume_times,
  properties,
  property,  ///< The property that has the column's name.
};

/// A column of the tables that a job's handler gets.
struct MessageColumn {
  std::string name;
  ColumnKind kind = ColumnKind::msg;
};

/// What a body is.
enum class BodyFormat {
  blob,
  string,
  json,  ///< With a schema: columns of their own.
  csv,   ///< The same.
};

/// What these tables look like.
struct MessageTableFormat {
  BodyFormat body = BodyFormat::blob;
  rows::RowSchema schema = {};  ///< The first columns; with BodyFormat::json and csv only.
  char delimiter = ',';         ///< With BodyFormat::csv only.
  std::vector<MessageColumn> columns{{"msg", ColumnKind::msg}};  ///< They follow.
};

/// What the elements of `columns` may be, as error messages list it.
[[nodiscard]] std::string allowed_columns();

/// The columns that the elements of the key `columns` ask for. Throws ArgumentError: an element that is empty
/// (NULL) or no column, a property without a name, two columns of one name.
[[nodiscard]] std::vector<MessageColumn> read_columns(const std::vector<std::string>& elements);

/// Throws ArgumentError if two columns of the table have one name. Upper and lower case count as the same.
void check_names(const MessageTableFormat& format);

}  // namespace rocketmq::plugin
