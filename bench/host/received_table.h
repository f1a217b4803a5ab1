#pragma once

#include <string>

#include "common/bodies.h"
#include "host/plugin_session.h"

namespace rocketmq::bench {

/// What the table has that a job's rows go to.
enum class TableKind {
  msg,       ///< The bodies.
  metadata,  ///< The bodies and the 12 columns of metadata.
  typed,     ///< The fields of ticks, by the plugin's `schema`.
  script,    ///< The same, by parseJsonTable in the handler.
};

/// Makes the shared table `received` and the `handler` that every script writes for such a table.
/// Returns the entries that the job's config needs for it.
std::string make_received_table(PluginSession& session, TableKind kind, BodyKind body);

/// Throws if a row of `received` is not the tick that was sent.
void check_ticks(const PluginSession& session);

}  // namespace rocketmq::bench
