#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugin/sdk.h"

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

/// What these tables look like.
struct MessageTableFormat {
  std::vector<MessageColumn> columns{{"msg", ColumnKind::msg}};
  DATA_TYPE msg_type = DT_BLOB;  ///< DT_BLOB or DT_STRING.
};

/// What the elements of `columns` may be, as error messages list it.
[[nodiscard]] std::string allowed_columns();

/// The columns that the elements of the key `columns` ask for. Throws ArgumentError: an element that is empty
/// (NULL) or no column, a property without a name, two columns of one name.
[[nodiscard]] std::vector<MessageColumn> read_columns(const std::vector<std::string>& elements);

}  // namespace rocketmq::plugin
