// A consumer moves its group: what real brokers of each version do of it.

#include "integration/cluster_fixture.h"

namespace rocketmq::test {
namespace {

class Seek : public ClusterFixture {
 protected:
  static constexpr std::size_t queues = 4;
  static constexpr std::size_t messages = 80;

  static void SetUpTestSuite() { start_cluster({}); }
  static void TearDownTestSuite() { stop_cluster(); }

  /// What the consumer has received of `topic` since it had `before` messages, by queue: the first offset.
  static std::map<std::string, std::int64_t> first_since(const RunningConsumer& consumer,
                                                         std::size_t before) {
    std::map<std::string, std::int64_t> first;
    const auto all = consumer.all();
    for (std::size_t i = before; i < all.size(); ++i)
      first.emplace(all[i].queue, all[i].offset);
    return first;
  }
  static bool has_all(const Consumer& consumer) {
    const auto topics = consumer.status().topics;
    return !topics.empty() && topics[0].own_queues == queues;
  }
  static bool is_stored(RunningConsumer& consumer) {
    return eventually([&] {
      for (const QueueStatus& queue : consumer.consumer().status().queues) {
        if (!queue.is_retry && queue.committed_offset != queue.max_offset) return false;
      }
      return true;
    });
  }
};

TEST_F(Seek, ToTheFirstTheEndATimeAndOffsets) {
  const std::string topic = name("t");
  cluster().create_topic(topic, queues);
  RunningConsumer consumer(config(topic, name("g")));
  send_spread(topic, numbered("m", messages));
  ASSERT_TRUE(eventually([&] { return consumer.count() == messages; }));
  ASSERT_TRUE(is_stored(consumer));

  auto moved = consumer.consumer().seek({.kind = SeekTarget::Kind::first}, seconds(20));
  ASSERT_EQ(moved.size(), queues);
  std::int64_t old_sum = 0;
  for (const SeekResult& queue : moved) {
    EXPECT_EQ(queue.new_offset, 0);
    old_sum += queue.old_offset.value_or(0);
  }
  EXPECT_EQ(old_sum, messages);
  ASSERT_TRUE(eventually([&] { return consumer.count() == 2 * messages; }));
  EXPECT_EQ(bodies_of(consumer.all()).size(), messages);

  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto time_ms = std::chrono::duration_cast<milliseconds>(now).count() + 1;
  ASSERT_TRUE(eventually([&] {
    const auto later = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<milliseconds>(later).count() > time_ms + 1000;
  }));
  send_spread(topic, numbered("late", messages));
  ASSERT_TRUE(eventually([&] { return consumer.count() == 3 * messages; }));
  (void)consumer.consumer().seek({.kind = SeekTarget::Kind::time, .time_ms = time_ms + 500}, seconds(20));
  // Brokers of 4.x look a time up less exactly: the message before it may come again, too.
  const std::size_t more = RealBroker::is_at_least(5, 0) ? 0 : queues;
  ASSERT_TRUE(eventually([&] { return consumer.count() >= 4 * messages; }));
  ASSERT_TRUE(is_stored(consumer));
  EXPECT_LE(consumer.count(), 4 * messages + more);

  std::vector<QueueStart> wanted;
  std::size_t again = 0;
  for (const SeekResult& queue : moved) {
    wanted.push_back({topic, queue.broker_name, queue.queue_id, queue.old_offset.value_or(0) - 3});
    again += 3 + static_cast<std::size_t>(messages / queues);
  }
  const std::size_t before = consumer.count();
  moved = consumer.consumer().seek({.kind = SeekTarget::Kind::offsets, .offsets = wanted}, seconds(20));
  ASSERT_EQ(moved.size(), queues);
  ASSERT_TRUE(eventually([&] { return consumer.count() >= before + again; }));
  const auto first = first_since(consumer, before);
  for (const QueueStart& queue : wanted)
    EXPECT_EQ(first.at(queue.broker_name + ':' + std::to_string(queue.queue_id)), queue.queue_offset);

  moved = consumer.consumer().seek({.kind = SeekTarget::Kind::last}, seconds(20));
  for (const SeekResult& queue : moved)
    EXPECT_EQ(queue.new_offset, queue.old_offset) << "it is there already";
  send_spread(topic, {"new"});
  EXPECT_TRUE(eventually([&] { return bodies_of(consumer.all()).contains("new"); }));
}

TEST_F(Seek, OfflineTheGroupGoesOnWhereItWasMoved) {
  const std::string topic = name("t");
  cluster().create_topic(topic, queues);
  send_spread(topic, numbered("m", messages));
  {
    RunningConsumer consumer(config(topic, name("g")));
    ASSERT_TRUE(eventually([&] { return consumer.count() == messages; }));
    consumer.leave();
  }
  {
    // A consumer that hands nothing out moves the group and goes.
    const auto mover = Consumer::start(config(topic, name("g")));
    ASSERT_TRUE(eventually([&] { return has_all(*mover); }));
    EXPECT_EQ(mover->seek({.kind = SeekTarget::Kind::first}, seconds(20)).size(), queues);
    mover->close(seconds(5));
  }
  RunningConsumer consumer(config(topic, name("g")));
  EXPECT_TRUE(eventually([&] { return consumer.count() == messages; }));
}

TEST_F(Seek, BroadcastingTheFileKeepsWhereItWasMoved) {
  const std::string topic = name("t");
  cluster().create_topic(topic, queues);
  const TemporaryDirectory directory;
  ConsumerConfig everyone = config(topic, name("g"));
  everyone.message_model = MessageModel::broadcasting;
  everyone.offset_directory = directory.path();
  everyone.client.instance_name = "same";
  send_spread(topic, numbered("m", messages));
  {
    RunningConsumer consumer(everyone);
    ASSERT_TRUE(eventually([&] { return consumer.count() == messages; }));
    consumer.leave();
  }
  {
    const auto mover = Consumer::start(everyone);
    ASSERT_TRUE(eventually([&] { return has_all(*mover); }));
    const auto moved = mover->seek({.kind = SeekTarget::Kind::first}, seconds(20));
    ASSERT_EQ(moved.size(), queues);
    for (const SeekResult& queue : moved)
      EXPECT_EQ(queue.new_offset, 0);
    mover->close(seconds(5));
  }
  RunningConsumer consumer(everyone);
  EXPECT_TRUE(eventually([&] { return consumer.count() == messages; })) << consumer.count();
}

}  // namespace
}  // namespace rocketmq::test
