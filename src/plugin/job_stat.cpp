#include "plugin/job_stat.h"

#include <utility>

namespace rocketmq::plugin {

JobStat::JobStat(std::string job_id, EpochNanos start_time) {
  row_.job_id = std::move(job_id);
  row_.start_time = start_time;
}

void JobStat::received(EpochNanos now) {
  const std::lock_guard lock(mutex_);
  if (!row_.first_message_time) row_.first_message_time = now;
  row_.last_message_time = now;
}

void JobStat::processed(long long rows) {
  const std::lock_guard lock(mutex_);
  row_.processed_count += rows;
}

void JobStat::failed(std::string error, EpochNanos now) {
  const std::lock_guard lock(mutex_);
  ++row_.failed_count;
  row_.last_error = std::move(error);
  row_.last_failed_time = now;
}

void JobStat::ended(EpochNanos now) {
  const std::lock_guard lock(mutex_);
  if (!row_.end_time) row_.end_time = now;
}

JobStatRow JobStat::snapshot() const {
  const std::lock_guard lock(mutex_);
  return row_;
}

}  // namespace rocketmq::plugin
