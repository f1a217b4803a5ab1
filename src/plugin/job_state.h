#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "plugin/job_stat.h"
#include "rocketmq/consumer_status.h"

namespace rocketmq::plugin {

/// What a job is doing. If several hold, the first in the order of job_state() does.
enum class JobState {
  running,            ///< It receives, or waits for messages.
  paused,             ///< By pauseSubJob.
  waiting_for_topic,  ///< None of its topics exists yet.
  no_queue,           ///< The group has more members than there are queues, and the others have them.
  no_broker,          ///< A broker or the name servers cannot be reached.
  refused,            ///< A server does not let it receive.
  handler_failing,    ///< Its last call has failed, or a queue waits for it (BLOCK).
  handler_busy,       ///< A call of the handler takes long.
  ended,              ///< By cancelSubJob.
};

/// In the order of the enumeration.
inline constexpr std::array<std::string_view, 9> job_state_names{
    "RUNNING", "PAUSED",          "WAITING_FOR_TOPIC", "NO_QUEUE", "NO_BROKER",
    "REFUSED", "HANDLER_FAILING", "HANDLER_BUSY",      "ENDED"};

[[nodiscard]] constexpr std::string_view name_of(JobState state) noexcept {
  return job_state_names[static_cast<std::size_t>(state)];
}

/// How long a call of the handler may take before the job counts as busy.
inline constexpr std::int64_t busy_after_ms = 5'000;

struct JobCondition {
  JobState state = JobState::running;
  std::string reason;  ///< Why, and what there is to do; often empty if it runs.
};

/// What a job's state follows from.
struct JobFacts {
  bool ended = false;
  bool paused = false;
  ConsumerStatus consumer;  ///< Without topics: it has just started.
  JobActivity activity;
  std::int64_t now_ms = 0;  ///< Since the epoch.
};

[[nodiscard]] JobCondition job_state(const JobFacts& facts);

/// The state of one queue: one of those words, or STARTING if it is not known yet where it begins.
[[nodiscard]] std::string_view queue_state(const QueueStatus& queue, bool paused);

/// All queues together; empty if there is none, or one of a topic of which it is not known: a part would look
/// like all.
[[nodiscard]] std::optional<std::int64_t> lag_of(const ConsumerStatus& consumer);

}  // namespace rocketmq::plugin
