#include "client/consumer/pull_pipeline.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

namespace rocketmq::client {
namespace {

using std::chrono::milliseconds;
using Kind = PullOutcome::Kind;
using Pull = PullPipeline::Pull;

constexpr std::int64_t far_end = std::int64_t{1} << 40;
constexpr std::size_t bytes_each = 4096;

PullAnswer answer_of(std::int64_t broker_id, std::size_t bytes = 0) {
  PullAnswer answer;
  answer.broker_id = broker_id;  // Tells answers apart.
  const auto storage = std::make_shared<const Bytes>(bytes);
  answer.reply.body = {storage, *storage};
  return answer;
}

PullOutcome outcome(Kind kind, std::int64_t next = 0, milliseconds took = milliseconds(1)) {
  return {kind, next, took};
}

/// A queue that is received from offset 0 on, with room for whatever is asked for.
class PullPipelineTest : public testing::Test {
 protected:
  PullPipelineTest() { pipeline_.restart(0); }

  /// What is asked for now.
  std::vector<Pull> fill() {
    std::vector<Pull> asked;
    while (pipeline_.wants_pull()) {
      asked.push_back(pipeline_.next_pull());
      under_way_.push_back(asked.back());
    }
    return asked;
  }

  /// The answer to the head, a reply of `length` messages.
  std::optional<milliseconds> receive(std::int64_t length, std::int64_t end = far_end,
                                      std::size_t bytes = bytes_each) {
    (void)arrive_head();
    PullOutcome received = outcome(Kind::received, offset_ + length);
    received.messages = static_cast<std::size_t>(length);
    received.bytes = bytes;
    received.known_end = end;
    offset_ += length;
    return pipeline_.on_outcome(received);
  }

  std::optional<milliseconds> end_head(const PullOutcome& how) {
    (void)arrive_head();
    return pipeline_.on_outcome(how);
  }

  const Pull* arrive_head() {
    fill();
    for (const Pull& pull : under_way_) {
      if (!pipeline_.is_head(pull.id) || pipeline_.arrived_head() != nullptr) continue;
      EXPECT_TRUE(pipeline_.arrive(pull.id, answer_of(0)));
    }
    const Pull* head = pipeline_.arrived_head();
    EXPECT_TRUE(head != nullptr && head->offset == offset_) << offset_;
    return head;
  }

  /// Replies of `length` until `depth` pulls are under way.
  void grow_to(std::size_t depth, std::int64_t length = 32) {
    for (int i = 0; i < 100; ++i) {
      fill();
      if (pipeline_.expected_messages() == (depth - 1) * static_cast<std::size_t>(length)) return;
      receive(length);
    }
    FAIL() << "it does not come to a depth of " << depth;
  }

  PullPipeline pipeline_{[] { return 0.0; }};
  std::int64_t offset_ = 0;
  std::vector<Pull> under_way_;
};

TEST_F(PullPipelineTest, BeginsWithOnePullThatTheBrokerMayHold) {
  const auto asked = fill();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].offset, 0);
  EXPECT_EQ(asked[0].messages, PullPipeline::max_messages);
  EXPECT_TRUE(asked[0].suspends);
  EXPECT_FALSE(pipeline_.wants_pull()) << "nothing is known of what lies behind it";
}

TEST_F(PullPipelineTest, AReplyAsLongAsTheOneBeforeLetsAnotherPullBeAskedFor) {
  receive(32);
  EXPECT_EQ(fill().size(), 1U);
  receive(32);
  const auto asked = fill();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].offset, 64);
  EXPECT_EQ(asked[0].messages, 32) << "so that it does not reach into the next one";
  EXPECT_TRUE(asked[0].suspends);
  EXPECT_EQ(asked[1].offset, 96);
  EXPECT_EQ(asked[1].messages, 32);
  EXPECT_FALSE(asked[1].suspends);
}

TEST_F(PullPipelineTest, EveryRightGuessAllowsOneMoreUpToTheLimit) {
  for (int i = 0; i < 40; ++i) {
    receive(32);
    fill();
    ASSERT_LT(pipeline_.expected_messages(), PullPipeline::max_depth * 32);
  }
  EXPECT_EQ(pipeline_.expected_messages(), (PullPipeline::max_depth - 1) * 32);
  EXPECT_EQ(pipeline_.expected_bytes(), (PullPipeline::max_depth - 1) * bytes_each);
  for (std::size_t i = 1; i <= PullPipeline::max_depth; ++i)
    EXPECT_EQ(under_way_[under_way_.size() - i].offset,
              offset_ + static_cast<std::int64_t>(PullPipeline::max_depth - i) * 32);
}

TEST_F(PullPipelineTest, AnAnswerThatCameBeforeItsTurnIsKept) {
  grow_to(2);
  EXPECT_FALSE(pipeline_.arrive(under_way_.back().id, answer_of(5, 10 * bytes_each)));
  EXPECT_EQ(pipeline_.arrived_head(), nullptr) << "the one before it is due";
  EXPECT_EQ(pipeline_.expected_bytes(), 10 * bytes_each) << "it takes as much room as it has bytes";
  receive(32);
  const Pull* head = pipeline_.arrived_head();
  ASSERT_NE(head, nullptr);
  EXPECT_EQ(head->answer->broker_id, 5);
}

TEST_F(PullPipelineTest, NothingIsAskedForBeyondWhatTheBrokerIsKnownToHave) {
  receive(32);
  receive(32, 127);
  EXPECT_EQ(fill().size(), 1U) << "a second one would lack a message";
  receive(32, 160);
  EXPECT_EQ(fill().size(), 2U);
}

TEST_F(PullPipelineTest, NothingIsAskedForBehindAHeadWhoseEndIsOpen) {
  grow_to(4);
  receive(32, 0);  // It may not be guessed any more.
  const auto asked = fill();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].messages, PullPipeline::max_messages);
  EXPECT_EQ(pipeline_.expected_messages(), 0U);
}

TEST_F(PullPipelineTest, LargeRepliesAreAskedForWithinTheLimitOfBytes) {
  for (int i = 0; i < 30; ++i) {
    receive(32, far_end, PullPipeline::max_bytes / 2);
    fill();
    ASSERT_LE(pipeline_.expected_bytes(), PullPipeline::max_bytes);
  }
  EXPECT_EQ(pipeline_.expected_bytes(), PullPipeline::max_bytes);
}

TEST_F(PullPipelineTest, AMuchShorterReplyForgetsTheGuessesAndALateAnswerToThemIsDropped) {
  grow_to(3);
  const Pull ahead = under_way_.back();
  receive(8);
  EXPECT_FALSE(pipeline_.arrive(ahead.id, answer_of(1)));
  const auto asked = fill();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].messages, PullPipeline::max_messages) << "what follows is found out again";
  EXPECT_EQ(pipeline_.arrived_head(), nullptr);
}

TEST_F(PullPipelineTest, WhatALittleShorterReplyLacksIsAskedForAndTheOthersAreNotWasted) {
  grow_to(4);
  const Pull ahead = under_way_.back();
  const std::size_t expected = pipeline_.expected_messages();
  receive(30);
  const auto asked = fill();
  ASSERT_EQ(asked.size(), 1U) << "the depth has fallen to one";
  EXPECT_EQ(asked[0].offset, offset_);
  EXPECT_EQ(asked[0].messages, 2);
  EXPECT_EQ(pipeline_.expected_messages(), expected);
  EXPECT_FALSE(pipeline_.arrive(ahead.id, answer_of(7)));
  EXPECT_EQ(pipeline_.arrived_head(), nullptr) << "the rest comes first";
  receive(2);
  receive(32);
  receive(32);
  ASSERT_NE(pipeline_.arrived_head(), nullptr);
  EXPECT_EQ(pipeline_.arrived_head()->answer->broker_id, 7);
}

TEST_F(PullPipelineTest, RepliesOfEverChangingLengthAreHardlyGuessed) {
  std::size_t ahead = 0;
  for (int i = 0; i < 2000; ++i) {
    receive(1 + i % 31);
    ahead += fill().size() - 1;
  }
  EXPECT_LT(ahead, 20U);
}

TEST_F(PullPipelineTest, AReplyFromTheEndOfTheQueueTeachesNothing) {
  for (int i = 0; i < 50; ++i)
    receive(1, offset_ + 1);
  receive(1);  // And now there is a backlog.
  const auto asked = fill();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].messages, PullPipeline::max_messages);
}

TEST_F(PullPipelineTest, AGapIsNotTakenForAReplyOfSoManyMessages) {
  constexpr std::int64_t gap = std::int64_t{1} << 30;
  receive(gap);
  receive(gap);
  EXPECT_EQ(fill().size(), 1U);
  receive(32);
  receive(32);
  EXPECT_EQ(fill().size(), 2U);
}

TEST_F(PullPipelineTest, AfterAnAnswerThatWasLateManyRightGuessesAreNeededAndTheNextTimeMore) {
  const auto replies_until_several = [this] {
    for (int count = 1; count <= 2 * PullPipeline::longest_penalty; ++count) {
      receive(32);
      if (fill().size() > 1) return count;
    }
    return -1;
  };
  for (const std::int64_t penalty :
       {PullPipeline::first_penalty, PullPipeline::first_penalty * PullPipeline::penalty_factor}) {
    grow_to(3);
    EXPECT_TRUE(pipeline_.on_late());
    EXPECT_TRUE(end_head(outcome(Kind::moved_away)).has_value());
    pipeline_.end_pause();
    EXPECT_NEAR(replies_until_several(), static_cast<double>(penalty), 3);
  }
  pipeline_.restart(offset_);
  fill();
  EXPECT_FALSE(pipeline_.on_late()) << "a single pull that is late says nothing of several";
}

TEST_F(PullPipelineTest, ARestartForgetsWhatIsUnderWay) {
  grow_to(3);
  std::vector<std::uint64_t> ids;
  for (const Pull& pull : under_way_)
    ids.push_back(pull.id);
  pipeline_.restart(100'000);
  EXPECT_EQ(pipeline_.expected_bytes(), 0U);
  for (const std::uint64_t id : ids) {
    EXPECT_FALSE(pipeline_.is_head(id));
    EXPECT_FALSE(pipeline_.arrive(id, answer_of(1)));
  }
  EXPECT_EQ(fill().front().offset, 100'000);
}

TEST_F(PullPipelineTest, WhatIsBehindTheHeadCanBeForgottenWhileTheHeadGoesOn) {
  grow_to(3);
  pipeline_.forget_ahead();
  EXPECT_EQ(pipeline_.expected_messages(), 0U);
  ASSERT_NE(arrive_head(), nullptr);
}

TEST_F(PullPipelineTest, AfterARefusalTheHeadIsAskedForAloneAndThenSeveralAsBefore) {
  grow_to(5);
  EXPECT_TRUE(end_head(outcome(Kind::refused)));
  pipeline_.end_pause();
  EXPECT_EQ(fill().size(), 1U);
  receive(32);
  EXPECT_GE(fill().size(), 5U);
}

TEST_F(PullPipelineTest, FilteredOffsetsArePassedAtOnce) {
  EXPECT_FALSE(end_head(outcome(Kind::nothing_passed, 500)));
  EXPECT_EQ(fill().front().offset, 500);
}

TEST_F(PullPipelineTest, AHeldPullIsFollowedByAnotherAtOnce) {
  EXPECT_FALSE(end_head(outcome(Kind::nothing_new, 0, milliseconds(15'000))));
  EXPECT_EQ(fill().front().offset, 0);
}

class PullPipelineWithoutProgress : public PullPipelineTest, public testing::WithParamInterface<Kind> {};

TEST_P(PullPipelineWithoutProgress, DoesNotSpinHoweverTheBrokerAnswers) {
  milliseconds waited(0);
  for (int i = 0; i < 20; ++i) {
    const auto pause = end_head(outcome(GetParam(), 0));
    ASSERT_TRUE(pause.has_value());
    EXPECT_GE(*pause, milliseconds(50));
    EXPECT_FALSE(pipeline_.wants_pull());
    waited += *pause;
    pipeline_.end_pause();
  }
  EXPECT_GT(waited, milliseconds(10'000));
  EXPECT_EQ(fill().front().offset, 0);
}

INSTANTIATE_TEST_SUITE_P(EveryOutcome, PullPipelineWithoutProgress,
                         testing::Values(Kind::received, Kind::unreadable, Kind::nothing_new,
                                         Kind::nothing_passed, Kind::offset_moved, Kind::not_subscribed,
                                         Kind::moved_away, Kind::refused));

TEST_F(PullPipelineTest, AnOffsetThatIsMovedBackAndForthDoesNotSpinEither) {
  milliseconds waited(0);
  for (int i = 0; i < 20; ++i) {
    offset_ = i % 2 == 0 ? 0 : 9;
    const auto pause = end_head(outcome(Kind::offset_moved, i % 2 == 0 ? 9 : 0));
    ASSERT_TRUE(pause.has_value());
    waited += *pause;
    pipeline_.end_pause();
  }
  EXPECT_GT(waited, milliseconds(10'000));
}

TEST_F(PullPipelineTest, AfterAStopNothingHappensAnyMore) {
  const Pull head = fill().front();
  pipeline_.stop();
  EXPECT_FALSE(pipeline_.arrive(head.id, answer_of(0)));
  EXPECT_FALSE(pipeline_.is_head(head.id));
  pipeline_.restart(5);
  EXPECT_FALSE(pipeline_.wants_pull());
  EXPECT_FALSE(pipeline_.retry_now());
}

TEST_F(PullPipelineTest, APauseIsEndedEarlyOnceUntilTheQueueGetsOn) {
  EXPECT_TRUE(end_head(outcome(Kind::not_subscribed)));
  EXPECT_TRUE(pipeline_.retry_now());
  EXPECT_TRUE(end_head(outcome(Kind::not_subscribed)));
  EXPECT_FALSE(pipeline_.retry_now()) << "what brought the call changed nothing";
  pipeline_.end_pause();
  receive(20);
  EXPECT_TRUE(end_head(outcome(Kind::refused)));
  EXPECT_TRUE(pipeline_.retry_now());
}

TEST_F(PullPipelineTest, AMessageThatIsTooLargeIsTriedWithPausesThatGrowToAMinute) {
  std::vector<milliseconds> pauses;
  for (int i = 0; i < 8; ++i) {
    const auto pause = end_head(outcome(Kind::too_large));
    ASSERT_TRUE(pause.has_value());
    pauses.push_back(*pause);
    EXPECT_FALSE(pipeline_.retry_now());
    pipeline_.end_pause();
  }
  EXPECT_EQ(pauses.front(), milliseconds(1'000));
  EXPECT_EQ(pauses.back(), milliseconds(60'000));
}

TEST_F(PullPipelineTest, SuccessEndsTheGrowthOfPauses) {
  for (int i = 0; i < 6; ++i) {
    (void)end_head(outcome(Kind::refused));
    pipeline_.end_pause();
  }
  receive(1);
  EXPECT_EQ(end_head(outcome(Kind::refused)), milliseconds(50));
}

TEST_F(PullPipelineTest, HalvesWhatWasAnsweredDownToOneAndAsksForMoreAgainIfFullAnswersAreSmall) {
  EXPECT_TRUE(pipeline_.shrink(0));
  EXPECT_EQ(pipeline_.messages(), PullPipeline::max_messages / 2);
  EXPECT_TRUE(pipeline_.shrink(20));
  EXPECT_EQ(pipeline_.messages(), 10);
  while (pipeline_.messages() > 1)
    EXPECT_TRUE(pipeline_.shrink(0));
  EXPECT_FALSE(pipeline_.shrink(0)) << "a single message cannot be made smaller";
  receive(1, far_end, wire::max_frame_bytes / 2);
  EXPECT_EQ(pipeline_.messages(), 1) << "the next one may be larger";
  receive(1);
  EXPECT_EQ(pipeline_.messages(), 2);
  receive(1);
  EXPECT_EQ(pipeline_.messages(), 2) << "it was not all that was asked for";
  for (int i = 0; i < 20; ++i)
    receive(pipeline_.messages());
  EXPECT_EQ(pipeline_.messages(), PullPipeline::max_messages);
}

}  // namespace
}  // namespace rocketmq::client
