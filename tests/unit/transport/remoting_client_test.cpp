#include "transport/remoting_client.h"

#include <gmock/gmock.h>

#include <atomic>
#include <set>

#include "remoting_fixture.h"

namespace rocketmq::transport {
namespace {

using ::testing::HasSubstr;

TEST_F(RemotingTest, GivesTheReplyWithItsHeaderAndBody) {
  FakeServer server;
  server.on(105, [](const FakeRequest& request) {
    wire::Command header;
    header.code = 17;
    header.remark = "no such topic";
    header.ext_fields.set("topic", "t");
    return Action::reply(header, "you said " + request.body);
  });
  const Outcome outcome = get(ask(server.address(), 105, body("hello")));
  EXPECT_FALSE(outcome.failure.failed()) << outcome.failure.message;
  EXPECT_EQ(outcome.header.code, 17);
  EXPECT_EQ(outcome.header.remark, "no such topic");
  ASSERT_NE(outcome.header.ext_fields.find("topic"), nullptr);
  EXPECT_EQ(*outcome.header.ext_fields.find("topic"), "t");
  EXPECT_EQ(outcome.body, "you said hello");
}

TEST_F(RemotingTest, MatchesRepliesThatComeOutOfOrder) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::never(); });
  std::vector<std::future<Outcome>> outcomes;
  for (int i = 0; i < 10; ++i)
    outcomes.push_back(ask(server.address(), 10, body(std::to_string(i))));
  ASSERT_TRUE(server.wait_received(10, 10));
  const auto received = server.received(10);
  for (auto item = received.rbegin(); item != received.rend(); ++item) {
    server.perform(*item, Action::reply(0, item->body));
  }
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(get(std::move(outcomes[static_cast<std::size_t>(i)])).body, std::to_string(i));
  }
  EXPECT_EQ(server.accepted(), 1U);
}

TEST_F(RemotingTest, NumbersRequestsUniquelyAndKeepsTheirOrder) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::reply(0); });
  std::vector<std::future<Outcome>> outcomes;
  for (int i = 0; i < 500; ++i)
    outcomes.push_back(ask(server.address(), 10, body(std::to_string(i))));
  for (auto& outcome : outcomes)
    EXPECT_FALSE(get(std::move(outcome)).failure.failed());
  const auto received = server.received(10);
  ASSERT_EQ(received.size(), 500U);
  std::set<std::int32_t> opaques;
  for (std::size_t i = 0; i < received.size(); ++i) {
    opaques.insert(received[i].header.opaque);
    EXPECT_EQ(received[i].body, std::to_string(i));
  }
  EXPECT_EQ(opaques.size(), 500U);
}

// A Proxy passes them on to its brokers as they are.
TEST_F(RemotingTest, TwoClientsNumberTheirRequestsDifferently) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::reply(0); });
  (void)get(ask(server.address(), 10));
  finish();
  open({});
  (void)get(ask(server.address(), 10));
  ASSERT_TRUE(server.wait_received(10, 2));
  const auto received = server.received(10);
  EXPECT_NE(received[0].header.opaque, received[1].header.opaque);
}

TEST_F(RemotingTest, SpeaksJsonByDefaultAndBinaryByOption) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::reply(0, "answer").as_binary(); });
  RemotingOptions options;
  options.serialize_type = wire::SerializeType::binary;
  open(std::move(options));
  EXPECT_EQ(get(ask(server.address(), 34, body("x"))).body, "answer");
  EXPECT_EQ(server.received(34).at(0).body, "x");
}

TEST_F(RemotingTest, SignsEveryRequest) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::reply(0); });
  RemotingOptions options;
  options.sign = [](wire::Command& header, ByteView content) {
    header.ext_fields.set("Signature", "over " + std::string(as_text(content)));
  };
  open(std::move(options));
  EXPECT_FALSE(get(ask(server.address(), 10, body("abc"))).failure.failed());
  on_loop([&] { remoting().send_one_way(server.address(), command(37), body("def")); });
  ASSERT_TRUE(server.wait_received(37, 1));
  EXPECT_EQ(*server.received(10).at(0).header.ext_fields.find("Signature"), "over abc");
  EXPECT_EQ(*server.received(37).at(0).header.ext_fields.find("Signature"), "over def");
}

TEST_F(RemotingTest, CarriesBodiesOfMegabytesBothWays) {
  FakeServer server;
  server.on_any([](const FakeRequest& request) { return Action::reply(0, request.body); });
  std::string large(5'000'000, 'x');
  for (std::size_t i = 0; i < large.size(); ++i)
    large[i] = static_cast<char>(i * 31);
  std::vector<std::future<Outcome>> outcomes;
  for (int i = 0; i < 4; ++i)
    outcomes.push_back(ask(server.address(), 10, body(large)));
  for (auto& outcome : outcomes)
    EXPECT_EQ(get(std::move(outcome)).body, large);
}

TEST_F(RemotingTest, RefusesAFrameThatNoServerAccepts) {
  FakeServer server;
  const Outcome outcome = get(ask(server.address(), 10, body(std::string(wire::max_frame_bytes, 'x'))));
  EXPECT_EQ(outcome.failure.code, Errc::message_too_large);
  EXPECT_THAT(outcome.failure.message, HasSubstr(server.address()));
}

TEST_F(RemotingTest, SendsOneWayRequestsWithTheirFlagAndNeedsNoReply) {
  FakeServer server;
  on_loop([&] { remoting().send_one_way(server.address(), command(37), body("bye")); });
  ASSERT_TRUE(server.wait_received(37, 1));
  EXPECT_TRUE(server.received(37).at(0).header.is_one_way());
  EXPECT_FALSE(server.received(37).at(0).header.is_response());
}

TEST_F(RemotingTest, AnAnswerToAOneWayRequestIsHarmless) {
  FakeServer server;
  server.on(37, [](const FakeRequest&) { return Action::reply(0); });
  server.on(10, [](const FakeRequest&) { return Action::reply(0); });
  on_loop([&] { remoting().send_one_way(server.address(), command(37), nullptr); });
  EXPECT_TRUE(wait_log("belongs to no request"));
  EXPECT_FALSE(get(ask(server.address(), 10)).failure.failed());
  EXPECT_EQ(server.accepted(), 1U);
}

TEST_F(RemotingTest, AReplyThatComesTwiceOrToNobodyIsHarmless) {
  FakeServer server;
  server.on(10, [](const FakeRequest&) { return Action::reply(0, "once").twice(); });
  server.on(11, [](const FakeRequest&) { return Action::reply(0).with_opaque(987'654); });
  EXPECT_EQ(get(ask(server.address(), 11, nullptr, 1s)).failure.code, Errc::request_timeout);
  EXPECT_TRUE(wait_log("opaque 987654"));
  EXPECT_EQ(get(ask(server.address(), 10)).body, "once");
  EXPECT_EQ(get(ask(server.address(), 10)).body, "once");
  EXPECT_EQ(server.accepted(), 1U);
}

TEST_F(RemotingTest, RepliesThatBelongToNoRequestDoNotFloodTheLog) {
  FakeServer server;
  server.on(10, [](const FakeRequest&) { return Action::reply(0, "once").twice(); });
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(get(ask(server.address(), 10)).body, "once");
  EXPECT_GE(lines_with("belongs to no request"), 1U);
  EXPECT_LT(lines_with("belongs to no request"), 20U) << "one every ten seconds";
}

TEST_F(RemotingTest, AHandlerMayAskAgainAndIsNeverCalledFromWithinRequest) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::reply(0); });
  auto done = std::make_shared<std::promise<int>>();
  auto left = std::make_shared<std::atomic<int>>(50);
  auto inside = std::make_shared<std::atomic<int>>(0);
  auto nested = std::make_shared<std::atomic<bool>>(false);
  auto again = std::make_shared<std::function<void()>>();
  *again = [&, done, left, inside, nested, weak = std::weak_ptr(again)] {
    const auto self = weak.lock();
    const auto asker = std::this_thread::get_id();
    inside->store(1);
    // An address without a server fails at once, which must not be reported from within, either.
    const std::string address = left->load() % 2 == 0 ? server.address() : "nonsense";
    remoting().request(address, command(10), nullptr, patience, [=](const Failure&, wire::ReceivedCommand&&) {
      if (inside->load() == 1 && std::this_thread::get_id() == asker) *nested = true;
      if (--*left > 0) {
        (*self)();
      } else {
        done->set_value(0);
      }
    });
    inside->store(0);
  };
  on_loop(*again);
  ASSERT_EQ(done->get_future().wait_for(patience), std::future_status::ready);
  EXPECT_FALSE(*nested);
}

TEST_F(RemotingTest, AHandlerThatThrowsIsLoggedAndDisturbsNobody) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::reply(0); });
  on_loop([&] {
    remoting().request(server.address(), command(10), nullptr, patience,
                       [](const Failure&, wire::ReceivedCommand&&) { throw std::runtime_error("oops"); });
  });
  EXPECT_TRUE(wait_log("threw: oops"));
  EXPECT_FALSE(get(ask(server.address(), 10)).failure.failed());
}

TEST_F(RemotingTest, RefusesAnAddressWithoutAPort) {
  const Outcome outcome = get(ask("localhost", 10));
  EXPECT_EQ(outcome.failure.code, Errc::invalid_address);
  EXPECT_THAT(outcome.failure.message, HasSubstr("'localhost'"));
}

}  // namespace
}  // namespace rocketmq::transport
