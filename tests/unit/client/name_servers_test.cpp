#include "client/core/name_servers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "client/core/client_core.h"
#include "client/core/route_table.h"
#include "support/fake_broker_sockets.h"
#include "support/sanitizer_cost.h"
#include "unit/client/fake_cluster.h"

namespace rocketmq::client {
namespace {

using namespace std::chrono_literals;
using test::Action;
using test::FakeCluster;
using test::FakeHttpServer;
using test::FakeRequest;
using test::FakeServer;
using test::LogLines;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string http_ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// A domain that answers, and a client that asks it.
class NameServerDomain : public testing::Test {
 protected:
  [[nodiscard]] ClientConfig config_for(const FakeHttpServer& http) const {
    ClientConfig config;
    config.name_server_domain = "127.0.0.1:" + http.port();
    config.connect_timeout_ms = 4000;
    config.log = log_.sink();
    return config;
  }

  /// The failure of a start, or none.
  static Failure start(const ClientConfig& config) {
    const auto core = ClientCore::create(config);
    try {
      core->start();
    } catch (const Error& error) {
      return error.failure();
    }
    core->close(1s);
    return {};
  }

  static Failure get_route(ClientCore& core, const std::string& topic) {
    const auto result = std::make_shared<std::promise<Failure>>();
    auto future = result->get_future();
    core.post([&core, result, topic] {
      core.routes().refresh(
          topic, [result](const Failure& failure, const RoutePtr&) { result->set_value(failure); });
    });
    if (future.wait_for(30s) != std::future_status::ready) return Failure{Errc::deadline_exceeded, "", {}};
    return future.get();
  }

  static bool was_asked_for(const FakeServer& server, const std::string& topic) {
    for (const auto& request : server.received(105)) {
      const std::string* asked = request.header.ext_fields.find("topic");
      if (asked != nullptr && *asked == topic) return true;
    }
    return false;
  }

  mutable LogLines log_;
  FakeCluster cluster_;
};

TEST_F(NameServerDomain, ItsListIsUsedWithoutAnyAddressConfigured) {
  FakeHttpServer http(http_ok(cluster_.name_server.address() + "\n"), true);
  EXPECT_FALSE(start(config_for(http)).failed());
  const auto requests = http.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_THAT(requests[0], StartsWith("GET /rocketmq/nsaddr HTTP/1."));
  EXPECT_THAT(requests[0], HasSubstr("Host: 127.0.0.1:" + http.port()));
}

TEST_F(NameServerDomain, AFullUrlIsAskedAsItIs) {
  FakeHttpServer http(http_ok(cluster_.name_server.address()), true);
  auto config = config_for(http);
  config.name_server_domain = "http://127.0.0.1:" + http.port() + "/my/list?of=servers";
  EXPECT_FALSE(start(config).failed());
  EXPECT_THAT(http.requests().at(0), StartsWith("GET /my/list?of=servers HTTP/1."));
}

TEST_F(NameServerDomain, TheUnitNameIsAppendedToThePath) {
  FakeHttpServer http(http_ok(cluster_.name_server.address()), true);
  auto config = config_for(http);
  config.unit_name = "unit1";
  EXPECT_FALSE(start(config).failed());
  EXPECT_THAT(http.requests().at(0), StartsWith("GET /rocketmq/nsaddr-unit1?nofix=1 HTTP/1."));
}

TEST_F(NameServerDomain, ABareDomainMeansPort8080) {
  std::unique_ptr<FakeHttpServer> http;
  try {
    http = std::make_unique<FakeHttpServer>(http_ok(cluster_.name_server.address()), true, 8080);
  } catch (const std::system_error&) {
    GTEST_SKIP() << "somebody else listens on port 8080 of this machine";
  }
  auto config = config_for(*http);
  config.name_server_domain = "127.0.0.1";
  EXPECT_FALSE(start(config).failed());
  EXPECT_THAT(http->requests().at(0), StartsWith("GET /rocketmq/nsaddr HTTP/1."));
}

TEST_F(NameServerDomain, ItsListWinsOverTheConfiguredOne) {
  FakeServer configured;
  cluster_.serve_routes(configured);
  FakeHttpServer http(http_ok(cluster_.name_server.address()), true);
  auto config = config_for(http);
  config.name_server_addresses = configured.address();
  const auto core = ClientCore::create(config);
  core->start();
  EXPECT_FALSE(get_route(*core, "t").failed());
  EXPECT_TRUE(was_asked_for(cluster_.name_server, "t"));
  EXPECT_EQ(configured.accepted(), 0U);
  core->close(1s);
}

TEST_F(NameServerDomain, WithoutAnAnswerTheConfiguredListIsUsed) {
  const test::RefusingPort nobody;
  ClientConfig config;
  config.name_server_domain = nobody.address();
  config.name_server_addresses = cluster_.name_server.address();
  config.log = log_.sink();
  EXPECT_FALSE(start(config).failed());
  EXPECT_THAT(log_.text(),
              HasSubstr("The list of name servers stays as it is, because the look-up at http://" +
                        nobody.address() + "/rocketmq/nsaddr failed"));
}

TEST_F(NameServerDomain, WithNeitherAnAnswerNorAListTheErrorNamesTheDomain) {
  const test::RefusingPort nobody;
  ClientConfig config;
  config.name_server_domain = nobody.address();
  const auto failure = start(config);
  EXPECT_EQ(failure.code, Errc::no_name_server);
  EXPECT_THAT(failure.message, HasSubstr("http://" + nobody.address() + "/rocketmq/nsaddr"));
}

TEST_F(NameServerDomain, AnswersThatAreNoListAreRefusedWithTheirReason) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"HTTP/1.1 404 Not Found\r\nContent-Length: 14\r\n\r\n127.0.0.1:9876", "404"},
      {"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n", "302"},
      {"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 14\r\n\r\n127.0.0.1:9876", "500"},
      {http_ok(""), ""},
      {http_ok("<html><body>Welcome</body></html>"), "<html>"},
      {http_ok("127.0.0.1:9876;nonsense"), "nonsense"},
      {"\x16\x03\x01 this is no HTTP", ""},
      {http_ok(std::string(100'000, 'x')), ""},
  };
  for (const auto& [reply, words] : cases) {
    FakeHttpServer http(reply, true);
    const auto failure = start(config_for(http));
    EXPECT_EQ(failure.code, Errc::no_name_server) << reply.substr(0, 60);
    EXPECT_THAT(failure.message, HasSubstr("127.0.0.1:" + http.port())) << reply.substr(0, 60);
    EXPECT_THAT(failure.message, HasSubstr(words));
    EXPECT_LT(failure.message.size(), 1000U) << "an error is no place for a whole page";
    // The same answer does no harm where there is a list to fall back on.
    auto config = config_for(http);
    config.name_server_addresses = cluster_.name_server.address();
    EXPECT_FALSE(start(config).failed()) << reply.substr(0, 60);
  }
}

TEST_F(NameServerDomain, AServerThatIsTooSlowLeavesTimeForTheFallback) {
  FakeHttpServer http(http_ok("127.0.0.1:1"), true);
  http.set_delay(60s);
  auto config = config_for(http);
  config.connect_timeout_ms = 2000;
  config.name_server_addresses = cluster_.name_server.address();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(start(config).failed());
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 1s) << "half of the connect time-out";
  config.name_server_addresses.clear();
  const auto failure = start(config);
  EXPECT_EQ(failure.code, Errc::no_name_server);
  EXPECT_THAT(failure.message, HasSubstr("had no reply within 1000 ms"));
}

TEST_F(NameServerDomain, ANewListIsUsedWhileTheClientRuns) {
  FakeServer second;
  cluster_.serve_routes(second);
  FakeHttpServer http(http_ok(cluster_.name_server.address()), true);
  auto config = config_for(http);
  config.name_server_look_up_interval_ms = 50;
  const auto core = ClientCore::create(config);
  core->start();
  ASSERT_FALSE(get_route(*core, "t").failed());
  EXPECT_FALSE(was_asked_for(second, "t"));
  http.set_reply(http_ok(second.address()));
  for (int i = 0; i < 600 && !was_asked_for(second, "u"); ++i) {
    EXPECT_FALSE(get_route(*core, "u").failed());
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_TRUE(was_asked_for(second, "u"));
  EXPECT_TRUE(cluster_.name_server.wait_connections(0)) << "what is off the list is left";
  cluster_.name_server.stop();
  EXPECT_FALSE(get_route(*core, "v").failed());
  core->close(1s);
  EXPECT_THAT(log_.text(), HasSubstr("Name servers according to http://127.0.0.1:" + http.port() +
                                     "/rocketmq/nsaddr: " + second.address()));
}

TEST_F(NameServerDomain, AListThatIsNotToBeHadForAWhileChangesNothing) {
  FakeHttpServer http(http_ok(cluster_.name_server.address()), true);
  auto config = config_for(http);
  config.name_server_look_up_interval_ms = 20;
  const auto core = ClientCore::create(config);
  core->start();
  for (const std::string& bad :
       {std::string("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"), http_ok("?"), std::string()}) {
    http.set_reply(bad);
    const auto before = http.requests().size();
    while (http.requests().size() < before + 3)
      std::this_thread::sleep_for(10ms);
    EXPECT_FALSE(get_route(*core, "t").failed());
  }
  core->close(1s);
}

TEST_F(NameServerDomain, ClosingDoesNotWaitForASlowServer) {
  FakeHttpServer http(http_ok(cluster_.name_server.address()), true);
  auto config = config_for(http);
  config.name_server_look_up_interval_ms = 20;
  const auto core = ClientCore::create(config);
  core->start();
  http.set_delay(60s);
  const auto before = http.requests().size();
  // One that came between these two lines is held, too, and is the last one then.
  const auto held_by = std::chrono::steady_clock::now() + 1s * test::time_factor;
  while (http.requests().size() < before + 1 && std::chrono::steady_clock::now() < held_by)
    std::this_thread::sleep_for(10ms);
  const auto begin = std::chrono::steady_clock::now();
  core->close(10s * test::time_factor);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2500ms * test::time_factor);
  EXPECT_TRUE(core->ended());
}

TEST_F(NameServerDomain, ADomainThatIsNoneIsRefusedBeforeAnythingStarts) {
  for (const std::string domain : {"https://x", "a b", "x:port", "http://", "x/y"}) {
    ClientConfig config;
    config.name_server_domain = domain;
    try {
      (void)ClientCore::create(config);
      ADD_FAILURE() << domain;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::invalid_address) << domain;
      EXPECT_THAT(error.what(), HasSubstr(domain));
    }
  }
}

}  // namespace
}  // namespace rocketmq::client
