#include "rmq/queue_names.h"

#include <gmock/gmock.h>

#include "rmq/nearest.h"
#include "rmq/usage_error.h"
#include "thrown_text.h"

namespace rocketmq::rmq {
namespace {

using testing::HasSubstr;

TEST(QueueNames, NameOneQueueOrThatOfEveryBroker) {
  QueueNames names({"broker-a:3", "1"});
  EXPECT_TRUE(names.contains("broker-a", 3));
  EXPECT_FALSE(names.contains("broker-b", 3));
  EXPECT_TRUE(names.contains("broker-a", 1));
  EXPECT_TRUE(names.contains("broker-b", 1));
  EXPECT_FALSE(names.contains("broker-a", 0));
  EXPECT_NO_THROW(names.check_all_found("t"));
  QueueNames none({});
  EXPECT_TRUE(none.contains("any", 7));
}

TEST(QueueNames, OneThatNoQueueHasIsNamed) {
  QueueNames names({"0", "broker-x:0"});
  EXPECT_TRUE(names.contains("broker-a", 0));
  EXPECT_EQ(thrown_text<UsageError>([&] { names.check_all_found("t"); }),
            "topic 't' has no queue 'broker-x:0'; `rmq topic t` shows those that it has");
}

TEST(QueueNames, WhatIsNoneIsQuoted) {
  for (const char* text : {"", ":", ":1", "broker-a", "broker-a:", "broker-a:x", "-1", "1.5", "99999999999"})
    EXPECT_THAT(thrown_text<UsageError>([&] { QueueNames({text}); }),
                HasSubstr("'" + std::string(text) + "' is no queue"));
}

TEST(DidYouMean, TheNearestNameIfOneIsNear) {
  EXPECT_EQ(did_you_mean("topcs", {"topics", "topic", "group"}), "; did you mean 'topics'?");
  EXPECT_EQ(did_you_mean("xyz", {"topics", "group"}), "");
  EXPECT_EQ(did_you_mean(std::string(10'000, 'x'), {"topics"}), "");
}

}  // namespace
}  // namespace rocketmq::rmq
