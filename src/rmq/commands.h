#pragma once

#include "rmq/options.h"
#include "rmq/output.h"
#include "rocketmq/client_config.h"

namespace rocketmq::rmq {

/// What a command works with.
struct Session {
  const CommonOptions& options;
  const ClientConfig client;
  Output& out;
};

// One for each command. They throw UsageError, CommandError and rocketmq::Error.
void run(const TopicsOptions& options, Session& session);
void run(const TopicOptions& options, Session& session);
void run(const GroupsOptions& options, Session& session);
void run(const GroupOptions& options, Session& session);
void run(const SendOptions& options, Session& session);
void run(const ReadOptions& options, Session& session);
void run(const MessageOptions& options, Session& session);
void run(const ResetOptions& options, Session& session);
void run(const DlqOptions& options, Session& session);

}  // namespace rocketmq::rmq
