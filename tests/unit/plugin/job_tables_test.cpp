#include "plugin/job_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "job_fixture.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Messages = std::vector<std::string>;

std::vector<std::string> names_of(const TableSP& table) {
  std::vector<std::string> names;
  for (int i = 0; i < table->columns(); ++i)
    names.push_back(table->getColumnName(i));
  return names;
}

class JobTablesTest : public JobTest {
 protected:
  TableSP info(const std::optional<std::string>& id = std::nullopt, const Caller& caller = administrator) {
    return make_info_table(registry_.reports(id, caller));
  }
  TableSP queues() { return make_queue_table(registry_.reports(std::nullopt, administrator)); }
  TableSP errors(std::size_t limit = 100) {
    return make_error_table(registry_.errors(std::nullopt, limit, administrator));
  }
  static ConstantSP cell(const TableSP& table, const std::string& column, int row = 0) {
    return table->getColumn(column)->get(row);
  }
  std::string create_of(const std::string& user, const std::string& name = {}) {
    JobConfig config = job_config();
    config.user = user;
    config.name = name;
    return create(ignoring_handler(), config);
  }
};

TEST_F(JobTablesTest, InfoHasItsColumns) {
  EXPECT_THAT(names_of(info()),
              ElementsAre("jobId", "jobName", "user", "state", "stateReason", "namesrvAddr", "groupName",
                          "topic", "subExpression", "messageModel", "consumeFromWhere", "clientId", "queues",
                          "lag", "processedMsgCount", "failedMsgCount", "deadLetterCount", "receivedBytes",
                          "msgPerSecond", "bytesPerSecond", "avgHandlerMs", "lastHandlerMs", "lastDelayMs",
                          "cachedMsgCount", "cachedBytes", "startTime", "endTime"));
}

TEST_F(JobTablesTest, InfoTellsWhatTheJobWasToldAndWhatItDoes) {
  JobConfig config = job_config();
  config.user = "alice";
  config.name = "ticks";
  config.consumer.client.name_server_addresses = "a:9876;b:9876";
  config.consumer.subscriptions = {{"topic1", "*"}, {"topic2", "red || blue"}};
  config.consumer.message_model = MessageModel::broadcasting;
  QueueStatus queue;
  queue.topic = "topic1";
  queue.consumed_offset = 4;
  queue.max_offset = 10;
  queue.cached_messages = 6;
  queue.cached_bytes = 60;
  queue.last_store_ms = 1'000;
  queue.last_handled_ms = 1'250;
  QueueStatus retries;
  retries.is_retry = true;
  client().set_status({{queue, retries},
                       {{.topic = "topic1", .queues = 1, .own_queues = 1, .members = 1, .owners = {}}},
                       {}});
  client().deliver({"a", "bcd"});
  const std::string id = create(ignoring_handler(), config);
  ASSERT_TRUE(client().eventually([&] { return stat_of(id).processed_count == 2; }));
  const TableSP table = info(id);
  ASSERT_EQ(table->size(), 1);
  EXPECT_EQ(cell(table, "jobName")->getString(), "ticks");
  EXPECT_EQ(cell(table, "user")->getString(), "alice");
  EXPECT_EQ(cell(table, "state")->getString(), "RUNNING");
  EXPECT_EQ(cell(table, "namesrvAddr")->getString(), "a:9876;b:9876");
  EXPECT_EQ(cell(table, "topic")->getString(), "topic1,topic2");
  EXPECT_EQ(cell(table, "subExpression")->getString(), "*,red || blue");
  EXPECT_EQ(cell(table, "messageModel")->getString(), "BROADCASTING");
  EXPECT_EQ(cell(table, "clientId")->getString(), "fake@group1");
  EXPECT_EQ(cell(table, "queues")->getInt(), 1) << "the retry queue is not counted";
  EXPECT_EQ(cell(table, "lag")->getLong(), 6);
  EXPECT_EQ(cell(table, "processedMsgCount")->getLong(), 2);
  EXPECT_EQ(cell(table, "receivedBytes")->getLong(), 4);
  EXPECT_GT(cell(table, "msgPerSecond")->getDouble(), 0);
  EXPECT_GE(cell(table, "avgHandlerMs")->getDouble(), 0);
  EXPECT_FALSE(cell(table, "lastHandlerMs")->isNull());
  EXPECT_EQ(cell(table, "lastDelayMs")->getLong(), 250);
  EXPECT_EQ(cell(table, "cachedMsgCount")->getLong(), 6);
  EXPECT_EQ(cell(table, "cachedBytes")->getLong(), 60);
  EXPECT_TRUE(cell(table, "endTime")->isNull());
  registry_.cancel(id);
  EXPECT_EQ(cell(info("ticks"), "state")->getString(), "ENDED");
  EXPECT_TRUE(cell(info(id), "lag")->isNull());
  EXPECT_FALSE(cell(info(id), "endTime")->isNull());
}

TEST_F(JobTablesTest, QueuesAreRowsWithNullsWhereNothingIsKnown) {
  QueueStatus known;
  known.topic = "topic1";
  known.broker_name = "broker-a";
  known.queue_id = 3;
  known.committed_offset = 1;
  known.consumed_offset = 2;
  known.received_offset = 5;
  known.max_offset = 9;
  known.last_store_ms = 1'700'000'000'000;
  known.last_handled_ms = known.last_store_ms + 40;
  known.last_reply_ms = known.last_store_ms + 50;
  client().set_status({{known, QueueStatus{}}, {}, {}});
  const std::string id = create_of("alice");
  const TableSP table = queues();
  EXPECT_THAT(names_of(table), ElementsAre("jobId", "topic", "brokerName", "queueId", "committedOffset",
                                           "consumedOffset", "receivedOffset", "maxOffset", "lag",
                                           "lastStoreTime", "delayMs", "lastReplyTime", "state"));
  ASSERT_EQ(table->size(), 2);
  EXPECT_EQ(cell(table, "jobId")->getString(), id);
  EXPECT_EQ(cell(table, "queueId")->getInt(), 3);
  EXPECT_EQ(cell(table, "committedOffset")->getLong(), 1);
  EXPECT_EQ(cell(table, "consumedOffset")->getLong(), 2);
  EXPECT_EQ(cell(table, "receivedOffset")->getLong(), 5);
  EXPECT_EQ(cell(table, "maxOffset")->getLong(), 9);
  EXPECT_EQ(cell(table, "lag")->getLong(), 7);
  EXPECT_EQ(cell(table, "lastStoreTime")->getLong(),
            Util::toLocalNanoTimestamp(known.last_store_ms * 1'000'000) / 1'000'000);
  EXPECT_EQ(cell(table, "delayMs")->getLong(), 40);
  EXPECT_EQ(cell(table, "state")->getString(), "RUNNING");
  for (const char* column : {"committedOffset", "consumedOffset", "receivedOffset", "maxOffset", "lag",
                             "lastStoreTime", "delayMs", "lastReplyTime"})
    EXPECT_TRUE(cell(table, column, 1)->isNull()) << column;
  EXPECT_EQ(cell(table, "state", 1)->getString(), "STARTING");
}

TEST_F(JobTablesTest, ErrorsComeNewestFirstWithTheMessageThatFailed) {
  client().deliver({"first " + std::string(2000, 'x')});
  const std::string id = create(handler(
      [](Heap*, const Messages& messages) { throw std::runtime_error("no " + messages[0].substr(0, 6)); }));
  ASSERT_TRUE(client().eventually([&] { return stat_of(id).failed_count == 1; }));
  client().deliver({"second"});
  ASSERT_TRUE(client().eventually([&] { return stat_of(id).failed_count == 2; }));
  client().consumer_config()->on_notice({0, "topic 'topic1' may not be read"});
  const TableSP table = errors();
  EXPECT_THAT(names_of(table), ElementsAre("jobId", "errorTime", "topic", "brokerName", "queueId",
                                           "queueOffset", "msgId", "reconsumeTimes", "error", "msg"));
  ASSERT_EQ(table->size(), 3);
  EXPECT_EQ(cell(table, "error", 0)->getString(), "topic 'topic1' may not be read");
  EXPECT_TRUE(cell(table, "queueId", 0)->isNull()) << "it is about no message";
  EXPECT_TRUE(cell(table, "msg", 0)->isNull());
  EXPECT_EQ(cell(table, "error", 1)->getString(), "no second");
  EXPECT_EQ(cell(table, "topic", 1)->getString(), "topic1");
  EXPECT_EQ(cell(table, "brokerName", 1)->getString(), "broker-a");
  EXPECT_EQ(cell(table, "queueId", 1)->getInt(), 3);
  EXPECT_EQ(cell(table, "queueOffset", 1)->getLong(), 1);
  EXPECT_EQ(cell(table, "reconsumeTimes", 1)->getInt(), 0);
  EXPECT_EQ(cell(table, "msg", 1)->getString(), "second");
  EXPECT_EQ(cell(table, "msg", 2)->getString().size(), 1024U) << "only the first KiB is kept";
  EXPECT_EQ(errors(1)->size(), 1);
}

TEST_F(JobTablesTest, OnlyTheNewestHundredErrorsAreKept) {
  const std::string id = create_of("alice");
  for (int i = 0; i < 150; ++i)
    client().consumer_config()->on_notice({0, "notice " + std::to_string(i)});
  const TableSP table = errors(1000);
  ASSERT_EQ(table->size(), 100);
  EXPECT_EQ(cell(table, "error", 0)->getString(), "notice 149");
  EXPECT_EQ(cell(table, "error", 99)->getString(), "notice 50");
}

TEST_F(JobTablesTest, AFailingHandlerShowsUntilItReturns) {
  std::atomic<bool> fails{true};
  client().set_status(
      {{}, {{.topic = "topic1", .queues = 1, .own_queues = 1, .members = 1, .owners = {}}}, {}});
  client().deliver({"a"});
  const std::string id = create(handler([&](Heap*, const Messages&) {
    if (fails) throw std::runtime_error("the table is gone");
  }));
  ASSERT_TRUE(client().eventually([&] { return stat_of(id).failed_count == 1; }));
  EXPECT_EQ(cell(info(id), "state")->getString(), "HANDLER_FAILING");
  EXPECT_THAT(cell(info(id), "stateReason")->getString(), HasSubstr("the table is gone"));
  fails = false;
  client().deliver({"b"});
  ASSERT_TRUE(client().eventually([&] { return stat_of(id).processed_count == 1; }));
  EXPECT_EQ(cell(info(id), "state")->getString(), "RUNNING");
}

TEST_F(JobTablesTest, WhoIsNoAdministratorSeesAndControlsOwnJobsOnly) {
  const std::string hers = create_of("alice", "alices");
  const std::string his = create_of("bob");
  const Caller alice{"alice", false};
  EXPECT_EQ(info(std::nullopt, alice)->size(), 1);
  EXPECT_EQ(info(std::nullopt, administrator)->size(), 2);
  EXPECT_EQ(registry_.stats(alice).size(), 1U);
  EXPECT_EQ(registry_.stats(alice)[0].job_id, hers);
  registry_.check_access("alices", alice);
  registry_.check_access(his, administrator);
  const std::string refusal =
      "job \"" + his +
      "\" is user bob's, and you are alice; only its user and administrators may see it "
      "or change it.";
  EXPECT_EQ(error_of([&] { registry_.check_access(his, alice); }), refusal);
  EXPECT_EQ(error_of([&] { (void)registry_.reports(his, alice); }), refusal);
  EXPECT_EQ(error_of([&] { (void)registry_.errors(his, 1, alice); }), refusal);
  EXPECT_THAT(error_of([&] { (void)registry_.reports("nobody", alice); }), HasSubstr("there is no job"));
}

}  // namespace
}  // namespace rocketmq::plugin::test
