#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace rocketmq::plugin {

/// A moment in nanoseconds since the epoch, UTC.
using EpochNanos = long long;

/// One row of getSubJobStat. What has not happened yet is empty.
struct JobStatRow {
  std::string job_id;
  EpochNanos start_time = 0;
  std::optional<EpochNanos> end_time;
  std::optional<EpochNanos> first_message_time;
  std::optional<EpochNanos> last_message_time;
  long long processed_count = 0;
  long long failed_count = 0;
  std::string last_error;
  std::optional<EpochNanos> last_failed_time;
};

/// The numbers of a job. Thread-safe under a mutex of its own that is held for a few assignments only, so
/// that reading them never waits for a running handler. A snapshot is consistent within itself:
/// start <= first message <= last message <= end, and no time goes back from one snapshot to the next.
class JobStat {
 public:
  JobStat(std::string job_id, EpochNanos start_time);

  void received(EpochNanos now);
  void processed(long long rows);
  /// `rows` failed; 0 for what went wrong without a row, such as a topic that may not be read.
  void failed(std::string error, EpochNanos now, long long rows = 1);
  /// The first call counts; later ones are ignored.
  void ended(EpochNanos now);

  [[nodiscard]] JobStatRow snapshot() const;

 private:
  mutable std::mutex mutex_;  // The job's threads and scripts that ask meet here.
  JobStatRow row_;
};

}  // namespace rocketmq::plugin
