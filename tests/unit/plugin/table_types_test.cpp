// The names and types of the columns that the functions on jobs and producers return, in the manual's order.
// Scripts that keep these tables go by both.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "plugin/job_tables.h"
#include "plugin/stat_table.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::ElementsAreArray;
using ColumnTypes = std::vector<std::pair<std::string, std::string>>;

ColumnTypes types_of(const TableSP& table) {
  ColumnTypes types;
  for (INDEX i = 0; i < table->columns(); ++i)
    types.emplace_back(table->getColumnName(i), Util::getDataTypeString(table->getColumn(i)->getType()));
  return types;
}

/// A table has the same columns whether it has rows or not, and whether their values are known or not.
template <class MakeTable, class Row>
void expect_types(const MakeTable& make_table, const Row& unknown, const ColumnTypes& expected) {
  const TableSP none = make_table(std::vector<Row>{});
  EXPECT_EQ(none->size(), 0);
  EXPECT_THAT(types_of(none), ElementsAreArray(expected));
  const TableSP one = make_table(std::vector<Row>{unknown});
  EXPECT_EQ(one->size(), 1);
  EXPECT_THAT(types_of(one), ElementsAreArray(expected));
}

TEST(TableTypes, OfGetProducerStat) {
  expect_types(make_producer_table, ProducerStatRow{},
               {{"producerId", "STRING"},
                {"groupName", "STRING"},
                {"namesrvAddr", "STRING"},
                {"clientId", "STRING"},
                {"user", "STRING"},
                {"createTime", "NANOTIMESTAMP"},
                {"sentMsgCount", "LONG"},
                {"sentBytes", "LONG"},
                {"failedMsgCount", "LONG"},
                {"retries", "LONG"},
                {"msgPerSecond", "DOUBLE"},
                {"avgSendMs", "DOUBLE"},
                {"p99SendMs", "DOUBLE"},
                {"lastErrMsg", "STRING"},
                {"lastErrTime", "NANOTIMESTAMP"}});
}

TEST(TableTypes, OfGetProducerStatWithItsValuesInTheirPlaces) {
  ProducerStatRow row;
  row.id = "7";
  row.description = {"group", "a:1", "client", "alice", 1'700'000'000'000'000'000};
  row.sent_count = 1;
  row.sent_bytes = 2;
  row.failed_count = 3;
  row.retries = 4;
  row.messages_per_second = 5.5;
  row.average_ms = 6.5;
  row.p99_ms = 7.5;
  row.last_error = "because";
  row.last_error_time = 1'700'000'001'000'000'000;
  const TableSP table = make_producer_table({row});
  const std::vector<std::string> texts{"7", "group", "a:1", "client", "alice"};
  for (std::size_t i = 0; i < texts.size(); ++i)
    EXPECT_EQ(table->getColumn(static_cast<INDEX>(i))->getString(0), texts[i]);
  EXPECT_EQ(table->getColumn("createTime")->getLong(0),
            Util::toLocalNanoTimestamp(row.description.create_time));
  EXPECT_EQ(table->getColumn("sentMsgCount")->getLong(0), 1);
  EXPECT_EQ(table->getColumn("sentBytes")->getLong(0), 2);
  EXPECT_EQ(table->getColumn("failedMsgCount")->getLong(0), 3);
  EXPECT_EQ(table->getColumn("retries")->getLong(0), 4);
  EXPECT_EQ(table->getColumn("msgPerSecond")->getDouble(0), 5.5);
  EXPECT_EQ(table->getColumn("avgSendMs")->getDouble(0), 6.5);
  EXPECT_EQ(table->getColumn("p99SendMs")->getDouble(0), 7.5);
  EXPECT_EQ(table->getColumn("lastErrMsg")->getString(0), "because");
  EXPECT_EQ(table->getColumn("lastErrTime")->getLong(0), Util::toLocalNanoTimestamp(*row.last_error_time));
}

TEST(TableTypes, OfGetSubJobInfo) {
  expect_types(make_info_table, JobReport{},
               {{"jobId", "STRING"},
                {"jobName", "STRING"},
                {"user", "STRING"},
                {"state", "STRING"},
                {"stateReason", "STRING"},
                {"namesrvAddr", "STRING"},
                {"groupName", "STRING"},
                {"topic", "STRING"},
                {"subExpression", "STRING"},
                {"messageModel", "STRING"},
                {"consumeFromWhere", "STRING"},
                {"clientId", "STRING"},
                {"queues", "INT"},
                {"lag", "LONG"},
                {"processedMsgCount", "LONG"},
                {"failedMsgCount", "LONG"},
                {"deadLetterCount", "LONG"},
                {"receivedBytes", "LONG"},
                {"msgPerSecond", "DOUBLE"},
                {"bytesPerSecond", "DOUBLE"},
                {"avgHandlerMs", "DOUBLE"},
                {"lastHandlerMs", "DOUBLE"},
                {"lastDelayMs", "LONG"},
                {"cachedMsgCount", "LONG"},
                {"cachedBytes", "LONG"},
                {"startTime", "NANOTIMESTAMP"},
                {"endTime", "NANOTIMESTAMP"}});
}

TEST(TableTypes, OfGetSubJobQueues) {
  JobReport job_with_queue;
  job_with_queue.consumer.queues.emplace_back();
  expect_types(make_queue_table, job_with_queue,
               {{"jobId", "STRING"},
                {"topic", "STRING"},
                {"brokerName", "STRING"},
                {"queueId", "INT"},
                {"committedOffset", "LONG"},
                {"consumedOffset", "LONG"},
                {"receivedOffset", "LONG"},
                {"maxOffset", "LONG"},
                {"lag", "LONG"},
                {"lastStoreTime", "TIMESTAMP"},
                {"delayMs", "LONG"},
                {"lastReplyTime", "TIMESTAMP"},
                {"state", "STRING"}});
}

TEST(TableTypes, OfGetSubJobErrors) {
  expect_types(make_error_table, ErrorOfJob{},
               {{"jobId", "STRING"},
                {"errorTime", "TIMESTAMP"},
                {"topic", "STRING"},
                {"brokerName", "STRING"},
                {"queueId", "INT"},
                {"queueOffset", "LONG"},
                {"msgId", "STRING"},
                {"reconsumeTimes", "INT"},
                {"error", "STRING"},
                {"msg", "BLOB"}});
}

TEST(TableTypes, OfSeekSubJobWhichNamesTheTopicWhereThereAreSeveral) {
  ColumnTypes expected{
      {"brokerName", "STRING"}, {"queueId", "INT"}, {"oldOffset", "LONG"}, {"newOffset", "LONG"}};
  const auto make = [](bool several_topics) {
    return [several_topics](const std::vector<SeekResult>& results) {
      return make_seek_table(results, several_topics);
    };
  };
  expect_types(make(false), SeekResult{}, expected);
  expected.insert(expected.begin(), {"topic", "STRING"});
  expect_types(make(true), SeekResult{}, expected);
}

TEST(TableTypes, OfSeekSubJobWithItsValuesInTheirPlaces) {
  const TableSP table = make_seek_table({{"t", "a", 3, std::nullopt, 8}, {"t", "b", 4, 5, 6}}, true);
  EXPECT_EQ(table->getColumn("topic")->getString(0), "t");
  EXPECT_EQ(table->getColumn("brokerName")->getString(1), "b");
  EXPECT_EQ(table->getColumn("queueId")->getInt(1), 4);
  EXPECT_TRUE(table->getColumn("oldOffset")->isNull(0)) << "the group had no progress";
  EXPECT_EQ(table->getColumn("oldOffset")->getLong(1), 5);
  EXPECT_EQ(table->getColumn("newOffset")->getLong(0), 8);
  EXPECT_EQ(table->getColumn("newOffset")->getLong(1), 6);
}

}  // namespace
}  // namespace rocketmq::plugin::test
