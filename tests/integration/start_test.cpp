// Where the queues of several brokers start.

#include <thread>

#include "base/wall_clock.h"
#include "integration/cluster_fixture.h"

namespace rocketmq::test {
namespace {

class StartInTimeTest : public ClusterFixture {
 protected:
  static void SetUpTestSuite() { start_cluster({.brokers = 2}); }
  static void TearDownTestSuite() { stop_cluster(); }

  /// One at a time, so that every queue gets some.
  static void send_one_by_one(const std::string& topic, const std::vector<std::string>& bodies) {
    const auto sender = producer();
    for (const std::string& body : bodies)
      sender->send(topic, "", std::vector<std::string_view>{body});
  }

  /// A time after everything that is stored so far, and before everything that is sent from now on.
  static std::int64_t time_between() {
    const std::int64_t time = now_in_ms() + 1;
    while (now_in_ms() <= time)
      std::this_thread::yield();
    return time;
  }

  static ConsumerConfig from_time(const std::string& topic, const std::string& group, std::int64_t time_ms) {
    ConsumerConfig result = config(topic, group, ConsumeFromWhere::timestamp);
    result.consume_timestamp_ms = time_ms;
    return result;
  }

  static bool has_found_all_starts(const Consumer& consumer) {
    const ConsumerStatus status = consumer.status();
    if (status.topics.empty() || status.topics[0].own_queues < status.topics[0].queues) return false;
    return status.topics[0].queues > 0 &&
           std::all_of(status.queues.begin(), status.queues.end(),
                       [](const QueueStatus& queue) { return queue.received_offset.has_value(); });
  }

  /// The bodies that a consumer gets once it knows where each queue starts; waits a moment for more than
  /// `count`.
  static std::multiset<std::string> bodies_from(const ConsumerConfig& config, std::size_t count) {
    const auto consumer = Consumer::start(config);
    std::multiset<std::string> bodies;
    for (const Received& message : receive(*consumer, count))
      bodies.insert(message.body);
    EXPECT_TRUE(eventually([&] { return has_found_all_starts(*consumer); }));
    for (const Received& message : receive(*consumer, 1, seconds(1)))
      bodies.insert(message.body);
    consumer->close(seconds(5));
    return bodies;
  }

  static std::multiset<std::string> set_of(const std::vector<std::string>& bodies) {
    return {bodies.begin(), bodies.end()};
  }
};

TEST_F(StartInTimeTest, ANewGroupGetsExactlyWhatWasStoredFromThatTimeOn) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  const std::int64_t before = time_between();
  const auto old_ones = numbered("old", 10);
  send_one_by_one(topic, old_ones);
  const std::int64_t time = time_between();
  const auto new_ones = numbered("new", 5);
  send_one_by_one(topic, new_ones);
  const std::int64_t after = time_between();
  EXPECT_EQ(bodies_from(from_time(topic, name("g"), time), 5), set_of(new_ones));

  auto all = set_of(old_ones);
  all.merge(set_of(new_ones));
  EXPECT_EQ(bodies_from(from_time(topic, name("before"), before), 15), all);
  EXPECT_EQ(bodies_from(from_time(topic, name("1970"), 0), 15), all);
  EXPECT_EQ(bodies_from(from_time(topic, name("after"), after), 0), set_of({}));
  EXPECT_EQ(bodies_from(from_time(topic, name("future"), now_in_ms() + 3'600'000), 0), set_of({}));
  // They all have started: from now on they get everything.
  const auto newest = numbered("newest", 16);
  send_one_by_one(topic, newest);
  for (const char* group : {"g", "before", "1970", "after", "future"})
    EXPECT_EQ(bodies_from(from_time(topic, name(group), 0), newest.size()), set_of(newest)) << group;
}

TEST_F(StartInTimeTest, AmongManyMessagesItIsExactInEveryQueue) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  send_spread(topic, numbered("old", 5000));
  const std::int64_t time = time_between();
  const auto new_ones = numbered("new", 3000);
  send_spread(topic, new_ones);
  EXPECT_EQ(bodies_from(from_time(topic, name("g"), time), new_ones.size()), set_of(new_ones));
}

TEST_F(StartInTimeTest, AGroupWithProgressGoesOnFromThere) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  send_one_by_one(topic, numbered("first", 100));
  EXPECT_EQ(bodies_from(config(topic, name("g")), 100).size(), 100U);
  const auto next = numbered("next", 50);
  send_one_by_one(topic, next);
  EXPECT_EQ(bodies_from(from_time(topic, name("g"), now_in_ms()), next.size()), set_of(next));
  EXPECT_EQ(bodies_from(from_time(topic, name("g"), 0), 0), set_of({}));
}

}  // namespace
}  // namespace rocketmq::test
