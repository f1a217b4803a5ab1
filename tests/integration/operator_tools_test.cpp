// RocketMQ's admin tool looks at our running consumers and producers, and hands messages over to them.

#include <gmock/gmock.h>

#include "integration/operator_fixture.h"

namespace rocketmq::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

using OperatorToolsTest = OperatorTest;

TEST_F(OperatorToolsTest, TheToolShowsAConsumersStateAndItsLagWhileItsHandlerIsSlow) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 1);
  HandlingConsumer consumer(config(topic, group));
  send_spread(topic, numbered("done", 3));
  ASSERT_TRUE(eventually([&] { return consumer.count() == 3; }));
  consumer.hold(true);
  send_spread(topic, numbered("late", 5));
  ASSERT_TRUE(eventually([&] { return consumer.is_held(); }));

  const std::string status =
      cluster().admin({"consumerStatus", "-g", group, "-i", consumer.client_id(), "-s"});
  EXPECT_THAT(status, ContainsRegex("PROP_CONSUME_TYPE +: CONSUME_PASSIVELY"));
  EXPECT_THAT(status, ContainsRegex("PROP_CONSUMEORDERLY +: false"));
  EXPECT_THAT(status, HasSubstr(cluster().name_servers()));
  EXPECT_THAT(status, ContainsRegex("Topic: " + topic + " .*SubExpression: \\*"));
  EXPECT_THAT(status, ContainsRegex(topic + " +broker-a +0 +3 "));  // The consumer's offset.
  EXPECT_THAT(status, HasSubstr("cachedMsgCount=5"));
  EXPECT_THAT(status, HasSubstr("queues whose messages are with a handler: 1"));
  std::string progress;
  EXPECT_TRUE(eventually([&] {  // The offset is stored every five seconds.
    progress = cluster().admin({"consumerProgress", "-g", group});
    return progress.find("Diff Total: 5") != std::string::npos;
  })) << progress;
  EXPECT_THAT(progress, ContainsRegex(topic + " +broker-a +0 +8 +3 "));
}

TEST_F(OperatorToolsTest, AMessageIsHandedOverAgainAndTheToolShowsHowTheHandlerFared) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 1);
  ConsumerConfig retrying = config(topic, group);
  retrying.max_reconsume_times = 16;
  retrying.sub_expression = "TAG";  // The operator's choice goes past it.
  HandlingConsumer consumer(retrying);
  // Reads the ids of what the consumer does not want itself.
  const auto sender = producer();
  const std::vector<std::string_view> bodies{"good", "poison"};
  sender->send(topic, "", bodies);
  HandlingConsumer reader(config(topic, name("reader")));
  ASSERT_TRUE(eventually([&] { return reader.count() == 2; }));
  const std::vector<Received> stored = reader.all();

  const auto hand_over = [&](const std::string& id) {
    return cluster().admin(
        {"queryMsgByUniqueKey", "-t", topic, "-i", id, "-g", group, "-d", consumer.client_id()});
  };
  const std::string good = hand_over(stored[0].message_id);
  EXPECT_THAT(good, HasSubstr("CR_SUCCESS"));
  const std::string poison = hand_over(stored[1].message_id);
  EXPECT_THAT(poison, HasSubstr("CR_THROW_EXCEPTION"));
  EXPECT_THAT(poison, HasSubstr("this is poison"));
  const std::vector<Received> direct = consumer.direct();
  ASSERT_EQ(direct.size(), 2U);
  EXPECT_EQ(direct[0].body, "good");
  EXPECT_EQ(direct[0].topic, topic);
  EXPECT_EQ(direct[0].queue, stored[0].queue);
  EXPECT_EQ(direct[0].offset, stored[0].offset);
  EXPECT_EQ(direct[1].body, "poison");
  EXPECT_TRUE(consumer.all().empty());
}

using OperatorToolsFull = OperatorToolsTest;

TEST_F(OperatorToolsFull, TheToolShowsTheClientsOfAGroupAndThatTheyAgree) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 2);
  HandlingConsumer one(config(topic, group));
  HandlingConsumer two(config(topic, group));
  const auto sender = producer(name("p"));
  const std::vector<std::string_view> bodies(7, "m");
  sender->send(topic, "", bodies);
  ASSERT_TRUE(eventually([&] { return one.count() + two.count() == 7; }));

  const std::string connections = cluster().admin({"consumerConnection", "-g", group});
  EXPECT_THAT(connections, HasSubstr(one.client_id()));
  EXPECT_THAT(connections, HasSubstr(two.client_id()));
  EXPECT_THAT(connections, HasSubstr("CPP"));
  EXPECT_THAT(connections, HasSubstr("ConsumeType: CONSUME_PASSIVELY"));
  EXPECT_THAT(connections, HasSubstr("MessageModel: CLUSTERING"));
  EXPECT_THAT(connections, HasSubstr("ConsumeFromWhere: CONSUME_FROM_FIRST_OFFSET"));
  EXPECT_THAT(cluster().admin({"producerConnection", "-g", name("p"), "-t", topic}),
              HasSubstr(sender->client_id()));
  const std::string status = cluster().admin({"consumerStatus", "-g", group});
  EXPECT_THAT(status, HasSubstr("Same subscription in the same group of consumer"));
  EXPECT_THAT(status, HasSubstr("Rebalance OK"));
}

}  // namespace
}  // namespace rocketmq::test
