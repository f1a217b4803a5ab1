#include "wire/route.h"

#include <gtest/gtest.h>

namespace rocketmq::wire {
namespace {

Errc decode(std::string_view text, TopicRouteData& out) {
  return TopicRouteData::decode_body(as_bytes(text), out);
}

TEST(Route, ReadsFastjsonsNumericKeys) {
  TopicRouteData route;
  ASSERT_EQ(decode(R"({"brokerDatas":[{"brokerAddrs":{0:"192.168.1.38:10911",1:"192.168.1.39:10911"},)"
                   R"("brokerName":"broker-a","cluster":"DefaultCluster","enableActingMaster":false}],)"
                   R"("filterServerTable":{},"queueDatas":[{"brokerName":"broker-a","perm":6,)"
                   R"("readQueueNums":4,"topicSynFlag":2,"writeQueueNums":4}]})",
                   route),
            Errc::ok);
  ASSERT_EQ(route.broker_datas.size(), 1U);
  EXPECT_EQ(route.broker_datas[0].broker_addrs.at(master_broker_id), "192.168.1.38:10911");
  EXPECT_EQ(route.broker_datas[0].broker_addrs.at(1), "192.168.1.39:10911");
  EXPECT_EQ(route.queue_datas[0].topic_sys_flag, 2);
}

TEST(Route, Ipv6AddressesWithoutBracketsGetThem) {
  TopicRouteData route;
  ASSERT_EQ(
      decode(R"({"brokerDatas":[{"brokerAddrs":{0:"::1:10911",1:"[fd00::2]:10911",2:"host:10911",3:"?"},)"
             R"("brokerName":"broker-a"}]})",
             route),
      Errc::ok);
  const auto& addresses = route.broker_datas.at(0).broker_addrs;
  EXPECT_EQ(addresses.at(master_broker_id), "[::1]:10911");
  EXPECT_EQ(addresses.at(1), "[fd00::2]:10911");
  EXPECT_EQ(addresses.at(2), "host:10911");
  EXPECT_EQ(addresses.at(3), "?") << "for the error that quotes it";
}

TEST(Route, BadRoutesAreNamed) {
  const struct {
    const char* text;
    Errc expected;
  } cases[] = {
      {"[]", Errc::bad_json},
      {R"({"queueDatas":{}})", Errc::bad_field},
      {R"({"queueDatas":[{"brokerName":"b","readQueueNums":1,"writeQueueNums":1}]})", Errc::missing_field},
      {R"({"queueDatas":[{"brokerName":"b","readQueueNums":-1,"writeQueueNums":1,"perm":6}]})",
       Errc::bad_field},
      {R"({"queueDatas":[{"brokerName":"b","readQueueNums":1,"writeQueueNums":65536,"perm":6}]})",
       Errc::bad_field},
      {R"({"brokerDatas":[{"brokerName":"b"}]})", Errc::missing_field},
      {R"({"brokerDatas":[{"brokerName":"b","brokerAddrs":[]}]})", Errc::bad_field},
      {R"({"brokerDatas":[{"brokerName":"b","brokerAddrs":{"x":"a:1"}}]})", Errc::bad_field},
      {R"({"brokerDatas":[{"brokerName":"b","brokerAddrs":{0:1}}]})", Errc::bad_field},
      {R"({"brokerDatas":[{"brokerAddrs":{}}]})", Errc::missing_field},
      {R"({"topicQueueMappingByBroker":{"b":{"totalQueues":99999999}}})", Errc::bad_field},
      {R"({"topicQueueMappingByBroker":{"b":{"totalQueues":1,"currIdMap":{"a":1}}}})", Errc::bad_field},
      {R"({"topicQueueMappingByBroker":{"b":{"totalQueues":1,"currIdMap":{0:-1}}}})", Errc::bad_field},
  };
  for (const auto& c : cases) {
    TopicRouteData route;
    EXPECT_EQ(decode(c.text, route), c.expected) << c.text;
  }
}

// A name server that lies must not have us make queues until the memory of the database is full.
TEST(Route, MoreQueuesThanAnyTopicHasAreRefused) {
  const auto queues = [](const char* name, const char* mode) {
    return std::string(R"({"brokerName":")") + name + R"(","readQueueNums":)" +
           (*mode == 'r' ? "65535" : "1") + R"(,"writeQueueNums":)" + (*mode == 'w' ? "65535" : "1") +
           R"(,"perm":6})";
  };
  const auto mapping = [](const char* name) {
    return std::string("\"") + name + R"(":{"totalQueues":65535,"scope":")" + name + "\"}";
  };
  const std::string two = R"({"queueDatas":[)" + queues("a", "r") + "," + queues("b", "r") + "]}";
  TopicRouteData route;
  EXPECT_EQ(decode(two.c_str(), route), Errc::ok);
  for (const std::string& text :
       {R"({"queueDatas":[)" + queues("a", "r") + "," + queues("b", "r") + "," + queues("c", "r") + "]}",
        R"({"queueDatas":[)" + queues("a", "w") + "," + queues("b", "w") + "," + queues("c", "w") + "]}",
        R"({"topicQueueMappingByBroker":{)" + mapping("a") + "," + mapping("b") + "," + mapping("c") + "}}",
        std::string(R"({"orderTopicConf":"a:65535;a:65535;a:65535"})")}) {
    EXPECT_EQ(decode(text.c_str(), route), Errc::too_large) << text;
  }
  EXPECT_EQ(decode(R"({"orderTopicConf":"a:-5;b;c:x;d:7;"})", route), Errc::ok);
}

}  // namespace
}  // namespace rocketmq::wire
