#include "client/core/restarting_client.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "rocketmq/client_config.h"

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

class FakeClient {
 public:
  explicit FakeClient(FakeConfig config) : config_(std::move(config)) {}
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

class RestartingClientTest : public testing::Test {
 protected:
  RestartingClientTest() : clients_(config()) {}

  FakeConfig config() {
    FakeConfig config;
    config.record = &record_;
    config.client.log = [this](LogLevel, std::string_view line) { record_.log.emplace_back(line); };
    return config;
  }

  Record record_;
  RestartingClient<FakeClient, FakeConfig> clients_;
};

TEST_F(RestartingClientTest, AClientThatWorksStays) {
  const auto first = clients_.usable();
  EXPECT_EQ(clients_.usable(), first);
  EXPECT_EQ(record_.starts, 1);
  EXPECT_TRUE(record_.log.empty());
}

TEST_F(RestartingClientTest, OneThatFailedIsClosedAndFollowedByAnotherOfTheSameName) {
  const auto first = clients_.usable();
  first->fails = true;
  const auto second = clients_.usable();
  EXPECT_NE(second, first);
  EXPECT_TRUE(first->closed);
  EXPECT_EQ(second->instance_name(), "made up");
  EXPECT_EQ(clients_.client_id(), second->client_id());
  EXPECT_EQ(clients_.current(), second);
  EXPECT_EQ(clients_.usable(), second);
  EXPECT_EQ(record_.log,
            std::vector<std::string>{
                "an exception broke off the client's work, so another client is started in its place"});
}

TEST_F(RestartingClientTest, AStartThatFailsIsTriedAgainWithTheNextUse) {
  clients_.usable()->fails = true;
  record_.refuses = true;
  EXPECT_THROW((void)clients_.usable(), std::runtime_error);
  EXPECT_THROW((void)clients_.usable(), std::runtime_error);
  record_.refuses = false;
  EXPECT_FALSE(clients_.usable()->failed());
  EXPECT_EQ(record_.starts, 2);
}

TEST_F(RestartingClientTest, AfterTheEndNoneFollows) {
  const auto first = clients_.usable();
  first->fails = true;
  EXPECT_EQ(clients_.end(), first);
  EXPECT_EQ(clients_.usable(), first);
  EXPECT_EQ(record_.starts, 1);
}

}  // namespace
}  // namespace rocketmq::client
