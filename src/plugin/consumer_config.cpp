#include "plugin/consumer_config.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "base/wall_clock.h"
#include "plugin/argument_error.h"
#include "plugin/arguments.h"
#include "plugin/client_keys.h"
#include "plugin/consume_timestamp.h"
#include "plugin/message_format_keys.h"
#include "plugin/start_table.h"
#include "plugin/subscription_arguments.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

/// More threads than this are a typing error, and would only stand in each other's way.
constexpr int max_threads = 1000;
/// A batch is held in memory until its handler has finished.
constexpr int max_batch_size = 10'000'000;
constexpr double max_throttle_ms = 3'600'000;
/// What a job may hold in memory while it collects a batch.
constexpr std::size_t async_cached_bytes = 256U << 20;
/// How far back CONSUME_FROM_TIMESTAMP starts without a consumeTimestamp, as in the Java client.
constexpr long long default_start_ms = 30LL * 60 * 1000;

std::vector<std::string> warnings_of(const JobConfig& config, const std::vector<std::string>& keys) {
  std::vector<std::string> warnings;
  const auto given = [&keys](const char* key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  };
  for (const char* key : {"batchSize", "throttle"}) {
    if (config.handler.async_pull || !given(key)) continue;
    warnings.push_back(std::string("consumerConfig: ") + key + " has no effect without asyncPull=true");
  }
  if (given("retryInterval") && !config.handler.block) {
    warnings.emplace_back("consumerConfig: retryInterval has no effect without onError=\"BLOCK\"");
  }
  if (config.consumer.message_model == MessageModel::broadcasting && config.consumer.max_reconsume_times) {
    warnings.emplace_back(
        "consumerConfig: maxReconsumeTimes has no effect with BROADCASTING, because no member may have a "
        "message "
        "delivered again to all; failed messages are given up, or wait with onError=\"BLOCK\"");
  }
  for (const auto& [topic, expression] : config.consumer.subscriptions) {
    if (auto warning = warn_of_condition(expression, config.consumer.expression_type, "consumerConfig"))
      warnings.push_back(*std::move(warning));
  }
  return warnings;
}

void read_start_offsets(const ConstantSP& value, JobConfig& config) {
  if (value->isScalar() && value->getType() == DT_FUNCTIONDEF) {
    const FunctionDefSP function = value;
    if (!function->acceptParamCount(0)) {
      throw ArgumentError("startOffsets must be a table or a function without arguments; " +
                          in_quotes(function->getName()) + " needs some.");
    }
    config.start_function = function;
    return;
  }
  config.consumer.ask_start_offsets =
      [starts = read_start_table(start_offsets_name, value, topics_of(config.consumer.subscriptions))](
          const StartOffsetsAnswer& answer) { answer({}, starts); };
}

void add_start_keys(ConfigReader& reader, JobConfig& config) {
  ConsumerConfig& consumer = config.consumer;
  reader.add_value(
      "consumeTimestamp", "temporal scalar", "with a date, or a STRING scalar yyyyMMddHHmmss",
      [&consumer](const ConstantSP& value) { consumer.consume_timestamp_ms = read_consume_timestamp(value); },
      "When the first message of a group without progress was stored, in local time; only with "
      "CONSUME_FROM_TIMESTAMP.");
  reader.add_value(
      "startOffsets", "table", "of brokerName, queueId, queueOffset, or a function that returns one",
      [&config](const ConstantSP& value) { read_start_offsets(value, config); },
      "Where queues start when they are assigned, whatever the group's progress says.");
}

void check_start_keys(const ConsumerConfig& consumer, const std::vector<std::string>& keys) {
  if (consumer.consume_from_where == ConsumeFromWhere::timestamp) return;
  if (std::find(keys.begin(), keys.end(), "consumeTimestamp") == keys.end()) return;
  throw ArgumentError(
      "consumerConfig: consumeTimestamp is only for consumeFromWhere \"CONSUME_FROM_TIMESTAMP\"; give both, "
      "or neither.");
}

// The keys of a job and of a consumer without a handler.

void add_group_keys(ConfigReader& reader, ConsumerConfig& consumer) {
  add_client_keys(reader, consumer.client);
  reader.add_choice("messageModel",
                    {{"CLUSTERING", [&consumer] { consumer.message_model = MessageModel::clustering; }},
                     {"BROADCASTING", [&consumer] { consumer.message_model = MessageModel::broadcasting; }}},
                    "Whether the consumers of a group share the messages or each gets all of them.");
  reader.add_choice("consumeFromWhere",
                    {{"CONSUME_FROM_LAST_OFFSET",
                      [&consumer] { consumer.consume_from_where = ConsumeFromWhere::last_offset; }},
                     {"CONSUME_FROM_FIRST_OFFSET",
                      [&consumer] { consumer.consume_from_where = ConsumeFromWhere::first_offset; }},
                     {"CONSUME_FROM_TIMESTAMP",
                      [&consumer] { consumer.consume_from_where = ConsumeFromWhere::timestamp; }}},
                    "Where a group starts that has no progress yet; with progress it goes on from there.");
  reader.add_choice("expressionType",
                    {{"TAG", [&consumer] { consumer.expression_type = ExpressionType::tag; }},
                     {"SQL92", [&consumer] { consumer.expression_type = ExpressionType::sql92; }}},
                    "Whether subExpression holds tags (\"a || b\") or an SQL92 condition on properties.");
}

void add_receiving_key(ConfigReader& reader, ConsumerConfig& consumer) {
  reader.add_int("pullMsgThreadPoolCount", {.min = 1, .max = max_threads}, consumer.client.io_threads,
                 "How many threads receive messages from the brokers.");
}

void add_error_handler_key(ConfigReader& reader, JobConfig& config, std::string_view doc) {
  reader.add_value(
      "errorHandler", "function", "of one argument, the table of the messages that are given up",
      [&config](const ConstantSP& value) {
        config.error_handler =
            read_unary_function("errorHandler", "the table of the messages that are given up", value);
      },
      doc);
}

void add_handler_keys(ConfigReader& reader, JobConfig& config) {
  HandlerOptions& handler = config.handler;
  reader.add_int("consumeThreadCount", {.min = 1, .max = max_threads}, handler.threads,
                 "How many threads call the handler; the order within a queue holds whatever their number.");
  add_receiving_key(reader, config.consumer);
  reader.add_optional_int(
      "maxReconsumeTimes", {.min = 1},
      [&config](int times) {
        config.consumer.max_reconsume_times = times;
        config.handler.max_reconsume_times = times;
      },
      "How often a message whose handler failed is delivered again before it goes to the dead-letter queue; "
      "not set: it is not delivered again.");
  reader.add_bool("asyncPull", handler.async_pull,
                  "Whether received messages are collected and handled in batches.");
  reader.add_int("batchSize", {.min = 1, .max = max_batch_size}, handler.batch_size,
                 "How many unhandled messages start a call of the handler; only with asyncPull.");
  reader.add_positive_number("throttle", "ms", max_throttle_ms, handler.throttle_ms,
                             "How long after its last call the handler is called although batchSize is not "
                             "reached; only with asyncPull.");
}

void add_failure_keys(ConfigReader& reader, HandlerOptions& handler) {
  reader.add_choice(
      "onError",
      {{"SKIP", [&handler] { handler.block = false; }}, {"BLOCK", [&handler] { handler.block = true; }}},
      "What becomes of messages whose handler failed, without maxReconsumeTimes: they are given "
      "up, or their queue waits and they are handed over again.");
  reader.add_int(
      "retryInterval", {.min = 1, .unit = "ms"}, handler.retry_interval_ms,
      "How long a queue waits after its handler failed, with onError=\"BLOCK\"; it doubles with each "
      "failure in a row, up to 60 times itself.");
}

/// Reads the dictionary. The keys that it gives are checked together.
JobConfig read_config(const SubscriptionArguments& arguments, const ConstantSP& dictionary,
                      void (*add_keys)(ConfigReader&, JobConfig&)) {
  JobConfig config;
  config.consumer.client.name_server_addresses = arguments.name_servers;
  config.consumer.group = arguments.group;
  config.consumer.subscriptions = arguments.subscriptions;
  config.consumer.consume_timestamp_ms = now_in_ms() - default_start_ms;
  ConfigReader reader("consumerConfig");
  add_keys(reader, config);
  std::vector<std::string> keys;
  if (!dictionary.isNull()) keys = reader.read(dictionary);
  check_start_keys(config.consumer, keys);
  if (config.handler.block && config.handler.max_reconsume_times) {
    throw ArgumentError(
        "consumerConfig: onError=\"BLOCK\" and maxReconsumeTimes exclude each other: with the one a message "
        "whose handler failed is never given up, with the other it goes to the dead-letter queue.");
  }
  config.warnings = finish_message_format(config.handler.table, keys, "consumerConfig");
  for (std::string& warning : warnings_of(config, keys))
    config.warnings.push_back(std::move(warning));
  check_name_servers(config.consumer.client);
  return config;
}

}  // namespace

void add_consumer_keys(ConfigReader& reader, JobConfig& config) {
  reader.add_word("jobName", config.name,
                  "A name of the job, unique among running jobs; functions that take a jobId take it, too.");
  add_group_keys(reader, config.consumer);
  add_handler_keys(reader, config);
  add_message_format_keys(reader, config.handler.table);
  add_failure_keys(reader, config.handler);
  add_error_handler_key(reader, config, "Called with the messages that the job gives up.");
  add_start_keys(reader, config);
}

void add_polled_consumer_keys(ConfigReader& reader, JobConfig& config) {
  add_group_keys(reader, config.consumer);
  add_receiving_key(reader, config.consumer);
  add_message_format_keys(reader, config.handler.table);
  add_error_handler_key(reader, config, "Called with the messages whose body does not fit the schema.");
  add_start_keys(reader, config);
}

JobConfig read_polled_config(const SubscriptionArguments& arguments, const ConstantSP& dictionary) {
  JobConfig config = read_config(arguments, dictionary, add_polled_consumer_keys);
  config.consumer.auto_commit = false;
  return config;
}

JobConfig read_job_config(const SubscriptionArguments& arguments, const ConstantSP& dictionary) {
  JobConfig config = read_config(arguments, dictionary, add_consumer_keys);
  // No broker takes a message back from one of those that each get everything.
  if (config.consumer.message_model == MessageModel::broadcasting) {
    config.consumer.max_reconsume_times.reset();
    config.handler.max_reconsume_times.reset();
  }
  config.consumer.poll_threads = config.handler.threads;
  if (config.handler.async_pull) {
    // A batch must fit into the buffer, and the next one be received while it is handled.
    const std::size_t two_batches = 2 * static_cast<std::size_t>(config.handler.batch_size);
    config.consumer.max_cached_messages = std::max(config.consumer.max_cached_messages, two_batches);
    config.consumer.max_cached_bytes = async_cached_bytes;
  }
  return config;
}

}  // namespace rocketmq::plugin
