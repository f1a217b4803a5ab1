// An operator moves a group to another time while its consumers run: mqadmin resetOffsetByTime.

#include "integration/operator_fixture.h"

namespace rocketmq::test {
namespace {

class OperatorReset : public OperatorTest {
 protected:
  /// `when` is in milliseconds since the epoch, or "now".
  static std::string reset(const std::string& topic, const std::string& group, const std::string& when) {
    return cluster().admin({"resetOffsetByTime", "-g", group, "-t", topic, "-s", when});
  }

  /// A moment that is later than everything stored so far, and not later than what is stored from now on.
  static std::string after_all_stored() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    const auto stored = std::chrono::duration_cast<milliseconds>(since_epoch).count() + 1;
    EXPECT_TRUE(eventually([stored] {
      const auto now = std::chrono::system_clock::now().time_since_epoch();
      return std::chrono::duration_cast<milliseconds>(now).count() > stored;
    }));
    return std::to_string(stored);
  }

  static bool each_came(const HandlingConsumer& consumer, const std::vector<std::string>& bodies,
                        std::size_t times) {
    return std::all_of(bodies.begin(), bodies.end(),
                       [&](const std::string& body) { return consumer.times(body) == times; });
  }
};

TEST_F(OperatorReset, BackToATimeBringsWhatWasStoredSinceOnceMore) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 4);
  const auto early = numbered("early", 20);
  const auto late = numbered("late", 20);
  {
    HandlingConsumer consumer(config(topic, group));
    send_spread(topic, early);
    ASSERT_TRUE(eventually([&] { return each_came(consumer, early, 1); }));
    const std::string between = after_all_stored();
    send_spread(topic, late);
    ASSERT_TRUE(eventually([&] { return each_came(consumer, late, 1); }));
    const std::string printed = reset(topic, group, between);
    EXPECT_TRUE(eventually([&] { return each_came(consumer, late, 2); })) << printed << consumer.log.text();
    // What comes after the reset is received as ever.
    send_spread(topic, {"new"});
    EXPECT_TRUE(eventually([&] { return consumer.times("new") == 1; })) << consumer.log.text();
    // Brokers of 4.x look a time up less exactly: the message before it may come again, too.
    const std::size_t before = RealBroker::is_at_least(5, 0) ? 0 : 4;
    EXPECT_GE(consumer.count(), early.size() + 2 * late.size() + 1) << printed;
    EXPECT_LE(consumer.count(), early.size() + 2 * late.size() + 1 + before) << printed;
  }
  expect_a_restart_repeats_nothing(topic, group);
}

// The rows that are with the handler are finished; of what waits behind them nothing is delivered any more,
// and the handler's return does not put the group back.
TEST_F(OperatorReset, ToNowSkipsTheBacklogOfASlowHandler) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 1);
  const auto backlog = numbered("backlog", 200);
  {
    // Brokers of 4.x only reset a group that has stored progress.
    HandlingConsumer consumer(config(topic, group));
    send_spread(topic, {"first"});
    ASSERT_TRUE(eventually([&] { return consumer.times("first") == 1; })) << consumer.log.text();
  }
  {
    HandlingConsumer consumer(config(topic, group));
    consumer.hold(true);
    send_spread(topic, {"slow"});
    ASSERT_TRUE(eventually([&] { return consumer.is_held(); }));
    send_spread(topic, backlog);
    after_all_stored();
    const std::string printed = reset(topic, group, "now");
    send_spread(topic, {"after"});
    // On brokers that keep the reset to themselves the client learns of it with its next pull.
    ASSERT_TRUE(eventually([&] { return !consumer.log.with("moved").empty(); }))
        << printed << consumer.log.text();
    consumer.hold(false);
    EXPECT_TRUE(eventually([&] { return consumer.times("after") == 1; })) << printed << consumer.log.text();
    EXPECT_TRUE(each_came(consumer, backlog, 0));
    EXPECT_EQ(consumer.times("slow"), 1U);
    EXPECT_EQ(consumer.count(), 2U);
  }
  expect_a_restart_repeats_nothing(topic, group);
}

}  // namespace
}  // namespace rocketmq::test
