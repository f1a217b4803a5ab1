#include "plugin/entries.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "plugin/arguments.h"
#include "plugin/caller.h"
#include "plugin/consumer_config.h"
#include "plugin/data_reader.h"
#include "plugin/entry_guard.h"
#include "plugin/handler_session.h"
#include "plugin/job_registry.h"
#include "plugin/json_bodies.h"
#include "plugin/offset_directory.h"
#include "plugin/plugin_log.h"
#include "plugin/process_exit.h"
#include "plugin/producer_config.h"
#include "plugin/producer_handle.h"
#include "plugin/send_columns.h"
#include "plugin/stat_table.h"
#include "plugin/subscription_arguments.h"
#include "rocketmq/consumer.h"
#include "rocketmq/producer.h"

namespace rocketmq::plugin {

namespace {

constexpr Usage create_producer_usage{"createProducer",
                                      "createProducer(namesrvAddr, groupName, [producerConfig])"};
constexpr Usage send_usage{"send", "send(producer, data, topic, [tag=\"\"], [sendConfig])"};
constexpr Usage create_sub_job_usage{
    "createSubJob",
    "createSubJob(namesrvAddr, groupName, topic, handler, [subExpression=\"*\"], [consumerConfig])"};
constexpr Usage cancel_sub_job_usage{"cancelSubJob", "cancelSubJob(jobId)"};
constexpr Usage get_sub_job_stat_usage{"getSubJobStat", "getSubJobStat()"};

ConstantSP optional_value(const Arguments& arguments, std::size_t index, std::string_view name) {
  return arguments.given(index) ? arguments.value(index, name) : ConstantSP();
}

ConstantSP create_producer(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 2, 3);
  const std::string name_servers = arguments.text_or_empty(0, "namesrvAddr");
  const std::string group = arguments.text(1, "groupName");
  ProducerConfig config =
      read_producer_config(name_servers, group, optional_value(arguments, 2, "producerConfig"));
  config.client.log = log_sink("producer of group " + group);
  std::shared_ptr<Producer> producer = Producer::start(std::move(config));
  close_everything_at_exit();
  return make_producer_handle(heap, std::move(producer), {group, name_servers, {}, caller_of(heap).user, 0});
}

ConstantSP send(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 3, 5);
  const OpenProducer producer = producer_of(arguments.value(0, "producer"));
  const std::string topic = arguments.text(2, "topic");
  const SendColumns columns(optional_value(arguments, 3, "tag"), optional_value(arguments, 4, "sendConfig"));
  const ConstantSP& data = arguments.value(1, "data");
  const Texts bodies = columns.json() ? make_json_bodies(data) : read_bodies(data);
  send_counted(producer, topic, columns.outgoing(bodies.views), cancellation_of(heap));
  return new Bool(true);
}

ConstantSP create_sub_job(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 4, 6);
  SubscriptionArguments subscription;
  subscription.name_servers = arguments.text_or_empty(0, "namesrvAddr");
  subscription.group = arguments.text(1, "groupName");
  subscription.subscriptions = read_subscriptions(arguments, 2, 4);
  const FunctionDefSP handler = arguments.unary_function(3, "handler");
  JobConfig config = read_job_config(subscription, optional_value(arguments, 5, "consumerConfig"));
  if (config.consumer.message_model == MessageModel::broadcasting) {
    config.consumer.offset_directory = offset_directory(heap);
  }
  std::vector<SessionSP> sessions;
  sessions.reserve(static_cast<std::size_t>(config.handler.threads));
  for (int i = 0; i < config.handler.threads; ++i)
    sessions.push_back(copy_session(heap));
  if (!config.start_function.isNull()) config.start_session = copy_session(heap);
  config.user = caller_of(heap).user;
  const std::string id = JobRegistry::instance().create(std::move(config), handler, sessions);
  close_everything_at_exit();
  return new String(id);
}

ConstantSP cancel_sub_job(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 1, 1);
  const std::string id = arguments.text(0, "jobId");
  JobRegistry::instance().check_access(id, caller_of(heap));
  return new Bool(JobRegistry::instance().cancel(id));
}

ConstantSP get_sub_job_stat(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 0, 0);
  return make_stat_table(JobRegistry::instance().stats(caller_of(heap)));
}

}  // namespace

}  // namespace rocketmq::plugin

namespace plugin = rocketmq::plugin;

ConstantSP rocketmqCreateProducer(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::create_producer_usage,
                         [&] { return plugin::create_producer(heap, arguments); });
}

ConstantSP rocketmqSend(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::send_usage, [&] { return plugin::send(heap, arguments); });
}

ConstantSP rocketmqCreateSubJob(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::create_sub_job_usage,
                         [&] { return plugin::create_sub_job(heap, arguments); });
}

ConstantSP rocketmqCancelSubJob(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::cancel_sub_job_usage,
                         [&] { return plugin::cancel_sub_job(heap, arguments); });
}

ConstantSP rocketmqGetSubJobStat(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::get_sub_job_stat_usage,
                         [&] { return plugin::get_sub_job_stat(heap, arguments); });
}
