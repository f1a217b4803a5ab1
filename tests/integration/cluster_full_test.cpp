// What takes long: clusters that grow, masters that die, logs that are deleted, static topics.

#include "integration/child_consumer.h"
#include "integration/cluster_fixture.h"
#include "rocketmq/reader.h"

namespace rocketmq::test {
namespace {

/// Lines that a consumer logged.
class Log {
 public:
  [[nodiscard]] LogSink sink() {
    return [this](LogLevel, std::string_view line) {
      const std::lock_guard lock(mutex_);
      text_.append(line).append("\n");
    };
  }
  [[nodiscard]] bool holds(const std::string& words) const {
    const std::lock_guard lock(mutex_);
    return text_.find(words) != std::string::npos;
  }
  [[nodiscard]] std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

std::size_t count_of(const ReaderConfig& config) {
  const auto reader = Reader::start(config);
  std::size_t count = 0;
  while (!reader->finished())
    count += reader->read(steady_clock::now() + seconds(1)).size();
  return count;
}

class GrowingClusterFull : public ClusterFixture {
 protected:
  void SetUp() override { start_cluster({}); }
  void TearDown() override { stop_cluster(); }
};

TEST_F(GrowingClusterFull, WhatIsSentAtOnceToAddedQueuesAndToAnAddedBrokerIsReceived) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 2);
  RunningConsumer consumer(config(topic, name("g"), ConsumeFromWhere::last_offset));
  cluster().admin({"updateTopic", "-n", cluster().name_servers(), "-c", "DefaultCluster", "-t", topic, "-r",
                   "6", "-w", "6"});
  const auto added_queues = numbered("queues", 600);
  send_spread(topic, added_queues);
  ASSERT_TRUE(eventually([&] { return consumer.count() >= 600; }));

  cluster().add("broker-b");
  cluster().create_topic(topic, 6);
  send_spread(topic, numbered("broker", 600));
  ASSERT_TRUE(eventually([&] { return consumer.count() >= 1200; }));
  consumer.leave();
  const auto got = consumer.all();
  EXPECT_EQ(got.size(), 1200U);
  EXPECT_EQ(bodies_of(got).size(), 1200U);
  EXPECT_TRUE(std::any_of(got.begin(), got.end(),
                          [](const Received& one) { return one.queue.starts_with("broker-b:"); }));
  expect_order_within_queues(got);
}

TEST_F(GrowingClusterFull, ABrokersRestartRepeatsNothingForMembersThatStay) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 8);
  const auto options = child_options(topic, name("g"));
  ChildConsumer one(options);
  ChildConsumer two(options);
  ASSERT_TRUE(one.wait_started() && two.wait_started());
  std::set<std::string> sent;
  constexpr int rounds = 3;
  for (int round = 0; round < rounds; ++round) {
    SteadySender sender(cluster(), topic, "round" + std::to_string(round) + "-");
    ASSERT_TRUE(eventually([&] { return sender.sent() > 1000; }));
    cluster().kill("broker-a");
    cluster().restart("broker-a");
    const std::size_t before = sender.sent();
    ASSERT_TRUE(eventually([&] { return sender.sent() > before + 1000; }));
    sent.merge(sender.stop());
  }
  const auto missing = [&] {
    std::set<std::string> left = sent;
    for (const ChildConsumer* child : {&one, &two}) {
      for (const std::string& body : child->messages())
        left.erase(body);
    }
    return left.size();
  };
  EXPECT_TRUE(eventually([&] { return missing() == 0; })) << missing();
  // What was under way when the broker was killed is sent again, so it may be stored twice, under one key;
  // both copies go to the members whatever these do. Everything else comes once.
  std::map<std::string, int> times;
  for (const ChildConsumer* child : {&one, &two}) {
    for (const std::string& body : child->messages())
      ++times[body];
  }
  const auto repeated =
      std::count_if(times.begin(), times.end(), [](const auto& entry) { return entry.second > 1; });
  std::printf("  %zu sent, %d came twice\n", sent.size(), int(repeated));
  EXPECT_LE(repeated, rounds * 20);
}

class MasterAndSlaveFull : public ClusterFixture {
 protected:
  static void SetUpTestSuite() {
    // With a slave that has everything, each acknowledged message is at both; and whoever is behind at all is
    // told to read there.
    start_cluster({.extra = {"--slaves", "1", "--set", "brokerRole=SYNC_MASTER", "--set",
                             "slaveReadEnable=true", "--set", "accessMessageInMemoryMaxRatio=0"}});
  }
  static void TearDownTestSuite() { stop_cluster(); }

  /// A slave copies topics and groups' offsets from its master every ten seconds only.
  static bool slave_knows(const std::string& what, const std::string& file) {
    return eventually(
        [&] {
          std::ifstream config(cluster().home("broker-a-slave") + "/store/config/" + file);
          std::stringstream text;
          text << config.rdbuf();
          return text.str().find('"' + what) != std::string::npos;
        },
        seconds(90));
  }

  static std::string progress_of(const std::string& group) {
    return cluster().admin({"consumerProgress", "-n", cluster().name_servers(), "-g", group});
  }
  /// Whether the master comes to know that the group has consumed everything.
  static bool master_knows(const std::string& group) {
    return eventually([&] { return progress_of(group).find("Consume Diff Total: 0") != std::string::npos; },
                      seconds(60));
  }
};

TEST_F(MasterAndSlaveFull, WhenTheMasterDiesTheSlaveIsReadAndNothingIsLostOrRepeatedAfterItsReturn) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 4);
  ASSERT_TRUE(slave_knows(topic, "topics.json"));
  send_spread(topic, numbered("a", 4000));
  Log log;
  ConsumerConfig slow = config(topic, group);
  slow.client.log = log.sink();
  slow.max_cached_messages = 200;  // Much is left to be read when the master dies.
  auto consumer = Consumer::start(slow);
  auto got = receive(*consumer, 1000);
  ASSERT_GE(got.size(), 1000U);
  ASSERT_LT(got.size(), 4000U);
  cluster().kill("broker-a");
  const auto rest = receive(*consumer, 4000 - got.size(), seconds(60));
  got.insert(got.end(), rest.begin(), rest.end());
  EXPECT_EQ(got.size(), 4000U) << log.text();
  EXPECT_EQ(bodies_of(got).size(), 4000U);
  ReaderConfig reading;
  reading.client = client_of(cluster());
  reading.topic = topic;
  EXPECT_EQ(count_of(reading), 4000U) << "a reader finds the slave, too";

  cluster().restart("broker-a");
  send_spread(topic, numbered("b", 1000));
  const auto after = receive(*consumer, 1000, seconds(60));
  got.insert(got.end(), after.begin(), after.end());
  EXPECT_EQ(got.size(), 5000U) << log.text();
  EXPECT_EQ(bodies_of(got).size(), 5000U);
  expect_order_within_queues(got);
  EXPECT_TRUE(master_knows(group)) << progress_of(group);
  consumer->close(seconds(10));
  consumer.reset();

  send_spread(topic, numbered("c", 100));
  consumer = Consumer::start(config(topic, group));
  const auto next = receive(*consumer, 100);
  EXPECT_EQ(next.size(), 100U);
  for (const Received& message : next)
    EXPECT_EQ(message.body.front(), 'c') << message.body;
}

TEST_F(MasterAndSlaveFull, OffsetsStoredWhileTheMasterWasDownAreAtTheMasterAfterItsReturn) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 4);
  ASSERT_TRUE(slave_knows(topic, "topics.json"));
  send_spread(topic, numbered("a", 2000));
  auto consumer = Consumer::start([&] {
    ConsumerConfig slow = config(topic, group);
    slow.max_cached_messages = 200;
    return slow;
  }());
  auto got = receive(*consumer, 500);
  cluster().kill("broker-a");
  const auto rest = receive(*consumer, 2000 - got.size(), seconds(60));
  ASSERT_EQ(got.size() + rest.size(), 2000U);
  cluster().restart("broker-a");
  // Nothing more is sent: what the master was not told while it was down it hears after its return.
  EXPECT_TRUE(master_knows(group)) << progress_of(group);
  consumer->close(seconds(10));
}

class TruncatedTopicFull : public ClusterFixture {
 protected:
  static void SetUpTestSuite() {
    start_cluster(
        {.extra = {"--set", "mappedFileSizeCommitLog=1048576", "--set", "fileReservedTime=0", "--set",
                   "cleanResourceInterval=1000", "--set", "deleteCommitLogFilesInterval=10", "--set",
                   "deleteConsumeQueueFilesInterval=10", "--set", "maxMessageSize=524288"}});
  }
  static void TearDownTestSuite() { stop_cluster(); }
};

TEST_F(TruncatedTopicFull, NewGroupsStartAtWhatIsLeftOrAtTheEndAndAKnownOneGoesOnAtTheFirstMessageLeft) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 1);
  const std::string known = name("known");
  std::vector<std::string> bodies = numbered("m", 100);
  for (std::string& body : bodies) {
    body += ' ';
    for (std::uint32_t i = 0, x = 1; i < 100'000; ++i, x = x * 1664525 + 1013904223)
      body += static_cast<char>('a' + (x >> 24) % 26);  // So that it stays large when it is compressed.
  }
  send(topic, {bodies.begin(), bodies.begin() + 10});
  {
    const auto consumer = Consumer::start(config(topic, known));
    ASSERT_EQ(receive(*consumer, 10).size(), 10U);
    consumer->close(seconds(10));
  }
  send(topic, {bodies.begin() + 10, bodies.end()});
  const auto first_left = [&]() -> std::int64_t {
    const auto consumer = Consumer::start(config(topic, name("probe") + std::to_string(std::rand())));
    const auto got = receive(*consumer, 1);
    return got.empty() ? -1 : got.front().offset;
  };
  cluster().admin({"deleteExpiredCommitLog", "-n", cluster().name_servers(), "-c", "DefaultCluster"});
  ASSERT_TRUE(eventually([&] { return first_left() > 10; }, seconds(120)));
  const std::int64_t left = first_left();

  Log log;
  ConsumerConfig returning = config(topic, known);
  returning.client.log = log.sink();
  const auto consumer = Consumer::start(returning);
  const auto got = receive(*consumer, static_cast<std::size_t>(100 - left));
  ASSERT_FALSE(got.empty());
  EXPECT_GE(got.front().offset, left);
  EXPECT_EQ(got.back().offset, 99);
  EXPECT_TRUE(log.holds("goes on from offset 10 to " + std::to_string(got.front().offset) +
                        ": the broker no longer has the messages in between"))
      << log.text();

  const auto at_end = Consumer::start(config(topic, name("last"), ConsumeFromWhere::last_offset));
  send(topic, {"new"});
  const auto news = receive(*at_end, 1);
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(news.front().body, "new");
  EXPECT_EQ(news.front().offset, 100);
}

class StaticTopicFull : public ClusterFixture {
 protected:
  void SetUp() override {
    if (!RealBroker::is_at_least(5, 0)) GTEST_SKIP() << "static topics came with 5.0";
    start_cluster({.brokers = 2});
  }
  void TearDown() override { stop_cluster(); }
};

TEST_F(StaticTopicFull, QueuesKeepTheirNumbersAndOffsetsWhenTheyMoveToAnotherBroker) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().admin(
      {"updateStaticTopic", "-n", cluster().name_servers(), "-t", topic, "-qn", "4", "-b", "broker-a"});
  ASSERT_NE(cluster().admin({"topicRoute", "-n", cluster().name_servers(), "-t", topic}).find("currIdMap"),
            std::string::npos);
  RunningConsumer consumer(config(topic, group));
  const auto sender = producer();
  const auto send_all = [&](const std::string& prefix, int count) {
    const auto bodies = numbered(prefix, count);
    const std::vector<std::string_view> views(bodies.begin(), bodies.end());
    for (std::size_t i = 0; i < views.size(); i += 20)
      sender->send(topic, "", std::span(views).subspan(i, 20));
  };
  send_all("a", 400);
  ASSERT_TRUE(eventually([&] { return consumer.count() >= 400; }));

  cluster().admin({"remappingStaticTopic", "-n", cluster().name_servers(), "-t", topic, "-b", "broker-b"});
  send_all("b", 400);
  ASSERT_TRUE(eventually([&] { return consumer.count() >= 800; }, seconds(90)));
  consumer.leave();
  const auto got = consumer.all();
  EXPECT_EQ(got.size(), 800U);
  EXPECT_EQ(bodies_of(got).size(), 800U);
  expect_order_within_queues(got);
  for (const Received& message : got)
    EXPECT_EQ(message.queue.substr(0, message.queue.find(':')), "__syslo__global__");
  ReaderConfig reading;
  reading.client = client_of(cluster());
  reading.topic = topic;
  EXPECT_EQ(count_of(reading), 800U) << "there are no offsets between those of the two brokers";

  // Offsets are those of the logical queues, so another member of the group goes on there.
  const auto next = Consumer::start(config(topic, group));
  send_all("c", 100);
  const auto more = receive(*next, 100);
  EXPECT_EQ(more.size(), 100U);
  for (const Received& message : more)
    EXPECT_EQ(message.body.front(), 'c');
}

}  // namespace
}  // namespace rocketmq::test
