#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "integration/consumer_fixture.h"
#include "integration/producer_fixture.h"
#include "support/real_broker.h"

namespace rocketmq::test {
namespace {

bool has_ipv6_loopback() {
  const int fd = ::socket(AF_INET6, SOCK_STREAM, 0);
  if (fd < 0) return false;
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  const bool bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return bound;
}

// It announces `::1:PORT`, and stores 16-byte hosts in every message.
TEST(BrokerWithAnIpv6Address, IsSentToAndReceivedFromThoughItAnnouncesNoBrackets) {
  if (!has_ipv6_loopback()) GTEST_SKIP() << "this machine has no IPv6 loopback address";
  RealBroker cluster(
      RealBroker::Options{.extra = {"--set", "brokerIP1=::1", "--set", "bindAddress=0.0.0.0"}});
  cluster.create_topic("ipv6", 2);
  const auto producer = Producer::start(producer_config(cluster));
  const auto texts = numbered_bodies("v", 1000, 100);
  producer->send("ipv6", "tagA", views_of(texts));
  ConsumerConfig config;
  config.client.name_server_addresses = cluster.name_servers();
  config.group = "ipv6_group";
  config.topic = "ipv6";
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
