#include "plugin/stat_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <climits>

#include "plugin/sdk.h"

namespace rocketmq::plugin::test {
namespace {

TEST(StatTable, HasTheManualsNineColumnsInOrder) {
  const TableSP table = make_stat_table({});
  const std::vector<std::pair<std::string, DATA_TYPE>> expected{{"jobId", DT_STRING},
                                                                {"startTime", DT_NANOTIMESTAMP},
                                                                {"endTime", DT_NANOTIMESTAMP},
                                                                {"firstMsgTime", DT_NANOTIMESTAMP},
                                                                {"lastMsgTime", DT_NANOTIMESTAMP},
                                                                {"processedMsgCount", DT_LONG},
                                                                {"failedMsgCount", DT_LONG},
                                                                {"lastErrMsg", DT_STRING},
                                                                {"lastFailedTimestamp", DT_NANOTIMESTAMP}};
  ASSERT_EQ(table->columns(), static_cast<INDEX>(expected.size()));
  EXPECT_EQ(table->size(), 0);
  for (int i = 0; i < table->columns(); ++i) {
    EXPECT_EQ(table->getColumnName(i), expected[static_cast<std::size_t>(i)].first);
    EXPECT_EQ(table->getColumn(i)->getType(), expected[static_cast<std::size_t>(i)].second);
  }
}

TEST(StatTable, ShowsLocalTimesAndNulls) {
  constexpr EpochNanos now = 1'700'000'000'123'456'789;
  JobStatRow row;
  row.job_id = "id";
  row.start_time = now;
  row.last_failed_time = now + 1;
  row.processed_count = 7;
  row.failed_count = 2;
  row.last_error = "because";
  const TableSP table = make_stat_table({row, row});
  ASSERT_EQ(table->size(), 2);
  EXPECT_EQ(table->getColumn(0)->getString(1), "id");
  EXPECT_EQ(table->getColumn(1)->getLong(1), Util::toLocalNanoTimestamp(now));
  EXPECT_FALSE(table->getColumn(1)->getNullFlag());
  EXPECT_TRUE(table->getColumn(2)->getNullFlag())
      << "functions of the server skip NULLs where it is set only";
  EXPECT_TRUE(table->getColumn(2)->isNull(1));
  EXPECT_TRUE(table->getColumn(3)->isNull(1));
  EXPECT_TRUE(table->getColumn(4)->isNull(1));
  EXPECT_EQ(table->getColumn(5)->getLong(1), 7);
  EXPECT_EQ(table->getColumn(6)->getLong(1), 2);
  EXPECT_EQ(table->getColumn(7)->getString(1), "because");
  EXPECT_EQ(table->getColumn(8)->getLong(1), Util::toLocalNanoTimestamp(now + 1));
}

}  // namespace
}  // namespace rocketmq::plugin::test
