#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "job_fixture.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

using Messages = std::vector<std::string>;

bool holds(const Messages& messages, const std::string& message) {
  return std::find(messages.begin(), messages.end(), message) != messages.end();
}

/// Jobs with onError="BLOCK".
class HandlerBlock : public JobTest {
 protected:
  static JobConfig block_config() {
    JobConfig config = job_config();
    config.handler.block = true;
    config.handler.retry_interval_ms = 250;
    return config;
  }
  Calls calls_;
};

TEST_F(HandlerBlock, WhatTheHandlerFailsOnIsHandedOverUntilItTakesIt) {
  client().deliver({"a", "b"});
  std::atomic<int> calls{0};
  const std::string id = create(handler([&](Heap*, const Messages& messages) {
                                  if (++calls <= 3) throw std::runtime_error("the table is away");
                                  calls_.add(messages);
                                }),
                                block_config());
  ASSERT_TRUE(client().eventually([&] { return client().acknowledged().size() == 2; }));
  EXPECT_THAT(calls_.all(), ElementsAre(ElementsAre("a", "b")));
  EXPECT_THAT(client().rejected(), IsEmpty());
  EXPECT_THAT(client().pauses(), ElementsAre(250ms, 250ms, 250ms)) << "the client makes them longer";
  const JobStatRow row = stat_of(id);
  EXPECT_EQ(row.processed_count, 2);
  EXPECT_EQ(row.failed_count, 0) << "nothing was given up";
  EXPECT_EQ(row.last_error, "topic=topic1 broker=broker-a queue=3 offset=0 exception=the table is away");
  EXPECT_TRUE(row.last_failed_time.has_value());
}

TEST_F(HandlerBlock, OnlyTheQueueAtFaultWaits) {
  client().deliver({"a1", "a2"}, 1);
  client().deliver({"b1", "refused"}, 2);
  client().deliver({"c1"}, 3);
  std::atomic<bool> refuses{true};
  const std::string id = create(handler([&](Heap*, const Messages& messages) {
                                  if (refuses && holds(messages, "refused")) throw std::runtime_error("no");
                                  calls_.add(messages);
                                }),
                                block_config());
  ASSERT_TRUE(client().eventually([&] { return client().acknowledged().size() == 3; }));
  EXPECT_EQ(stat_of(id).processed_count, 3);
  EXPECT_THAT(stat_of(id).last_error, HasSubstr("queue=2 offset=2")) << "the first row of the queue";
  refuses = false;
  ASSERT_TRUE(client().eventually([&] { return client().acknowledged().size() == 5; }));
  EXPECT_THAT(calls_.all(),
              ElementsAre(ElementsAre("a1", "a2"), ElementsAre("c1"), ElementsAre("b1", "refused")));
  EXPECT_EQ(stat_of(id).processed_count, 5);
  EXPECT_EQ(stat_of(id).failed_count, 0);
}

TEST_F(HandlerBlock, RowsOfAQueueNeverOvertakeThoseThatWait) {
  client().deliver({"a1", "refused"}, 1);
  client().deliver({"b1"}, 2);
  client().deliver({"a3"}, 1);
  std::atomic<bool> refuses{true};
  create(handler([&](Heap*, const Messages& messages) {
           if (refuses && holds(messages, "refused")) throw std::runtime_error("no");
           calls_.add(messages);
         }),
         block_config());
  ASSERT_TRUE(client().eventually([&] { return client().pauses().size() >= 3; }));
  refuses = false;
  ASSERT_TRUE(client().eventually([&] { return client().acknowledged().size() == 4; }));
  EXPECT_THAT(calls_.all(), ElementsAre(ElementsAre("b1"), ElementsAre("a1", "refused", "a3")));
}

TEST_F(HandlerBlock, ACancelEndsItAndTheRowsAreLeftToTheNextJob) {
  client().deliver({"a"}, 1);
  client().deliver({"b"}, 2);
  client().deliver({"c"}, 3);
  std::atomic<int> calls{0};
  const std::string id = create(handler([&](Heap*, const Messages&) {
                                  if (++calls == 2)
                                    registry_.cancel(registry_.stats(administrator).at(0).job_id);
                                  throw std::runtime_error("no");
                                }),
                                block_config());
  ASSERT_TRUE(client().eventually([&] { return stat_of(id).end_time.has_value(); }));
  EXPECT_EQ(calls, 2) << "all three, then the first queue alone";
  EXPECT_EQ(client().ready_count(), 3U);
  EXPECT_THAT(client().acknowledged(), IsEmpty());
  EXPECT_EQ(stat_of(id).failed_count, 0);
}

TEST_F(HandlerBlock, CallsThatAreRepeatedDoNotPutOffTheEndOfThrottle) {
  JobConfig config = block_config();
  config.handler.async_pull = true;
  config.handler.batch_size = 100;
  config.handler.throttle_ms = 200;
  client().deliver({"refused"}, 1);
  create(handler([&](Heap*, const Messages& messages) {
           std::this_thread::sleep_for(1ms);
           if (holds(messages, "refused")) throw std::runtime_error("no");
           calls_.add(messages);
         }),
         config);
  ASSERT_TRUE(client().eventually([&] { return client().pauses().size() >= 2; }));
  client().deliver({"other"}, 2);
  ASSERT_TRUE(client().eventually([&] { return client().acknowledged() == Messages{"other"}; }));
  EXPECT_THAT(calls_.all(), ElementsAre(ElementsAre("other")));
}

/// With bodies in JSON, and an error handler that notes what it gets.
class HandlerBlockSchema : public HandlerBlock {
 protected:
  JobConfig json_config() {
    JobConfig config = block_config();
    config.handler.table.body = BodyFormat::json;
    config.handler.table.schema.push_back({.name = "n", .type = rows::ColumnType::integer, .path = {"n"}});
    config.error_handler = handler([this](Heap*, const Messages& messages) { given_up_.add(messages); });
    return config;
  }
  Calls given_up_;
};

// G18: it never can be, so it must not hold up its queue.
TEST_F(HandlerBlockSchema, ABodyThatCannotBeParsedIsGivenUpAtOnceAndItsNeighboursArrive) {
  client().deliver({R"({"n":1})", "no json", R"({"n":3})"});
  const std::string id =
      create(handler([&](Heap*, const Messages& messages) { calls_.add(messages); }), json_config());
  ASSERT_TRUE(client().eventually([&] { return client().acknowledged().size() == 2; }));
  EXPECT_THAT(calls_.all(), ElementsAre(::testing::SizeIs(2)));
  EXPECT_THAT(given_up_.all(), ElementsAre(ElementsAre("no json")));
  EXPECT_THAT(client().pauses(), IsEmpty());
  EXPECT_EQ(stat_of(id).processed_count, 2);
  EXPECT_EQ(stat_of(id).failed_count, 1);
}

TEST_F(HandlerBlockSchema, ItIsGivenUpOnceHoweverOftenItsNeighboursAreHandedOver) {
  client().deliver({R"({"n":1})", "no json", R"({"n":3})"}, 1);
  client().deliver({R"({"n":4})", "neither"}, 2);
  std::atomic<int> calls{0};
  const std::string id = create(handler([&](Heap*, const Messages& messages) {
                                  if (++calls <= 6) throw std::runtime_error("the table is away");
                                  calls_.add(messages);
                                }),
                                json_config());
  ASSERT_TRUE(client().eventually([&] { return client().acknowledged().size() == 3; }));
  Messages given_up;
  for (const Messages& messages : given_up_.all())
    given_up.insert(given_up.end(), messages.begin(), messages.end());
  EXPECT_THAT(given_up, ::testing::UnorderedElementsAre("no json", "neither"));
  EXPECT_EQ(client().rejected_for_good(), 2U);
  const JobStatRow row = stat_of(id);
  EXPECT_EQ(row.processed_count, 3);
  EXPECT_EQ(row.failed_count, 2);
}

// A job that is cancelled meanwhile leaves the whole queue to the next one, which would give it up once more.
TEST_F(HandlerBlockSchema, ItIsNotGivenUpBeforeItsNeighboursAreTaken) {
  client().deliver({R"({"n":1})", "no json"});
  const std::string id = create(
      handler([&](Heap*, const Messages&) { throw std::runtime_error("the table is away"); }), json_config());
  ASSERT_TRUE(client().eventually([&] { return client().pauses().size() >= 3; }));
  EXPECT_THAT(given_up_.all(), IsEmpty());
  registry_.cancel(id);
  EXPECT_EQ(stat_of(id).failed_count, 0);
  EXPECT_EQ(client().ready_count(), 2U);
}

}  // namespace
}  // namespace rocketmq::plugin::test
