#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugin/config_reader.h"
#include "plugin/message_columns.h"
#include "plugin/sdk.h"
#include "rocketmq/reader.h"

namespace rocketmq::plugin {

/// What readMessages reads, and what its table looks like.
struct ReadConfig {
  ReaderConfig reader;
  MessageTableFormat table;
  std::optional<int> limit;           ///< > 0; at most so many rows, the oldest.
  bool by_store_time = false;         ///< The order of the rows; otherwise by queue and offset.
  std::vector<std::string> warnings;  ///< What is allowed and most likely not meant; for the log.
};

/// Registers every key of readConfig, but for `queues`.
void add_read_keys(ConfigReader& reader, ReadConfig& config);

/// The positional arguments of readMessages; null pointers for those that were not given.
struct ReadArguments {
  std::string name_servers;
  std::string topic;
  ConstantSP begin;
  ConstantSP end;
};

/// What readMessages' arguments mean. `dictionary` may be a null pointer. Throws ArgumentError.
[[nodiscard]] ReadConfig read_read_config(const ReadArguments& arguments, const ConstantSP& dictionary);

}  // namespace rocketmq::plugin
