// An operator deletes what our consumers are reading from, and makes it anew.

#include <gmock/gmock.h>

#include "integration/operator_fixture.h"

namespace rocketmq::test {
namespace {

class OperatorDeleteFull : public OperatorTest {
 protected:
  static void delete_topic(const std::string& topic) {
    cluster().admin({"deleteTopic", "-c", "DefaultCluster", "-t", topic});
  }
};

// Its offsets start again from 0, while the consumer and maybe the broker remember those of the old topic.
TEST_F(OperatorDeleteFull, ATopicThatIsDeletedAndMadeAnewIsReceivedFromItsFirstMessage) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 2);
  for (const ConsumeFromWhere from : {ConsumeFromWhere::first_offset, ConsumeFromWhere::last_offset}) {
    SCOPED_TRACE(static_cast<int>(from));
    HandlingConsumer consumer(config(topic, group, from));
    send_spread(topic, numbered("old", 100));
    ASSERT_TRUE(eventually([&] { return consumer.times("old99") > 0; }));
    delete_topic(topic);
    cluster().create_topic(topic, 2);
    send_spread(topic, numbered("new", 20));
    EXPECT_TRUE(eventually([&] {
      std::size_t found = 0;
      for (const std::string& body : numbered("new", 20))
        found += consumer.times(body) > 0 ? 1U : 0U;
      return found == 20;
    })) << consumer.log.text();
  }
}

TEST_F(OperatorDeleteFull, ATopicThatIsGoneForAWhileIsReceivedFromItsFirstMessageAgain) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 2);
  HandlingConsumer consumer(config(topic, name("g"), ConsumeFromWhere::last_offset));
  send_spread(topic, numbered("old", 100));
  ASSERT_TRUE(eventually([&] { return consumer.count() == 100; }));
  delete_topic(topic);
  ASSERT_TRUE(eventually([&] { return !consumer.log.with("TOPIC_NOT_EXIST").empty(); }))
      << consumer.log.text();
  cluster().create_topic(topic, 4);
  send_spread(topic, numbered("new", 20));
  EXPECT_TRUE(eventually([&] { return consumer.count() == 120; })) << consumer.log.text();
}

TEST_F(OperatorDeleteFull, AGroupThatIsDeletedWithItsOffsetsGoesOnWhereItsRunningConsumersAre) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 2);
  {
    HandlingConsumer consumer(config(topic, group));
    send_spread(topic, numbered("before", 50));
    ASSERT_TRUE(eventually([&] { return consumer.count() == 50; }));
    cluster().admin({"deleteSubGroup", "-c", "DefaultCluster", "-g", group, "-r", "true"});
    send_spread(topic, numbered("after", 50));
    EXPECT_TRUE(eventually([&] { return consumer.count() == 100; })) << consumer.log.text();
    EXPECT_EQ(bodies_of(consumer.all()).size(), 100U);
    cluster().admin({"updateSubGroup", "-c", "DefaultCluster", "-g", group});
    send_spread(topic, numbered("again", 50));
    EXPECT_TRUE(eventually([&] { return consumer.count() == 150; })) << consumer.log.text();
  }
  expect_a_restart_repeats_nothing(topic, group);
}

}  // namespace
}  // namespace rocketmq::test
