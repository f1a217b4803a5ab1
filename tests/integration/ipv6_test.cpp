#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/client_of.h"
#include "integration/consumer_fixture.h"
#include "integration/producer_fixture.h"
#include "support/ipv6_broker.h"
#include "support/real_broker.h"

namespace rocketmq::test {
namespace {

TEST(BrokerWithAnIpv6Address, IsSentToAndReceivedFromThoughItAnnouncesNoBrackets) {
  if (!has_ipv6_loopback()) GTEST_SKIP() << "this machine has no IPv6 loopback address";
  RealBroker cluster(RealBroker::Options{.extra = ipv6_broker_arguments()});
  cluster.create_topic("ipv6", 2);
  const auto producer = Producer::start(producer_config(cluster));
  const auto texts = numbered_bodies("v", 1000, 100);
  producer->send("ipv6", "tagA", views_of(texts));
  ConsumerConfig config;
  config.client = client_of(cluster);
  config.group = "ipv6_group";
  config.subscriptions = {{"ipv6"}};
  config.consume_from_where = ConsumeFromWhere::first_offset;
  const auto consumer = Consumer::start(config);
  const auto rows = receive(*consumer, texts.size());
  EXPECT_EQ(rows.size(), texts.size());
  std::set<std::string> bodies;
  for (const auto& row : rows)
    bodies.insert(row.body);
  EXPECT_EQ(bodies, std::set<std::string>(texts.begin(), texts.end()));
  consumer->close(seconds(5));
}

}  // namespace
}  // namespace rocketmq::test
