#include "plugin/job_stat.h"

#include <algorithm>
#include <utility>

namespace rocketmq::plugin {

namespace {

/// Threads report in any order, and the system's clock may be set back; what a row tells never goes back.
void advance(std::optional<EpochNanos>& time, EpochNanos now, EpochNanos not_before) {
  time = std::max({now, not_before, time.value_or(not_before)});
}

}  // namespace

JobStat::JobStat(std::string job_id, EpochNanos start_time) {
  row_.job_id = std::move(job_id);
  row_.start_time = start_time;
}

void JobStat::received(EpochNanos now) {
  const std::lock_guard lock(mutex_);
  advance(row_.last_message_time, now, row_.start_time);
  if (!row_.first_message_time) row_.first_message_time = row_.last_message_time;
}

void JobStat::processed(long long rows) {
  const std::lock_guard lock(mutex_);
  row_.processed_count += rows;
}

void JobStat::failed(std::string error, EpochNanos now, long long rows) {
  const std::lock_guard lock(mutex_);
  row_.failed_count += rows;
  row_.last_error = std::move(error);
  advance(row_.last_failed_time, now, row_.start_time);
}

void JobStat::ended(EpochNanos now) {
  const std::lock_guard lock(mutex_);
  if (row_.end_time) return;
  const EpochNanos last = std::max(row_.last_message_time.value_or(row_.start_time),
                                   row_.last_failed_time.value_or(row_.start_time));
  advance(row_.end_time, now, last);
}

JobStatRow JobStat::snapshot() const {
  const std::lock_guard lock(mutex_);
  return row_;
}

}  // namespace rocketmq::plugin
