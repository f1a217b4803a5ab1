#include "lang/jobs.h"

#include "lang/functions.h"
#include "lang/runtime.h"

namespace host {

Jobs& Jobs::instance() {
  static Jobs jobs;
  return jobs;
}

Jobs::~Jobs() {
  for (auto& [id, job] : jobs_) {
    // join_all() has joined what ended; the process is about to end over the others.
    if (job->thread.joinable()) job->thread.detach();
  }
}

std::string Jobs::submit(const std::string& id, Session& creator, const FunctionDefSP& function,
                         const vector<ConstantSP>& arguments) {
  function->checkArgumentSize(static_cast<int>(arguments.size()));
  auto job = std::make_shared<Job>();
  job->session = creator.copy();
  job->session->setUser(creator.getUser());
  job->session->setOutput(creator.getOutput());

  const std::lock_guard lock(mutex_);
  if (jobs_.size() >= max_jobs)
    throw RuntimeException("More than " + std::to_string(max_jobs) + " jobs were submitted");
  std::string name = id;
  for (int n = 1; jobs_.count(name) != 0; ++n)
    name = id + std::to_string(n);
  jobs_[name] = job;
  job->thread = std::thread([this, job, function, values = arguments]() mutable {
    Runtime::make_thread_interruptible(Runtime::Work::job);
    ConstantSP result;
    std::string error;
    bool failed = true;
    try {
      const HeapSP heap = job->session->getHeap();
      result = call_function(Context{heap.get()}, function, values);
      failed = false;
    } catch (const std::exception& e) {
      error = e.what();
    } catch (...) {
      error = "unknown error";
    }
    values.clear();
    const std::lock_guard done_lock(mutex_);
    job->result = result;
    job->error = error;
    job->failed = failed;
    job->done = true;
    changed_.notify_all();
  });
  return name;
}

ConstantSP Jobs::result(const std::string& id, bool wait) {
  std::unique_lock lock(mutex_);
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) throw RuntimeException("There is no job with the id " + id);
  const auto job = found->second;
  while (wait && !job->done) {
    // Woken by the job's end, and from time to time to see an interruption.
    changed_.wait_for(lock, std::chrono::milliseconds(50));
    Runtime::instance().check_interrupt();
  }
  if (!job->done) throw RuntimeException("The job " + id + " is still running");
  if (job->failed) throw RuntimeException("The job " + id + " failed: " + job->error);
  return job->result;
}

bool Jobs::join_all(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  bool all = true;
  for (auto& [id, job] : jobs_) {
    const auto& current = job;
    if (!changed_.wait_until(lock, deadline, [&current] { return current->done; })) {
      all = false;
      continue;
    }
    if (!job->thread.joinable()) continue;
    std::thread ended = std::move(job->thread);
    lock.unlock();
    ended.join();
    lock.lock();
    job->result.clear();
    job->session.clear();
  }
  return all;
}

}  // namespace host
