#include <gmock/gmock.h>

#include <algorithm>
#include <future>
#include <memory>
#include <system_error>

#include "remoting_fixture.h"
#include "support/sanitizer_cost.h"
#include "transport/host_lookup.h"

namespace rocketmq::transport {
namespace {

using ::testing::HasSubstr;

/// A look-up that answers only when the test says so.
class StalledLookup {
 public:
  std::shared_ptr<HostLookup> make(HostAddresses result) {
    return std::make_shared<HostLookup>(
        [future = released_.get_future().share(), result, calls = calls_](const std::string&) {
          ++*calls;
          future.wait();
          return result;
        });
  }
  void release() { released_.set_value(); }
  [[nodiscard]] int calls() const { return *calls_; }

 private:
  std::promise<void> released_;
  std::shared_ptr<std::atomic<int>> calls_ = std::make_shared<std::atomic<int>>(0);
};

TEST_F(RemotingTest, ConnectsByHostNameAndByIpv6Address) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::reply(0); });
  EXPECT_FALSE(get(ask("localhost:" + std::to_string(server.port()), 10)).failure.failed());

  FakeServer server6("::1");
  server6.on_any([](const FakeRequest&) { return Action::reply(0); });
  EXPECT_THAT(server6.address(), HasSubstr("[::1]:"));
  EXPECT_FALSE(get(ask(server6.address(), 10)).failure.failed());
}

TEST_F(RemotingTest, TriesEveryAddressOfAHost) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::reply(0); });
  RemotingOptions options;
  options.host_lookup = std::make_shared<HostLookup>([](const std::string&) {
    return HostAddresses{{"::1", "127.0.0.1"}, ""};
  });
  open(std::move(options));
  EXPECT_FALSE(get(ask("broker:" + std::to_string(server.port()), 10)).failure.failed());
}

TEST_F(RemotingTest, ABlackHoleAmongTheAddressesLeavesTimeForTheOthers) {
  // One port of two addresses: what is free on the first may be another process's on the second.
  std::unique_ptr<FakeServer> server;
  std::unique_ptr<test::BlackHole> hole;
  for (int tries = 1; hole == nullptr; ++tries) {
    server = std::make_unique<FakeServer>("127.0.0.2");
    try {
      hole = std::make_unique<test::BlackHole>(server->port());
    } catch (const std::system_error& error) {
      ASSERT_EQ(error.code(), std::errc::address_in_use);
      ASSERT_LT(tries, 50);
    }
  }
  server->on_any([](const FakeRequest&) { return Action::reply(0); });
  RemotingOptions options;
  options.connect_timeout = 2s * test::time_factor;
  options.host_lookup = std::make_shared<HostLookup>([](const std::string&) {
    return HostAddresses{{"127.0.0.1", "127.0.0.2"}, ""};
  });
  open(std::move(options));
  const Outcome outcome = get(ask("broker:" + std::to_string(server->port()), 10));
  EXPECT_FALSE(outcome.failure.failed()) << outcome.failure.message;
}

TEST_F(RemotingTest, ARefusedConnectionNamesTheAddressAndWhatToDo) {
  test::RefusingPort nobody;
  const Outcome outcome = get(ask(nobody.address(), 10));
  EXPECT_EQ(outcome.failure.code, Errc::connect_failed);
  EXPECT_EQ(outcome.failure.message, "cannot connect to " + nobody.address() +
                                         " (Connection refused); check the address and that the server runs");
}

TEST_F(RemotingTest, AConnectIntoABlackHoleIsBounded) {
  test::BlackHole hole;
  RemotingOptions options;
  options.connect_timeout = 150ms;
  open(std::move(options));
  const auto begin = Clock::now();
  const Outcome outcome = get(ask(hole.address(), 10));
  EXPECT_EQ(outcome.failure.code, Errc::connect_timeout);
  EXPECT_EQ(outcome.failure.message, "cannot connect to " + hole.address() +
                                         " within 150 ms; check the address and that the server runs");
  EXPECT_GE(Clock::now() - begin, 150ms);
  EXPECT_LT(Clock::now() - begin, 5s * test::time_factor);
}

TEST_F(RemotingTest, ARequestWithLessTimeThanTheConnectDoesNotWaitForIt) {
  test::BlackHole hole;
  const Outcome outcome = get(ask(hole.address(), 10, nullptr, 100ms));
  EXPECT_EQ(outcome.failure.code, Errc::connect_timeout);
  EXPECT_THAT(outcome.failure.message, HasSubstr("within 100 ms"));
}

TEST_F(RemotingTest, AHostThatDoesNotExistIsNamed) {
  RemotingOptions options;
  options.host_lookup = std::make_shared<HostLookup>([](const std::string&) {
    return HostAddresses{{}, "Name or service not known"};
  });
  open(std::move(options));
  const Outcome outcome = get(ask("no-such-host:9876", 10));
  EXPECT_EQ(outcome.failure.code, Errc::resolve_failed);
  EXPECT_EQ(outcome.failure.message,
            "cannot find the host of no-such-host:9876 (Name or service not known); check the name and this "
            "machine's name service");
}

TEST_F(RemotingTest, AStalledNameServiceHoldsUpNeitherRequestsNorClosing) {
  StalledLookup stalled;
  RemotingOptions options;
  options.connect_timeout = 100ms;
  options.reconnect_first = 1ms;
  options.reconnect_cap = 1ms;
  options.host_lookup = stalled.make({{"127.0.0.1"}, ""});
  open(std::move(options));
  const Outcome outcome = get(ask("slow-name:9876", 10));
  EXPECT_EQ(outcome.failure.code, Errc::connect_timeout);
  EXPECT_EQ(
      outcome.failure.message,
      "cannot find the host of slow-name:9876 within 100 ms; check the name and this machine's name service");
  // The next connects join the look-up that still runs.
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(get(ask("slow-name:9876", 10)).failure.failed());
  // A thread of its own looks it up, which has to start first.
  const auto give_up = Clock::now() + patience;
  while (stalled.calls() == 0 && Clock::now() < give_up)
    std::this_thread::sleep_for(1ms);
  finish(1s * test::time_factor);
  EXPECT_EQ(stalled.calls(), 1);
  stalled.release();
}

TEST_F(RemotingTest, NumericAddressesAreNeverLookedUp) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::reply(0); });
  std::atomic<int> lookups = 0;
  RemotingOptions options;
  options.host_lookup = std::make_shared<HostLookup>([&lookups](const std::string&) {
    ++lookups;
    return HostAddresses{};
  });
  open(std::move(options));
  EXPECT_FALSE(get(ask(server.address(), 10)).failure.failed());
  EXPECT_EQ(lookups, 0);
}

TEST_F(RemotingTest, FailsFastWhileAnAddressIsInItsPause) {
  test::RefusingPort nobody;
  RemotingOptions options;
  options.reconnect_first = 1h;
  options.reconnect_cap = 1h;
  open(std::move(options));
  const Outcome first = get(ask(nobody.address(), 10));
  const auto begin = Clock::now();
  const Outcome second = get(ask(nobody.address(), 10));
  EXPECT_LT(Clock::now() - begin, 2s * test::time_factor);
  EXPECT_EQ(second.failure.code, Errc::connect_failed);
  EXPECT_EQ(second.failure.message, first.failure.message);
  // forget() ends the pause: a server that returns under the old address is asked anew.
  on_loop([&] { remoting().forget(nobody.address()); });
  EXPECT_EQ(get(ask(nobody.address(), 10)).failure.code, Errc::connect_failed);
}

TEST_F(RemotingTest, AServerThatIsDownIsLoggedOnceAndNotAtEveryTry) {
  test::RefusingPort nobody;
  RemotingOptions options;
  options.reconnect_first = 0ms;
  options.reconnect_cap = 0ms;
  open(std::move(options));
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(get(ask(nobody.address(), 10)).failure.code, Errc::connect_failed);
  EXPECT_TRUE(wait_log("cannot connect to " + nobody.address()));
  EXPECT_LE(lines_with("cannot connect to " + nobody.address()), 2U);
}

TEST_F(RemotingTest, ConnectsAgainAfterTheServerRestarted) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::reply(0); });
  std::promise<std::string> lost;
  RemotingOptions options;
  options.reconnect_first = 1ms;
  options.reconnect_cap = 5ms;
  open(std::move(options));
  remoting().set_disconnect_handler([&lost](const std::string& address) { lost.set_value(address); });
  EXPECT_FALSE(get(ask(server.address(), 10)).failure.failed());

  server.stop();
  auto lost_address = lost.get_future();
  ASSERT_EQ(lost_address.wait_for(patience), std::future_status::ready);
  EXPECT_EQ(lost_address.get(), server.address());
  EXPECT_EQ(get(ask(server.address(), 10)).failure.code, Errc::connect_failed);

  server.restart();
  const auto give_up = Clock::now() + patience;
  Outcome outcome;
  do {
    outcome = get(ask(server.address(), 10));
  } while (outcome.failure.failed() && Clock::now() < give_up);
  EXPECT_FALSE(outcome.failure.failed()) << outcome.failure.message;
  EXPECT_EQ(server.accepted(), 2U);
  finish();  // The handler uses what dies here.
}

TEST_F(RemotingTest, ClosingWhileConnectingFailsWhatIsPending) {
  test::BlackHole hole;
  auto outcome = ask(hole.address(), 10);
  finish(2s * test::time_factor);
  EXPECT_EQ(get(std::move(outcome)).failure.code, Errc::closed);
}

}  // namespace
}  // namespace rocketmq::transport
