// The functions of consumers without a handler, beyond the manual's five.

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugin/arguments.h"
#include "plugin/caller.h"
#include "plugin/consumer_config.h"
#include "plugin/consumer_handle.h"
#include "plugin/entries.h"
#include "plugin/entry_guard.h"
#include "plugin/handler_session.h"
#include "plugin/offset_directory.h"
#include "plugin/process_exit.h"
#include "plugin/subscription_arguments.h"

namespace rocketmq::plugin {

namespace {

constexpr Usage create_consumer_usage{
    "createConsumer",
    "createConsumer(namesrvAddr, groupName, topic, [subExpression=\"*\"], [consumerConfig])"};
constexpr Usage poll_usage{"poll", "poll(consumer, [maxRows=1000], [timeout=1000])"};
constexpr Usage commit_usage{"commit", "commit(consumer)"};
constexpr Usage rewind_usage{"rewind", "rewind(consumer)"};
constexpr Usage close_consumer_usage{"closeConsumer", "closeConsumer(consumer)"};

constexpr int default_max_rows = 1000;
constexpr int default_timeout_ms = 1000;

ConstantSP create_consumer(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 3, 5);
  SubscriptionArguments subscription;
  subscription.name_servers = arguments.text_or_empty(0, "namesrvAddr");
  subscription.group = arguments.text(1, "groupName");
  subscription.subscriptions = read_subscriptions(arguments, 2, 3);
  JobConfig config = read_polled_config(
      subscription, arguments.given(4) ? arguments.value(4, "consumerConfig") : ConstantSP());
  if (config.consumer.message_model == MessageModel::broadcasting) {
    config.consumer.offset_directory = offset_directory(heap);
  }
  SessionSP session;
  if (!config.error_handler.isNull()) session = copy_session(heap);
  if (!config.start_function.isNull()) config.start_session = copy_session(heap);
  auto consumer = std::make_shared<PolledConsumer>(std::move(config), session);
  close_everything_at_exit();
  return make_consumer_handle(heap, std::move(consumer), subscription.group);
}

ConstantSP poll(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 1, 3);
  const auto consumer = consumer_of(arguments.value(0, "consumer"));
  const int max_rows = arguments.int_or(1, "maxRows", 1, default_max_rows);
  const int timeout_ms = arguments.int_or(2, "timeout", 0, default_timeout_ms);
  return consumer->poll(max_rows, std::chrono::milliseconds(timeout_ms), cancellation_of(heap));
}

ConstantSP commit(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 1, 1);
  consumer_of(arguments.value(0, "consumer"))->commit(cancellation_of(heap));
  return new Bool(true);
}

ConstantSP rewind(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 1, 1);
  consumer_of(arguments.value(0, "consumer"))->rewind(cancellation_of(heap));
  return new Bool(true);
}

ConstantSP close_consumer(const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 1, 1);
  return new Bool(close_consumer_of(arguments.value(0, "consumer")));
}

}  // namespace

}  // namespace rocketmq::plugin

namespace plugin = rocketmq::plugin;

ConstantSP rocketmqCreateConsumer(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::create_consumer_usage,
                         [&] { return plugin::create_consumer(heap, arguments); });
}

ConstantSP rocketmqPoll(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::poll_usage, [&] { return plugin::poll(heap, arguments); });
}

ConstantSP rocketmqCommit(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::commit_usage, [&] { return plugin::commit(heap, arguments); });
}

ConstantSP rocketmqRewind(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::rewind_usage, [&] { return plugin::rewind(heap, arguments); });
}

ConstantSP rocketmqCloseConsumer(Heap* /*heap*/, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::close_consumer_usage, [&] { return plugin::close_consumer(arguments); });
}
