#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "rmq/output.h"
#include "rocketmq/tls_config.h"

namespace rocketmq::rmq {

/// What every command has.
struct CommonOptions {
  std::string name_servers;
  std::string name_space;
  std::string credentials_file;
  TlsConfig tls;
  int connect_timeout_ms = 3000;
  bool json = false;
  bool verbose = false;
  ColorChoice color = ColorChoice::automatic;
};

/// How messages are written.
struct FormatOptions {
  std::string format;  ///< A template; empty: a line with tabs.
  bool raw = false;
};

/// Which messages of a topic.
struct RangeOptions {
  std::string since;  ///< As read_position reads it; empty: not given.
  std::string until;
  std::int64_t count = std::numeric_limits<std::int64_t>::max();
};

struct TopicsOptions {
  bool all = false;
  bool details = false;
};
struct TopicOptions {
  std::string topic;
  bool route = false;
  bool groups = false;
};
struct GroupsOptions {
  bool details = false;
};
struct GroupOptions {
  std::string group;
  bool members = false;
};
struct SendOptions {
  std::string topic;
  std::vector<std::string> files;
  std::string tag;
  std::string keys;
  std::string order_key;
  std::vector<std::string> properties;  ///< NAME=VALUE
  int delay_level = 0;
  std::string deliver_at;
  std::string group = "rmq";
  bool whole = false;
  bool skip_empty = false;
};
struct ReadOptions {
  std::string topic;
  RangeOptions range;
  std::vector<std::string> queues;  ///< BROKER:ID or ID
  std::string filter;
  std::string sql;
  bool follow = false;
  FormatOptions format;
};
struct MessageOptions {
  std::string topic;
  std::vector<std::string> ids;
  std::string key;
  RangeOptions range;
  FormatOptions format;
};
struct ResetOptions {
  std::string group;
  std::string topic;
  std::string to;
  std::vector<std::string> queues;
  bool dry_run = false;
  bool yes = false;
};
struct DlqOptions {
  std::string group;
  RangeOptions range;
  std::vector<std::string> ids;
  bool resend = false;
  bool dry_run = false;
  bool yes = false;
  FormatOptions format;
};

struct Invocation {
  CommonOptions common;
  std::variant<TopicsOptions, TopicOptions, GroupsOptions, GroupOptions, SendOptions, ReadOptions,
               MessageOptions, ResetOptions, DlqOptions>
      command;
};

/// Reads a command line. Help and the version are printed, and `out` is then left alone. Throws UsageError.
/// Whether there is something to do.
[[nodiscard]] bool read_options(int argc, const char* const* argv, Invocation& out);

}  // namespace rocketmq::rmq
