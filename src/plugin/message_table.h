#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "plugin/message_columns.h"
#include "plugin/sdk.h"
#include "rocketmq/consumer.h"
#include "rows/row_buffer.h"

namespace rocketmq::plugin {

/// A column with an element for each message; msg is a BLOB.
[[nodiscard]] ConstantSP make_message_column(const MessageColumn& column,
                                             std::span<const ReceivedMessage> messages);

/// A message of whose body no rows can be made.
struct BadBody {
  std::size_t index = 0;  ///< Of the message.
  std::string error;
};

/// What a handler is called with.
struct MessageTable {
  TableSP table;             ///< A null pointer if there are no rows.
  std::vector<BadBody> bad;  ///< In the order of the messages; the table has no rows of them.
};

/// Makes the tables that handlers get. It keeps its memory from call to call; one a thread.
class MessageTableMaker {
 public:
  /// The format must outlive it.
  explicit MessageTableMaker(const MessageTableFormat& format);
  ~MessageTableMaker();

  MessageTableMaker(const MessageTableMaker&) = delete;
  MessageTableMaker& operator=(const MessageTableMaker&) = delete;

  /// A fresh table with the rows of each message: one if there is no schema. First the schema's columns, then
  /// those of the format. Bodies are copied byte for byte; what a message does not have is NULL. Fresh,
  /// because a handler may keep or change what it is given. Throws if the server cannot make it.
  [[nodiscard]] MessageTable make(std::span<const ReceivedMessage> messages);

  /// The same table without rows.
  [[nodiscard]] TableSP make_empty();

  /// What the last call of make() read out of the bodies; null without a schema.
  [[nodiscard]] const rows::RowBuffer* last_rows() const noexcept;

  /// How many rows each message of that call has; null without a schema, when each has one.
  [[nodiscard]] const std::vector<std::size_t>* last_counts() const noexcept;

 private:
  struct BodyRows;

  const MessageTableFormat& format_;
  std::unique_ptr<BodyRows> body_rows_;  // With a schema only.
};

}  // namespace rocketmq::plugin
