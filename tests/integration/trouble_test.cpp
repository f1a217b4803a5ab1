// What keeps a consumer from receiving, with a real broker.

#include <gmock/gmock.h>

#include <mutex>
#include <random>
#include <vector>

#include "integration/cluster_fixture.h"

namespace rocketmq::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// A cluster whose operator has raised what a pull may bring far above what a frame may have.
class GenerousCluster : public ClusterFixture {
 protected:
  static void SetUpTestSuite() {
    start_cluster({.extra = {"--set", "maxTransferBytesOnMessageInMemory=67108864", "--set",
                             "maxTransferCountOnMessageInMemory=5000"}});
  }
  static void TearDownTestSuite() { stop_cluster(); }

  /// Keeps what the consumer tells its user, and counts its log lines.
  ConsumerConfig listening(const std::string& topic) {
    ConsumerConfig result = config(topic, name("g"));
    result.on_notice = [this](const ConsumerNotice& notice) {
      const std::lock_guard lock(mutex_);
      notices_.push_back(notice);
    };
    result.client.log = [this, log = result.client.log](LogLevel level, std::string_view line) {
      log(level, line);
      const std::lock_guard lock(mutex_);
      log_ += std::string(line) + '\n';
    };
    return result;
  }

  [[nodiscard]] std::vector<ConsumerNotice> notices() {
    const std::lock_guard lock(mutex_);
    return notices_;
  }
  [[nodiscard]] std::string log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

 private:
  std::mutex mutex_;
  std::vector<ConsumerNotice> notices_;
  std::string log_;
};

TEST_F(GenerousCluster, ABacklogOfWhichOneAnswerWouldBeAboveTheLimitIsReceivedWhole) {
  cluster().create_topic(name("t"), 1);
  constexpr int count = 200;
  std::vector<std::string> bodies;
  std::mt19937_64 random(7);  // So that no compression makes them small.
  for (int i = 0; i < count; ++i) {
    std::string body(100'000, '\0');
    for (char& c : body)
      c = static_cast<char>(random());
    bodies.push_back(std::move(body));
  }
  send(name("t"), bodies);
  const auto consumer = Consumer::start(listening(name("t")));
  const std::vector<Received> received = receive(*consumer, count);
  ASSERT_EQ(received.size(), static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i)
    EXPECT_EQ(received[static_cast<std::size_t>(i)].body, bodies[static_cast<std::size_t>(i)]) << i;
  EXPECT_THAT(log(), HasSubstr("from now on it is asked for"));
  EXPECT_THAT(log(), testing::Not(HasSubstr("closed the connection")));
  EXPECT_TRUE(notices().empty());
}

TEST_F(GenerousCluster, ATopicThatMayNotBeReadIsToldAndReceivedOnceItMay) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 2);
  send(topic, numbered("m", 10));
  const auto permit = [&](const char* permission) {
    cluster().admin({"updateTopicPerm", "-n", cluster().name_servers(), "-c", "DefaultCluster", "-t", topic,
                     "-p", permission});
  };
  permit("2");
  const auto consumer = Consumer::start(listening(topic));
  ASSERT_TRUE(eventually([&] { return !notices().empty(); })) << log();
  EXPECT_EQ(notices()[0].given_up, 0);
  EXPECT_THAT(notices()[0].text, AllOf(HasSubstr("NO_PERMISSION"), HasSubstr(topic)));
  const auto troubles = [&] { return consumer->status().troubles; };
  EXPECT_TRUE(eventually([&] { return !troubles().empty(); }));
  EXPECT_TRUE(troubles()[0].lasting);
  EXPECT_THAT(troubles()[0].cause, HasSubstr("NO_PERMISSION"));
  permit("6");
  EXPECT_EQ(receive(*consumer, 10, seconds(60)).size(), 10U);
  EXPECT_TRUE(eventually([&] { return troubles().empty(); })) << log();
}

TEST_F(GenerousCluster, ABrokerThatIsKilledIsATroubleUntilItIsBack) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 2);
  const auto consumer = Consumer::start(listening(topic));
  const auto troubles = [&] { return consumer->status().troubles; };
  send(topic, numbered("before", 10));
  ASSERT_EQ(receive(*consumer, 10).size(), 10U);
  EXPECT_TRUE(troubles().empty());
  cluster().kill("broker-a");
  EXPECT_TRUE(eventually([&] { return !troubles().empty(); })) << log();
  EXPECT_FALSE(troubles()[0].lasting);
  EXPECT_THAT(troubles()[0].cause, HasSubstr("127.0.0.1:")) << "which address";
  EXPECT_GT(troubles()[0].since_ms, 0);
  EXPECT_EQ(consumer->status().topics[0].own_queues, 2U) << "they stay ours";
  cluster().restart("broker-a");
  send(topic, numbered("after", 10));
  EXPECT_EQ(receive(*consumer, 10, seconds(60)).size(), 10U);
  // Without a wait for the pulls, which the broker holds for 15 s.
  EXPECT_TRUE(eventually([&] { return troubles().empty(); }, seconds(8))) << log();
}

TEST_F(GenerousCluster, ABrokersAddressInPlaceOfTheNameServersIsCalledWhatItIs) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 1);
  const std::string route = cluster().admin({"topicRoute", "-n", cluster().name_servers(), "-t", topic});
  const auto at = route.find("127.0.0.1:");
  ASSERT_NE(at, std::string::npos) << route;
  const std::string broker = route.substr(at, route.find('"', at) - at);
  ConsumerConfig consumer = config(topic, name("g"));
  consumer.client.name_server_addresses = broker;
  ProducerConfig producer;
  producer.client.name_server_addresses = broker;
  producer.group = name("g");
  const auto expect_named = [&](const auto& start) {
    try {
      start();
      ADD_FAILURE() << "it started";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::no_name_server);
      EXPECT_THAT(error.what(), HasSubstr(broker + ": this is a broker, not a name server"));
    }
  };
  expect_named([&] { (void)Consumer::start(consumer); });
  expect_named([&] { (void)Producer::start(producer); });
}

}  // namespace
}  // namespace rocketmq::test
