// Not in builds with a sanitizer, which bring an operator new of their own.

#include <gtest/gtest.h>
#include <pthread.h>

#include <chrono>
#include <memory>
#include <string>

#include "plugin/job.h"
#include "unit/client/memory_shortage.h"

namespace rocketmq::plugin::test {
namespace {

using rocketmq::test::allocation_has_failed;
using rocketmq::test::fail_allocation_of_io_threads;
using std::chrono::steady_clock;

/// The last thread of a job; the first allocation of more than a few bytes that its end needs fails.
class LastThread : public Runnable {
 public:
  explicit LastThread(std::shared_ptr<Job> job) : job_(std::move(job)) {}

 protected:
  void run() override {
    pthread_setname_np(pthread_self(), "rocketmq-io");
    fail_allocation_of_io_threads(1);
    job_->thread_finished();
  }

 private:
  std::shared_ptr<Job> job_;
};

TEST(JobShortOfMemory, EndsAllTheSame) {
  const std::string id(200, 'j');
  const auto job = std::make_shared<Job>(id, std::make_shared<JobStat>(id, 1), nullptr, HandlerOptions{});
  job->start_threads({RunnableSP(new LastThread(job))});
  EXPECT_TRUE(job->wait_ended(steady_clock::now() + std::chrono::seconds(30)));
  job->join_threads();
  EXPECT_TRUE(allocation_has_failed());
  EXPECT_TRUE(job->stat().snapshot().end_time.has_value());
}

}  // namespace
}  // namespace rocketmq::plugin::test
