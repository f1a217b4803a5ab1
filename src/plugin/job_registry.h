#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "client/consumer.h"
#include "plugin/consumer_config.h"
#include "plugin/job.h"
#include "plugin/job_stat.h"
#include "plugin/sdk.h"

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

  /// A row for each job, in the order of creation.
  [[nodiscard]] std::vector<JobStatRow> stats();

  /// Ends all jobs at once, for the process's exit; false if one has not ended by the deadline. Messages
  /// whose handler throws from now on are not acknowledged, so that they are delivered again after the
  /// restart.
  bool shut_down(std::chrono::steady_clock::time_point deadline);

 private:
  using Jobs = std::vector<std::shared_ptr<Job>>;

  [[nodiscard]] Jobs jobs() const;
  /// By the id, else the running job of that name, else the newest that had it.
  [[nodiscard]] std::shared_ptr<Job> find(const std::string& id_or_name) const;
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
