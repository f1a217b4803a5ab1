// Background jobs of submitJob.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "CoreConcept.h"

HOST_SDK_USE;

namespace host {

// Runs functions in threads with a session of their own, and keeps their results. Thread-safe.
class Jobs {
 public:
  static constexpr std::size_t max_jobs = 1000;

  static Jobs& instance();

  Jobs() = default;
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;
  ~Jobs();

  // Starts `function` and returns the job's id: `id`, or `id` with a number if that is taken.
  std::string submit(const std::string& id, Session& creator, const FunctionDefSP& function,
                     const vector<ConstantSP>& arguments);
  // The job's result. Throws what the job threw, or that it is still running when `wait` is false.
  ConstantSP result(const std::string& id, bool wait);
  // Waits for all jobs; false if some still run at the deadline. Jobs end soon once the runtime is
  // interrupted.
  bool join_all(std::chrono::steady_clock::time_point deadline);

 private:
  struct Job {
    std::thread thread;
    SessionSP session;
    bool done = false;
    ConstantSP result;
    std::string error;
    bool failed = false;
  };

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::shared_ptr<Job>> jobs_;
};

}  // namespace host
