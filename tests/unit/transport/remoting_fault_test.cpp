#include <gmock/gmock.h>

#include <atomic>

#include "remoting_fixture.h"
#include "support/sanitizer_cost.h"

namespace rocketmq::transport {
namespace {

using ::testing::HasSubstr;

TEST_F(RemotingTest, ATimeoutNamesAddressTimeAndRequestAndLeavesTheConnectionToOthers) {
  FakeServer server;
  server.on(11, [](const FakeRequest&) { return Action::never(); });
  server.on(10, [](const FakeRequest&) { return Action::reply(0); });
  ASSERT_FALSE(get(ask(server.address(), 10)).failure.failed()) << "there is a connection";
  const Outcome outcome = get(ask(server.address(), 11, nullptr, 50ms));
  EXPECT_EQ(outcome.failure.code, Errc::request_timeout);
  EXPECT_EQ(outcome.failure.message, "no reply from " + server.address() +
                                         " within 50 ms to request 11; the server may be overloaded or gone");
  EXPECT_FALSE(get(ask(server.address(), 10)).failure.failed());
  EXPECT_EQ(server.accepted(), 1U);
}

TEST_F(RemotingTest, ALateReplyIsHarmless) {
  FakeServer server;
  server.on(11, [](const FakeRequest&) { return Action::never(); });
  server.on(10, [](const FakeRequest&) { return Action::reply(0, "fine"); });
  ASSERT_FALSE(get(ask(server.address(), 10)).failure.failed()) << "there is a connection";
  EXPECT_EQ(get(ask(server.address(), 11, nullptr, 50ms)).failure.code, Errc::request_timeout);
  ASSERT_TRUE(server.wait_received(11, 1));
  server.perform(server.received(11).at(0), Action::reply(0, "late"));
  EXPECT_TRUE(wait_log("late reply"));
  EXPECT_EQ(get(ask(server.address(), 10)).body, "fine");
  EXPECT_EQ(server.accepted(), 1U);
}

TEST_F(RemotingTest, APeerThatClosesFailsEverythingPendingAtOnce) {
  FakeServer server;
  server.on(11, [](const FakeRequest&) { return Action::never(); });
  server.on(10, [](const FakeRequest&) { return Action::close(); });
  std::vector<std::future<Outcome>> outcomes;
  for (int i = 0; i < 5; ++i)
    outcomes.push_back(ask(server.address(), 11));
  outcomes.push_back(ask(server.address(), 10));
  const auto begin = Clock::now();
  for (auto& outcome : outcomes) {
    const Outcome result = get(std::move(outcome));
    EXPECT_EQ(result.failure.code, Errc::connection_closed);
    EXPECT_THAT(result.failure.message, HasSubstr(server.address()));
  }
  EXPECT_LT(Clock::now() - begin, patience / 2);
}

TEST_F(RemotingTest, APeerThatClosesInsideAFrameFailsTheRequest) {
  FakeServer server;
  RemotingOptions options;
  options.reconnect_first = 0ms;
  options.reconnect_cap = 0ms;
  open(std::move(options));
  for (const std::size_t cut : {1U, 3U, 4U, 7U, 8U, 20U, 100U}) {
    server.on(10, [cut](const FakeRequest&) {
      return Action::reply(0, std::string(1000, 'x')).close_after_bytes(cut);
    });
    EXPECT_EQ(get(ask(server.address(), 10)).failure.code, Errc::connection_closed) << cut;
  }
}

TEST_F(RemotingTest, ReadsReplyFramesByteByByte) {
  FakeServer server;
  server.on(10, [](const FakeRequest&) { return Action::reply(0, "in small pieces").byte_by_byte(); });
  server.on(11, [](const FakeRequest&) {
    return Action::reply(0, "in small pieces").as_binary().byte_by_byte().twice();
  });
  EXPECT_EQ(get(ask(server.address(), 10)).body, "in small pieces");
  EXPECT_EQ(get(ask(server.address(), 11)).body, "in small pieces");
  EXPECT_EQ(get(ask(server.address(), 10)).body, "in small pieces");
  EXPECT_EQ(server.accepted(), 1U);
}

TEST_F(RemotingTest, GarbageClosesTheConnectionAndSaysWhatWasWrong) {
  FakeServer server;
  const auto garbage = [&](std::string bytes) {
    server.on(10, [bytes](const FakeRequest&) { return Action::raw(bytes); });
    const Outcome outcome = get(ask(server.address(), 10));
    EXPECT_EQ(outcome.failure.code, Errc::connection_closed);
    EXPECT_THAT(outcome.failure.message, HasSubstr(server.address()));
    return outcome.failure.message;
  };
  EXPECT_THAT(garbage("HTTP/1.1 400 Bad Request\r\n\r\n"), HasSubstr(describe(Errc::bad_serialize_type)));
  EXPECT_THAT(garbage(std::string("\x80\x00\x00\x01", 4)), HasSubstr(describe(Errc::frame_too_large)));
  EXPECT_THAT(garbage(std::string("\x00\x00\x00\x08\x00\x00\x00\x40????", 12)),
              HasSubstr(describe(Errc::bad_frame)));
  EXPECT_THAT(garbage(std::string("\x00\x00\x00\x08\x07\x00\x00\x04????", 12)),
              HasSubstr(describe(Errc::bad_serialize_type)));
}

TEST_F(RemotingTest, AnAnswerAboveTheLimitFailsItsRequestAloneAndTheConnectionGoesOn) {
  FakeServer server;
  static constexpr std::size_t size = wire::max_frame_bytes + 1;
  server.on(10, [](const FakeRequest&) {
    wire::Command header;
    header.code = 7;
    return Action::reply(header, std::string(size, 'x'));
  });
  server.on(11, [](const FakeRequest&) { return Action::reply(0, "small"); });
  server.on(12, [](const FakeRequest&) { return Action::never(); });
  auto held = ask(server.address(), 12);
  ASSERT_TRUE(server.wait_received(12, 1));
  const Outcome large = get(ask(server.address(), 10));
  EXPECT_EQ(large.failure.code, Errc::frame_too_large);
  EXPECT_EQ(large.failure.message,
            server.address() + " answered request 10 with 16777217 bytes; a frame has at most 16777216");
  EXPECT_EQ(large.header.code, 7) << "its header is handed over";
  EXPECT_EQ(get(ask(server.address(), 11)).body, "small");
  server.perform(server.received(12).at(0), Action::reply(0, "held"));
  EXPECT_EQ(get(std::move(held)).body, "held");
  EXPECT_EQ(server.accepted(), 1U);
}

TEST_F(RemotingTest, ConnectionsThatBreakAgainAndAgainAreMadeWithPausesAndFewLines) {
  FakeServer server;
  server.on(34, [](const FakeRequest&) { return Action::reply(0); });
  server.on(11, [](const FakeRequest&) { return Action::raw("no frame at all"); });
  RemotingOptions options;
  options.reconnect_first = 1h;
  options.reconnect_cap = 1h;
  open(std::move(options));
  // One kind of request succeeds on each of the connections that the other kind breaks.
  int answered = 0;
  while (!get(ask(server.address(), 34)).failure.failed()) {
    ASSERT_LE(++answered, 10);
    EXPECT_EQ(get(ask(server.address(), 11)).failure.code, Errc::connection_closed);
  }
  EXPECT_EQ(answered, 4);
  const Outcome refused = get(ask(server.address(), 34));
  EXPECT_EQ(refused.failure.code, Errc::connect_failed) << "nothing reaches the server";
  EXPECT_THAT(refused.failure.message, HasSubstr("what it sent is not a RocketMQ frame"));
  EXPECT_EQ(server.accepted(), 4U);
  // Of each kind one, and at most one more where this took longer than the limit's interval.
  EXPECT_LE(lines_with("connected to " + server.address()), 2U);
  EXPECT_LE(lines_with("is not a RocketMQ frame"), 2U);
}

TEST_F(RemotingTest, ASilentPeerIsTakenForHalfDead) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::never(); });
  RemotingOptions options;
  options.silence_limit = 200ms;
  open(std::move(options));
  auto quick = ask(server.address(), 10, nullptr, 50ms);
  const Outcome outcome = get(ask(server.address(), 11));
  EXPECT_EQ(get(std::move(quick)).failure.code, Errc::request_timeout);
  EXPECT_EQ(outcome.failure.code, Errc::connection_closed);
  EXPECT_THAT(outcome.failure.message, HasSubstr("not a byte came for 200 ms"));
  EXPECT_TRUE(server.wait_connections(0));
}

TEST_F(RemotingTest, APeerThatAnswersOthersIsNotSilent) {
  FakeServer server;
  server.on(11, [](const FakeRequest&) { return Action::never(); });
  server.on(10, [](const FakeRequest&) { return Action::reply(0).after(20ms); });
  RemotingOptions options;
  options.silence_limit = 1s * test::time_factor;
  const auto until = Clock::now() + 3 * options.silence_limit / 2;
  open(std::move(options));
  auto held = ask(server.address(), 11);
  while (Clock::now() < until)
    ASSERT_FALSE(get(ask(server.address(), 10)).failure.failed());
  server.perform(server.received(11).at(0), Action::reply(0, "at last"));
  EXPECT_EQ(get(std::move(held)).body, "at last");
}

TEST_F(RemotingTest, AnUnusedConnectionIsClosedQuietlyAndOpenedAgain) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::reply(0); });
  RemotingOptions options;
  options.idle_limit = 50ms;
  open(std::move(options));
  std::atomic<int> lost = 0;
  remoting().set_disconnect_handler([&lost](const std::string&) { ++lost; });
  EXPECT_FALSE(get(ask(server.address(), 10)).failure.failed());
  EXPECT_TRUE(server.wait_connections(0));
  EXPECT_FALSE(get(ask(server.address(), 10)).failure.failed());
  EXPECT_EQ(server.accepted(), 2U);
  EXPECT_EQ(lost, 0);
  finish();  // The handler uses what dies here.
}

TEST_F(RemotingTest, ALongPollKeepsItsConnectionFromBeingIdle) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::reply(0, "held").after(300ms); });
  RemotingOptions options;
  options.idle_limit = 50ms;
  open(std::move(options));
  EXPECT_EQ(get(ask(server.address(), 11)).body, "held");
}

TEST_F(RemotingTest, GoAwayMovesToANewConnectionAndAsksOnceMore) {
  FakeServer server;
  server.on(10, [](const FakeRequest& request) {
    return request.connection == 1 ? Action::reply(1500) : Action::reply(0, request.body);
  });
  server.on(11, [](const FakeRequest&) { return Action::never(); });
  std::promise<std::string> lost;
  (void)remoting();
  remoting().set_disconnect_handler([&lost](const std::string& address) { lost.set_value(address); });
  auto held = ask(server.address(), 11);
  ASSERT_TRUE(server.wait_received(11, 1));
  const Outcome outcome = get(ask(server.address(), 10, body("keep")));
  EXPECT_EQ(outcome.header.code, 0);
  EXPECT_EQ(outcome.body, "keep");
  EXPECT_EQ(lost.get_future().get(), server.address());
  // What was asked before still gets its reply over the old connection, which then goes.
  EXPECT_EQ(server.connections(), 2U);
  server.perform(server.received(11).at(0), Action::reply(0, "old"));
  EXPECT_EQ(get(std::move(held)).body, "old");
  EXPECT_TRUE(server.wait_connections(1));
  finish();  // The handler uses what dies here.
}

TEST_F(RemotingTest, ASecondGoAwayIsTheReply) {
  FakeServer server;
  server.on(10, [](const FakeRequest&) { return Action::reply(1500); });
  const Outcome outcome = get(ask(server.address(), 10));
  EXPECT_FALSE(outcome.failure.failed());
  EXPECT_EQ(outcome.header.code, 1500);
  EXPECT_EQ(server.received(10).size(), 2U);
}

TEST_F(RemotingTest, PendingRequestsAreBounded) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::never(); });
  RemotingOptions options;
  options.max_pending_requests = 3;
  open(std::move(options));
  std::vector<std::future<Outcome>> held;
  for (int i = 0; i < 3; ++i)
    held.push_back(ask(server.address(), 10));
  const Outcome outcome = get(ask(server.address(), 10));
  EXPECT_EQ(outcome.failure.code, Errc::too_many_requests);
  EXPECT_THAT(outcome.failure.message, HasSubstr("3 requests are pending at " + server.address()));
  // Room again once a reply came.
  ASSERT_TRUE(server.wait_received(10, 3));
  server.perform(server.received(10).at(0), Action::reply(0));
  EXPECT_FALSE(get(std::move(held[0])).failure.failed());
  held.push_back(ask(server.address(), 10));
  EXPECT_TRUE(server.wait_received(10, 4));
}

TEST_F(RemotingTest, BytesForAPeerThatDoesNotReadAreBounded) {
  FakeServer server;
  server.on(10, [](const FakeRequest&) { return Action::reply(0); });
  RemotingOptions options;
  options.max_pending_bytes = 4U << 20;
  open(std::move(options));
  EXPECT_FALSE(get(ask(server.address(), 10)).failure.failed());
  server.stop_reading();
  const RequestBody megabyte = body(std::string(1U << 20, 'x'));
  std::vector<std::future<Outcome>> held;
  bool refused = false;
  for (int i = 0; i < 200 && !refused; ++i) {
    auto outcome = ask(server.address(), 10, megabyte, 500ms);
    // A request is refused at once; one that was taken times out.
    const Outcome result = get(std::move(outcome));
    refused = result.failure.code == Errc::too_many_requests;
    if (refused) {
      EXPECT_THAT(result.failure.message, HasSubstr("bytes are waiting to be sent to " + server.address()));
    }
    for (int j = 0; j < 8 && !refused; ++j)
      held.push_back(ask(server.address(), 10, megabyte, 500ms));
  }
  EXPECT_TRUE(refused);
}

TEST_F(RemotingTest, ForgettingAnAddressFailsWhatIsPendingThere) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::never(); });
  auto outcome = ask(server.address(), 10);
  ASSERT_TRUE(server.wait_received(10, 1));
  on_loop([&] { remoting().forget(server.address()); });
  EXPECT_EQ(get(std::move(outcome)).failure.code, Errc::connection_closed);
  EXPECT_TRUE(server.wait_connections(0));
}

TEST_F(RemotingTest, CloseFailsWhatIsPendingAndRefusesTheRest) {
  FakeServer server;
  server.on_any([](const FakeRequest&) { return Action::never(); });
  auto outcome = ask(server.address(), 10);
  ASSERT_TRUE(server.wait_received(10, 1));
  on_loop([&] { remoting().close(); });
  const Outcome pending = get(std::move(outcome));
  EXPECT_EQ(pending.failure.code, Errc::closed);
  EXPECT_THAT(pending.failure.message, HasSubstr(server.address()));
  EXPECT_EQ(get(ask(server.address(), 10)).failure.code, Errc::closed);
  on_loop([&] { remoting().send_one_way(server.address(), command(37), nullptr); });
  EXPECT_TRUE(wait_log("the one-way request 37 was not sent"));
  on_loop([&] { remoting().close(); });
}

TEST_F(RemotingTest, MayBeClosedFromWithinAHandler) {
  FakeServer server;
  server.on(10, [](const FakeRequest&) { return Action::reply(0); });
  server.on(11, [](const FakeRequest&) { return Action::never(); });
  auto held = ask(server.address(), 11);
  std::promise<void> closed;
  on_loop([&] {
    remoting().request(server.address(), command(10), nullptr, patience,
                       [this, &closed](const Failure&, wire::ReceivedCommand&&) {
                         remoting().close();
                         closed.set_value();
                       });
  });
  ASSERT_EQ(closed.get_future().wait_for(patience), std::future_status::ready);
  EXPECT_EQ(get(std::move(held)).failure.code, Errc::closed);
  finish(2s * test::time_factor);
}

TEST_F(RemotingTest, EveryHandlerIsCalledOnceWhileConnectionsBreakAndCloseComes) {
  std::atomic<int> count = 0;  // The server's thread uses it to its end.
  FakeServer server;
  server.on_any([&count](const FakeRequest&) {
    const int number = ++count;
    return number % 50 == 0 ? Action::close() : Action::reply(0);
  });
  RemotingOptions options;
  options.reconnect_first = 1ms;
  options.reconnect_cap = 2ms;
  open(std::move(options));
  // Counted here: a promise would hide a second call.
  struct Call {
    std::atomic<int> outcomes = 0;
  };
  std::vector<std::shared_ptr<Call>> calls[4];
  std::vector<std::thread> threads;
  for (auto& mine : calls) {
    threads.emplace_back([&] {
      auto closed = std::make_shared<std::atomic<bool>>(false);
      while (!*closed) {
        auto left = std::make_shared<std::atomic<int>>(10);
        auto burst = std::make_shared<std::promise<void>>();
        for (int i = 0; i < 10; ++i) {
          auto call = mine.emplace_back(std::make_shared<Call>());
          on_loop([&] {
            remoting().request(server.address(), command(10), nullptr, patience,
                               [=](const Failure& failure, wire::ReceivedCommand&&) {
                                 ++call->outcomes;
                                 if (failure.code == Errc::closed) *closed = true;
                                 if (--*left == 0) burst->set_value();
                               });
          });
        }
        if (burst->get_future().wait_for(2 * patience) != std::future_status::ready) return;
      }
    });
  }
  EXPECT_TRUE(server.wait_received(10, 500));
  on_loop([&] { remoting().close(); });
  for (auto& thread : threads)
    thread.join();
  finish();
  for (const auto& mine : calls) {
    for (const auto& call : mine)
      EXPECT_EQ(call->outcomes, 1);
  }
}

}  // namespace
}  // namespace rocketmq::transport
