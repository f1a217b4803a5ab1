#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugin/config_reader.h"
#include "plugin/message_columns.h"
#include "plugin/sdk.h"
#include "rocketmq/consumer.h"

namespace rocketmq::plugin {

/// How a job calls its handler.
struct HandlerOptions {
  int threads = 1;          ///< > 0; a queue is handled by one thread at a time.
  bool async_pull = false;  ///< Collect batches instead of handling what is there at once.
  int batch_size = 10'000;  ///< > 0; async_pull only: this many unhandled messages start a call.
  double throttle_ms = 1;   ///< > 0; async_pull only: fewer messages wait at most this long.
  std::optional<int> max_reconsume_times;  ///< As the consumer's.
  bool block = false;            ///< Messages that the handler fails on are not given up: their queue waits.
  int retry_interval_ms = 1000;  ///< > 0; with `block`: before they are handed over again.
  MessageTableFormat table;      ///< What the handler gets.
};

/// Everything that a subscription job is made of, apart from its handler.
struct JobConfig {
  ConsumerConfig consumer;
  HandlerOptions handler;
  FunctionDefSP start_function;       ///< Says where queues start; a null pointer if there is none.
  SessionSP start_session;            ///< For start_function, if there is one.
  FunctionDefSP error_handler;        ///< Gets what the job gives up; a null pointer if there is none.
  std::string user;                   ///< Whose job it is.
  std::string name;                   ///< Unique among running jobs; empty if the job has none.
  std::vector<std::string> warnings;  ///< What is allowed and most likely not meant; for the log.
};

/// Registers every key of createSubJob's consumerConfig.
void add_consumer_keys(ConfigReader& reader, JobConfig& config);
/// Registers every key of createConsumer's consumerConfig.
void add_polled_consumer_keys(ConfigReader& reader, JobConfig& config);

/// The positional arguments of createSubJob, but for the handler, and of createConsumer.
struct SubscriptionArguments {
  std::string name_servers;
  std::string group;
  std::vector<Subscription> subscriptions;
};

/// What createSubJob's arguments mean. `dictionary` may be a null pointer: no configuration was given.
/// Throws ArgumentError.
[[nodiscard]] JobConfig read_job_config(const SubscriptionArguments& arguments, const ConstantSP& dictionary);

/// What createConsumer's arguments mean: a job's configuration without what only a handler needs.
[[nodiscard]] JobConfig read_polled_config(const SubscriptionArguments& arguments,
                                           const ConstantSP& dictionary);

}  // namespace rocketmq::plugin
