#include "plugin/job_stat.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

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

void JobStat::received(EpochNanos now, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  activity_.received_bytes += static_cast<long long>(bytes);
  last_minute_.add({.bytes = static_cast<long long>(bytes)}, std::chrono::steady_clock::now());
  advance(row_.last_message_time, now, row_.start_time);
  if (!row_.first_message_time) row_.first_message_time = row_.last_message_time;
}

void JobStat::processed(long long rows) {
  const std::lock_guard lock(mutex_);
  row_.processed_count += rows;
  last_minute_.add({.messages = rows}, std::chrono::steady_clock::now());
}

void JobStat::failed(std::string error, EpochNanos now, long long rows, JobError details) {
  if (details.error.empty()) details.error = error;
  details.error.resize(first_bytes(details.error, max_error_bytes).size());
  details.body.resize(first_bytes(details.body, max_error_bytes).size());
  const std::lock_guard lock(mutex_);
  row_.failed_count += rows;
  row_.last_error = std::move(error);
  advance(row_.last_failed_time, now, row_.start_time);
  details.time = *row_.last_failed_time;
  errors_.push_back(std::move(details));
  if (errors_.size() > max_errors) errors_.pop_front();
}

void JobStat::dead_lettered(long long rows) {
  const std::lock_guard lock(mutex_);
  activity_.dead_letters += rows;
}

void JobStat::call_began(const void* caller, EpochNanos now) {
  const std::lock_guard lock(mutex_);
  calls_.insert_or_assign(caller, now);
}

void JobStat::call_ended(const void* caller, const std::string& error, EpochNanos now) {
  const std::lock_guard lock(mutex_);
  const auto call = calls_.find(caller);
  if (call == calls_.end()) return;
  const std::chrono::nanoseconds took(std::max<EpochNanos>(now - call->second, 0));
  calls_.erase(call);
  activity_.last_call_ms = std::chrono::duration<double, std::milli>(took).count();
  last_minute_.add({.calls = 1, .handling = took}, std::chrono::steady_clock::now());
  if (error.empty()) {
    activity_.failing_since.reset();
  } else if (!activity_.failing_since) {
    activity_.failing_since = now;
  }
  activity_.last_call_error = first_bytes(error, max_error_bytes);
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

JobActivity JobStat::activity() const {
  const std::lock_guard lock(mutex_);
  JobActivity activity = activity_;
  const auto now = std::chrono::steady_clock::now();
  const Sums sums = last_minute_.sums(now);
  activity.messages_per_second = static_cast<double>(sums.messages) / last_minute_.span_s(now);
  activity.bytes_per_second = static_cast<double>(sums.bytes) / last_minute_.span_s(now);
  if (sums.calls > 0) {
    activity.average_call_ms =
        std::chrono::duration<double, std::milli>(sums.handling).count() / static_cast<double>(sums.calls);
  }
  for (const auto& [caller, since] : calls_)
    activity.oldest_call = std::min(since, activity.oldest_call.value_or(since));
  return activity;
}

std::vector<JobError> JobStat::errors(std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  const auto count = static_cast<std::ptrdiff_t>(std::min(limit, errors_.size()));
  return {errors_.rbegin(), errors_.rbegin() + count};
}

}  // namespace rocketmq::plugin
