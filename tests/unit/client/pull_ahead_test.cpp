#include "client/consumer/pull_ahead.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

namespace rocketmq::test {
namespace {

using client::PullAhead;
using client::PullAnswer;
using Claim = PullAhead::Claim;

constexpr std::int64_t span = 32;
constexpr std::size_t bytes = 4096;
constexpr std::int64_t far_end = 1'000'000;

std::vector<std::int64_t> offsets_of(const std::vector<PullAhead::Ask>& asks) {
  std::vector<std::int64_t> offsets;
  for (const auto& ask : asks)
    offsets.push_back(ask.offset);
  return offsets;
}

PullAnswer answer_of(std::int64_t broker_id) {
  PullAnswer answer;
  answer.broker_id = broker_id;  // Tells answers apart.
  return answer;
}

/// A queue whose replies all have `span` messages: the head receives, and whatever it asks for ahead.
struct Steady {
  PullAhead ahead;
  std::int64_t head = 0;
  std::vector<PullAhead::Ask> under_way;

  std::vector<PullAhead::Ask> receive(std::int64_t end = far_end, bool room = true) {
    const auto asks = ahead.on_received(head, head + span, end, bytes, room);
    head += span;
    under_way.insert(under_way.end(), asks.begin(), asks.end());
    return asks;
  }
  Claim claim() {
    PullAnswer answer;
    return ahead.claim(head, 7, answer);
  }
  /// The answer to the pull that the head waits for.
  void answer_head() {
    PullAnswer answer = answer_of(0);
    ASSERT_FALSE(under_way.empty());
    const auto found = ahead.arrive(under_way.front().id, answer);
    under_way.erase(under_way.begin());
    ASSERT_TRUE(found);
    EXPECT_EQ(found->offset, head);
    EXPECT_EQ(found->ticket, 7U);
  }
};

TEST(PullAhead, TheFirstAskLiesOneReplyBehindTheHeadsOwnPull) {
  Steady queue;
  const auto asks = queue.receive();
  ASSERT_EQ(offsets_of(asks), std::vector<std::int64_t>{64});
  EXPECT_EQ(asks[0].messages, span);
  EXPECT_EQ(queue.claim(), Claim::not_asked) << "the pull at 32 is the head's own";
  EXPECT_EQ(queue.ahead.head_limit(32, 1024), span) << "so that it does not reach into the next one";
}

TEST(PullAhead, EveryRightGuessAllowsOneMoreUpToTheLimit) {
  Steady queue;
  queue.receive();
  queue.receive();  // The head's own pull at 32.
  for (std::size_t i = 0; i < 40; ++i) {
    ASSERT_EQ(queue.claim(), Claim::under_way);
    queue.answer_head();
    queue.receive();
    ASSERT_LE(queue.under_way.size(), PullAhead::max_pulls + 1);
  }
  // And the head's own, which is one of those that were asked for ahead.
  EXPECT_EQ(queue.under_way.size(), PullAhead::max_pulls + 1);
  EXPECT_EQ(queue.ahead.expected_messages(), (PullAhead::max_pulls + 1) * 32);
  EXPECT_EQ(queue.ahead.expected_bytes(), (PullAhead::max_pulls + 1) * bytes);
  for (std::size_t i = 0; i < queue.under_way.size(); ++i)
    EXPECT_EQ(queue.under_way[i].offset, queue.head + static_cast<std::int64_t>(i) * span);
}

TEST(PullAhead, AnAnswerThatCameBeforeItsTurnIsKeptForTheHead) {
  Steady queue;
  const auto asks = queue.receive();
  PullAnswer early = answer_of(5);
  EXPECT_FALSE(queue.ahead.arrive(asks[0].id, early)) << "the head is at 32 and waits for its own pull";
  queue.receive();
  PullAnswer answer;
  EXPECT_EQ(queue.ahead.claim(64, 7, answer), Claim::arrived);
  EXPECT_EQ(answer.broker_id, 5);
}

TEST(PullAhead, NothingIsAskedForBeyondWhatTheBrokerIsKnownToHave) {
  Steady queue;
  EXPECT_TRUE(queue.receive(95).empty());
  EXPECT_EQ(offsets_of(queue.ahead.on_received(32, 64, 128, bytes, true)), std::vector<std::int64_t>{96});
}

TEST(PullAhead, WithoutRoomNothingIsAskedFor) {
  Steady queue;
  EXPECT_TRUE(queue.receive(far_end, false).empty());
  EXPECT_EQ(queue.ahead.expected_messages(), 0U);
}

TEST(PullAhead, LargeRepliesAreAskedForAheadWithinTheLimitOfBytes) {
  PullAhead ahead;
  std::int64_t head = 0;
  std::size_t most = 0;
  constexpr std::size_t large = PullAhead::max_bytes / 2;
  const auto storage = std::make_shared<const Bytes>(large);
  for (int i = 0; i < 30; ++i) {
    for (const auto& ask : ahead.on_received(head, head + span, far_end, large, true)) {
      PullAnswer answer;
      answer.reply.body = {storage, *storage};
      EXPECT_FALSE(ahead.arrive(ask.id, answer));
    }
    most = std::max(most, ahead.expected_bytes());
    head += span;
    PullAnswer answer;
    static_cast<void>(ahead.claim(head, 1, answer));
  }
  EXPECT_EQ(most, PullAhead::max_bytes + large) << "with the head's own";
}

TEST(PullAhead, AShortReplyForgetsTheGuessesAndALateAnswerToThemIsDropped) {
  Steady queue;
  const auto asks = queue.receive();
  const auto more = queue.ahead.on_received(32, 40, far_end, bytes, true);  // 8 messages, not 32.
  EXPECT_TRUE(more.empty());
  EXPECT_EQ(queue.ahead.expected_messages(), 0U);
  PullAnswer late = answer_of(1);
  EXPECT_FALSE(queue.ahead.arrive(asks[0].id, late));
  PullAnswer answer;
  EXPECT_EQ(queue.ahead.claim(40, 7, answer), Claim::not_asked);
  EXPECT_EQ(queue.ahead.head_limit(40, 1024), 1024);
}

TEST(PullAhead, RepliesOfEverChangingLengthAreGuessedLessAndLessOften) {
  PullAhead ahead;
  std::int64_t head = 0;
  std::size_t asked = 0;
  constexpr int replies = 2000;
  for (int i = 0; i < replies; ++i) {
    const std::int64_t length = 1 + i % 31;
    asked += ahead.on_received(head, head + length, far_end, bytes, true).size();
    head += length;
    PullAnswer answer;
    static_cast<void>(ahead.claim(head, 1, answer));
  }
  EXPECT_GT(asked, 0U);
  EXPECT_LT(asked, 20U) << "of " << replies << " replies";
}

TEST(PullAhead, AReplyWithoutProgressAsksForNothing) {
  PullAhead ahead;
  EXPECT_TRUE(ahead.on_received(5, 5, far_end, bytes, true).empty());
}

// The broker's address is not known any more, say.
TEST(PullAhead, WhatCouldNotBeAskedForIsWithdrawnAndTheHeadGetsWhatItWaitsFor) {
  Steady queue;
  const auto first = queue.receive();
  ASSERT_EQ(first.size(), 1U);
  ASSERT_EQ(queue.claim(), Claim::not_asked);
  const auto second = queue.receive();
  ASSERT_GE(second.size(), 1U);
  ASSERT_EQ(queue.claim(), Claim::under_way) << "the head waits for the first";
  queue.ahead.withdraw(second.front().id);
  EXPECT_EQ(queue.ahead.expected_messages(), static_cast<std::size_t>(span));
  PullAnswer answer = answer_of(0);
  EXPECT_TRUE(queue.ahead.arrive(first.front().id, answer));
  EXPECT_FALSE(queue.ahead.arrive(second.front().id, answer));
}

TEST(PullAhead, WhatHasArrivedTakesAsMuchRoomAsItHasBytes) {
  Steady queue;
  const auto asks = queue.receive();
  EXPECT_EQ(queue.ahead.expected_bytes(), bytes);
  PullAnswer larger = answer_of(0);
  const auto storage = std::make_shared<const Bytes>(10 * bytes);
  larger.reply.body = {storage, *storage};
  EXPECT_FALSE(queue.ahead.arrive(asks[0].id, larger));
  EXPECT_EQ(queue.ahead.expected_bytes(), 10 * bytes);
}

TEST(PullAhead, TheLargestReplyTellsHowMuchRoomTheNextOnesTake) {
  Steady queue;
  queue.receive();
  const auto asks = queue.ahead.on_received(32, 64, far_end, 10 * bytes, true);
  EXPECT_EQ(asks.size(), 1U);
  EXPECT_EQ(queue.ahead.expected_bytes(), 2 * 10 * bytes);
}

TEST(PullAhead, AGapIsNotTakenForAReplyOfSoManyMessages) {
  PullAhead ahead;
  constexpr std::int64_t gap = std::int64_t{1} << 40;
  EXPECT_TRUE(ahead.on_received(0, gap, gap * 1000, bytes, true).empty());
  EXPECT_EQ(ahead.expected_messages(), 0U);
  EXPECT_FALSE(ahead.on_received(gap, gap + span, gap * 1000, bytes, true).empty());
}

int replies_until_asked(Steady& queue) {
  for (int count = 1; count <= 2 * PullAhead::longest_ban; ++count) {
    if (!queue.receive(std::int64_t{1} << 40).empty()) return count;
  }
  return -1;
}

TEST(PullAhead, AfterAnAnswerThatNeverCameNothingIsAskedForAheadForAWhileAndTheNextTimeForLonger) {
  Steady queue;
  ASSERT_FALSE(queue.receive().empty());
  queue.ahead.forbid();
  EXPECT_TRUE(queue.ahead.is_forbidden());
  EXPECT_EQ(queue.ahead.expected_messages(), 0U);
  EXPECT_EQ(replies_until_asked(queue), PullAhead::first_ban + 1);
  EXPECT_FALSE(queue.ahead.is_forbidden());
  queue.ahead.forbid();
  EXPECT_EQ(replies_until_asked(queue), PullAhead::first_ban * PullAhead::ban_factor + 1);
  for (int i = 0; i < 10; ++i)
    queue.ahead.forbid();
  EXPECT_EQ(replies_until_asked(queue), PullAhead::longest_ban + 1);
}

TEST(PullAhead, ClearForgetsEverything) {
  Steady queue;
  const auto asks = queue.receive();
  queue.ahead.clear();
  PullAnswer answer = answer_of(1);
  EXPECT_FALSE(queue.ahead.arrive(asks[0].id, answer));
  EXPECT_EQ(queue.ahead.expected_bytes(), 0U);
}

}  // namespace
}  // namespace rocketmq::test
