#include "client/core/topic_route.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "wire/route.h"

namespace rocketmq::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int read_write = 6;

wire::TopicRouteData two_brokers() {
  wire::TopicRouteData data;
  data.queue_datas = {{"b", 2, 1, read_write, 0}, {"a", 1, 2, read_write, 0}};
  wire::BrokerData a;
  a.broker_name = "a";
  a.broker_addrs = {{0, "10.0.0.1:10911"}, {1, "10.0.0.2:10911"}};
  wire::BrokerData b;
  b.broker_name = "b";
  b.broker_addrs = {{1, "10.0.0.3:10911"}};
  data.broker_datas = {a, b};
  return data;
}

TEST(TopicRoute, QueuesToSendToNeedWritePermissionAndAMaster) {
  const auto route = make_topic_route("t", two_brokers());
  EXPECT_THAT(route.publish_queues, ElementsAre(MessageQueue{"t", "a", 0}, MessageQueue{"t", "a", 1}));
}

// Clients that agree on the queues' order send equal keys to one queue, whatever they were told first.
TEST(TopicRoute, QueuesToSendToAreInOneOrderWhateverTheNameServersList) {
  auto data = two_brokers();
  data.broker_datas[1].broker_addrs = {{0, "10.0.0.4:10911"}};
  data.queue_datas[0].write_queue_nums = 2;
  std::swap(data.broker_datas[0], data.broker_datas[1]);
  const auto in_order = ElementsAre(MessageQueue{"t", "a", 0}, MessageQueue{"t", "a", 1},
                                    MessageQueue{"t", "b", 0}, MessageQueue{"t", "b", 1});
  EXPECT_THAT(make_topic_route("t", data).publish_queues, in_order);
  std::swap(data.queue_datas[0], data.queue_datas[1]);
  EXPECT_THAT(make_topic_route("t", data).publish_queues, in_order);
  data.order_topic_conf = "b:2;a:2";
  EXPECT_THAT(make_topic_route("t", data).publish_queues, in_order);
  data.queue_datas = {{"b", 2, 2, read_write, 0}, {"a", 2, 2, read_write, 0}};
  EXPECT_THAT(make_auto_created_route("t", data).publish_queues, in_order);
}

TEST(TopicRoute, QueuesToReceiveFromNeedReadPermissionAndAnyBroker) {
  const auto route = make_topic_route("t", two_brokers());
  EXPECT_THAT(route.subscribe_queues,
              ElementsAre(MessageQueue{"t", "a", 0}, MessageQueue{"t", "b", 0}, MessageQueue{"t", "b", 1}));
  auto data = two_brokers();
  data.queue_datas[0].perm = 2;
  EXPECT_THAT(make_topic_route("t", data).subscribe_queues, ElementsAre(MessageQueue{"t", "a", 0}));
  data.queue_datas[1].perm = 4;
  EXPECT_THAT(make_topic_route("t", data).publish_queues, IsEmpty());
}

wire::TopicQueueMapping mapping(const std::string& broker, std::int64_t epoch,
                                std::map<std::int32_t, std::int32_t> ids, std::int32_t total = 3) {
  return {"t", "__global__", total, broker, epoch, std::move(ids)};
}

TEST(TopicRoute, AStaticTopicHasTheLogicalQueuesOfItsMapping) {
  auto data = two_brokers();
  data.topic_queue_mapping_by_broker = {{"a", mapping("a", 5, {{0, 0}})}, {"b", mapping("b", 5, {{1, 0}})}};
  const auto route = make_topic_route("t", data);
  const std::string mock = "__syslo__global__";
  // Queue 2 is nowhere, and broker b has no master.
  EXPECT_THAT(route.subscribe_queues, ElementsAre(MessageQueue{"t", mock, 0}, MessageQueue{"t", mock, 1},
                                                  MessageQueue{"t", mock, 2}));
  EXPECT_THAT(route.publish_queues, ElementsAre(MessageQueue{"t", mock, 0}));
  EXPECT_EQ(route.holder({"t", mock, 0}), "a");
  EXPECT_EQ(route.holder({"t", mock, 1}), "b");
  EXPECT_EQ(route.readable(route.holder({"t", mock, 1}), 0)->second, "10.0.0.3:10911");
  EXPECT_EQ(route.readable(route.holder({"t", mock, 2}), 0), nullptr);
}

TEST(TopicRoute, OfContradictingMappingsTheLatestEpochCounts) {
  auto data = two_brokers();
  data.topic_queue_mapping_by_broker = {{"a", mapping("a", 6, {{0, 0}})},
                                        {"b", mapping("b", 5, {{0, 0}, {1, 1}})}};
  EXPECT_EQ(make_topic_route("t", data).holder({"t", "__syslo__global__", 0}), "a");
  data.topic_queue_mapping_by_broker["b"].epoch = 7;
  EXPECT_EQ(make_topic_route("t", data).holder({"t", "__syslo__global__", 0}), "b");
}

TEST(TopicRoute, AQueueOfAnOrdinaryTopicIsAtTheBrokerThatItNames) {
  EXPECT_EQ(make_topic_route("t", two_brokers()).holder({"t", "a", 0}), "a");
}

TEST(TopicRoute, AnOrderConfigurationDecidesTheQueuesToSendTo) {
  auto data = two_brokers();
  data.order_topic_conf = "a:3;b:4;junk;a:x";
  EXPECT_THAT(make_topic_route("t", data).publish_queues,
              ElementsAre(MessageQueue{"t", "a", 0}, MessageQueue{"t", "a", 1}, MessageQueue{"t", "a", 2}));
}

TEST(TopicRoute, ReadersFollowASuggestionAsFarAsItExists) {
  const auto route = make_topic_route("t", two_brokers());
  EXPECT_EQ(route.readable("a", 1)->second, "10.0.0.2:10911");
  EXPECT_EQ(route.readable("a", 7)->second, "10.0.0.1:10911");
  EXPECT_EQ(route.readable("b", 0)->second, "10.0.0.3:10911");
  EXPECT_EQ(route.readable("c", 0), nullptr);
  EXPECT_EQ(route.master_address("b"), nullptr);
}

TEST(TopicRoute, ATopicToBeCreatedGetsFourQueuesABrokerAtMost) {
  wire::TopicRouteData data = two_brokers();
  data.queue_datas = {{"a", 8, 8, 7, 0}};
  const auto route = make_auto_created_route("new", data);
  EXPECT_TRUE(route.auto_created);
  EXPECT_EQ(route.publish_queues.size(), 4U);
  EXPECT_EQ(route.publish_queues.back(), (MessageQueue{"new", "a", 3}));
  EXPECT_THAT(route.subscribe_queues, IsEmpty());
  data.queue_datas = {{"a", 2, 8, 7, 0}};
  EXPECT_EQ(make_auto_created_route("new", data).publish_queues.size(), 2U);
  data.queue_datas = {{"a", 8, 8, 4, 0}};
  EXPECT_THAT(make_auto_created_route("new", data).publish_queues, IsEmpty());
}

}  // namespace
}  // namespace rocketmq::client
