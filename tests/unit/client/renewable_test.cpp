#include "client/core/renewable.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "client/client_config.h"

namespace rocketmq::client {
namespace {

struct Record {
  std::vector<std::string> log;
  int starts = 0;
  bool refuses = false;  // The next starts.
};

struct FakeConfig {
  ClientConfig client;
  Record* record = nullptr;
};

class FakeSession {
 public:
  explicit FakeSession(FakeConfig config) : config_(std::move(config)) {}
  void start() {
    if (config_.record->refuses) throw std::runtime_error("no name server");
    ++config_.record->starts;
  }
  void close(std::chrono::milliseconds /*deadline*/) { closed = true; }
  [[nodiscard]] bool failed() const { return fails; }
  [[nodiscard]] std::string client_id() const { return "ip@" + instance_name(); }
  [[nodiscard]] std::string instance_name() const {
    return config_.client.default_instance_name.empty() ? "made up" : config_.client.default_instance_name;
  }

  bool fails = false;
  bool closed = false;

 private:
  FakeConfig config_;
};

class RenewableTest : public testing::Test {
 protected:
  RenewableTest() : sessions_(config()) {}

  FakeConfig config() {
    FakeConfig config;
    config.record = &record_;
    config.client.log = [this](LogLevel, std::string_view line) { record_.log.emplace_back(line); };
    return config;
  }

  Record record_;
  Renewable<FakeSession, FakeConfig> sessions_;
};

TEST_F(RenewableTest, ASessionThatWorksStays) {
  const auto first = sessions_.usable();
  EXPECT_EQ(sessions_.usable(), first);
  EXPECT_EQ(record_.starts, 1);
  EXPECT_TRUE(record_.log.empty());
}

TEST_F(RenewableTest, OneThatFailedIsClosedAndFollowedByAnotherOfTheSameName) {
  const auto first = sessions_.usable();
  first->fails = true;
  const auto second = sessions_.usable();
  EXPECT_NE(second, first);
  EXPECT_TRUE(first->closed);
  EXPECT_EQ(second->instance_name(), "made up");
  EXPECT_EQ(sessions_.client_id(), second->client_id());
  EXPECT_EQ(sessions_.current(), second);
  EXPECT_EQ(sessions_.usable(), second);
  EXPECT_EQ(record_.log,
            std::vector<std::string>{"the client is made anew, because an exception broke off its work"});
}

TEST_F(RenewableTest, AStartThatFailsIsTriedAgainWithTheNextUse) {
  sessions_.usable()->fails = true;
  record_.refuses = true;
  EXPECT_THROW((void)sessions_.usable(), std::runtime_error);
  EXPECT_THROW((void)sessions_.usable(), std::runtime_error);
  record_.refuses = false;
  EXPECT_FALSE(sessions_.usable()->failed());
  EXPECT_EQ(record_.starts, 2);
}

TEST_F(RenewableTest, AfterTheEndNoneFollows) {
  const auto first = sessions_.usable();
  first->fails = true;
  EXPECT_EQ(sessions_.end(), first);
  EXPECT_EQ(sessions_.usable(), first);
  EXPECT_EQ(record_.starts, 1);
}

}  // namespace
}  // namespace rocketmq::client
