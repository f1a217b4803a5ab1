#include "client/consumer/puller.h"

#include <gtest/gtest.h>

namespace rocketmq::client {
namespace {

using Kind = PullAction::Kind;
using std::chrono::milliseconds;

Puller make(StartFrom from = StartFrom::end) {
  return Puller(from, [] { return 0.0; });
}

PullOutcome outcome(PullOutcome::Kind kind, std::int64_t next = 0, milliseconds took = milliseconds(1)) {
  return {kind, next, took};
}

/// A puller whose first pull, at `offset`, is under way.
PullAction run_to_pull(Puller& puller, std::int64_t offset) {
  const PullAction query = puller.start();
  return puller.on_committed(query.ticket, {true, offset}, true);
}

TEST(Puller, StartsAtTheCommittedOffset) {
  Puller puller = make();
  const PullAction query = puller.start();
  EXPECT_EQ(query.kind, Kind::query_committed);
  const PullAction pull = puller.on_committed(query.ticket, {true, 42}, true);
  EXPECT_EQ(pull.kind, Kind::pull);
  EXPECT_EQ(pull.offset, 42);
}

TEST(Puller, AGroupWithoutAnOffsetAsksWhereToStartAndStoresItFirst) {
  Puller puller = make();
  PullAction action = puller.start();
  action = puller.on_committed(action.ticket, {true, std::nullopt}, true);
  EXPECT_EQ(action.kind, Kind::query_start);
  action = puller.on_start(action.ticket, 1000);
  EXPECT_EQ(action.kind, Kind::store_start);
  EXPECT_EQ(action.offset, 1000);
  EXPECT_FALSE(puller.has_offset());
  action = puller.on_start_stored(action.ticket, true, true);
  EXPECT_EQ(action.kind, Kind::pull);
  EXPECT_EQ(action.offset, 1000);
}

TEST(Puller, AFailingOffsetQueryIsRepeatedWithPausesAndNeverMovesTheStart) {
  Puller puller = make();
  PullAction action = puller.start();
  milliseconds waited(0);
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(action.kind, Kind::query_committed) << i;
    action = puller.on_committed(action.ticket, {false, std::nullopt}, true);
    ASSERT_EQ(action.kind, Kind::wait);
    EXPECT_TRUE(action.refresh_route);
    EXPECT_GE(action.delay, milliseconds(50));
    EXPECT_LE(action.delay, milliseconds(1000));
    waited += action.delay;
    action = puller.on_wait_over(action.ticket, true);
  }
  EXPECT_GT(waited, milliseconds(40'000));
  action = puller.on_committed(action.ticket, {true, 7}, true);
  EXPECT_EQ(action.offset, 7);
}

TEST(Puller, AFailingStartQueryIsRepeatedWithoutAskingForTheOffsetAgain) {
  Puller puller = make();
  PullAction action = puller.start();
  action = puller.on_committed(action.ticket, {true, std::nullopt}, true);
  action = puller.on_start(action.ticket, std::nullopt);
  EXPECT_EQ(action.kind, Kind::wait);
  action = puller.on_wait_over(action.ticket, true);
  EXPECT_EQ(action.kind, Kind::query_start);
}

TEST(Puller, AStartThatCouldNotBeStoredIsStoredAgainUnchanged) {
  Puller puller = make();
  PullAction action = puller.start();
  action = puller.on_committed(action.ticket, {true, std::nullopt}, true);
  action = puller.on_start(action.ticket, 9);
  action = puller.on_start_stored(action.ticket, false, true);
  EXPECT_EQ(action.kind, Kind::wait);
  action = puller.on_wait_over(action.ticket, true);
  EXPECT_EQ(action.kind, Kind::store_start);
  EXPECT_EQ(action.offset, 9);
}

TEST(Puller, ReceivedMessagesMoveTheNextPull) {
  Puller puller = make();
  PullAction action = run_to_pull(puller, 0);
  action = puller.on_pull(action.ticket, outcome(PullOutcome::Kind::received, 32), true);
  EXPECT_EQ(action.kind, Kind::pull);
  EXPECT_EQ(action.offset, 32);
}

TEST(Puller, FilteredOffsetsArePassedAtOnce) {
  Puller puller = make();
  PullAction action = run_to_pull(puller, 0);
  action = puller.on_pull(action.ticket, outcome(PullOutcome::Kind::nothing_passed, 500), true);
  EXPECT_EQ(action.kind, Kind::pull);
  EXPECT_EQ(action.offset, 500);
}

TEST(Puller, AHeldPullIsFollowedByAnotherAtOnce) {
  Puller puller = make();
  PullAction action = run_to_pull(puller, 5);
  action =
      puller.on_pull(action.ticket, outcome(PullOutcome::Kind::nothing_new, 5, milliseconds(15'000)), true);
  EXPECT_EQ(action.kind, Kind::pull);
  EXPECT_EQ(action.offset, 5);
}

class PullerWithoutProgress : public testing::TestWithParam<PullOutcome::Kind> {};

TEST_P(PullerWithoutProgress, DoesNotSpinHoweverTheBrokerAnswers) {
  Puller puller = make();
  PullAction action = run_to_pull(puller, 5);
  milliseconds waited(0);
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(action.kind, Kind::pull) << i;
    action = puller.on_pull(action.ticket, outcome(GetParam(), 5), true);
    ASSERT_EQ(action.kind, Kind::wait);
    EXPECT_GE(action.delay, milliseconds(50));
    waited += action.delay;
    action = puller.on_wait_over(action.ticket, true);
  }
  EXPECT_GT(waited, milliseconds(10'000));
  EXPECT_EQ(action.offset, 5);
}

INSTANTIATE_TEST_SUITE_P(EveryOutcome, PullerWithoutProgress,
                         testing::Values(PullOutcome::Kind::received, PullOutcome::Kind::unreadable,
                                         PullOutcome::Kind::nothing_new, PullOutcome::Kind::nothing_passed,
                                         PullOutcome::Kind::offset_moved, PullOutcome::Kind::not_subscribed,
                                         PullOutcome::Kind::moved_away, PullOutcome::Kind::refused));

TEST(Puller, AnOffsetThatIsMovedBackAndForthDoesNotSpinEither) {
  Puller puller = make();
  PullAction action = run_to_pull(puller, 5);
  milliseconds waited(0);
  for (int i = 0; i < 20; ++i) {
    action =
        puller.on_pull(action.ticket, outcome(PullOutcome::Kind::offset_moved, i % 2 == 0 ? 9 : 5), true);
    ASSERT_EQ(action.kind, Kind::wait);
    waited += action.delay;
    action = puller.on_wait_over(action.ticket, true);
    ASSERT_EQ(action.kind, Kind::pull);
  }
  EXPECT_GT(waited, milliseconds(10'000));
}

TEST(Puller, AnUnknownSubscriptionAsksForAHeartbeat) {
  Puller puller = make();
  PullAction action = run_to_pull(puller, 5);
  action = puller.on_pull(action.ticket, outcome(PullOutcome::Kind::not_subscribed), true);
  EXPECT_TRUE(action.heartbeat);
  EXPECT_EQ(action.kind, Kind::wait);
  action = puller.hurry(true);
  EXPECT_EQ(action.kind, Kind::pull);
  EXPECT_EQ(action.offset, 5);
}

TEST(Puller, ALostBrokerAsksForTheRoute) {
  Puller puller = make();
  PullAction action = run_to_pull(puller, 5);
  action = puller.on_pull(action.ticket, outcome(PullOutcome::Kind::moved_away), true);
  EXPECT_TRUE(action.refresh_route);
}

TEST(Puller, WithoutRoomItRestsUntilThereIsSome) {
  Puller puller = make();
  PullAction action = run_to_pull(puller, 0);
  action = puller.on_pull(action.ticket, outcome(PullOutcome::Kind::received, 32), false);
  EXPECT_EQ(action.kind, Kind::none);
  EXPECT_EQ(puller.state(), PullState::full);
  action = puller.on_room();
  EXPECT_EQ(action.kind, Kind::pull);
  EXPECT_EQ(action.offset, 32);
  EXPECT_EQ(puller.on_room().kind, Kind::none);  // Never two pulls at once.
}

TEST(Puller, AReplyThatComesAfterARestartIsIgnored) {
  Puller puller = make();
  const PullAction old = run_to_pull(puller, 0);
  const PullAction fresh = puller.restart(100, true);
  EXPECT_EQ(fresh.offset, 100);
  EXPECT_FALSE(puller.awaits(old.ticket));
  EXPECT_EQ(puller.on_pull(old.ticket, outcome(PullOutcome::Kind::received, 32), true).kind, Kind::none);
  EXPECT_EQ(puller.offset(), 100);
}

TEST(Puller, AfterAStopNothingHappensAnyMore) {
  Puller puller = make();
  const PullAction pull = run_to_pull(puller, 0);
  puller.stop();
  EXPECT_EQ(puller.on_pull(pull.ticket, outcome(PullOutcome::Kind::received, 32), true).kind, Kind::none);
  EXPECT_EQ(puller.on_room().kind, Kind::none);
  EXPECT_EQ(puller.restart(5, true).kind, Kind::none);
  EXPECT_EQ(puller.hurry(true).kind, Kind::none);
}

TEST(Puller, APauseIsEndedEarlyOnceUntilTheQueueGetsOn) {
  Puller puller = make();
  PullAction action = run_to_pull(puller, 10);
  (void)puller.on_pull(action.ticket, outcome(PullOutcome::Kind::not_subscribed), true);
  action = puller.hurry(true);
  EXPECT_EQ(action.kind, Kind::pull);
  action = puller.on_pull(action.ticket, outcome(PullOutcome::Kind::not_subscribed), true);
  EXPECT_EQ(puller.hurry(true).kind, Kind::none) << "what brought the call changed nothing";
  action = puller.on_wait_over(action.ticket, true);
  action = puller.on_pull(action.ticket, outcome(PullOutcome::Kind::received, 20), true);
  (void)puller.on_pull(action.ticket, outcome(PullOutcome::Kind::refused), true);
  EXPECT_EQ(puller.hurry(true).kind, Kind::pull);
}

TEST(Puller, AMessageThatIsTooLargeIsTriedWithPausesThatGrowToAMinute) {
  Puller puller = make();
  PullAction action = run_to_pull(puller, 10);
  std::vector<milliseconds> pauses;
  for (int i = 0; i < 8; ++i) {
    action = puller.on_pull(action.ticket, outcome(PullOutcome::Kind::too_large), true);
    ASSERT_EQ(action.kind, Kind::wait);
    pauses.push_back(action.delay);
    EXPECT_EQ(puller.hurry(true).kind, Kind::none);
    action = puller.on_wait_over(action.ticket, true);
    ASSERT_EQ(action.kind, Kind::pull);
  }
  EXPECT_EQ(pauses.front(), milliseconds(1'000));
  EXPECT_EQ(pauses.back(), milliseconds(60'000));
}

TEST(Puller, SuccessEndsTheGrowthOfPauses) {
  Puller puller = make();
  PullAction action = run_to_pull(puller, 0);
  for (int i = 0; i < 6; ++i) {
    action = puller.on_pull(action.ticket, outcome(PullOutcome::Kind::refused), true);
    action = puller.on_wait_over(action.ticket, true);
  }
  action = puller.on_pull(action.ticket, outcome(PullOutcome::Kind::received, 1), true);
  action = puller.on_pull(action.ticket, outcome(PullOutcome::Kind::refused), true);
  EXPECT_EQ(action.delay, milliseconds(50));
}

}  // namespace
}  // namespace rocketmq::client
