// RocketMQ's admin tool looks at our running consumers and producers.

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

// Its buffer is full, so that no reply to a pull tells how far it is behind.
TEST_F(OperatorToolsTest, AJobsLagIsTheToolsAlsoWhileItsBufferIsFull) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 2);
  ConsumerConfig wanted = config(topic, group);
  wanted.max_cached_messages = 10;
  HandlingConsumer consumer(std::move(wanted));
  consumer.hold(true);
  send_spread(topic, numbered("m", 60));
  ASSERT_TRUE(eventually([&] { return consumer.is_held(); }));
  send_spread(topic, numbered("late", 40));
  const auto lag = [&] {
    std::int64_t sum = 0;
    for (const QueueStatus& queue : consumer.status().queues)
      sum += queue.lag().value_or(0);
    return sum;
  };
  EXPECT_TRUE(eventually([&] { return lag() == 100; })) << lag();
  EXPECT_THAT(cluster().admin({"consumerProgress", "-g", group}), HasSubstr("Diff Total: 100"));
  consumer.hold(false);
  EXPECT_TRUE(eventually([&] { return consumer.count() == 100 && lag() == 0; })) << lag();
  std::string progress;
  EXPECT_TRUE(eventually([&] {
    progress = cluster().admin({"consumerProgress", "-g", group});
    return progress.find("Diff Total: 0") != std::string::npos;
  })) << progress;
}

TEST_F(OperatorToolsTest, TheToolIsToldThatAMessageCannotBeConsumedDirectly) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 1);
  HandlingConsumer consumer(config(topic, group));
  send_spread(topic, {"m"});
  ASSERT_TRUE(eventually([&] { return consumer.count() == 1; }));
  const std::string answer =
      cluster().failing_admin({"queryMsgByUniqueKey", "-t", topic, "-i", consumer.all()[0].message_id, "-g",
                               group, "-d", consumer.client_id()});
  EXPECT_THAT(answer, HasSubstr("request 309 is not supported by this client"));
  EXPECT_EQ(consumer.count(), 1U);
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

TEST_F(OperatorToolsTest, TheToolFindsOurMessagesByKeyAndByIdWithTheirProperties) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 1);
  std::string properties;
  append_user_property(properties, "venue", "XNAS");
  const std::string_view bodies[] = {"one", "two"};
  const std::string_view tags[] = {"T1", "T2"};
  const std::string_view keys[] = {"k1", "order-2 k2"};
  const std::string_view of_all = properties;
  producer()->send(topic, {.bodies = bodies, .tags = tags, .keys = keys, .properties = {&of_all, 1}});
  std::string found;
  // A broker makes its index of keys a moment later.
  ASSERT_TRUE(eventually([&] {
    found = cluster().admin({"queryMsgByKey", "-t", topic, "-k", "k2"});
    return found.find(" 0 ") != std::string::npos;
  })) << found;
  EXPECT_THAT(found, ContainsRegex("[0-9A-F]{32} +0 +1[^0-9]")) << "the second message, and no other";
  const std::string id = found.substr(found.find_last_of('\n', found.find_last_not_of(" \n")) + 1, 32);
  const std::string message = cluster().admin({"queryMsgById", "-t", topic, "-i", id});
  EXPECT_THAT(message, ContainsRegex("Tags: +\\[T2\\]"));
  EXPECT_THAT(message, ContainsRegex("Keys: +\\[order-2 k2\\]"));
  EXPECT_THAT(message, HasSubstr("venue=XNAS"));
  EXPECT_THAT(message, HasSubstr("UNIQ_KEY=" + id));
}

}  // namespace
}  // namespace rocketmq::test
