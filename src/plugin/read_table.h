#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plugin/empty_columns.h"
#include "plugin/message_table.h"
#include "plugin/sdk.h"
#include "rocketmq/consumer.h"

namespace rocketmq::plugin {

/// Gathers the rows of readMessages: parts of queues come in any order, and become one table at the end.
class ReadTable {
 public:
  /// The format must outlive it. `keeps_times`: for finish() with a limit or by time.
  ReadTable(const MessageTableFormat& format, std::size_t queues, bool keeps_times);

  /// Appends the rows of messages of one queue, which is named by its index. Gives a warning, or "".
  [[nodiscard]] std::string add(std::size_t queue, std::span<const ReceivedMessage> messages);

  /// How many rows were stored before this time; times that are asked for do not go back. Only with
  /// `keeps_times`.
  [[nodiscard]] std::size_t rows_before(std::int64_t time_ms);

  struct Options {
    bool by_time = false;  ///< Of storing; otherwise by queue and offset.
    std::size_t limit = std::numeric_limits<std::size_t>::max();  ///< The oldest rows are kept.
  };
  struct Result {
    TableSP table;
    std::size_t messages = 0;  ///< That have rows in the table.
  };
  /// The table. Once only. Throws std::runtime_error if there were bodies of which no rows can be made, and
  /// if the server cannot make the table.
  [[nodiscard]] Result finish(const Options& options);

 private:
  struct Queue {
    std::vector<TableSP> parts;
    std::vector<std::int64_t> times;  // Of storing, of each row.
    std::vector<bool> begins;         // Whether a row is the first one of its message.
    std::size_t rows = 0;
    std::size_t messages = 0;
  };
  struct BadBodies {
    std::vector<std::int64_t> times;
    std::int64_t first_time = 0;
    std::string first;
  };
  void note_bad(const ReceivedMessage& message, const std::string& error);
  void note_times(Queue& queue, std::span<const ReceivedMessage> messages);
  void throw_if_bad(std::int64_t last_time) const;
  [[nodiscard]] std::vector<int> choose(const Options& options, std::size_t rows, Result& result) const;
  [[nodiscard]] std::vector<VectorSP> join();

  const bool keeps_times_;
  MessageTableMaker maker_;
  EmptyColumns empty_columns_;
  std::vector<Queue> queues_;
  std::vector<std::int64_t> later_;  // A heap: the times of rows that rows_before() has not counted yet.
  std::size_t before_ = 0;
  BadBodies bad_;
};

}  // namespace rocketmq::plugin
