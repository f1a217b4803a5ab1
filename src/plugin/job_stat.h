#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "plugin/last_minute.h"

namespace rocketmq::plugin {

/// A moment in nanoseconds since the epoch, UTC.
using EpochNanos = long long;
inline constexpr EpochNanos nanos_per_ms = 1'000'000;

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

/// A message that failed, or something that went wrong without one: then it has an error only.
struct JobError {
  EpochNanos time = 0;
  std::string topic;
  std::string broker_name;
  std::optional<int> queue_id;
  std::optional<long long> queue_offset;
  std::string message_id;
  std::optional<int> reconsume_times;
  std::string error;  ///< Without the place.
  std::string body;   ///< Its first bytes.
};

/// What a job does besides counting rows.
struct JobActivity {
  long long received_bytes = 0;    ///< Of bodies.
  long long dead_letters = 0;      ///< Messages that went to the dead-letter queue.
  double messages_per_second = 0;  ///< Processed; this and the next two are of the last minute.
  double bytes_per_second = 0;
  std::optional<double> average_call_ms;
  std::optional<double> last_call_ms;       ///< Of the call that ended last.
  std::optional<EpochNanos> oldest_call;    ///< When the oldest call that runs began.
  std::optional<EpochNanos> failing_since;  ///< When the calls began to fail, if the last one has failed.
  std::string last_call_error;              ///< Of that one.
};

/// The numbers of a job. Thread-safe under a mutex of its own that is held for a few assignments only, so
/// that reading them never waits for a running handler. A snapshot is consistent within itself:
/// start <= first message <= last message <= end, and no time goes back from one snapshot to the next.
class JobStat {
 public:
  /// How many errors are kept; of each at most so many bytes of its text, and of the message's body.
  static constexpr std::size_t max_errors = 100;
  static constexpr std::size_t max_error_bytes = 1024;

  JobStat(std::string job_id, EpochNanos start_time);

  /// Messages were taken; their bodies have `bytes`.
  void received(EpochNanos now, std::size_t bytes = 0);
  void processed(long long rows);
  /// `rows` failed; 0 for what went wrong without a row, such as a topic that may not be read. `error` is
  /// with the place, for getSubJobStat; `details` are kept for getSubJobErrors.
  void failed(std::string error, EpochNanos now, long long rows = 1, JobError details = {});
  void dead_lettered(long long rows);

  /// The thread that `caller` stands for calls the handler. call_ended must follow.
  void call_began(const void* caller, EpochNanos now);
  /// `error` is empty if the handler has returned.
  void call_ended(const void* caller, const std::string& error, EpochNanos now);
  /// The first call counts; later ones are ignored.
  void ended(EpochNanos now);

  [[nodiscard]] JobStatRow snapshot() const;
  [[nodiscard]] JobActivity activity() const;
  /// The newest first, at most `limit`.
  [[nodiscard]] std::vector<JobError> errors(std::size_t limit) const;

 private:
  mutable std::mutex mutex_;  // The job's threads and scripts that ask meet here.
  JobStatRow row_;
  JobActivity activity_;  // Without what is computed when somebody asks.
  struct Sums {
    long long messages = 0;  // That were processed.
    long long bytes = 0;     // Of bodies that were received.
    long long calls = 0;     // Of the handler, that have ended.
    std::chrono::nanoseconds handling{0};

    Sums& operator+=(const Sums& more) noexcept {
      messages += more.messages;
      bytes += more.bytes;
      calls += more.calls;
      handling += more.handling;
      return *this;
    }
  };
  LastMinute<Sums> last_minute_{std::chrono::steady_clock::now()};
  std::map<const void*, EpochNanos> calls_;  // That run, by their callers.
  std::deque<JobError> errors_;              // The newest last.
};

}  // namespace rocketmq::plugin
