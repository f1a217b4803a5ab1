#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "integration/consumer_fixture.h"
#include "integration/naming_cluster.h"
#include "integration/topic_reader.h"
#include "support/fake_broker_sockets.h"

namespace rocketmq::test {
namespace {

using testing::HasSubstr;

std::string http_ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// The name servers' addresses, `host:port` each.
std::vector<std::string> each_name_server() {
  const std::string all = naming_cluster().name_servers();
  const auto semicolon = all.find(';');
  return {all.substr(0, semicolon), all.substr(semicolon + 1)};
}

TEST(NameServerDomainOfARealCluster, ProducerAndConsumerFindTheClusterByTheDomainAlone) {
  naming_cluster().create_topic("by_domain", 2);
  FakeHttpServer http(http_ok(naming_cluster().name_servers() + "\n"), true);
  auto sending = named_producer("by_domain");
  sending.client.name_server_addresses = "";
  sending.client.name_server_domain = "127.0.0.1:" + http.port();
  const auto producer = Producer::start(sending);
  send_one(*producer, "by_domain", "hello");
  auto receiving = named_consumer("by_domain", "by_domain");
  receiving.client.name_server_addresses = "";
  receiving.client.name_server_domain = "http://127.0.0.1:" + http.port() + "/rocketmq/nsaddr";
  const auto consumer = Consumer::start(receiving);
  EXPECT_EQ(bodies_of(receive(*consumer, 1)), std::set<std::string>{"hello"});
  consumer->close(seconds(5));
}

TEST(NameServerDomainOfARealCluster, WithoutTheDomainsAnswerTheConfiguredAddressesServe) {
  naming_cluster().create_topic("fallback", 1);
  const RefusingPort nobody;
  auto config = named_producer("fallback");
  config.client.name_server_domain = nobody.address();
  const auto producer = Producer::start(config);
  send_one(*producer, "fallback", "hello");
  EXPECT_EQ(read_topic(naming_cluster().name_servers(), "fallback", 1).size(), 1U);
}

TEST(NameServerDomainOfARealCluster, AChangedListIsFollowedWhileAProducerRuns) {
  naming_cluster().create_topic("before_change", 1);
  naming_cluster().create_topic("after_change", 1);
  const auto servers = each_name_server();
  FakeHttpServer http(http_ok(servers[0]), true);
  std::mutex mutex;
  std::string log;
  auto config = named_producer("changing");
  config.client.name_server_addresses = "";
  config.client.name_server_domain = "127.0.0.1:" + http.port();
  config.client.name_server_look_up_interval_ms = 100;
  config.client.log = [&](LogLevel, std::string_view line) {
    const std::lock_guard lock(mutex);
    log.append(line).append("\n");
  };
  const auto producer = Producer::start(config);
  send_one(*producer, "before_change", "hello");
  http.set_reply(http_ok(servers[1]));
  EXPECT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return log.find("/rocketmq/nsaddr: " + servers[1]) != std::string::npos;
  }));
  naming_cluster().pause("namesrv-0");
  // The route of this topic is not known yet, so a name server has to be asked.
  EXPECT_NO_THROW(send_one(*producer, "after_change", "hello"));
  naming_cluster().resume("namesrv-0");
  EXPECT_EQ(read_topic(naming_cluster().name_servers(), "after_change", 1).size(), 1U);
}

}  // namespace
}  // namespace rocketmq::test
