#include "client/consumer/rebalancer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <utility>

namespace rocketmq::client {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

const Rebalancer::TimePoint start{};

/// Whom a member counts with, by the lists that brokers give. It does not ask for them here.
class RebalancerMembers : public testing::Test {
 protected:
  RebalancerMembers() {
    ClientConfig config;
    config.name_server_addresses = "127.0.0.1:1";
    context_.core = ClientCore::create(std::move(config));
    rebalancer_.emplace(context_, false, [](const Rebalancer::Share&) {});
  }

  ConsumerContext context_;
  std::optional<Rebalancer> rebalancer_;
};

TEST_F(RebalancerMembers, AreThoseOfTheList) {
  rebalancer_->on_new_connection("x", start);
  EXPECT_THAT(rebalancer_->members_by("x", {"b", "a"}, start), ElementsAre("a", "b"));
  EXPECT_THAT(rebalancer_->members_by("x", {"a"}, start), ElementsAre("a"));
  EXPECT_FALSE(rebalancer_->expects_more());
}

TEST_F(RebalancerMembers, AreCountedForAWhileWhereABrokerStartedAnewDoesNotListThemYet) {
  (void)rebalancer_->members_by("x", {"a", "b", "c"}, start);
  rebalancer_->on_new_connection("x", start);
  EXPECT_THAT(rebalancer_->members_by("x", {"a"}, start), ElementsAre("a", "b", "c"));
  EXPECT_THAT(rebalancer_->members_by("x", {"a", "b"}, start + seconds(30)), ElementsAre("a", "b", "c"));
  EXPECT_TRUE(rebalancer_->expects_more());
  EXPECT_THAT(rebalancer_->members_by("x", {"a", "b"}, start + Rebalancer::member_patience),
              ElementsAre("a", "b"));
  EXPECT_FALSE(rebalancer_->expects_more());
}

TEST_F(RebalancerMembers, WhoWasListedAgainAndThenIsNotIsGone) {
  (void)rebalancer_->members_by("x", {"a", "b"}, start);
  rebalancer_->on_new_connection("x", start);
  EXPECT_THAT(rebalancer_->members_by("x", {"a", "b"}, start), ElementsAre("a", "b"));
  EXPECT_FALSE(rebalancer_->expects_more());
  EXPECT_THAT(rebalancer_->members_by("x", {"a"}, start), ElementsAre("a"));
}

TEST_F(RebalancerMembers, ABrokerThatKeptItsConnectionsIsBelieved) {
  (void)rebalancer_->members_by("x", {"a", "b"}, start);
  rebalancer_->on_new_connection("x", start);
  EXPECT_THAT(rebalancer_->members_by("y", {"a"}, start), ElementsAre("a"));
  EXPECT_THAT(rebalancer_->members_by("x", {"a"}, start), ElementsAre("a"));
  EXPECT_FALSE(rebalancer_->expects_more());
}

TEST_F(RebalancerMembers, NewcomersCountAtOnce) {
  (void)rebalancer_->members_by("x", {"a", "b"}, start);
  rebalancer_->on_new_connection("x", start);
  EXPECT_THAT(rebalancer_->members_by("x", {"a", "n"}, start), ElementsAre("a", "b", "n"));
}

}  // namespace
}  // namespace rocketmq::client
