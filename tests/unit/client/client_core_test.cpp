#include "client/core/client_core.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>
#include <utility>

#include "client/core/heartbeat.h"
#include "client/core/name_servers.h"
#include "client/core/route_table.h"
#include "support/sanitizer_cost.h"
#include "unit/client/fake_cluster.h"
#include "wire/heartbeat.h"

namespace rocketmq::client {
namespace {

using namespace std::chrono_literals;
using test::Action;
using test::FakeCluster;
using test::FakeRequest;
using test::FakeServer;
using testing::HasSubstr;

ClientConfig config_for(const std::string& addresses) {
  ClientConfig config;
  config.name_server_addresses = addresses;
  config.connect_timeout_ms = 1000 * test::time_factor;
  return config;
}

/// An address where nothing listens: one that just was free.
std::string dead_address() {
  const FakeServer gone;
  return gone.address();
}

Failure failure_of_start(const ClientConfig& config) {
  try {
    ClientCore::create(config)->start();
  } catch (const Error& error) {
    return error.failure();
  }
  return {};
}

Failure failure_of_create(const ClientConfig& config) {
  try {
    (void)ClientCore::create(config);
  } catch (const Error& error) {
    return error.failure();
  }
  return {};
}

/// How often a name server was asked for the route of a topic.
std::size_t count_asked(const FakeServer& server, const std::string& topic) {
  std::size_t count = 0;
  for (const auto& request : server.received(105)) {
    const std::string* asked = request.header.ext_fields.find("topic");
    if (asked != nullptr && *asked == topic) ++count;
  }
  return count;
}

Failure get_route(ClientCore& core, const std::string& topic) {
  std::promise<Failure> result;
  core.post([&] {
    core.routes().refresh(topic, [&](const Failure& failure, const RoutePtr&) { result.set_value(failure); });
  });
  auto future = result.get_future();
  if (future.wait_for(10s) != std::future_status::ready) return Failure{Errc::deadline_exceeded, "", {}};
  return future.get();
}

TEST(ClientCore, TlsKeysWithoutTlsAreRefusedSoThatNothingGoesUnencrypted) {
  auto config = config_for("127.0.0.1:9876");
  config.tls.ca_file = "ca.pem";
  EXPECT_EQ(failure_of_create(config).code, Errc::invalid_argument);
  EXPECT_THAT(failure_of_create(config).message,
              HasSubstr("tlsCaFile is given, but useTLS is not set, so that nothing would be encrypted"));
  config.tls = {};
  config.tls.verify = false;
  EXPECT_THAT(failure_of_create(config).message, HasSubstr("tlsVerify is given, but useTLS is not set"));
  config.tls = {};
  config.tls.key_password = "never shown";
  EXPECT_THAT(failure_of_create(config).message,
              testing::AllOf(HasSubstr("tlsKeyPassword is given"), testing::Not(HasSubstr("never shown"))));
}

TEST(ClientCore, TlsFilesAreReadBeforeAnyThreadStarts) {
  auto config = config_for("127.0.0.1:9876");
  config.tls.enabled = true;
  config.tls.ca_file = "/nowhere/ca.pem";
  EXPECT_EQ(failure_of_create(config).code, Errc::invalid_argument);
  EXPECT_THAT(failure_of_create(config).message, HasSubstr("tlsCaFile '/nowhere/ca.pem' cannot be read"));
}

TEST(ClientCore, BadConfigurationIsRefusedBeforeAnyThreadStarts) {
  auto config = config_for("127.0.0.1");
  EXPECT_EQ(failure_of_create(config).code, Errc::invalid_address);
  EXPECT_THAT(failure_of_create(config).message, HasSubstr("127.0.0.1"));
  config = config_for("");
  EXPECT_EQ(failure_of_create(config).code, Errc::invalid_address);
  config = config_for("127.0.0.1:9876");
  config.connect_timeout_ms = 0;
  EXPECT_EQ(failure_of_create(config).code, Errc::invalid_argument);
  config.connect_timeout_ms = 1;
  config.io_threads = 0;
  EXPECT_EQ(failure_of_create(config).code, Errc::invalid_argument);
  config.io_threads = 1;
  config.instance_name = "a b";
  EXPECT_EQ(failure_of_create(config).code, Errc::invalid_argument);
  config.instance_name.clear();
  config.default_instance_name = "a b";
  EXPECT_EQ(failure_of_create(config).code, Errc::invalid_argument);
}

TEST(ClientCore, OneOfTwoCredentialsIsRefused) {
  auto config = config_for("127.0.0.1:9876");
  config.credentials.access_key = "someone";
  EXPECT_EQ(failure_of_create(config).code, Errc::invalid_argument);
  EXPECT_EQ(failure_of_create(config).message,
            "the credentials have access_key but no secret_key; give both or neither");
  config.credentials = {"", "s3cret", ""};
  EXPECT_EQ(failure_of_create(config).message,
            "the credentials have secret_key but no access_key; give both or neither");
}

TEST(ClientCore, ClientIdsAreUniqueUnlessAnInstanceIsNamed) {
  auto config = config_for("127.0.0.1:9876");
  EXPECT_NE(ClientCore::create(config)->client_id(), ClientCore::create(config)->client_id());
  config.instance_name = "mine";
  config.unit_name = "unit";
  EXPECT_THAT(ClientCore::create(config)->client_id(), testing::EndsWith("@mine@unit"));
}

TEST(ClientCore, AnUnreachableNameServerIsNamedInTheError) {
  const std::string first = dead_address();
  const auto failure = failure_of_start(config_for(first));
  EXPECT_EQ(failure.code, Errc::no_name_server);
  EXPECT_THAT(failure.message, HasSubstr(first));
}

TEST(ClientCore, ASilentNameServerFailsWithinTheConnectTimeout) {
  FakeServer silent;
  silent.on(105, [](const FakeRequest&) { return Action::never(); });
  const auto start = std::chrono::steady_clock::now();
  const auto failure = failure_of_start(config_for(silent.address()));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 2500ms * test::time_factor);
  EXPECT_EQ(failure.code, Errc::no_name_server);
  EXPECT_THAT(failure.message, HasSubstr(silent.address()));
}

TEST(ClientCore, OneLivingNameServerOfTwoIsEnough) {
  FakeCluster cluster;
  const auto core = ClientCore::create(config_for(dead_address() + ";" + cluster.name_server.address()));
  EXPECT_NO_THROW(core->start());
  EXPECT_FALSE(get_route(*core, "t").failed());
  core->close(1s);
}

TEST(ClientCore, TheNextNameServerIsAskedWhenTheCurrentOneDies) {
  FakeCluster cluster;
  FakeServer second;
  cluster.serve_routes(second);
  const auto core = ClientCore::create(config_for(cluster.name_server.address() + ";" + second.address()));
  core->start();
  cluster.name_server.stop();
  EXPECT_FALSE(get_route(*core, "t").failed());
  second.stop();
  const auto failure = get_route(*core, "t");
  EXPECT_EQ(failure.code, Errc::no_name_server);
  EXPECT_THAT(failure.message, HasSubstr(second.address()));
  EXPECT_THAT(failure.message, HasSubstr(cluster.name_server.address()));
  core->close(1s);
}

TEST(ClientCore, ANameServerThatCannotSayIsPassedOverForOneThatCan) {
  FakeCluster cluster;
  FakeServer unready;
  unready.on(105, [](const FakeRequest&) { return Action::reply(1, {}, "name server not ready"); });
  const auto core = ClientCore::create(config_for(unready.address() + ";" + cluster.name_server.address()));
  core->start();
  EXPECT_FALSE(get_route(*core, "t").failed());
  EXPECT_FALSE(get_route(*core, "u").failed());
  EXPECT_EQ(count_asked(unready, "u"), 0U) << "the server that could say is kept";
  core->close(1s);
}

TEST(ClientCore, WhereNoNameServerCanSayTheWordsOfOneAreReported) {
  FakeServer unready;
  unready.on(105, [](const FakeRequest&) { return Action::reply(1, {}, "name server not ready"); });
  FakeServer other;
  other.on(105, [](const FakeRequest&) { return Action::reply(1, {}, "name server not ready"); });
  const auto core = ClientCore::create(config_for(unready.address() + ";" + other.address()));
  core->start();
  const auto failure = get_route(*core, "t");
  EXPECT_EQ(failure.code, Errc::server_refused);
  ASSERT_TRUE(failure.server.has_value());
  EXPECT_EQ(failure.server->code, 1);
  EXPECT_EQ(failure.server->remark, "name server not ready");
  EXPECT_FALSE(failure.server->address.empty());
  EXPECT_EQ(count_asked(unready, "t"), 1U);
  EXPECT_EQ(count_asked(other, "t"), 1U);
  core->close(1s);
}

TEST(ClientCore, ATopicThatANameServerDoesNotKnowIsItsAnswer) {
  FakeCluster cluster;
  FakeServer second;
  cluster.serve_routes(second);
  const auto core = ClientCore::create(config_for(cluster.name_server.address() + ";" + second.address()));
  core->start();
  cluster.remove_topic("gone");
  EXPECT_EQ(get_route(*core, "gone").code, Errc::topic_not_found);
  EXPECT_EQ(count_asked(cluster.name_server, "gone") + count_asked(second, "gone"), 1U);
  core->close(1s);
}

TEST(ClientCore, AKnownRouteStaysInUseWhileTheNameServerDoesNotKnowTheTopic) {
  FakeCluster cluster;
  const auto core = ClientCore::create(config_for(cluster.name_server.address()));
  core->start();
  ASSERT_FALSE(get_route(*core, "t").failed());
  cluster.remove_topic("t");
  EXPECT_EQ(get_route(*core, "t").code, Errc::topic_not_found);
  std::promise<bool> known;
  core->post([&] { known.set_value(core->routes().cached("t") != nullptr); });
  EXPECT_TRUE(known.get_future().get());
  core->close(1s);
}

TEST(ClientCore, ABrokerIsToldAgainAsSoonAsItsConnectionBroke) {
  FakeCluster cluster;
  const auto core = ClientCore::create(config_for(cluster.name_server.address()));
  core->heartbeats().set_source(
      [&] {
        wire::HeartbeatData data;
        data.client_id = core->client_id();
        data.producer_groups = {"g"};
        return data;
      },
      false);
  core->start();
  ASSERT_FALSE(get_route(*core, "t").failed());
  ASSERT_TRUE(cluster.broker().wait_received(34, 1));
  cluster.broker().close_connections();
  EXPECT_TRUE(cluster.broker().wait_received(34, 2));
  cluster.broker().stop();
  cluster.broker().restart();
  EXPECT_TRUE(cluster.broker().wait_received(34, 3));
  core->close(1s);
}

TEST(ClientCore, TheLastReferenceMayGoOnAThreadOfItsOwn) {
  FakeCluster cluster;
  std::promise<void> all_gone;
  auto config = config_for(cluster.name_server.address());
  // The log's sink is the last thing that the client and its threads let go of.
  config.log = [held = std::shared_ptr<void>(nullptr, [&](void*) { all_gone.set_value(); })](
                   LogLevel, std::string_view) {};
  auto core = ClientCore::create(std::exchange(config, {}));
  core->start();
  // Whoever posts holds a reference, so that the handler has to wait until this thread's is gone.
  const auto ours_gone = std::make_shared<std::promise<void>>();
  const auto handler_done = std::make_shared<std::promise<void>>();
  core->post([last = core, ours_gone, handler_done]() mutable {
    EXPECT_EQ(ours_gone->get_future().wait_for(10s), std::future_status::ready);
    last.reset();
    handler_done->set_value();
  });
  core.reset();
  ours_gone->set_value();
  ASSERT_EQ(handler_done->get_future().wait_for(10s), std::future_status::ready);
  EXPECT_EQ(all_gone.get_future().wait_for(10s), std::future_status::ready);
}

TEST(ClientCore, ClosingTwiceAndFromTwoThreadsIsHarmless) {
  FakeCluster cluster;
  const auto core = ClientCore::create(config_for(cluster.name_server.address()));
  core->start();
  std::thread other([&] { core->close(1s); });
  core->close(1s);
  other.join();
  core->close(1s);
  EXPECT_TRUE(core->ended());
}

TEST(ClientCore, AnExceptionOfAHandlerIsLoggedAndTheClientGoesOn) {
  FakeCluster cluster;
  test::LogLines log;
  auto config = config_for(cluster.name_server.address());
  config.log = log.sink();
  const auto core = ClientCore::create(config);
  core->start();
  core->post([] { throw std::runtime_error("oops"); });
  EXPECT_FALSE(get_route(*core, "t").failed());
  core->close(1s);
  EXPECT_THAT(log.text(), HasSubstr("oops"));
}

}  // namespace
}  // namespace rocketmq::client
