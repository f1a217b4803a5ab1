// The functions that look at topics and groups without a job, beyond the manual's five.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/arguments.h"
#include "plugin/caller.h"
#include "plugin/client_keys.h"
#include "plugin/config_reader.h"
#include "plugin/entries.h"
#include "plugin/entry_guard.h"
#include "plugin/message_reading.h"
#include "plugin/plugin_log.h"
#include "plugin/read_config.h"
#include "plugin/topic_tables.h"
#include "rocketmq/topic_view.h"

namespace rocketmq::plugin {

namespace {

constexpr Usage read_messages_usage{"readMessages",
                                    "readMessages(namesrvAddr, topic, [begin], [end], [readConfig])"};
constexpr Usage get_topic_queues_usage{"getTopicQueues",
                                       "getTopicQueues(namesrvAddr, topic, [clientConfig])"};
constexpr Usage get_group_progress_usage{"getGroupProgress",
                                         "getGroupProgress(namesrvAddr, groupName, topic, [clientConfig])"};

ConstantSP value_or_null(const Arguments& arguments, std::size_t index, std::string_view name) {
  return arguments.given(index) ? arguments.value(index, name) : ConstantSP();
}

/// Such a client lives for a moment: each call would leave lines of every connection.
LogSink quiet_sink(const std::string& subject) {
  return [sink = log_sink(subject)](LogLevel level, std::string_view line) {
    if (level != LogLevel::info) sink(level, line);
  };
}

/// namesrvAddr, the first argument, and the dictionary `clientConfig` at `index`.
ClientConfig read_client(const Arguments& arguments, std::size_t index, const std::string& subject) {
  ClientConfig config;
  config.name_server_addresses = arguments.text_or_empty(0, "namesrvAddr");
  ConfigReader reader("clientConfig");
  add_client_keys(reader, config);
  if (arguments.given(index)) reader.read(arguments.value(index, "clientConfig"));
  check_name_servers(config);
  config.log = quiet_sink(subject);
  return config;
}

ConstantSP read(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 2, 5);
  ReadArguments given;
  given.name_servers = arguments.text_or_empty(0, "namesrvAddr");
  given.topic = arguments.text(1, "topic");
  given.begin = value_or_null(arguments, 2, "begin");
  given.end = value_or_null(arguments, 3, "end");
  ReadConfig config = read_read_config(given, value_or_null(arguments, 4, "readConfig"));
  const std::string subject = "readMessages of topic " + given.topic;
  config.reader.client.log = quiet_sink(subject);
  for (const std::string& warning : config.warnings)
    write_log(LogLevel::warning, subject, warning);
  return read_messages(config, cancellation_of(heap));
}

ConstantSP get_topic_queues(const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 2, 3);
  const std::string topic = arguments.text(1, "topic");
  return make_topic_table(topic_queues(read_client(arguments, 2, "getTopicQueues of topic " + topic), topic));
}

ConstantSP get_group_progress(const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 3, 4);
  const std::string group = arguments.text(1, "groupName");
  const std::string topic = arguments.text(2, "topic");
  return make_progress_table(
      group_progress(read_client(arguments, 3, "getGroupProgress of group " + group), group, topic));
}

}  // namespace

}  // namespace rocketmq::plugin

namespace plugin = rocketmq::plugin;

ConstantSP rocketmqReadMessages(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::read_messages_usage, [&] { return plugin::read(heap, arguments); });
}

ConstantSP rocketmqGetTopicQueues(Heap* /*heap*/, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::get_topic_queues_usage, [&] { return plugin::get_topic_queues(arguments); });
}

ConstantSP rocketmqGetGroupProgress(Heap* /*heap*/, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::get_group_progress_usage,
                         [&] { return plugin::get_group_progress(arguments); });
}
