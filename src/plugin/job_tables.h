#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plugin/job_report.h"
#include "plugin/job_stat.h"
#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// The table that getSubJobInfo returns: a row a job.
[[nodiscard]] TableSP make_info_table(const std::vector<JobReport>& reports);

/// The table that getSubJobQueues returns: a row a queue.
[[nodiscard]] TableSP make_queue_table(const std::vector<JobReport>& reports);

/// The table that seekSubJob returns: a row a queue that was moved.
[[nodiscard]] TableSP make_seek_table(const std::vector<SeekResult>& results, bool several_topics);

/// The table that getSubJobErrors returns, in this order.
struct ErrorOfJob {
  std::string job_id;
  JobError error;
};
[[nodiscard]] TableSP make_error_table(const std::vector<ErrorOfJob>& errors);

}  // namespace rocketmq::plugin
