#include "plugin/job.h"

#include <exception>
#include <utility>

#include "plugin/plugin_log.h"

namespace rocketmq::plugin {

namespace {

/// What the last commit and unregistering at the brokers may take.
constexpr std::chrono::seconds close_deadline{3};

}  // namespace

std::string job_subject(const std::string& id, const std::string& name) {
  return name.empty() ? "job " + id : "job " + name + " (" + id + ")";
}

Job::Job(std::string id, std::shared_ptr<JobStat> stat, std::unique_ptr<Consumer> consumer,
         HandlerOptions options, std::string name, std::shared_ptr<StartFunction> start_function)
    : id_(std::move(id)),
      name_(std::move(name)),
      log_subject_(job_subject(id_, name_)),
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
