#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plugin/caller.h"
#include "plugin/consumer_config.h"
#include "plugin/job.h"
#include "plugin/job_report.h"
#include "plugin/job_stat.h"
#include "plugin/job_tables.h"
#include "plugin/sdk.h"
#include "rocketmq/consumer.h"

namespace rocketmq::plugin {

/// The jobs of this process, the running ones and the newest ended ones. Thread-safe; its lock is never held
/// while something is waited for, so that statistics are always there at once.
///
/// It owns the jobs' threads: those of an ended job are joined by the cancel that ended it, or, if a job
/// cancelled itself, by the next call of any function here, at the latest by shut_down().
class JobRegistry {
 public:
  /// The registry of this process. It is never destroyed, so that late threads find it.
  static JobRegistry& instance();

  explicit JobRegistry(std::size_t max_ended_jobs = 1000) : max_ended_jobs_(max_ended_jobs) {}

  /// Starts a consumer and a handler thread for each session (as many as config.handler.threads), and returns
  /// the job's id. Throws what Consumer::start throws, and ArgumentError if a running job has the same name;
  /// then nothing was started.
  std::string create(JobConfig config, const FunctionDefSP& handler, const std::vector<SessionSP>& sessions);

  /// Ends a job, given its id or its name: its running handler calls finish, the progress is committed, the
  /// consumer unregisters. True for the caller that ended it, false if it has ended before; concurrent
  /// callers return when it has ended. From one of the job's own handlers it returns at once, and the job
  /// ends after that handler. Throws ArgumentError for an unknown id or name; std::runtime_error if a handler
  /// does not return within `patience` (the job is cancelled all the same and ends when it does).
  bool cancel(const std::string& id, std::chrono::milliseconds patience = std::chrono::minutes(1));

  /// Lets the job's running handler calls finish; no other begins until resume(). True if that is a change.
  /// From one of the job's own handlers it returns at once. Throws ArgumentError for an unknown id or name
  /// and for a job that has ended; std::runtime_error if a handler does not return within `patience` (the job
  /// is paused all the same).
  bool pause(const std::string& id, std::chrono::milliseconds patience = std::chrono::minutes(1));
  /// True if the job was paused. Throws as pause().
  bool resume(const std::string& id);

  /// Moves the progress of the job's group; see Consumer::seek. The job's running handler calls end first, as
  /// for pause(), unless one of them asks. `target` gets the job's topics. Throws what it throws, and as
  /// pause().
  std::vector<SeekResult> seek(
      const std::string& id, const std::function<SeekTarget(const std::vector<std::string>& topics)>& target,
      std::chrono::milliseconds patience = std::chrono::minutes(1));

  /// Throws ArgumentError if there is no such job, or if it is somebody else's.
  void check_access(const std::string& id, const Caller& caller) const;

  /// A row for each job that the caller may see, in the order of creation.
  [[nodiscard]] std::vector<JobStatRow> stats(const Caller& caller);
  /// All that can be told of them; with an id or a name only of that one. Throws as check_access().
  [[nodiscard]] std::vector<JobReport> reports(const std::optional<std::string>& id, const Caller& caller);
  /// The newest errors of these jobs, the newest first.
  [[nodiscard]] std::vector<ErrorOfJob> errors(const std::optional<std::string>& id, std::size_t limit,
                                               const Caller& caller);

  /// Ends all jobs at once, for the process's exit; false if one has not ended by the deadline. Messages
  /// whose handler throws from now on are not acknowledged, so that they are delivered again after the
  /// restart.
  bool shut_down(std::chrono::steady_clock::time_point deadline);

 private:
  using Jobs = std::vector<std::shared_ptr<Job>>;

  [[nodiscard]] Jobs jobs() const;
  [[nodiscard]] Jobs jobs_of(const std::optional<std::string>& id, const Caller& caller) const;
  /// By the id, else the running job of that name, else the newest that had it.
  [[nodiscard]] std::shared_ptr<Job> find(const std::string& id_or_name) const;
  /// Throws ArgumentError if there is none.
  [[nodiscard]] std::shared_ptr<Job> get(const std::string& id_or_name) const;
  /// Throws ArgumentError also if it has ended, or is about to.
  [[nodiscard]] std::shared_ptr<Job> get_running(const std::string& id_or_name) const;
  /// Keeps the name of a job that starts. Throws ArgumentError if it is taken.
  void reserve(const std::string& name);
  void release(const std::string& name);
  void remove(const std::string& id);
  void tidy_up();

  const std::size_t max_ended_jobs_;
  mutable std::mutex mutex_;  // Scripts' threads and jobs that end meet here.
  Jobs jobs_;                 ///< In the order of creation.
  std::set<std::string> starting_names_;
};

}  // namespace rocketmq::plugin
