#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "integration/client_of.h"
#include "integration/consumer_fixture.h"
#include "integration/topic_reader.h"
#include "support/sanitizer_cost.h"

namespace rocketmq::test {
namespace {

class ConsumerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    cluster_ = std::make_unique<RealBroker>(
        RealBroker::Options{.extra = {"--set", "messageDelayLevel=1s 1s 1s 1s 1s 1s"}});
  }
  static void TearDownTestSuite() { cluster_.reset(); }

  static RealBroker& cluster() { return *cluster_; }

  /// A name that no other test uses.
  static std::string name(const std::string& what) {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    return std::string(info->name()) + "_" + what;
  }

  static ConsumerConfig config(const std::string& topic, const std::string& group,
                               ConsumeFromWhere from = ConsumeFromWhere::first_offset) {
    ConsumerConfig config;
    config.client = client_of(cluster());
    config.client.log = [](LogLevel level, std::string_view line) {
      if (level >= (std::getenv("CONSUMER_TEST_DEBUG") ? LogLevel::debug : LogLevel::warning))
        std::fprintf(stderr, "  [log] %.*s\n", int(line.size()), line.data());
    };
    config.group = group;
    config.subscriptions = {{topic}};
    config.consume_from_where = from;
    return config;
  }

  static void send(const std::string& topic, const std::vector<std::string>& bodies,
                   const std::string& tag = "") {
    ProducerConfig producer_config;
    producer_config.client = client_of(cluster());
    producer_config.group = "sender";
    const auto producer = Producer::start(std::move(producer_config));
    const std::vector<std::string_view> views(bodies.begin(), bodies.end());
    producer->send(topic, tag, views);
  }

  /// In many small sends, so that every queue gets some.
  static void send_spread(const std::string& topic, const std::vector<std::string>& bodies) {
    ProducerConfig producer_config;
    producer_config.client = client_of(cluster());
    producer_config.group = "sender";
    const auto producer = Producer::start(std::move(producer_config));
    const std::vector<std::string_view> views(bodies.begin(), bodies.end());
    constexpr std::size_t step = 20;
    for (std::size_t i = 0; i < views.size(); i += step) {
      producer->send(topic, "", std::span(views).subspan(i, std::min(step, views.size() - i)));
    }
  }

  static std::vector<std::string> numbered(const std::string& prefix, int count) {
    std::vector<std::string> bodies;
    bodies.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
      bodies.push_back(prefix + std::to_string(i));
    return bodies;
  }

 private:
  static inline std::unique_ptr<RealBroker> cluster_;
};

TEST_F(ConsumerTest, ReceivesAWholeBacklogInOrderWithinEachQueue) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 8);
  const auto bodies = numbered("m", 100'000);
  send(topic, bodies);
  const auto consumer = Consumer::start(config(topic, name("g")));
  const auto got = receive(*consumer, bodies.size());
  ASSERT_EQ(got.size(), bodies.size());
  EXPECT_EQ(bodies_of(got).size(), bodies.size());
  expect_order_within_queues(got);
}

TEST_F(ConsumerTest, ANewGroupFromLastReceivesOnlyWhatIsSentAfterItsStart) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  send(topic, numbered("before", 100));
  wait_until_readable(client_of(cluster()), topic, 100);
  const auto consumer = Consumer::start(config(topic, name("g"), ConsumeFromWhere::last_offset));
  send(topic, numbered("after", 100));
  const auto got = receive(*consumer, 100);
  EXPECT_EQ(got.size(), 100U);
  for (const Received& message : got)
    EXPECT_EQ(message.body.substr(0, 5), "after");
}

TEST_F(ConsumerTest, ATopicThatAppearsAfterTheStartIsReceivedFromItsFirstMessage) {
  const std::string topic = name("t");
  const auto consumer = Consumer::start(config(topic, name("g"), ConsumeFromWhere::last_offset));
  cluster().create_topic(topic, 4);
  send(topic, numbered("m", 50));
  EXPECT_EQ(bodies_of(receive(*consumer, 50)).size(), 50U);
}

TEST_F(ConsumerTest, ARestartResumesAtTheCommittedOffset) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  send(topic, numbered("first", 1000));
  {
    const auto consumer = Consumer::start(config(topic, name("g")));
    ASSERT_EQ(receive(*consumer, 1000).size(), 1000U);
    consumer->close(seconds(5));
  }
  send(topic, numbered("second", 1000));
  const auto consumer = Consumer::start(config(topic, name("g")));
  const auto got = receive(*consumer, 1000);
  ASSERT_EQ(got.size(), 1000U);
  for (const Received& message : got)
    EXPECT_EQ(message.body.substr(0, 6), "second");
}

TEST_F(ConsumerTest, TwoConsumersShareTheQueuesAndOneTakesOverWithoutLossOrDuplicates) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 8);
  RunningConsumer stays(config(topic, name("g")));
  RunningConsumer leaves(config(topic, name("g")));
  const auto queues_of = [](RunningConsumer& consumer) {
    const auto topics = consumer.consumer().status().topics;
    return topics.empty() ? 0U : topics[0].own_queues;
  };
  ASSERT_TRUE(eventually([&] { return queues_of(stays) == 4 && queues_of(leaves) == 4; }));
  send_spread(topic, numbered("a", 4000));
  ASSERT_TRUE(eventually([&] { return stays.count() + leaves.count() >= 4000; }));
  leaves.leave();
  EXPECT_GT(leaves.count(), 0U);
  send_spread(topic, numbered("b", 4000));
  ASSERT_TRUE(eventually([&] { return stays.count() + leaves.count() >= 8000; }));
  auto all = stays.all();
  const auto others = leaves.all();
  all.insert(all.end(), others.begin(), others.end());
  EXPECT_EQ(bodies_of(all).size(), 8000U);
  EXPECT_EQ(all.size(), 8000U);
}

TEST_F(ConsumerTest, AMessageThatIsNeitherAcknowledgedNorRejectedIsHandedOutAgain) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 1);
  send(topic, numbered("m", 10));
  const auto consumer = Consumer::start(config(topic, name("g")));
  std::vector<Received> first;
  {
    const Delivery delivery = consumer->poll(limits_until(seconds(10)));
    first = copy_of(delivery);
    ASSERT_FALSE(first.empty());
  }
  const auto again = receive(*consumer, 10);
  ASSERT_EQ(again.size(), 10U);
  EXPECT_EQ(again.front().offset, first.front().offset);
  expect_order_within_queues(again);
}

TEST_F(ConsumerTest, OnlyMessagesWithTheWantedTagsAreReceived) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  send(topic, numbered("a", 100), "A");
  send(topic, numbered("b", 100), "B");
  send(topic, numbered("c", 100), "C");
  ConsumerConfig wanted = config(topic, name("g"));
  wanted.subscriptions.front().sub_expression = "A || C";
  const auto consumer = Consumer::start(wanted);
  const auto got = receive(*consumer, 200);
  EXPECT_EQ(bodies_of(got).size(), 200U);
  for (const Received& message : got)
    EXPECT_NE(message.tag, "B");
}

TEST_F(ConsumerTest, RandomBytesArriveByteForByte) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  std::mt19937 random(1);
  std::vector<std::string> bodies;
  for (std::size_t length : {1U, 2U, 100U, 4096U, 4097U, 60'000U, 130'000U}) {
    std::string body(length, '\0');
    for (char& c : body)
      c = static_cast<char>(random());
    bodies.push_back(body);
    bodies.push_back(std::string(length, '\0'));
  }
  send(topic, bodies);
  const auto consumer = Consumer::start(config(topic, name("g")));
  const auto got = receive(*consumer, bodies.size());
  EXPECT_EQ(got.size(), bodies.size());
  EXPECT_EQ(bodies_of(got), std::set<std::string>(bodies.begin(), bodies.end()));
}

TEST_F(ConsumerTest, ARejectedMessageComesAgainAndThenGoesToTheDeadLetterQueue) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 1);
  ConsumerConfig retrying = config(topic, group);
  retrying.max_reconsume_times = 1;
  const auto consumer = Consumer::start(retrying);
  send(topic, {"good", "poison", "better"});
  std::vector<Received> poison;
  std::size_t others = 0;
  const auto deadline = steady_clock::now() + seconds(60);
  while (poison.size() < 2 && steady_clock::now() < deadline) {
    Delivery delivery = consumer->poll(limits_until(milliseconds(500)));
    std::vector<std::size_t> rejected;
    const auto rows = copy_of(delivery);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].body == "poison") {
        poison.push_back(rows[i]);
        rejected.push_back(i);
      } else {
        ++others;
      }
    }
    delivery.reject(rejected);
    delivery.acknowledge();
  }
  EXPECT_EQ(others, 2U);
  ASSERT_EQ(poison.size(), 2U);
  EXPECT_EQ(poison[0].reconsume_times, 0);
  EXPECT_EQ(poison[1].reconsume_times, 1);
  EXPECT_EQ(poison[1].topic, topic);
  EXPECT_EQ(poison[1].message_id, poison[0].message_id);
  const auto dead = Consumer::start(config("%DLQ%" + group, name("dlq")));
  const auto letters = receive(*dead, 1, seconds(30));
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].body, "poison");
}

TEST_F(ConsumerTest, WithoutRetriesARejectedMessageIsDone) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 1);
  send(topic, {"poison"});
  {
    const auto consumer = Consumer::start(config(topic, name("g")));
    Delivery delivery = consumer->poll(limits_until(seconds(10)));
    ASSERT_EQ(delivery.size(), 1U);
    const std::vector<std::size_t> all{0};
    delivery.reject(all);
    delivery.acknowledge();
    consumer->close(seconds(5));
  }
  send(topic, {"next"});
  const auto consumer = Consumer::start(config(topic, name("g")));
  const auto got = receive(*consumer, 1);
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].body, "next");
}

TEST_F(ConsumerTest, AKilledBrokerIsPulledFromAgainOnceItIsBack) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  RunningConsumer consumer(config(topic, name("g")));
  send(topic, numbered("before", 500));
  ASSERT_TRUE(eventually([&] { return consumer.count() >= 500; }));
  cluster().kill("broker-a");
  cluster().restart("broker-a");
  send(topic, numbered("after", 500));
  EXPECT_TRUE(eventually([&] { return bodies_of(consumer.all()).size() >= 1000; }));
}

TEST_F(ConsumerTest, CloseIsIdempotentAndEndsWaitingTakers) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  const auto consumer = Consumer::start(config(topic, name("g")));
  std::thread poller([&] { EXPECT_TRUE(consumer->poll(limits_until(seconds(60))).empty()); });
  std::thread closer([&] { consumer->close(seconds(5)); });
  const auto begin = steady_clock::now();
  consumer->close(seconds(5));
  closer.join();
  poller.join();
  EXPECT_LT(steady_clock::now() - begin, seconds(5) * time_factor);
  consumer->close(seconds(5));
  EXPECT_TRUE(consumer->poll(limits_until(seconds(60))).empty());
}

TEST_F(ConsumerTest, ADeliveryMayOutliveItsConsumer) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 1);
  send(topic, {"m"});
  auto consumer = Consumer::start(config(topic, name("g")));
  Delivery delivery = consumer->poll(limits_until(seconds(10)));
  ASSERT_EQ(delivery.size(), 1U);
  consumer->close(milliseconds(300));
  consumer.reset();
  EXPECT_EQ(as_text(delivery[0].body), "m");
  delivery.acknowledge();
}

TEST_F(ConsumerTest, BroadcastingGivesEverythingToEveryConsumerAndKeepsProgressInAFile) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  std::string directory = (std::filesystem::temp_directory_path() / "consumer-offsets-XXXXXX").string();
  ASSERT_NE(::mkdtemp(directory.data()), nullptr);
  ConsumerConfig everyone = config(topic, name("g"));
  everyone.message_model = MessageModel::broadcasting;
  everyone.offset_directory = directory;
  send(topic, numbered("first", 100));
  {
    const auto one = Consumer::start(everyone);
    const auto two = Consumer::start(everyone);
    EXPECT_EQ(bodies_of(receive(*one, 100)).size(), 100U);
    EXPECT_EQ(bodies_of(receive(*two, 100)).size(), 100U);
  }
  send(topic, numbered("second", 100));
  const auto one = Consumer::start(everyone);
  const auto got = receive(*one, 100);
  EXPECT_EQ(got.size(), 100U);
  for (const Received& message : got)
    EXPECT_EQ(message.body.substr(0, 6), "second");
}

}  // namespace
}  // namespace rocketmq::test
