#pragma once

#include <string>
#include <vector>

#include "plugin/config_reader.h"
#include "plugin/message_columns.h"

namespace rocketmq::plugin {

/// Registers the keys that say what the handler's table looks like: columns, format, schema, delimiter.
void add_message_format_keys(ConfigReader& reader, MessageTableFormat& format);

/// Checks the keys against each other, and leaves out the column msg if there is a schema and no `columns`.
/// `keys` are those that were given, in the dictionary that messages call `argument`. Returns what is allowed
/// and most likely not meant. Throws ArgumentError.
[[nodiscard]] std::vector<std::string> finish_message_format(MessageTableFormat& format,
                                                             const std::vector<std::string>& keys,
                                                             const std::string& argument);

}  // namespace rocketmq::plugin
