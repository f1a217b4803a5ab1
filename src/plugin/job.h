#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "plugin/consumer_config.h"
#include "plugin/job_stat.h"
#include "plugin/sdk.h"
#include "plugin/start_function.h"
#include "rocketmq/consumer.h"

namespace rocketmq::plugin {

/// What createSubJob was told, for getSubJobInfo.
struct JobDescription {
  std::string name;  ///< See JobConfig; may be empty.
  std::string user;
  std::string name_servers;
  std::string group;
  std::vector<std::string> topics;
  std::vector<std::string> sub_expressions;  ///< One of each topic.
  std::string message_model;
  std::string from_where;
};
[[nodiscard]] JobDescription describe(const JobConfig& config);

/// How messages name a job. `name` may be empty.
[[nodiscard]] std::string job_subject(const std::string& id, const std::string& name);

/// A subscription: a consumer and the threads that call the handler.
///
///   running  -> stopping  by request_stop: no more messages are taken
///   stopping -> ended     when the last handler thread has finished its call; that thread commits,
///                         unregisters and closes the consumer, so that another thread
///                         may wait for that, but need not
///
/// A job that runs may be paused: its threads begin no call, and what they have taken goes back. Its consumer
/// stays a member of the group and receives until its buffer is full.
///
/// Thread-safe.
class Job {
 public:
  Job(std::string id, std::shared_ptr<JobStat> stat, std::unique_ptr<Consumer> consumer,
      HandlerOptions options, JobDescription description = {},
      std::shared_ptr<StartFunction> start_function = {});
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] const std::string& name() const noexcept { return description_.name; }
  [[nodiscard]] const JobDescription& description() const noexcept { return description_; }
  [[nodiscard]] const std::string& client_id() const noexcept { return client_id_; }
  /// True in a call of the job's startOffsets function.
  [[nodiscard]] bool is_start_thread() const {
    return start_function_ != nullptr && start_function_->is_this_thread();
  }
  /// "job ID" or "job NAME (ID)", as lines of the log name it.
  [[nodiscard]] const std::string& log_subject() const noexcept { return log_subject_; }
  [[nodiscard]] JobStat& stat() noexcept { return *stat_; }
  [[nodiscard]] const JobStat& stat() const noexcept { return *stat_; }
  [[nodiscard]] const HandlerOptions& options() const noexcept { return options_; }

  /// Starts a thread for each runnable; each must call thread_finished() as its last act. To be called once.
  /// If a thread cannot be started, those that run are asked to stop and the exception goes on.
  void start_threads(const std::vector<RunnableSP>& runnables);

  /// The consumer; null once the job has ended.
  [[nodiscard]] std::shared_ptr<Consumer> consumer() const;

  /// Lets the handler threads finish what they are doing and begin nothing until resume(). False if the job
  /// is paused already, or is being stopped.
  bool pause();
  /// False if the job is not paused.
  bool resume();
  [[nodiscard]] bool paused() const noexcept { return paused_.load(); }

  /// Like a pause, until as many calls of release() have followed; it is not shown.
  void hold();
  void release();

  /// What a handler thread calls before it deals with messages that it has taken. False if the job is paused
  /// or being stopped: then they go back. Otherwise end_work() must follow.
  [[nodiscard]] bool begin_work();
  void end_work() noexcept;
  /// Whether a thread that works should go no further than its present call.
  [[nodiscard]] bool should_rest() const noexcept { return stopping() || is_resting(); }
  /// Whether it is paused or held.
  [[nodiscard]] bool is_resting() const noexcept { return paused() || holds_.load() > 0; }
  /// Waits until the job is neither paused nor held, or is asked to stop.
  void wait_while_resting();
  /// Waits until no thread works; false at the deadline.
  [[nodiscard]] bool wait_idle(std::chrono::steady_clock::time_point deadline);

  /// Lets the handler threads finish what they are doing and take no more. True for the first caller only.
  bool request_stop();
  [[nodiscard]] bool stopping() const noexcept { return stopping_.load(); }

  /// The process is going: from now on a handler that throws may do so because what it needs is gone already.
  void note_process_exit() noexcept { process_exits_ = true; }
  [[nodiscard]] bool process_exits() const noexcept { return process_exits_.load(); }

  /// Waits until the job is asked to stop, at most `time`; true if it is.
  bool wait_stopping(std::chrono::milliseconds time);

  /// False if the job has not ended by the deadline.
  [[nodiscard]] bool wait_ended(std::chrono::steady_clock::time_point deadline);
  [[nodiscard]] bool ended() const;

  /// Called by each handler thread as its last act; the last one ends the job.
  void thread_finished() noexcept;

  /// Joins the handler threads. Only for a job that has ended: then it does not block.
  void join_threads();

 private:
  void end() noexcept;

  const std::string id_;
  const JobDescription description_;
  const std::string client_id_;
  const std::string log_subject_;
  const HandlerOptions options_;
  const std::shared_ptr<JobStat> stat_;
  const std::shared_ptr<StartFunction> start_function_;  // Null if there is none.
  std::atomic<bool> stopping_{false};
  std::atomic<bool> paused_{false};  // Changed under mutex_.
  std::atomic<int> holds_{0};        // The same.
  std::atomic<bool> process_exits_{false};

  mutable std::mutex mutex_;  // The job's threads and those that cancel it meet here.
  std::condition_variable changed_;
  std::shared_ptr<Consumer> consumer_;
  std::vector<ThreadSP> threads_;
  std::size_t live_threads_ = 0;
  std::size_t working_threads_ = 0;
  bool ended_ = false;
};

}  // namespace rocketmq::plugin
