// The remoting port of RocketMQ 5's Proxy in place of a name server: it answers every route with itself.

#include <gmock/gmock.h>

#include "integration/operator_fixture.h"
#include "integration/topic_reader.h"
#include "rocketmq/reader.h"

namespace rocketmq::test {
namespace {

class ProxyFull : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!RealBroker::is_at_least(5, 0)) return;
    cluster_ = std::make_unique<RealBroker>(RealBroker::Options{
        .extra = {"--proxy", "--timeout-s", "300", "--set", "messageDelayLevel=1s 1s 1s 1s 1s 1s"}});
  }
  static void TearDownTestSuite() { cluster_.reset(); }
  void SetUp() override {
    if (!cluster_) GTEST_SKIP() << "RocketMQ " << RealBroker::version() << " has no Proxy";
  }

  static RealBroker& cluster() { return *cluster_; }

  static std::string name(const std::string& what) {
    return std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + "_" + what;
  }

  static ConsumerConfig config(const std::string& topic, const std::string& group,
                               ConsumeFromWhere from = ConsumeFromWhere::first_offset) {
    ConsumerConfig config;
    config.client.name_server_addresses = cluster().proxy();
    config.group = group;
    config.subscriptions = {{topic}};
    config.consume_from_where = from;
    return config;
  }

  static std::unique_ptr<Producer> producer() {
    ProducerConfig config;
    config.client.name_server_addresses = cluster().proxy();
    config.group = "sender";
    return Producer::start(std::move(config));
  }

  static void send(const std::string& topic, const std::vector<std::string>& bodies,
                   const std::string& tag = "") {
    const std::vector<std::string_view> views(bodies.begin(), bodies.end());
    producer()->send(topic, tag, views);
  }

  static std::vector<std::string> numbered(const std::string& prefix, int count) {
    std::vector<std::string> bodies;
    for (int i = 0; i < count; ++i)
      bodies.push_back(prefix + std::to_string(i));
    return bodies;
  }

 private:
  static inline std::unique_ptr<RealBroker> cluster_;
};

TEST_F(ProxyFull, VectorsAndSingleMessagesAreSentAndReceivedInOrder) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  HandlingConsumer consumer(config(topic, name("g")));
  send(topic, numbered("m", 5000));
  send(topic, {"single"});
  send(topic, {std::string(60'000, 'z')});  // Compressed.
  EXPECT_TRUE(eventually([&] { return consumer.count() >= 5002; })) << consumer.log.text();
  const auto all = consumer.all();
  EXPECT_EQ(all.size(), 5002U);
  EXPECT_EQ(bodies_of(all).size(), 5002U);
  expect_order_within_queues(all);
}

TEST_F(ProxyFull, AMessageThatIsSentWhileTheConsumerIsIdleComesSoon) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 1);
  HandlingConsumer consumer(config(topic, name("g"), ConsumeFromWhere::last_offset));
  send(topic, {"first"});
  ASSERT_TRUE(eventually([&] { return consumer.times("first") == 1; })) << consumer.log.text();
  std::this_thread::sleep_for(seconds(8));  // Meanwhile the pull is held by the broker, through the Proxy.
  send(topic, {"second"});
  EXPECT_TRUE(eventually([&] { return consumer.times("second") == 1; })) << consumer.log.text();
  EXPECT_TRUE(consumer.log.text().empty()) << consumer.log.text();
}

TEST_F(ProxyFull, ARestartResumesAtTheCommittedOffset) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  send(topic, numbered("first", 100));
  {
    HandlingConsumer consumer(config(topic, name("g")));
    ASSERT_TRUE(eventually([&] { return consumer.count() == 100; })) << consumer.log.text();
  }
  send(topic, numbered("second", 100));
  HandlingConsumer consumer(config(topic, name("g")));
  ASSERT_TRUE(eventually([&] { return consumer.count() == 100; })) << consumer.log.text();
  EXPECT_EQ(consumer.times("first0"), 0U);
}

TEST_F(ProxyFull, OnlyMessagesWithTheWantedTagAreReceived) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 2);
  ConsumerConfig wanted = config(topic, name("g"));
  wanted.subscriptions.front().sub_expression = "A || C";
  HandlingConsumer consumer(wanted);
  send(topic, numbered("b", 50), "B");
  send(topic, numbered("a", 50), "A");
  send(topic, numbered("c", 50), "C");
  EXPECT_TRUE(eventually([&] { return consumer.count() == 100; })) << consumer.log.text();
  EXPECT_EQ(consumer.times("b0"), 0U);
}

TEST_F(ProxyFull, TwoConsumersShareTheQueues) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 8);
  HandlingConsumer one(config(topic, name("g")));
  HandlingConsumer two(config(topic, name("g")));
  int sent = 0;
  // Until both have their share.
  EXPECT_TRUE(eventually(
      [&] {
        send(topic, numbered("m" + std::to_string(sent++) + "_", 32));
        return one.count() > 0 && two.count() > 0;
      },
      seconds(60)))
      << one.log.text() << two.log.text();
  EXPECT_TRUE(eventually([&] {
    auto all = one.all();
    const auto others = two.all();
    all.insert(all.end(), others.begin(), others.end());
    return bodies_of(all).size() == static_cast<std::size_t>(sent) * 32;
  })) << one.log.text()
      << two.log.text();
}

TEST_F(ProxyFull, AFailedMessageComesAgainAndThenGoesToTheDeadLetterQueue) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 1);
  ConsumerConfig retrying = config(topic, group);
  retrying.max_reconsume_times = 1;
  HandlingConsumer consumer(retrying);
  send(topic, {"good", "poison"});
  EXPECT_TRUE(eventually([&] { return consumer.times("poison") == 2; })) << consumer.log.text();
  HandlingConsumer dead(config("%DLQ%" + group, name("dlq")));
  EXPECT_TRUE(eventually([&] { return dead.times("poison") == 1; }))
      << consumer.log.text() << dead.log.text();
  EXPECT_EQ(consumer.times("good"), 1U);
}

TEST_F(ProxyFull, AProxyThatIsRestartedIsUsedAgain) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  HandlingConsumer consumer(config(topic, name("g")));
  send(topic, numbered("before", 50));
  ASSERT_TRUE(eventually([&] { return consumer.count() == 50; })) << consumer.log.text();
  cluster().kill("proxy-0");
  cluster().restart("proxy-0");
  send(topic, numbered("after", 50));
  EXPECT_TRUE(eventually([&] { return bodies_of(consumer.all()).size() == 100; })) << consumer.log.text();
}

TEST_F(ProxyFull, ATopicIsReadWithoutAGroup) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 2);
  send(topic, numbered("m", 100));
  ReaderConfig reading;
  reading.client.name_server_addresses = cluster().proxy();
  reading.topic = topic;
  wait_until_readable(reading.client, topic, 100);
  const auto reader = Reader::start(reading);
  EXPECT_EQ(reader->messages(), 100);
  std::size_t count = 0;
  while (!reader->finished())
    count += reader->read(std::chrono::steady_clock::now() + seconds(1)).size();
  EXPECT_EQ(count, 100U);
}

}  // namespace
}  // namespace rocketmq::test
