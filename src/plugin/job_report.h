#pragma once

#include <string>

#include "plugin/job.h"
#include "plugin/job_stat.h"
#include "plugin/job_state.h"
#include "rocketmq/consumer_status.h"

namespace rocketmq::plugin {

/// All that can be told of a job at this moment.
struct JobReport {
  std::string id;
  JobDescription description;
  std::string client_id;
  JobStatRow stat;
  JobActivity activity;
  ConsumerStatus consumer;  ///< Empty once the job has ended.
  bool paused = false;
  JobCondition condition;
};

/// Asks nobody: neither a broker nor a thread that works is waited for.
[[nodiscard]] JobReport report_on(const Job& job);

}  // namespace rocketmq::plugin
