#include "plugin/job_stat.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace rocketmq::plugin::test {
namespace {

TEST(JobStat, NothingHappenedYet) {
  const JobStat stat("id", 100);
  const JobStatRow row = stat.snapshot();
  EXPECT_EQ(row.job_id, "id");
  EXPECT_EQ(row.start_time, 100);
  EXPECT_FALSE(row.end_time || row.first_message_time || row.last_message_time || row.last_failed_time);
  EXPECT_EQ(row.processed_count, 0);
  EXPECT_EQ(row.failed_count, 0);
  EXPECT_EQ(row.last_error, "");
}

TEST(JobStat, ErrorsAreCutBetweenCharacters) {
  JobStat stat("id", 100);
  std::string chinese;
  while (chinese.size() <= JobStat::max_error_bytes)
    chinese += "中";
  stat.failed(chinese, 110);
  const std::string kept = stat.errors(1).at(0).error;
  EXPECT_EQ(kept, chinese.substr(0, JobStat::max_error_bytes / 3 * 3));
}

TEST(JobStat, KeepsTheFirstAndTheLastTime) {
  JobStat stat("id", 100);
  stat.received(200);
  stat.received(300);
  stat.processed(5);
  stat.processed(2);
  stat.failed("first", 310);
  stat.failed("second", 320);
  stat.ended(400);
  stat.ended(500);
  const JobStatRow row = stat.snapshot();
  EXPECT_EQ(row.first_message_time, 200);
  EXPECT_EQ(row.last_message_time, 300);
  EXPECT_EQ(row.processed_count, 7);
  EXPECT_EQ(row.failed_count, 2);
  EXPECT_EQ(row.last_error, "second");
  EXPECT_EQ(row.last_failed_time, 320);
  EXPECT_EQ(row.end_time, 400) << "a job ends once";
}

TEST(JobStat, TimesNeverGoBackWhateverTheClockAndTheOrderOfThreads) {
  JobStat stat("id", 100);
  stat.received(50);
  EXPECT_EQ(stat.snapshot().first_message_time, 100);
  stat.received(300);
  stat.received(200);
  stat.failed("late", 250);
  stat.failed("later", 240);
  stat.ended(90);
  const JobStatRow row = stat.snapshot();
  EXPECT_EQ(row.first_message_time, 100);
  EXPECT_EQ(row.last_message_time, 300);
  EXPECT_EQ(row.last_failed_time, 250);
  EXPECT_EQ(row.end_time, 300);
}

TEST(JobStat, SnapshotsAreConsistentWhileItCounts) {
  JobStat stat("id", 0);
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (long long i = 1; i <= 20'000; ++i)
      stat.failed(std::to_string(i), i);
    done = true;
  });
  while (!done) {
    const JobStatRow row = stat.snapshot();
    if (row.failed_count == 0) continue;
    EXPECT_EQ(row.last_error, std::to_string(row.failed_count));
    EXPECT_EQ(row.last_failed_time, row.failed_count);
  }
  writer.join();
}

}  // namespace
}  // namespace rocketmq::plugin::test
