#include "client/consumer/group_members.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rocketmq::client {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

const GroupMembers::TimePoint start{};

TEST(GroupMembers, AreThoseOfTheList) {
  GroupMembers members;
  members.on_new_connection("x", start);
  EXPECT_THAT(members.merge("x", {"b", "a"}, start), ElementsAre("a", "b"));
  EXPECT_THAT(members.merge("x", {"a"}, start), ElementsAre("a"));
  EXPECT_FALSE(members.expects_more());
}

TEST(GroupMembers, AreCountedForAWhileWhereABrokerStartedAnewDoesNotListThemYet) {
  GroupMembers members;
  (void)members.merge("x", {"a", "b", "c"}, start);
  members.on_new_connection("x", start);
  EXPECT_THAT(members.merge("x", {"a"}, start), ElementsAre("a", "b", "c"));
  EXPECT_THAT(members.merge("x", {"a", "b"}, start + seconds(30)), ElementsAre("a", "b", "c"));
  EXPECT_TRUE(members.expects_more());
  EXPECT_THAT(members.merge("x", {"a", "b"}, start + GroupMembers::patience), ElementsAre("a", "b"));
  EXPECT_FALSE(members.expects_more());
}

TEST(GroupMembers, WhoWasListedAgainAndThenIsNotIsGone) {
  GroupMembers members;
  (void)members.merge("x", {"a", "b"}, start);
  members.on_new_connection("x", start);
  EXPECT_THAT(members.merge("x", {"a", "b"}, start), ElementsAre("a", "b"));
  EXPECT_FALSE(members.expects_more());
  EXPECT_THAT(members.merge("x", {"a"}, start), ElementsAre("a"));
}

TEST(GroupMembers, ABrokerThatKeptItsConnectionsIsBelieved) {
  GroupMembers members;
  (void)members.merge("x", {"a", "b"}, start);
  members.on_new_connection("x", start);
  EXPECT_THAT(members.merge("y", {"a"}, start), ElementsAre("a"));
  EXPECT_THAT(members.merge("x", {"a"}, start), ElementsAre("a"));
  EXPECT_FALSE(members.expects_more());
}

TEST(GroupMembers, NewcomersCountAtOnce) {
  GroupMembers members;
  (void)members.merge("x", {"a", "b"}, start);
  members.on_new_connection("x", start);
  EXPECT_THAT(members.merge("x", {"a", "n"}, start), ElementsAre("a", "b", "n"));
}

}  // namespace
}  // namespace rocketmq::client
