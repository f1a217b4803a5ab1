// A backlog is pulled ahead of its turn: whatever the broker makes of that, every message comes once and in
// order.

#include <atomic>
#include <functional>
#include <mutex>
#include <numeric>
#include <optional>
#include <set>
#include <thread>

#include "scripted_consumer.h"
#include "support/offset_list.h"
#include "wire/reset_offset.h"

namespace rocketmq::test {
namespace {

class ConsumerBacklog : public ScriptedConsumer {
 protected:
  ConsumerBacklog() {
    name_server_.on(wire::to_int(RequestCode::get_route_info_by_topic),
                    [this](const FakeRequest& request) { return route(request); });
    name_servers_ = name_server_.address();
  }

  /// Answers each pull with `length(offset)` messages, and says how far the queue reaches.
  void answer_with(std::function<std::int64_t(std::int64_t)> length) {
    on(RequestCode::pull_message, [this, length = std::move(length)](const FakeRequest& request) {
      return part(request, length(offset_of(request)));
    });
  }

  static std::int64_t offset_of(const FakeRequest& request) {
    std::int64_t offset = 0;
    EXPECT_EQ(request.header.ext_fields.read("queueOffset", offset), Errc::ok);
    return offset;
  }

  Action part(const FakeRequest& request, std::int64_t length) {
    std::int32_t wanted = 0;
    EXPECT_EQ(request.header.ext_fields.read("maxMsgNums", wanted), Errc::ok);
    const std::int64_t offset = offset_of(request);
    if (offset >= stored_) return Action::never();  // Held, as a long poll is.
    const std::int64_t end = std::min(offset + std::min<std::int64_t>(length, wanted), stored_.load());
    wire::PullMessageReply reply;
    reply.next_begin_offset = end;
    reply.max_offset = stored_;
    return Action::reply(reply.to_command(), messages(offset, end));
  }

  /// Takes until `count` messages came; gives their offsets.
  static std::vector<std::int64_t> receive(Consumer& consumer, std::size_t count) {
    std::vector<std::int64_t> offsets;
    while (offsets.size() < count) {
      Delivery delivery = poll(consumer);
      if (delivery.empty()) break;
      for (std::size_t i = 0; i < delivery.size(); ++i)
        offsets.push_back(delivery[i].queue_offset);
      delivery.acknowledge();
    }
    return offsets;
  }

  static std::vector<std::int64_t> from_to(std::int64_t begin, std::int64_t end) {
    std::vector<std::int64_t> offsets(static_cast<std::size_t>(end - begin));
    std::iota(offsets.begin(), offsets.end(), begin);
    return offsets;
  }

  /// How many pulls the broker must not hold: those that were asked for ahead.
  [[nodiscard]] std::size_t pulls_ahead() const {
    std::size_t ahead = 0;
    for (const FakeRequest& pull : server_.received(wire::to_int(RequestCode::pull_message)))
      ahead += *pull.header.ext_fields.find("sysFlag") == "0" ? 1U : 0U;
    return ahead;
  }

  FakeServer name_server_;
};

TEST_F(ConsumerBacklog, EvenRepliesAreAskedForAheadAndNoneTwice) {
  stored_ = 1000;
  answer_with([](std::int64_t) { return 4; });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(receive(*consumer, 1000), from_to(0, 1000));
  EXPECT_GT(pulls_ahead(), 200U) << "of 250";
  std::multiset<std::int64_t> asked;
  for (const FakeRequest& pull : server_.received(wire::to_int(RequestCode::pull_message)))
    asked.insert(offset_of(pull));
  for (const std::int64_t offset : asked)
    EXPECT_EQ(asked.count(offset), 1U) << offset;
}

TEST_F(ConsumerBacklog, UnevenRepliesLoseAndRepeatNothing) {
  stored_ = 2000;
  answer_with([](std::int64_t offset) { return offset % 400 < 300 ? 8 : 1 + offset % 7; });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(receive(*consumer, 2000), from_to(0, 2000));
  EXPECT_GT(pulls_ahead(), 10U);
}

TEST_F(ConsumerBacklog, RepliesThatOvertakeEachOtherAreHandedOutInOrder) {
  stored_ = 400;
  on(RequestCode::pull_message, [this](const FakeRequest& request) {
    const std::int64_t turn = offset_of(request) / 8;
    return part(request, 8).after(std::chrono::milliseconds(turn % 3 == 0 ? 30 : 0));
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(receive(*consumer, 400), from_to(0, 400));
}

TEST_F(ConsumerBacklog, PullsAheadThatAreRefusedAreAskedAgain) {
  stored_ = 600;
  std::atomic<int> pulls{0};
  on(RequestCode::pull_message, [&](const FakeRequest& request) {
    if (++pulls % 10 == 0) return Action::reply(wire::to_int(ResponseCode::system_busy), "", "too many");
    return part(request, 8);
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(receive(*consumer, 600), from_to(0, 600));
}

TEST_F(ConsumerBacklog, AConnectionThatBreaksAmidPullsAheadLosesNothing) {
  stored_ = 400;
  std::atomic<int> pulls{0};
  on(RequestCode::pull_message, [&](const FakeRequest& request) {
    if (++pulls == 15) return Action::close();
    return part(request, 8);
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(receive(*consumer, 400), from_to(0, 400));
}

TEST_F(ConsumerBacklog, AnOperatorsResetForgetsWhatWasAskedForAhead) {
  stored_ = 100'000;
  answer_with([](std::int64_t) { return 4; });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_EQ(receive(*consumer, 200).front(), 0);
  wire::ResetOffsetRequest reset;
  reset.topic = "topic";
  reset.group = "group";
  wire::ResetOffsetBody body;
  body.offsets.push_back({{"topic", "broker-a", 0}, 99'900});
  server_.send_request(reset.to_command(), wire::encode_as_list(body), true);
  std::vector<std::int64_t> rest;
  while (rest.empty() || rest.back() < 99'999) {
    const auto some = receive(*consumer, 1);
    ASSERT_FALSE(some.empty());
    rest.insert(rest.end(), some.begin(), some.end());
  }
  const auto moved = std::find(rest.begin(), rest.end(), 99'900);
  ASSERT_NE(moved, rest.end());
  EXPECT_EQ(std::vector<std::int64_t>(moved, rest.end()), from_to(99'900, 100'000));
}

// The queue had stood still: the late answer threw away the pull that the queue was waiting for.
TEST_F(ConsumerBacklog, ALateAnswerFromBeforeAResetDoesNotStopTheQueue) {
  stored_ = 2000;
  std::mutex mutex;
  std::optional<FakeRequest> old;
  std::optional<FakeRequest> awaited;
  on(RequestCode::pull_message, [&](const FakeRequest& request) {
    const std::int64_t offset = offset_of(request);
    const bool is_ahead = *request.header.ext_fields.find("sysFlag") == "0";
    const std::lock_guard lock(mutex);
    auto& held = offset == 0 ? old : awaited;
    if (held || (offset != 0 && !is_ahead)) return part(request, 4);
    held = request;
    return Action::never();
  });
  const auto wait_for = [&](std::optional<FakeRequest>& request) {
    FakeRequest found;
    EXPECT_TRUE(wait([&] {
      const std::lock_guard lock(mutex);
      if (request) found = *request;
      return request.has_value();
    })) << "no such pull came";
    return found;
  };
  const auto consumer = start(ConsumeFromWhere::first_offset);
  const FakeRequest first = wait_for(old);
  wire::ResetOffsetRequest reset;
  reset.topic = "topic";
  reset.group = "group";
  wire::ResetOffsetBody body;
  body.offsets.push_back({{"topic", "broker-a", 0}, 1000});
  server_.send_request(reset.to_command(), wire::encode_as_list(body), true);
  const FakeRequest ahead = wait_for(awaited);
  const std::int64_t held_at = offset_of(ahead);
  EXPECT_EQ(receive(*consumer, static_cast<std::size_t>(held_at - 1000)), from_to(1000, held_at));
  wire::PullMessageReply late;
  late.suggest_which_broker_id = 1;
  late.next_begin_offset = 4;
  late.max_offset = stored_;
  server_.perform(first, Action::reply(late.to_command(), messages(0, 4)));
  server_.perform(ahead, part(ahead, 4));
  EXPECT_EQ(receive(*consumer, static_cast<std::size_t>(2000 - held_at)), from_to(held_at, 2000));
}

// What is asked for ahead takes room, too: a slow handler does not make the client receive without end.
TEST_F(ConsumerBacklog, WhileNobodyTakesNoMoreIsAskedForThanThereIsRoomFor) {
  stored_ = 1'000'000;
  answer_with([](std::int64_t) { return 32; });
  max_cached_messages_ = 1000;
  const auto consumer = start(ConsumeFromWhere::first_offset);
  PollLimits limits;
  limits.min_rows = limits.max_rows = 100'000;  // More than there is room for: at the deadline what fits.
  limits.deadline = steady_clock::now() + 10s * time_factor;
  const Delivery delivery = consumer->poll(limits);
  EXPECT_GE(delivery.size(), 400U);
  std::int64_t last = 0;
  for (const FakeRequest& pull : server_.received(wire::to_int(RequestCode::pull_message)))
    last = std::max(last, offset_of(pull));
  EXPECT_LE(last, 1100);
}

TEST_F(ConsumerBacklog, AProxyWhichLosesAnswersIsAskedForOnePullAtATime) {
  name_servers_ = server_.address();
  stored_ = 200;
  answer_with([](std::int64_t) { return 4; });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(receive(*consumer, 200), from_to(0, 200));
  std::set<std::int64_t> asked;
  for (const FakeRequest& pull : server_.received(wire::to_int(RequestCode::pull_message))) {
    EXPECT_TRUE(asked.empty() || *asked.rbegin() + 4 == offset_of(pull));
    asked.insert(offset_of(pull));
  }
}

TEST_F(ConsumerBacklog, WhoDoesNotAnswerAllOfSeveralPullsIsAskedForOneAtATimeFromThenOn) {
  stored_ = 200;
  std::atomic<int> pulls{0};
  on(RequestCode::pull_message, [&](const FakeRequest& request) {
    if (++pulls == 10) return Action::never();
    return part(request, 4);
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(receive(*consumer, 200), from_to(0, 200));
  const std::lock_guard lock(mutex_);
  EXPECT_NE(log_.find("topic@broker-a:0: is pulled from one pull at a time for a while: " +
                      server_.address() + " did not answer all of several pulls in time"),
            std::string::npos)
      << log_;
}

TEST_F(ConsumerBacklog, WithATagFilterOnePullAtATimeIsAskedFor) {
  stored_ = 200;
  expression_ = "tagA";
  answer_with([](std::int64_t) { return 4; });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::pull_message), 51));
  EXPECT_EQ(pulls_ahead(), 0U);
}

}  // namespace
}  // namespace rocketmq::test
