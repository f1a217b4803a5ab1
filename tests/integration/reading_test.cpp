// Reading a topic without a group: the same as RocketMQ's admin tool shows, and brokers that die meanwhile.

#include <gmock/gmock.h>

#include <map>
#include <random>

#include "integration/operator_fixture.h"
#include "integration/topic_reader.h"
#include "rocketmq/reader.h"
#include "rocketmq/topic_view.h"

namespace rocketmq::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;

class ReadingTest : public OperatorTest {
 protected:
  static ClientConfig client() { return client_of(cluster()); }
  static std::unique_ptr<Reader> reader(const std::string& topic) {
    ReaderConfig config;
    config.client = client();
    config.topic = topic;
    return Reader::start(std::move(config));
  }
  static std::string regex_of(std::int64_t number) { return " +" + std::to_string(number); }

  using Offsets = std::map<int, std::vector<std::int64_t>>;
  /// Reads until nothing is left; by queue.
  static void read_on(Reader& reader, Offsets& offsets) {
    while (!reader.finished()) {
      const Delivery part = reader.read(std::chrono::steady_clock::now() + seconds(1));
      for (const ReceivedMessage& message : part.messages())
        offsets[message.queue_id].push_back(message.queue_offset);
    }
  }
  static void expect_all(const Offsets& offsets, std::size_t messages) {
    std::size_t sum = 0;
    for (const auto& [queue, of_queue] : offsets) {
      for (std::size_t i = 0; i < of_queue.size(); ++i)
        ASSERT_EQ(of_queue[i], static_cast<std::int64_t>(i)) << "queue " << queue;
      sum += of_queue.size();
    }
    EXPECT_EQ(sum, messages);
  }

  /// So much that a reader does not hold all of it.
  static void send_much(const std::string& topic) {
    std::string body(64U << 10, 'x');
    std::mt19937 random(1);  // NOLINT: the same each time. What cannot be compressed stays large.
    for (char& c : body)
      c = static_cast<char>(random());
    const std::vector<std::string_view> bodies(much, body);
    producer()->send(topic, "", bodies);
    wait_until_readable(client(), topic, much);
  }
  static constexpr std::size_t much = 400;
};

TEST_F(ReadingTest, TopicQueuesAreThoseOfTopicStatus) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 3);
  send_spread(topic, numbered("m", 7));
  const std::string status = cluster().admin({"topicStatus", "-t", topic});
  const auto queues = topic_queues(client(), topic);
  ASSERT_EQ(queues.size(), 3U);
  for (const TopicQueue& queue : queues) {
    EXPECT_THAT(status, ContainsRegex(queue.broker_name + regex_of(queue.queue_id) +
                                      regex_of(queue.min_offset) + regex_of(queue.max_offset) + " "));
    EXPECT_EQ(queue.last_store_ms.has_value(), queue.max_offset > 0);
  }
}

// Its empty queues have no first offset, and brokers cannot search them by time.
TEST_F(ReadingTest, ABatchCqTopicWithEmptyQueuesIsReadAndConsumedLikeAnyOther) {
  if (!RealBroker::is_at_least(5, 0)) GTEST_SKIP() << "such topics came with 5.0";
  const std::string topic = name("t");
  cluster().admin({"updateTopic", "-t", topic, "-c", "DefaultCluster", "-r", "4", "-w", "4", "-a",
                   "+queue.type=BatchCQ"});
  EXPECT_TRUE(eventually([&] {
    try {
      return topic_queues(client(), topic).size() == 4;
    } catch (const Error&) {
      return false;
    }
  }));
  const auto bodies = numbered("m", 10);
  producer()->send(topic, "", std::vector<std::string_view>(bodies.begin(), bodies.end()));
  wait_until_readable(client(), topic, 10);
  const auto queues = topic_queues(client(), topic);
  ASSERT_EQ(queues.size(), 4U);
  EXPECT_EQ(std::count_if(queues.begin(), queues.end(),
                          [](const TopicQueue& queue) { return queue.max_offset == 0; }),
            3);
  Offsets offsets;
  read_on(*reader(topic), offsets);
  expect_all(offsets, 10);

  ReaderConfig since;
  since.client = client();
  since.topic = topic;
  since.begin = {ReadPosition::Kind::time, 1};
  EXPECT_EQ(Reader::start(std::move(since))->messages(), 10);

  for (const ConsumeFromWhere where : {ConsumeFromWhere::first_offset, ConsumeFromWhere::timestamp}) {
    const auto consumer = Consumer::start(config(topic, name(to_string(where)), where));
    EXPECT_EQ(receive(*consumer, 10).size(), 10U) << to_string(where);
    EXPECT_TRUE(eventually([&] {
      const ConsumerStatus status = consumer->status();
      return status.troubles.empty() && !status.topics.empty() && status.topics[0].own_queues == 4;
    })) << to_string(where);
  }
}

TEST_F(ReadingTest, GroupProgressIsThatOfConsumerProgress) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 2);
  send_spread(topic, numbered("done", 6));
  std::string id;
  {
    HandlingConsumer consumer(config(topic, group));
    id = consumer.client_id();
    ASSERT_TRUE(eventually([&] { return consumer.count() == 6; }));
    for (const GroupQueue& queue : group_progress(client(), group, topic))
      EXPECT_EQ(queue.owners, std::vector<std::string>{id});
  }
  send_spread(topic, numbered("late", 5));
  const std::string progress = cluster().admin({"consumerProgress", "-g", group, "-t", topic});
  const auto queues = group_progress(client(), group, topic);
  ASSERT_EQ(queues.size(), 2U);
  std::int64_t lag = 0;
  for (const GroupQueue& queue : queues) {
    EXPECT_THAT(progress,
                ContainsRegex(topic + " +" + queue.broker_name + regex_of(queue.queue_id) +
                              regex_of(queue.max_offset) + regex_of(queue.committed_offset.value()) +
                              regex_of(queue.lag().value()) + " "));
    EXPECT_THAT(queue.owners, IsEmpty());
    lag += queue.lag().value();
  }
  EXPECT_EQ(lag, 5);
  EXPECT_THAT(progress, HasSubstr("Diff Total: 5"));
}

TEST_F(ReadingTest, ConsumersOfTheTopicAreNotDisturbed) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 2);
  HandlingConsumer consumer(config(topic, group));
  send_spread(topic, numbered("m", 20));
  ASSERT_TRUE(eventually([&] { return consumer.count() == 20; }));
  Offsets offsets;
  const auto reading = reader(topic);
  read_on(*reading, offsets);
  expect_all(offsets, 20);
  send_spread(topic, numbered("n", 20));
  ASSERT_TRUE(eventually([&] { return consumer.count() >= 40; }));
  EXPECT_EQ(consumer.count(), 40U) << "nothing comes again";
  EXPECT_THAT(consumer.log.with(""), IsEmpty());
  EXPECT_THAT(cluster().failing_admin({"consumerConnection", "-g", "TOOLS_CONSUMER"}),
              HasSubstr("%RETRY%TOOLS_CONSUMER"))
      << "it never had a member";
}

TEST_F(ReadingTest, ABrokerThatIsStartedAgainIsReadOn) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 2);
  send_much(topic);
  const auto reading = reader(topic);
  Offsets offsets;
  const Delivery first = reading->read(std::chrono::steady_clock::now() + seconds(10));
  ASSERT_FALSE(first.empty());
  for (const ReceivedMessage& message : first.messages())
    offsets[message.queue_id].push_back(message.queue_offset);
  cluster().kill("broker-a");
  cluster().restart("broker-a");
  read_on(*reading, offsets);
  expect_all(offsets, much);
}

TEST_F(ReadingTest, ABrokerThatDiesIsAnErrorThatNamesWhatWasNotRead) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 2);
  send_much(topic);
  const auto reading = reader(topic);
  ASSERT_FALSE(reading->read(std::chrono::steady_clock::now() + seconds(10)).empty());
  cluster().kill("broker-a");
  Offsets offsets;
  std::string text;
  try {
    read_on(*reading, offsets);
  } catch (const Error& error) {
    text = error.what();
  }
  EXPECT_THAT(text, ContainsRegex("the offsets from [0-9]+ to [0-9]+ of " + topic +
                                  "@broker-a:[01] were not read: "));
  cluster().restart("broker-a");
}

}  // namespace
}  // namespace rocketmq::test
