// An operator forbids what our clients are doing, and allows it again.

#include <gmock/gmock.h>

#include "integration/operator_fixture.h"

namespace rocketmq::test {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;

class OperatorPauseFull : public OperatorTest {
 protected:
  /// Empty where it was sent, otherwise the error's text.
  static std::string try_send(Producer& producer, const std::string& topic, const std::string& body) {
    const std::string_view view = body;
    try {
      producer.send(topic, "", std::span(&view, 1));
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  }

  /// A line that repeats is logged once in ten seconds.
  static std::size_t rounds_since(steady_clock::time_point begin) {
    return 1 + static_cast<std::size_t>((steady_clock::now() - begin) / seconds(10));
  }

  /// Sends until it is refused.
  static std::string wait_refused(Producer& producer, const std::string& topic) {
    std::string error;
    EXPECT_TRUE(eventually([&] {
      error = try_send(producer, topic, "before");
      return !error.empty();
    }));
    return error;
  }
};

TEST_F(OperatorPauseFull, AGroupThatMayNotConsumeWaitsAndGoesOnOnceItMay) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 4);
  HandlingConsumer consumer(config(topic, group));
  send_spread(topic, numbered("before", 20));
  ASSERT_TRUE(eventually([&] { return consumer.count() == 20; }));
  const auto forbidden = steady_clock::now();
  cluster().admin({"updateSubGroup", "-c", "DefaultCluster", "-g", group, "-s", "false"});
  send_spread(topic, numbered("meanwhile", 20));
  // A pull that the broker held from before may still be answered.
  ASSERT_TRUE(eventually([&] { return !consumer.log.with("NO_PERMISSION").empty(); })) << consumer.log.text();
  cluster().admin({"updateSubGroup", "-c", "DefaultCluster", "-g", group, "-s", "true"});
  EXPECT_TRUE(eventually([&] { return bodies_of(consumer.all()).size() == 40; }));
  EXPECT_EQ(consumer.count(), 40U);
  EXPECT_LE(consumer.log.with("NO_PERMISSION").size(), 5U * rounds_since(forbidden)) << consumer.log.text();
}

TEST_F(OperatorPauseFull, ATopicThatMayNotBeReadKeepsTheGroupsPosition) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  HandlingConsumer consumer(config(topic, name("g")));
  send_spread(topic, numbered("before", 20));
  ASSERT_TRUE(eventually([&] { return consumer.count() == 20; }));
  const auto forbidden = steady_clock::now();
  cluster().admin({"updateTopicPerm", "-c", "DefaultCluster", "-t", topic, "-p", "2"});
  send_spread(topic, numbered("meanwhile", 20));
  ASSERT_TRUE(eventually([&] { return !consumer.log.text().empty(); }));
  cluster().admin({"updateTopicPerm", "-c", "DefaultCluster", "-t", topic, "-p", "6"});
  EXPECT_TRUE(eventually([&] { return bodies_of(consumer.all()).size() == 40; })) << consumer.log.text();
  EXPECT_EQ(consumer.count(), 40U);
  EXPECT_LE(consumer.log.with("").size(), 10U * rounds_since(forbidden)) << consumer.log.text();
}

TEST_F(OperatorPauseFull, ATopicThatMayNotBeWrittenFailsSendsAndTakesThemSoonAfterItMay) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  const auto sender = producer();
  ASSERT_EQ(try_send(*sender, topic, "before"), "");
  cluster().admin({"updateTopicPerm", "-c", "DefaultCluster", "-t", topic, "-p", "4"});
  const std::string error = wait_refused(*sender, topic);
  EXPECT_THAT(error, AllOf(HasSubstr(topic),
                           AnyOf(HasSubstr("has no queue that may be written"), HasSubstr("NO_PERMISSION"))));
  cluster().admin({"updateTopicPerm", "-c", "DefaultCluster", "-t", topic, "-p", "6"});
  EXPECT_TRUE(eventually([&] { return try_send(*sender, topic, "after").empty(); }));
}

TEST_F(OperatorPauseFull, ABrokerWhoseWritePermissionIsWipedFailsSendsUntilItIsGivenBack) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  HandlingConsumer consumer(config(topic, name("g")));
  const auto sender = producer();
  ASSERT_EQ(try_send(*sender, topic, "before"), "");
  cluster().admin({"wipeWritePerm", "-b", "broker-a"});
  // Who knows the route from before may still send; who asks now may not.
  const auto fresh = producer();
  const std::string error = wait_refused(*fresh, topic);
  EXPECT_THAT(error, AllOf(HasSubstr(topic),
                           AnyOf(HasSubstr("has no queue that may be written"), HasSubstr("NO_PERMISSION"))));
  cluster().admin({"addWritePerm", "-b", "broker-a"});
  EXPECT_TRUE(eventually([&] { return try_send(*fresh, topic, "after").empty(); }));
  EXPECT_TRUE(eventually([&] { return consumer.times("after") == 1; })) << consumer.log.text();
}

}  // namespace
}  // namespace rocketmq::test
