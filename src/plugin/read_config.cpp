#include "plugin/read_config.h"

#include <utility>

#include "plugin/argument_error.h"
#include "plugin/client_keys.h"
#include "plugin/consume_timestamp.h"
#include "plugin/message_format_keys.h"
#include "plugin/queues_table.h"
#include "plugin/subscription_arguments.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

constexpr const char* argument_name = "readConfig";

/// `begin` or `end`; `fallback` if it is not given.
ReadPosition read_position(const char* name, const ConstantSP& value, ReadPosition::Kind fallback) {
  if (value.isNull()) return {fallback, 0};
  const std::string word = value->isScalar() && is_text_type(value) ? value->getString() : "";
  if (word == "FIRST") return {ReadPosition::Kind::first, 0};
  if (word == "LAST") return {ReadPosition::Kind::last, 0};
  if (const auto time = read_local_time(value)) return {ReadPosition::Kind::time, *time};
  if (value->isScalar() && value->isNull()) return {fallback, 0};
  throw ArgumentError(
      std::string(name) +
      " must be \"FIRST\", \"LAST\" or a temporal scalar with a date; given: " + describe_value(value) + ".");
}

}  // namespace

void add_read_keys(ConfigReader& reader, ReadConfig& config) {
  ReaderConfig& client = config.reader;
  add_client_keys(reader, client.client);
  reader.add_text(
      "subExpression", client.sub_expression,
      "Which messages are read: tags (\"a || b\"), or with expressionType=\"SQL92\" a condition.");
  reader.add_choice("expressionType",
                    {{"TAG", [&client] { client.expression_type = ExpressionType::tag; }},
                     {"SQL92", [&client] { client.expression_type = ExpressionType::sql92; }}},
                    "Whether subExpression holds tags (\"a || b\") or an SQL92 condition on properties.");
  add_message_format_keys(reader, config.table);
  reader.add_optional_int(
      "limit", {.min = 1}, [&config](int limit) { config.limit = limit; },
      "At most so many rows are returned, those that were stored first.");
  reader.add_choice("orderBy",
                    {{"queueOffset", [&config] { config.by_store_time = false; }},
                     {"storeTimestamp", [&config] { config.by_store_time = true; }}},
                    "The order of the rows: by broker, queue and offset, or by the time of storing.");
}

ReadConfig read_read_config(const ReadArguments& arguments, const ConstantSP& dictionary) {
  ReadConfig config;
  ReaderConfig& client = config.reader;
  client.client.name_server_addresses = arguments.name_servers;
  client.topic = arguments.topic;
  client.begin = read_position("begin", arguments.begin, ReadPosition::Kind::first);
  client.end = read_position("end", arguments.end, ReadPosition::Kind::last);
  if (client.begin.kind == ReadPosition::Kind::time && client.end.kind == ReadPosition::Kind::time &&
      client.begin.value > client.end.value)
    throw ArgumentError("begin is later than end.");
  ConfigReader reader(argument_name);
  add_read_keys(reader, config);
  reader.add_value(
      "queues", "table", "of brokerName and queueId, and if wanted begin and end",
      [&client](const ConstantSP& value) {
        client.queues = read_queues_table(value, client.begin, client.end);
      },
      "The only queues that are read, and from where to where: offsets or times.");
  std::vector<std::string> keys;
  if (!dictionary.isNull()) keys = reader.read(dictionary);
  config.warnings = finish_message_format(config.table, keys, argument_name);
  if (auto warning = warn_of_condition(client.sub_expression, client.expression_type, argument_name))
    config.warnings.push_back(*std::move(warning));
  check_name_servers(client.client);
  // Whatever the order of the rows, the oldest must be found before the others are read.
  client.oldest_first = config.limit.has_value();
  return config;
}

}  // namespace rocketmq::plugin
