#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "plugin/job_registry.h"
#include "script_values.h"
#include "support/fake_client.h"

namespace rocketmq::plugin::test {

inline const Caller administrator{"admin", true};

/// A registry of its own and a fake client; all jobs are ended after each test.
class JobTest : public ::testing::Test {
 protected:
  JobTest() { client().reset(); }
  ~JobTest() override {
    EXPECT_TRUE(registry_.shut_down(std::chrono::steady_clock::now() + std::chrono::seconds(10)));
    EXPECT_EQ(client().live_consumers(), 0);
  }

  static fake::Client& client() { return fake::Client::instance(); }

  static JobConfig job_config(int threads = 1) {
    JobConfig config;
    config.consumer.group = "group1";
    config.consumer.subscriptions = {{"topic1"}};
    config.handler.threads = threads;
    return config;
  }

  std::string create(const FunctionDefSP& function, JobConfig config = job_config()) {
    std::vector<SessionSP> sessions;
    for (int i = 0; i < config.handler.threads; ++i)
      sessions.push_back(session_of("alice"));
    return registry_.create(std::move(config), function, sessions);
  }

  JobStatRow stat_of(const std::string& id) {
    for (const JobStatRow& row : registry_.stats(administrator)) {
      if (row.job_id == id) return row;
    }
    ADD_FAILURE() << "no job " << id;
    return {};
  }

  /// Remembers every call of a handler.
  struct Calls {
    void add(const std::vector<std::string>& messages) {
      const std::lock_guard lock(mutex);
      list.push_back(messages);
    }
    std::vector<std::vector<std::string>> all() const {
      const std::lock_guard lock(mutex);
      return list;
    }
    mutable std::mutex mutex;
    std::vector<std::vector<std::string>> list;
  };

  JobRegistry registry_;
};

}  // namespace rocketmq::plugin::test
