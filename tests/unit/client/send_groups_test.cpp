#include "client/producer/send_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "wire/batch.h"

namespace rocketmq::client {
namespace {

using namespace std::chrono_literals;

const std::chrono::steady_clock::time_point start{1h};

SendGroups::Joined join_or_push(SendGroups& groups, std::string_view body,
                                std::chrono::steady_clock::time_point now = start,
                                const std::string& topic = "t") {
  return groups.join(topic, body.size() + 1, now, [&](std::string& items) {
    ASSERT_EQ(wire::append_batch_item(items, 0, as_bytes(body), "p"), Errc::ok);
  });
}

std::optional<SendGroups::Place> join(SendGroups& groups, std::string_view body,
                                      std::chrono::steady_clock::time_point now = start,
                                      const std::string& topic = "t") {
  const auto joined = join_or_push(groups, body, now, topic);
  EXPECT_EQ(joined.send_before, nullptr);
  return joined.place;
}

std::vector<std::string> bodies_of(const EncodedBatch& batch) {
  std::vector<std::string> bodies;
  wire::BatchReader reader(as_bytes(*batch.body));
  wire::BatchItemView item;
  for (bool found = true; reader.next(item, found) == Errc::ok && found;)
    bodies.emplace_back(as_text(item.body));
  return bodies;
}

TEST(SendGroups, WhoIsAloneGoesAtOnceTimeAfterTime) {
  SendGroups groups;
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(join(groups, "a"));
    const auto next = groups.ended("t", 1);
    EXPECT_EQ(next.group, nullptr);
    EXPECT_EQ(next.linger, 0U) << "nobody else is there to wait for";
  }
}

TEST(SendGroups, WhoComesWhileARequestIsOnItsWayIsInTheNextOneWithTheOneWhoComesBack) {
  SendGroups groups;
  EXPECT_FALSE(join(groups, "a"));
  const auto b = join(groups, "b");
  const auto c = join(groups, "c");
  ASSERT_TRUE(b && c);
  EXPECT_EQ(b->group, c->group);
  EXPECT_EQ(b->index, 0U);
  EXPECT_EQ(c->index, 1U);
  EXPECT_FALSE(c->complete);
  const auto next = groups.ended("t", 1);
  EXPECT_EQ(next.group, nullptr);
  EXPECT_NE(next.linger, 0U);
  const auto again = join(groups, "a2");
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->complete) << "b, c and the one that has just been stored: nobody else is expected";
  const auto batch = again->group->take_batch();
  EXPECT_TRUE(batch.batch);
  EXPECT_EQ(batch.count, 3U);
  EXPECT_THAT(bodies_of(batch), testing::ElementsAre("b", "c", "a2"));
  EXPECT_EQ(groups.linger_over("t", next.linger), nullptr) << "the group is gone by then";
  EXPECT_TRUE(join(groups, "d")) << "the group is a request on its way";
}

TEST(SendGroups, LingeringEndsAfterItsTimeWithThoseWhoCame) {
  SendGroups groups;
  EXPECT_FALSE(join(groups, "a"));
  const auto b = join(groups, "b");
  ASSERT_TRUE(b);
  const auto next = groups.ended("t", 1);
  EXPECT_EQ(groups.linger_over("t", next.linger + 1), nullptr) << "another one's number";
  const auto group = groups.linger_over("t", next.linger);
  ASSERT_EQ(group, b->group);
  EXPECT_FALSE(groups.take(group)) << "it is given away once";
  const auto batch = group->take_batch();
  EXPECT_FALSE(batch.batch) << "one message alone is an ordinary one";
  EXPECT_EQ(*batch.body, "b");
  EXPECT_EQ(batch.properties, "p");
}

TEST(SendGroups, LingeringForNothingBecomesRareAndIsWorthwhileAgainOnceItWasNotForNothing) {
  SendGroups groups;
  std::vector<int> lingered;
  for (int request = 0; request < 12; ++request) {
    if (request == 0) {
      EXPECT_FALSE(join(groups, "x"));
    }
    EXPECT_TRUE(join(groups, "y")) << "while the one before is on its way";
    const auto next = groups.ended("t", 1);
    if (next.linger == 0) {
      EXPECT_NE(next.group, nullptr);
      continue;
    }
    lingered.push_back(request);
    EXPECT_NE(groups.linger_over("t", next.linger), nullptr);
  }
  EXPECT_THAT(lingered, testing::ElementsAre(0, 2, 6));
}

TEST(SendGroups, WhenNobodyCameBackTheNextOneIsAlone) {
  SendGroups groups;
  EXPECT_FALSE(join(groups, "a"));
  const auto next = groups.ended("t", 2);
  EXPECT_NE(next.linger, 0U) << "two were stored, and mostly come back";
  EXPECT_EQ(groups.linger_over("t", next.linger), nullptr);
  EXPECT_FALSE(join(groups, "b"));
}

TEST(SendGroups, AGroupThatWaitedLongEnoughGoesBesideTheRequestThatIsOnItsWay) {
  SendGroups groups;
  EXPECT_FALSE(join(groups, "a"));
  const auto b = join(groups, "b");
  ASSERT_TRUE(b);
  EXPECT_TRUE(groups.take(b->group));
  EXPECT_FALSE(groups.take(b->group));
  const auto c = join(groups, "c");
  ASSERT_TRUE(c);
  EXPECT_NE(c->group, b->group);
}

TEST(SendGroups, TopicsHaveNothingToDoWithEachOther) {
  SendGroups groups;
  EXPECT_FALSE(join(groups, "a", start, "t"));
  EXPECT_FALSE(join(groups, "b", start, "u"));
}

TEST(SendGroups, AFullGroupGoesBeforeTheNextOneFills) {
  SendGroups groups;
  EXPECT_FALSE(join(groups, "a"));
  const std::string body(SendGroups::max_message_bytes - 100, 'x');
  std::shared_ptr<SendGroup> first;
  for (std::size_t i = 0; i < SendGroups::max_group_bytes / SendGroups::max_message_bytes; ++i) {
    const auto place = join(groups, body);
    ASSERT_TRUE(place);
    EXPECT_EQ(place->index, i);
    first = place->group;
  }
  const auto next = join_or_push(groups, body);
  EXPECT_EQ(next.send_before, first);
  ASSERT_TRUE(next.place);
  EXPECT_EQ(next.place->index, 0U);
}

TEST(SendGroups, ATopicThatRefusesBatchesGetsNoneForAMinute) {
  SendGroups groups;
  groups.avoid("t", start);
  EXPECT_FALSE(join(groups, "a", start));
  EXPECT_FALSE(join(groups, "b", start + 59s));
  EXPECT_TRUE(join(groups, "c", start + 60s));
}

TEST(SendGroups, WhoGoesAloneAtATopicThatRefusesBatchesOvertakesNobody) {
  SendGroups groups;
  EXPECT_FALSE(join(groups, "a"));
  const auto b = join(groups, "b");
  ASSERT_TRUE(b);
  groups.avoid("t", start);
  const auto c = join_or_push(groups, "c");
  EXPECT_EQ(c.send_before, b->group);
  EXPECT_FALSE(c.place);
}

TEST(SendGroups, AMessageThatCannotBeEncodedLeavesTheGroupAsItWas) {
  SendGroups groups;
  EXPECT_FALSE(join(groups, "a"));
  const auto b = join(groups, "b");
  EXPECT_THROW((void)groups.join("t", 1, start, [](std::string&) { throw std::bad_alloc(); }),
               std::bad_alloc);
  const auto c = join(groups, "c");
  ASSERT_TRUE(b && c);
  EXPECT_EQ(c->index, 1U);
  EXPECT_EQ(c->group->count(), 2U);
}

TEST(SendGroups, EveryMemberWakesAndSeesTheResult) {
  SendGroups groups;
  EXPECT_FALSE(join(groups, "a"));
  const auto b = join(groups, "b");
  const auto c = join(groups, "c");
  ASSERT_TRUE(b && c);
  EXPECT_FALSE(c->member->ends_within(1ms));
  auto progress = c->group->progress();
  progress->end({SendRange{0, 2, SendOutcome::stored, {}}}, 1);
  EXPECT_TRUE(b->member->ends_within(0ms));
  EXPECT_TRUE(c->member->ends_within(0ms));
  ASSERT_NE(progress->result(), nullptr);
  EXPECT_EQ(progress->result()->ranges.size(), 1U);
}

}  // namespace
}  // namespace rocketmq::client
