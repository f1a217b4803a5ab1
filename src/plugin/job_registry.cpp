#include "plugin/job_registry.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "plugin/argument_error.h"
#include "plugin/handler_runner.h"
#include "plugin/plugin_log.h"
#include "plugin/start_function.h"
#include "plugin/subscription_arguments.h"
#include "plugin/unique_id.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

constexpr std::chrono::seconds seek_deadline{30};

/// What cleaning up after a failed start may take.
constexpr std::chrono::seconds start_failure_deadline{5};

/// Whether this thread calls a function of the job. One that cancels its own job cannot wait for itself.
bool is_thread_of(const Job& job) {
  return HandlerRunner::is_thread_of(job) || job.is_start_thread();
}

}  // namespace

JobRegistry& JobRegistry::instance() {
  static auto* const registry = new JobRegistry();
  return *registry;
}

std::string JobRegistry::create(JobConfig config, const FunctionDefSP& handler,
                                const std::vector<SessionSP>& sessions) {
  tidy_up();
  reserve(config.name);
  // Until the job itself has the name, or could not be started.
  const std::shared_ptr<void> reserved(nullptr, [this, &name = config.name](void*) { release(name); });
  std::string id = make_unique_id();
  const std::string subject = job_subject(id, config.name);
  // Before the consumer, which may tell of something at once.
  const auto stat = std::make_shared<JobStat>(id, Util::getNanoEpochTime());
  config.consumer.label = subject;
  config.consumer.client.log = log_sink(config.consumer.label);
  config.consumer.on_notice = [stat](const ConsumerNotice& notice) {
    JobError details;
    if (notice.place) {
      details.topic = notice.place->topic;
      details.broker_name = notice.place->broker_name;
      details.queue_id = notice.place->queue_id;
      details.queue_offset = notice.place->queue_offset;
    }
    // What was rejected has been counted by the thread that did it.
    stat->failed(notice.text, Util::getNanoEpochTime(), notice.was_rejected ? 0 : notice.given_up,
                 std::move(details));
  };
  const JobDescription description = describe(config);
  const auto start_function =
      ask_start_function(config.start_function, config.start_session, config.consumer);
  const auto job = std::make_shared<Job>(id, stat, Consumer::start(std::move(config.consumer)),
                                         config.handler, description, start_function);
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(job);
  }
  for (const std::string& warning : config.warnings)
    write_log(LogLevel::warning, subject, warning);
  try {
    start_handler_threads(job, {handler, config.error_handler}, sessions);
  } catch (...) {
    remove(id);
    if (job->wait_ended(std::chrono::steady_clock::now() + start_failure_deadline)) job->join_threads();
    throw;
  }
  return id;
}

bool JobRegistry::cancel(const std::string& id, std::chrono::milliseconds patience) {
  tidy_up();
  const std::shared_ptr<Job> job = get(id);
  const bool ended_by_us = job->request_stop();
  if (is_thread_of(*job)) return ended_by_us;
  if (!job->wait_ended(std::chrono::steady_clock::now() + patience)) {
    throw std::runtime_error("job " + in_quotes(id) +
                             " is cancelled and takes no more messages, but its handler (or errorHandler, " +
                             "or startOffsets) has not returned within " + std::to_string(patience.count()) +
                             " ms; the job ends as soon as it does");
  }
  tidy_up();
  return ended_by_us;
}

bool JobRegistry::pause(const std::string& id, std::chrono::milliseconds patience) {
  tidy_up();
  const std::shared_ptr<Job> job = get_running(id);
  const bool paused_by_us = job->pause();
  if (paused_by_us) write_log(LogLevel::info, job->log_subject(), "paused");
  if (is_thread_of(*job)) return paused_by_us;
  if (!job->wait_idle(std::chrono::steady_clock::now() + patience)) {
    throw std::runtime_error("job " + in_quotes(id) + " is paused, but its handler has not returned within " +
                             std::to_string(patience.count()) +
                             " ms; the call that runs goes on, and none follows");
  }
  return paused_by_us;
}

bool JobRegistry::resume(const std::string& id) {
  tidy_up();
  const std::shared_ptr<Job> job = get_running(id);
  const bool was_paused = job->resume();
  if (was_paused) write_log(LogLevel::info, job->log_subject(), "resumed");
  return was_paused;
}

std::vector<SeekResult> JobRegistry::seek(
    const std::string& id, const std::function<SeekTarget(const std::vector<std::string>& topics)>& target,
    std::chrono::milliseconds patience) {
  tidy_up();
  const std::shared_ptr<Job> job = get_running(id);
  const SeekTarget wanted = target(job->description().topics);
  const std::shared_ptr<Consumer> consumer = job->consumer();
  if (!consumer) throw ArgumentError("job " + in_quotes(id) + " has ended.");
  job->hold();
  const std::shared_ptr<void> held(nullptr, [&job](void*) { job->release(); });
  if (!is_thread_of(*job) && !job->wait_idle(std::chrono::steady_clock::now() + patience)) {
    throw std::runtime_error("job " + in_quotes(id) +
                             " is not moved, because its handler has not returned within " +
                             std::to_string(patience.count()) + " ms");
  }
  std::vector<SeekResult> results = consumer->seek(wanted, seek_deadline);
  write_log(LogLevel::info, job->log_subject(), "moved ",
            std::to_string(results.size()) + " queues by seekSubJob");
  return results;
}

void JobRegistry::check_access(const std::string& id, const Caller& caller) const {
  const std::string owner = get(id)->description().user;
  if (!caller.may_see(owner)) {
    throw ArgumentError("job " + in_quotes(id) + " is user " + owner + "'s, and you are " + caller.user +
                        "; only its user and administrators may see it or change it.");
  }
}

JobRegistry::Jobs JobRegistry::jobs_of(const std::optional<std::string>& id, const Caller& caller) const {
  if (id) {
    check_access(*id, caller);
    return {get(*id)};
  }
  Jobs all = jobs();
  std::erase_if(all,
                [&](const std::shared_ptr<Job>& job) { return !caller.may_see(job->description().user); });
  return all;
}

std::vector<JobStatRow> JobRegistry::stats(const Caller& caller) {
  tidy_up();
  std::vector<JobStatRow> rows;
  for (const std::shared_ptr<Job>& job : jobs_of(std::nullopt, caller))
    rows.push_back(job->stat().snapshot());
  return rows;
}

std::vector<JobReport> JobRegistry::reports(const std::optional<std::string>& id, const Caller& caller) {
  tidy_up();
  std::vector<JobReport> reports;
  for (const std::shared_ptr<Job>& job : jobs_of(id, caller))
    reports.push_back(report_on(*job));
  return reports;
}

std::vector<ErrorOfJob> JobRegistry::errors(const std::optional<std::string>& id, std::size_t limit,
                                            const Caller& caller) {
  tidy_up();
  std::vector<ErrorOfJob> errors;
  for (const std::shared_ptr<Job>& job : jobs_of(id, caller)) {
    for (JobError& error : job->stat().errors(limit))
      errors.push_back({job->id(), std::move(error)});
  }
  std::stable_sort(errors.begin(), errors.end(), [](const ErrorOfJob& left, const ErrorOfJob& right) {
    return left.error.time > right.error.time;
  });
  if (errors.size() > limit) errors.resize(limit);
  return errors;
}

bool JobRegistry::shut_down(std::chrono::steady_clock::time_point deadline) {
  const Jobs all = jobs();
  // Ask all before waiting for one: each job closes on its own threads, so that they close side by side.
  for (const std::shared_ptr<Job>& job : all) {
    job->note_process_exit();
    job->request_stop();
  }
  bool all_ended = true;
  for (const std::shared_ptr<Job>& job : all) {
    const bool waits_for_itself = is_thread_of(*job);
    if (!waits_for_itself && job->wait_ended(deadline)) {
      job->join_threads();
    } else {
      all_ended = false;
    }
  }
  return all_ended;
}

JobRegistry::Jobs JobRegistry::jobs() const {
  const std::lock_guard lock(mutex_);
  return jobs_;
}

std::shared_ptr<Job> JobRegistry::find(const std::string& id_or_name) const {
  std::shared_ptr<Job> found;
  for (const std::shared_ptr<Job>& job : jobs()) {
    if (job->id() == id_or_name) return job;
    if (job->name() == id_or_name && (!found || found->ended())) found = job;
  }
  return found;
}

std::shared_ptr<Job> JobRegistry::get(const std::string& id_or_name) const {
  std::shared_ptr<Job> job = find(id_or_name);
  if (!job)
    throw ArgumentError("there is no job " + in_quotes(id_or_name) + "; getSubJobStat() lists all jobs.");
  return job;
}

std::shared_ptr<Job> JobRegistry::get_running(const std::string& id_or_name) const {
  std::shared_ptr<Job> job = get(id_or_name);
  if (job->ended())
    throw ArgumentError("job " + in_quotes(id_or_name) + " has ended; createSubJob starts another one.");
  if (job->stopping()) throw ArgumentError("job " + in_quotes(id_or_name) + " is being cancelled.");
  return job;
}

void JobRegistry::reserve(const std::string& name) {
  if (name.empty()) return;
  const std::lock_guard lock(mutex_);
  const auto taken = std::find_if(jobs_.begin(), jobs_.end(),
                                  [&name](const auto& job) { return job->name() == name && !job->ended(); });
  if (taken != jobs_.end() || !starting_names_.insert(name).second) {
    throw ArgumentError("consumerConfig: jobName " + in_quotes(name) + " is that of a job that " +
                        (taken != jobs_.end() ? "runs, " + (*taken)->id() : "is being started") +
                        "; give this one another name, or end that one first.");
  }
}

void JobRegistry::release(const std::string& name) {
  const std::lock_guard lock(mutex_);
  starting_names_.erase(name);
}

void JobRegistry::remove(const std::string& id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(jobs_, [&id](const auto& job) { return job->id() == id; });
}

void JobRegistry::tidy_up() {
  Jobs ended = jobs();
  std::erase_if(ended, [](const auto& job) { return !job->ended(); });
  for (const std::shared_ptr<Job>& job : ended)
    job->join_threads();
  if (ended.size() <= max_ended_jobs_) return;
  std::sort(ended.begin(), ended.end(), [](const auto& left, const auto& right) {
    return left->stat().snapshot().end_time < right->stat().snapshot().end_time;
  });
  ended.resize(ended.size() - max_ended_jobs_);
  for (const std::shared_ptr<Job>& job : ended)
    remove(job->id());
}

}  // namespace rocketmq::plugin
