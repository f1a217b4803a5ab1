#include "plugin/job.h"

#include <exception>
#include <utility>

#include "plugin/plugin_log.h"

namespace rocketmq::plugin {

namespace {

/// What the last commit and unregistering at the brokers may take.
constexpr std::chrono::seconds close_deadline{3};

}  // namespace

JobDescription describe(const JobConfig& config) {
  const ConsumerConfig& consumer = config.consumer;
  JobDescription description;
  description.name = config.name;
  description.user = config.user;
  description.name_servers = consumer.client.name_server_addresses;
  description.group = consumer.group;
  for (const Subscription& subscription : consumer.subscriptions) {
    description.topics.push_back(subscription.topic);
    description.sub_expressions.push_back(subscription.sub_expression);
  }
  description.message_model =
      consumer.message_model == MessageModel::broadcasting ? "BROADCASTING" : "CLUSTERING";
  description.from_where = to_string(consumer.consume_from_where);
  return description;
}

std::string job_subject(const std::string& id, const std::string& name) {
  return name.empty() ? "job " + id : "job " + name + " (" + id + ")";
}

Job::Job(std::string id, std::shared_ptr<JobStat> stat, std::unique_ptr<Consumer> consumer,
         HandlerOptions options, JobDescription description, std::shared_ptr<StartFunction> start_function)
    : id_(std::move(id)),
      description_(std::move(description)),
      client_id_(consumer ? consumer->client_id() : std::string()),
      log_subject_(job_subject(id_, description_.name)),
      options_(std::move(options)),
      stat_(std::move(stat)),
      start_function_(std::move(start_function)),
      consumer_(std::move(consumer)) {}

void Job::start_threads(const std::vector<RunnableSP>& runnables) {
  // The lock is held until all are counted, so that one that is done at once cannot end the job too early.
  std::unique_lock lock(mutex_);
  threads_.reserve(runnables.size());
  try {
    for (const RunnableSP& runnable : runnables) {
      const ThreadSP thread(new Thread(runnable));
      thread->start();
      threads_.push_back(thread);
      ++live_threads_;
    }
  } catch (...) {
    const bool none_runs = live_threads_ == 0;
    lock.unlock();
    request_stop();
    if (none_runs) end();
    throw;
  }
}

std::shared_ptr<Consumer> Job::consumer() const {
  const std::lock_guard lock(mutex_);
  return consumer_;
}

bool Job::pause() {
  const std::lock_guard lock(mutex_);
  return !stopping_ && !paused_.exchange(true);
}

bool Job::resume() {
  const std::lock_guard lock(mutex_);
  const bool was_paused = paused_.exchange(false);
  changed_.notify_all();
  return was_paused;
}

bool Job::begin_work() {
  const std::lock_guard lock(mutex_);
  if (should_rest()) return false;
  ++working_threads_;
  return true;
}

void Job::end_work() noexcept {
  const std::lock_guard lock(mutex_);
  --working_threads_;
  changed_.notify_all();
}

void Job::hold() {
  const std::lock_guard lock(mutex_);
  ++holds_;
}

void Job::release() {
  const std::lock_guard lock(mutex_);
  --holds_;
  changed_.notify_all();
}

void Job::wait_while_resting() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !is_resting() || stopping_; });
}

bool Job::wait_idle(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, deadline, [this] { return working_threads_ == 0; });
}

bool Job::request_stop() {
  std::shared_ptr<Consumer> consumer;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_.exchange(true)) return false;
    consumer = consumer_;
    changed_.notify_all();
  }
  if (consumer) consumer->interrupt();
  return true;
}

bool Job::wait_stopping(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, time, [this] { return stopping_.load(); });
}

bool Job::wait_ended(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, deadline, [this] { return ended_; });
}

bool Job::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

void Job::thread_finished() noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (--live_threads_ > 0) return;
  }
  end();
}

void Job::end() noexcept {
  std::shared_ptr<Consumer> consumer = this->consumer();
  try {
    if (consumer) consumer->close(close_deadline);
    if (start_function_) start_function_->stop();
  } catch (const std::exception& error) {
    write_log(LogLevel::error, log_subject_, "closing failed: ", error.what());
  } catch (...) {
    write_log(LogLevel::error, log_subject_, "closing failed for an unknown reason");
  }
  stat_->ended(Util::getNanoEpochTime());
  write_log(LogLevel::info, log_subject_, "ended");
  const std::lock_guard lock(mutex_);
  consumer_.reset();
  ended_ = true;
  changed_.notify_all();
}

void Job::join_threads() {
  std::vector<ThreadSP> threads;
  {
    const std::lock_guard lock(mutex_);
    if (!ended_) return;
    threads.swap(threads_);
  }
  for (const ThreadSP& thread : threads)
    thread->join();
}

}  // namespace rocketmq::plugin
