#pragma once

#include <cstddef>
#include <string>

#include "common/bodies.h"
#include "host/received_table.h"

namespace rocketmq::bench {

/// What all works of the plugin's driver are told.
struct PluginWork {
  std::string name_servers;
  std::string topic;
  std::string group = "bench";
  std::string config;  ///< More entries of the config dictionary, as a script writes them.
  std::size_t messages = 0;
  std::size_t warmup = 0;
  BodyShape body;
};

/// One vector after another, `vector_rows` each; 0: all messages in one.
void send_vectors(const PluginWork& work, std::size_t vector_rows);

/// A scalar per call, from `threads` sessions that share the producer.
void send_scalars(const PluginWork& work, std::size_t threads);

/// A scalar every `interval_us`.
void send_paced(const PluginWork& work, std::size_t interval_us);

struct ConsumeWork {
  PluginWork common;
  std::size_t jobs = 1;     ///< Of the same group.
  std::size_t threads = 1;  ///< consumeThreadCount
  std::size_t busy_us =
      0;              ///< The handler spins so long a row and keeps nothing; 0: it appends to the table.
  bool drop = false;  ///< The handler only counts.
  TableKind table = TableKind::msg;
  /// The host has used as much memory before as the rows will take, as a server that has run for a while has.
  bool used_memory = false;
};

/// Takes a backlog through a job, until `messages` were handled.
void consume_backlog(const ConsumeWork& work);

/// A scalar every `interval_us` and a job that appends it to a table: from before send to the row.
void end_to_end(const PluginWork& work, std::size_t interval_us);

/// A job that has nothing to do, for `seconds`.
void idle_job(const PluginWork& work, std::size_t seconds);

}  // namespace rocketmq::bench
