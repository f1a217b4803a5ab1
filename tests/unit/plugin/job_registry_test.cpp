#include "plugin/job_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>
#include <stdexcept>
#include <thread>

#include "job_fixture.h"
#include "plugin/argument_error.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Messages = std::vector<std::string>;
using JobRegistryTest = JobTest;

TEST_F(JobRegistryTest, CancelClosesTheConsumerAndKeepsTheRow) {
  const std::string id = create(ignoring_handler());
  EXPECT_EQ(client().live_consumers(), 1);
  EXPECT_TRUE(registry_.cancel(id));
  EXPECT_EQ(client().live_consumers(), 0);
  EXPECT_EQ(client().closed_consumers(), 1);
  const JobStatRow row = stat_of(id);
  ASSERT_TRUE(row.end_time.has_value());
  EXPECT_GE(*row.end_time, row.start_time);
}

TEST_F(JobRegistryTest, CancellingAnEndedJobIsFalseAndAnUnknownOneAnError) {
  const std::string id = create(ignoring_handler());
  EXPECT_TRUE(registry_.cancel(id));
  EXPECT_FALSE(registry_.cancel(id));
  EXPECT_EQ(error_of([&] { registry_.cancel("nobody"); }),
            "there is no job \"nobody\"; getSubJobStat() lists all jobs.");
}

TEST_F(JobRegistryTest, AJobIsCancelledByItsName) {
  JobConfig config = job_config();
  config.name = "ticks";
  const std::string id = create(ignoring_handler(), config);
  EXPECT_TRUE(registry_.cancel("ticks"));
  EXPECT_TRUE(stat_of(id).end_time.has_value());
  EXPECT_FALSE(registry_.cancel("ticks")) << "an ended job answers to its name, too";
  const std::string next = create(ignoring_handler(), config);
  EXPECT_TRUE(registry_.cancel("ticks")) << "the running one, not the ended one";
  EXPECT_TRUE(stat_of(next).end_time.has_value());
}

TEST_F(JobRegistryTest, ANameIsForOneRunningJobAtATime) {
  JobConfig config = job_config();
  config.name = "ticks";
  const std::string id = create(ignoring_handler(), config);
  EXPECT_EQ(error_of([&] { create(ignoring_handler(), config); }),
            "consumerConfig: jobName \"ticks\" is that of a job that runs, " + id +
                "; give this one another name, or end that one first.");
  EXPECT_EQ(client().live_consumers(), 1) << "nothing was started";
  EXPECT_EQ(registry_.stats(administrator).size(), 1U);
}

TEST_F(JobRegistryTest, ANameWhoseJobCouldNotStartIsFreeAgain) {
  JobConfig config = job_config();
  config.name = "ticks";
  client().refuse_start(Error(Errc::no_name_server, "no name server"));
  EXPECT_THROW(create(ignoring_handler(), config), Error);
  create(ignoring_handler(), config);
  EXPECT_THAT(client().consumer_config()->label, HasSubstr("job ticks ("));
}

TEST_F(JobRegistryTest, CancelFinishesTheRunningCallAndCommitsIt) {
  std::atomic<bool> inside{false};
  std::atomic<bool> go_on{false};
  client().deliver({"a"});
  const std::string id = create(handler([&](Heap*, const Messages&) {
    inside = true;
    client().eventually([&] { return go_on.load(); });
  }));
  ASSERT_TRUE(client().eventually([&] { return inside.load(); }));
  std::atomic<bool> cancelled{false};
  std::thread canceller([&] { cancelled = registry_.cancel(id); });
  EXPECT_EQ(stat_of(id).processed_count, 0) << "statistics never wait for a handler";
  EXPECT_FALSE(cancelled);
  go_on = true;
  canceller.join();
  EXPECT_TRUE(cancelled);
  EXPECT_THAT(client().acknowledged(), ElementsAre("a"));
  EXPECT_EQ(stat_of(id).processed_count, 1);
}

TEST_F(JobRegistryTest, ACancelThatLosesPatienceSaysWhatHappens) {
  std::atomic<bool> inside{false};
  std::atomic<bool> go_on{false};
  client().deliver({"a"});
  const std::string id = create(handler([&](Heap*, const Messages&) {
    inside = true;
    client().eventually([&] { return go_on.load(); });
  }));
  ASSERT_TRUE(client().eventually([&] { return inside.load(); }));
  EXPECT_THAT(error_of([&] { registry_.cancel(id, std::chrono::milliseconds(20)); }),
              HasSubstr("is cancelled and takes no more messages, but its handler (or errorHandler, or "
                        "startOffsets) has not returned within 20 ms"));
  go_on = true;
  EXPECT_TRUE(client().eventually([&] { return stat_of(id).end_time.has_value(); }));
}

TEST_F(JobRegistryTest, AJobCanCancelItselfFromItsHandler) {
  client().deliver({"a"});
  std::atomic<bool> result{false};
  create(handler([&](Heap*, const Messages&) {
    for (const JobStatRow& row : registry_.stats(administrator))
      result = registry_.cancel(row.job_id);
  }));
  ASSERT_TRUE(client().eventually([&] {
    const auto rows = registry_.stats(administrator);
    return rows.size() == 1 && rows[0].end_time.has_value();
  }));
  EXPECT_TRUE(result);
  EXPECT_THAT(client().acknowledged(), ElementsAre("a"))
      << "the call that cancelled is finished like any other";
}

TEST_F(JobRegistryTest, OfManyConcurrentCancelsOneEndsTheJob) {
  const std::string id = create(ignoring_handler(), job_config(4));
  std::atomic<int> winners{0};
  std::atomic<int> not_ended{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      if (registry_.cancel(id)) ++winners;
      if (!stat_of(id).end_time.has_value()) ++not_ended;
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(winners, 1);
  EXPECT_EQ(not_ended, 0) << "a cancel returns when the job has ended, whoever ended it";
  EXPECT_EQ(client().closed_consumers(), 1);
}

TEST_F(JobRegistryTest, IdsAreUniqueAndRowsStandInTheOrderOfCreation) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i)
    ids.push_back(create(ignoring_handler()));
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 5U);
  registry_.cancel(ids[1]);
  std::vector<std::string> shown;
  for (const JobStatRow& row : registry_.stats(administrator))
    shown.push_back(row.job_id);
  EXPECT_EQ(shown, ids);
}

TEST_F(JobRegistryTest, OnlyTheNewestEndedJobsAreKept) {
  JobRegistry small(2);
  const std::vector<SessionSP> sessions{session_of("alice")};
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i)
    ids.push_back(small.create(job_config(), ignoring_handler(), sessions));
  for (const int i : {3, 0, 1})
    small.cancel(ids[static_cast<std::size_t>(i)]);
  std::vector<std::string> shown;
  for (const JobStatRow& row : small.stats(administrator))
    shown.push_back(row.job_id);
  EXPECT_THAT(shown, ElementsAre(ids[0], ids[1], ids[2])) << "the job that ended first is forgotten";
  EXPECT_TRUE(small.cancel(ids[2]));
}

TEST_F(JobRegistryTest, AConsumerThatCannotStartLeavesNoJob) {
  client().refuse_start(Error(Errc::no_name_server, "no name server answered at 127.0.0.1:1"));
  EXPECT_EQ(error_of([&] { create(ignoring_handler()); }), "no name server answered at 127.0.0.1:1");
  EXPECT_TRUE(registry_.stats(administrator).empty());
}

TEST_F(JobRegistryTest, TheClientCallsTheJobByItsId) {
  const std::string id = create(ignoring_handler());
  EXPECT_EQ(client().consumer_config()->label, "job " + id);
}

TEST_F(JobRegistryTest, WhatKeepsAJobFromReceivingIsItsLastErrorAndCountsNoRow) {
  const std::string id = create(ignoring_handler());
  client().consumer_config()->on_notice({0, "topic 'topic1' may not be read"});
  EXPECT_EQ(stat_of(id).last_error, "topic 'topic1' may not be read");
  EXPECT_TRUE(stat_of(id).last_failed_time);
  EXPECT_EQ(stat_of(id).failed_count, 0);
}

TEST_F(JobRegistryTest, WhatTheConsumerGivesUpCountsAsFailed) {
  const std::string id = create(ignoring_handler());
  client().consumer_config()->on_notice({2, "offsets 7 and 8 cannot be read"});
  EXPECT_EQ(stat_of(id).last_error, "offsets 7 and 8 cannot be read");
  EXPECT_EQ(stat_of(id).failed_count, 2);
}

TEST_F(JobRegistryTest, TheHandlerIsLetGoWhenTheJobEnds) {
  auto table_of_the_script = std::make_shared<int>(0);
  const std::weak_ptr<int> watched = table_of_the_script;
  FunctionDefSP function = handler([table_of_the_script](Heap*, const Messages&) {});
  table_of_the_script.reset();
  const std::string id = create(function);
  function.clear();
  EXPECT_FALSE(watched.expired());
  registry_.cancel(id);
  EXPECT_TRUE(watched.expired());
}

TEST_F(JobRegistryTest, ShutDownEndsAllJobsSideBySide) {
  for (int i = 0; i < 20; ++i)
    create(ignoring_handler());
  EXPECT_TRUE(registry_.shut_down(std::chrono::steady_clock::now() + std::chrono::seconds(5)));
  EXPECT_EQ(client().live_consumers(), 0);
}

TEST_F(JobRegistryTest, WhatFailsWhileTheProcessExitsIsDeliveredAgainLater) {
  std::atomic<bool> inside{false};
  std::atomic<bool> go_on{false};
  client().deliver({"a", "b"});
  const std::string id = create(handler([&](Heap*, const Messages&) {
    inside = true;
    client().eventually([&] { return go_on.load(); });
    throw std::runtime_error("the table is gone");
  }));
  ASSERT_TRUE(client().eventually([&] { return inside.load(); }));
  EXPECT_FALSE(registry_.shut_down(std::chrono::steady_clock::now()));
  go_on = true;
  ASSERT_TRUE(registry_.shut_down(std::chrono::steady_clock::now() + std::chrono::seconds(10)));
  EXPECT_EQ(client().ready_count(), 2U);
  EXPECT_EQ(stat_of(id).failed_count, 0);
}

TEST_F(JobRegistryTest, ShutDownGivesUpAtItsDeadline) {
  std::atomic<bool> inside{false};
  std::atomic<bool> go_on{false};
  client().deliver({"a"});
  create(handler([&](Heap*, const Messages&) {
    inside = true;
    client().eventually([&] { return go_on.load(); });
  }));
  ASSERT_TRUE(client().eventually([&] { return inside.load(); }));
  EXPECT_FALSE(registry_.shut_down(std::chrono::steady_clock::now() + std::chrono::milliseconds(20)));
  go_on = true;
  // The handler looks at what this test has on its stack.
  EXPECT_TRUE(registry_.shut_down(std::chrono::steady_clock::now() + std::chrono::seconds(10)));
}

}  // namespace
}  // namespace rocketmq::plugin::test
