#pragma once

#include <vector>

#include "plugin/job_stat.h"
#include "plugin/producer_stat.h"
#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// The table that getSubJobStat returns: its nine columns in the manual's order, times as local
/// NANOTIMESTAMPs, NULL if nothing happened yet.
[[nodiscard]] TableSP make_stat_table(const std::vector<JobStatRow>& rows);

/// The table that getProducerStat returns.
[[nodiscard]] TableSP make_producer_table(const std::vector<ProducerStatRow>& rows);

}  // namespace rocketmq::plugin
