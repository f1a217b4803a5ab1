#include "client/producer/send_lanes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rocketmq::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

MessageQueue queue(const char* broker, int id) {
  return MessageQueue{"t", broker, id};
}

bool all_usable(const std::string& /*broker*/) {
  return true;
}

TEST(SendLanes, EverySliceStartsInItsOwnQueue) {
  const SendLanes lanes({queue("a", 0), queue("b", 0)}, false);
  EXPECT_THAT(lanes.heads(), ElementsAre(0U, 1U));
  EXPECT_EQ(lanes.queue_of(1), queue("b", 0));
}

TEST(SendLanes, ASliceMovesBehindAnEarlierOneAndWaitsForIt) {
  SendLanes lanes({queue("a", 0), queue("b", 0)}, false);
  lanes.mark_started(0);
  lanes.mark_started(1);
  EXPECT_TRUE(lanes.move(1, {}, all_usable));
  EXPECT_EQ(lanes.queue_of(1), queue("a", 0));
  EXPECT_FALSE(lanes.may_send(1));
  lanes.end(0);
  EXPECT_THAT(lanes.heads(), ElementsAre(1U));
}

TEST(SendLanes, ASliceNeverMovesToAQueueThatHasSomethingLater) {
  SendLanes lanes({queue("a", 0), queue("b", 0)}, false);
  lanes.mark_started(0);
  lanes.mark_started(1);
  EXPECT_FALSE(lanes.move(0, {}, all_usable));
  EXPECT_EQ(lanes.queue_of(0), queue("a", 0));
  lanes.end(1);
  EXPECT_FALSE(lanes.move(0, {}, all_usable)) << "what is stored there stays later";
}

TEST(SendLanes, AQueueThatHasNotBegunTakesTheEarlierSliceFirst) {
  SendLanes lanes({queue("a", 0), queue("b", 0)}, false);
  lanes.mark_started(0);
  EXPECT_TRUE(lanes.move(0, {}, all_usable));
  EXPECT_EQ(lanes.queue_of(0), queue("b", 0));
  EXPECT_THAT(lanes.heads(), ElementsAre(0U));
  lanes.mark_started(0);
  lanes.end(0);
  EXPECT_THAT(lanes.heads(), ElementsAre(1U));
}

TEST(SendLanes, AGatedLastSliceKeepsAPlaceForTheFirst) {
  SendLanes lanes({queue("a", 0), queue("a", 1), queue("b", 0)}, true);
  EXPECT_THAT(lanes.heads(), ElementsAre(0U, 1U));
  lanes.mark_started(0);
  EXPECT_TRUE(lanes.move(0, {}, all_usable));
  EXPECT_EQ(lanes.queue_of(0), queue("b", 0));
  EXPECT_THAT(lanes.heads(), ElementsAre(1U, 0U));
  lanes.end(0);
  EXPECT_THAT(lanes.heads(), ElementsAre(1U, 2U));
}

TEST(SendLanes, QueuesOutsideTheSendAreUsedWhenNoneOfItsOwnWillDo) {
  SendLanes lanes({queue("a", 0)}, false);
  lanes.mark_started(0);
  EXPECT_TRUE(lanes.move(0, {queue("a", 1), queue("b", 0)}, all_usable));
  EXPECT_EQ(lanes.queue_of(0), queue("b", 0));
}

TEST(SendLanes, BrokersThatAreNotUsableAreLeftOut) {
  SendLanes lanes({queue("a", 0)}, false);
  EXPECT_FALSE(lanes.move(0, {queue("b", 0)}, [](const std::string&) { return false; }));
}

TEST(SendLanes, AnEndedSliceMayNotSend) {
  SendLanes lanes({queue("a", 0)}, false);
  lanes.end(0);
  EXPECT_THAT(lanes.heads(), IsEmpty());
  EXPECT_FALSE(lanes.may_send(0));
}

}  // namespace
}  // namespace rocketmq::client
