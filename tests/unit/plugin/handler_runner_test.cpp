#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <new>
#include <set>
#include <span>
#include <stdexcept>

#include "job_fixture.h"
#include "log_capture.h"
#include "plugin/handler_runner.h"
#include "plugin/handler_session.h"
#include "plugin/message_table.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::string_literals;

using HandlerRunnerTest = JobTest;
using Messages = std::vector<std::string>;

bool is_poison(const std::string& message) {
  return message == "poison";
}

TEST_F(HandlerRunnerTest, AllThatIsReadyGoesInOneCallAndIsAcknowledgedAfterIt) {
  client().deliver({"a", "b\0c"s, "d"});
  Calls calls;
  bool acknowledged_too_early = false;
  const std::string id = create(handler([&](Heap*, const Messages& messages) {
    acknowledged_too_early = !client().acknowledged().empty();
    calls.add(messages);
  }));
  ASSERT_TRUE(client().eventually([&] { return client().acknowledged().size() == 3; }));
  EXPECT_THAT(calls.all(), ElementsAre(ElementsAre("a", "b\0c"s, "d")));
  EXPECT_FALSE(acknowledged_too_early);
  const JobStatRow row = stat_of(id);
  EXPECT_EQ(row.processed_count, 3);
  EXPECT_EQ(row.failed_count, 0);
  EXPECT_TRUE(row.first_message_time.has_value());
  EXPECT_FALSE(row.end_time.has_value());
}

TEST_F(HandlerRunnerTest, TheTableIsTheOneOfTheJobsConfiguration) {
  client().deliver({"a", "b"});
  Calls calls;
  JobConfig config = job_config();
  config.handler.table.columns = {
      {"msg", ColumnKind::topic}};  // The test's handler looks at a column of that name.
  create(handler([&](Heap*, const Messages& messages) { calls.add(messages); }), config);
  ASSERT_TRUE(client().eventually([&] { return client().acknowledged().size() == 2; }));
  EXPECT_THAT(calls.all(), ElementsAre(ElementsAre("topic1", "topic1")));
}

TEST_F(HandlerRunnerTest, OnlyThePoisonFailsAndTheOthersAreDelivered) {
  client().deliver({"a", "poison", "b"});
  Calls calls;
  const std::string id = create(handler([&](Heap*, const Messages& messages) {
    if (std::any_of(messages.begin(), messages.end(), is_poison)) throw std::runtime_error("cannot digest");
    calls.add(messages);
  }));
  ASSERT_TRUE(client().eventually([&] { return client().rejected().size() == 1; }));
  EXPECT_THAT(calls.all(), ElementsAre(ElementsAre("a"), ElementsAre("b")));
  EXPECT_THAT(client().acknowledged(), ElementsAre("a", "b"));
  EXPECT_THAT(client().rejected(), ElementsAre("poison"));
  const JobStatRow row = stat_of(id);
  EXPECT_EQ(row.processed_count, 2);
  EXPECT_EQ(row.failed_count, 1);
  EXPECT_EQ(row.last_error, "topic=topic1 broker=broker-a queue=3 offset=1 exception=cannot digest");
  EXPECT_TRUE(row.last_failed_time.has_value());
}

TEST_F(HandlerRunnerTest, OneBadRowOfThousandsIsFoundByHalves) {
  Messages all;
  for (int i = 0; i < 10'000; ++i)
    all.push_back(i == 7000 ? "poison" : "m" + std::to_string(i));
  client().deliver(all);
  std::atomic<int> calls{0};
  Messages handled;
  const std::string id = create(handler([&](Heap*, const Messages& messages) {
    ++calls;
    if (std::any_of(messages.begin(), messages.end(), is_poison)) throw std::runtime_error("cannot digest");
    handled.insert(handled.end(), messages.begin(), messages.end());
  }));
  ASSERT_TRUE(client().eventually([&] { return client().rejected().size() == 1; }));
  EXPECT_LE(calls, 28) << "2 log2(10,000)";
  EXPECT_THAT(client().rejected(), ElementsAre("poison"));
  all.erase(all.begin() + 7000);
  EXPECT_EQ(handled, all) << "in order";
  EXPECT_EQ(client().acknowledged(), all);
  EXPECT_EQ(stat_of(id).processed_count, 9999);
  EXPECT_EQ(stat_of(id).failed_count, 1);
  EXPECT_THAT(stat_of(id).last_error, HasSubstr("offset=7000 exception=cannot digest"));
}

TEST_F(HandlerRunnerTest, ACancelAmidTheSearchForFailingRowsLeavesTheRestToTheNextJob) {
  client().deliver({"a", "poison", "b", "poison", "c"});
  Calls calls;
  const std::string id = create(handler([&](Heap*, const Messages& messages) {
    calls.add(messages);
    if (messages.size() > 1) throw std::runtime_error("cannot digest");
    if (is_poison(messages[0])) throw std::runtime_error("cannot digest");
    if (messages[0] == "b") registry_.cancel(registry_.stats(administrator).at(0).job_id);
  }));
  ASSERT_TRUE(client().eventually([&] { return stat_of(id).end_time.has_value(); }));
  EXPECT_THAT(calls.all(),
              ElementsAre(::testing::SizeIs(5), ElementsAre("a", "poison"), ElementsAre("a"),
                          ElementsAre("poison"), ElementsAre("b", "poison", "c"), ElementsAre("b")));
  EXPECT_THAT(client().acknowledged(), ElementsAre("a", "b"));
  EXPECT_THAT(client().rejected(), ElementsAre("poison"));
  EXPECT_EQ(client().ready_count(), 2U) << "the second poison and c";
  const JobStatRow row = stat_of(id);
  EXPECT_EQ(row.processed_count, 2);
  EXPECT_EQ(row.failed_count, 1);
}

TEST_F(HandlerRunnerTest, ACancelDuringAFailingCallOfSeveralRowsLeavesThemAllToTheNextJob) {
  client().deliver({"a", "b"});
  std::atomic<int> calls{0};
  const std::string id = create(handler([&](Heap*, const Messages&) {
    ++calls;
    registry_.cancel(registry_.stats(administrator).at(0).job_id);
    throw std::runtime_error("no");
  }));
  ASSERT_TRUE(client().eventually([&] { return stat_of(id).end_time.has_value(); }));
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(client().ready_count(), 2U);
  EXPECT_EQ(stat_of(id).failed_count, 0);
}

TEST_F(HandlerRunnerTest, ASinglePoisonIsHandedOverOnce) {
  client().deliver({"poison"});
  std::atomic<int> calls{0};
  const std::string id = create(handler([&](Heap*, const Messages&) {
    ++calls;
    throw std::runtime_error("no");
  }));
  ASSERT_TRUE(client().eventually([&] { return client().rejected().size() == 1; }));
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(stat_of(id).failed_count, 1);
}

TEST_F(HandlerRunnerTest, AnythingThrownIsCountedAndTheJobGoesOn) {
  client().deliver({"poison"});
  const std::string id = create(handler([&](Heap*, const Messages& messages) {
    if (is_poison(messages[0])) throw 42;  // NOLINT: that is the point
  }));
  ASSERT_TRUE(client().eventually([&] { return client().rejected().size() == 1; }));
  EXPECT_THAT(stat_of(id).last_error, HasSubstr("exception=an unknown exception"));
  client().deliver({"good"});
  EXPECT_TRUE(client().eventually([&] { return client().acknowledged() == Messages{"good"}; }));
}

TEST_F(HandlerRunnerTest, LongErrorsAreCut) {
  client().deliver({"poison"});
  const std::string id =
      create(handler([&](Heap*, const Messages&) { throw std::runtime_error(std::string(1'000'000, 'x')); }));
  ASSERT_TRUE(client().eventually([&] { return client().rejected().size() == 1; }));
  EXPECT_LT(stat_of(id).last_error.size(), 5000U);
}

TEST_F(HandlerRunnerTest, TheHandlerRunsAsItsCreatorInASessionThatPrintsNowhere) {
  const SessionSP creator = session_of("alice");
  std::string user;
  bool silent = false;
  client().deliver({"a"});
  const SessionSP copy = copy_session(creator->getHeap().get());
  EXPECT_NE(copy.get(), creator.get());
  registry_.create(job_config(), handler([&](Heap* heap, const Messages&) {
                     user = heap->currentSession()->getUser()->getUserId();
                     silent = heap->currentSession()->getOutput()->message("hello");
                   }),
                   {copy});
  ASSERT_TRUE(client().eventually([&] { return client().acknowledged().size() == 1; }));
  EXPECT_EQ(user, "alice");
  EXPECT_TRUE(silent);
}

TEST_F(HandlerRunnerTest, SeveralThreadsHandleSideBySide) {
  std::atomic<int> inside{0};
  JobConfig config = job_config(3);
  config.handler.async_pull = true;
  config.handler.batch_size = 1;
  client().deliver({"a", "b", "c"});
  create(handler([&](Heap*, const Messages&) {
           ++inside;
           client().eventually([&] { return inside == 3; });
         }),
         std::move(config));
  EXPECT_TRUE(client().eventually([&] { return client().acknowledged().size() == 3; }));
  EXPECT_EQ(inside, 3) << "each waited for the two others";
}

TEST_F(HandlerRunnerTest, AsyncPullNeverHandsOverMoreThanABatch) {
  JobConfig config = job_config();
  config.handler.async_pull = true;
  config.handler.batch_size = 2;
  client().deliver({"a", "b", "c", "d", "e"});
  Calls calls;
  create(handler([&](Heap*, const Messages& messages) { calls.add(messages); }), std::move(config));
  ASSERT_TRUE(client().eventually([&] { return client().acknowledged().size() == 5; }));
  EXPECT_THAT(calls.all(), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d"), ElementsAre("e")));
}

/// A job with a schema, whose error handler notes what it gets.
class HandlerRunnerSchema : public HandlerRunnerTest {
 protected:
  JobConfig json_config() {
    JobConfig config = job_config();
    config.handler.table.body = BodyFormat::json;
    config.handler.table.schema.push_back({.name = "n", .type = rows::ColumnType::integer, .path = {"n"}});
    config.error_handler = handler([this](Heap*, const Messages& messages) {
      ++error_calls_;
      if (error_calls_ <= failing_error_calls_) throw std::runtime_error("no such table");
      given_up_.add(messages);
    });
    return config;
  }
  Calls calls_;
  Calls given_up_;
  std::atomic<int> error_calls_{0};
  std::atomic<int> failing_error_calls_{0};
};

TEST_F(HandlerRunnerSchema, BodiesThatDoNotFitFailWithoutACallAndTheOthersComeInOne) {
  client().deliver({R"({"n":1})", R"({"n":"x"})", R"([{"n":3},{"n":4}])", "no json"});
  const std::string id =
      create(handler([&](Heap*, const Messages& messages) { calls_.add(messages); }), json_config());
  ASSERT_TRUE(client().eventually([&] { return client().rejected().size() == 2; }));
  EXPECT_THAT(calls_.all(), ElementsAre(::testing::SizeIs(3))) << "rows, in one call";
  EXPECT_THAT(given_up_.all(), ElementsAre(ElementsAre(R"({"n":"x"})", "no json")));
  EXPECT_EQ(client().rejected_for_good(), 2U);
  const JobStatRow row = stat_of(id);
  EXPECT_EQ(row.processed_count, 2) << "messages";
  EXPECT_EQ(row.failed_count, 2);
  EXPECT_THAT(row.last_error,
              HasSubstr("topic=topic1 broker=broker-a queue=3 offset=3 msgId= body=no JSON at byte"));
}

TEST_F(HandlerRunnerSchema, AMessageIsRepeatedWholeWhenTheHandlerThrows) {
  client().deliver({R"([{"n":1},{"n":2}])", R"({"n":"x"})", R"({"n":3})"});
  const std::string id = create(handler([&](Heap*, const Messages& messages) {
                                  calls_.add(messages);
                                  if (messages.size() != 2) throw std::runtime_error("two rows only");
                                }),
                                json_config());
  ASSERT_TRUE(client().eventually([&] { return client().rejected().size() == 2; }));
  EXPECT_THAT(client().acknowledged(), ElementsAre(R"([{"n":1},{"n":2}])"));
  EXPECT_THAT(given_up_.all(), ElementsAre(ElementsAre(R"({"n":"x"})", R"({"n":3})")));
  const JobStatRow row = stat_of(id);
  EXPECT_EQ(row.processed_count, 1);
  EXPECT_EQ(row.failed_count, 2);
}

TEST_F(HandlerRunnerSchema, MessagesWithoutRowsAreProcessedWithoutACall) {
  client().deliver({"[]", "[]"});
  const std::string id =
      create(handler([&](Heap*, const Messages& messages) { calls_.add(messages); }), json_config());
  ASSERT_TRUE(client().eventually([&] { return client().acknowledged().size() == 2; }));
  EXPECT_THAT(calls_.all(), IsEmpty());
  EXPECT_EQ(stat_of(id).processed_count, 2);
}

TEST_F(HandlerRunnerSchema, WithMaxReconsumeTimesTheErrorHandlerGetsOnlyWhatIsNotDeliveredAgain) {
  client().deliver({R"({"n":1})", R"({"n":"x"})"});
  JobConfig config = json_config();
  config.handler.max_reconsume_times = 3;
  create(handler([&](Heap*, const Messages&) { throw std::runtime_error("cannot digest"); }), config);
  ASSERT_TRUE(client().eventually([&] { return client().rejected().size() == 2; }));
  EXPECT_THAT(given_up_.all(), ElementsAre(ElementsAre(R"({"n":"x"})")));
  EXPECT_EQ(client().rejected_for_good(), 1U);
}

TEST_F(HandlerRunnerSchema, AnErrorHandlerThatThrowsIsCalledThreeTimesMore) {
  client().deliver({"?"});
  failing_error_calls_ = 3;
  create(handler([](Heap*, const Messages&) {}), json_config());
  ASSERT_TRUE(client().eventually([&] { return client().rejected().size() == 1; }));
  EXPECT_EQ(error_calls_, 4);
  EXPECT_THAT(given_up_.all(), ElementsAre(ElementsAre("?")));
}

// The log is then the only place that tells of the message, so it says where it is and shows it.
TEST_F(HandlerRunnerSchema, AnErrorHandlerThatAlwaysThrowsDoesNotHoldTheJobUp) {
  const LogCapture log;
  const std::string body = "?\n" + std::string(1022, 'x');
  client().deliver({body + "not shown", R"({"n":1})"});
  failing_error_calls_ = 1000;
  create(handler([&](Heap*, const Messages& messages) { calls_.add(messages); }), json_config());
  ASSERT_TRUE(client().eventually([&] { return client().rejected().size() == 1; }));
  EXPECT_EQ(error_calls_, 4);
  EXPECT_EQ(client().acknowledged().size(), 1U);
  const std::vector<std::string> lines = log.lines_with("errorHandler has not taken");
  ASSERT_THAT(lines, ::testing::SizeIs(1));
  EXPECT_THAT(lines[0], ::testing::StartsWith("<ERROR>"));
  EXPECT_THAT(lines[0],
              HasSubstr("errorHandler has not taken a message that is given up (no such table): "
                        "topic=topic1 broker=broker-a queue=3 offset=0 msgId= body=no JSON at byte 0"));
  EXPECT_THAT(lines[0], ::testing::EndsWith("; msg=?\\x0a" + std::string(1022, 'x') + "..."));
}

/// A job whose tables are made by `make_table`, with one handler thread.
class HandlerRunnerTables : public HandlerRunnerTest {
 protected:
  void start(const FunctionDefSP& function, HandlerRunner::TableMaker make_table) {
    JobConfig config = job_config();
    job_ = std::make_shared<Job>("job", std::make_shared<JobStat>("job", 0), Consumer::start(config.consumer),
                                 config.handler);
    job_->start_threads(
        {RunnableSP(new HandlerRunner(job_, {function, {}}, session_of("alice"), std::move(make_table)))});
  }
  ~HandlerRunnerTables() override {
    job_->request_stop();
    EXPECT_TRUE(job_->wait_ended(std::chrono::steady_clock::now() + std::chrono::seconds(10)));
    job_->join_threads();
  }
  std::shared_ptr<Job> job_;
};

// The handler has not seen it, so nothing says that it minds the message.
TEST_F(HandlerRunnerTables, AMessageThatTheServerHasNoMemoryForIsHandedOutAgainAndNotLost) {
  client().deliver({"a", "b", "c"});
  Calls calls;
  std::atomic<int> refused{0};
  start(handler([&](Heap*, const Messages& messages) { calls.add(messages); }),
        [&](std::span<const ReceivedMessage> messages) -> MessageTable {
          if (messages.size() > 1) throw std::bad_alloc();
          if (as_text(messages[0].body) == "b" && ++refused == 1) throw std::bad_alloc();
          return MessageTableMaker({}).make(messages);
        });
  ASSERT_TRUE(client().eventually([&] { return client().acknowledged().size() == 3; }));
  EXPECT_THAT(client().acknowledged(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(client().rejected(), IsEmpty());
  EXPECT_THAT(calls.all(), ElementsAre(ElementsAre("a"), ElementsAre("b"), ElementsAre("c")));
  const JobStatRow row = job_->stat().snapshot();
  EXPECT_EQ(row.processed_count, 3);
  EXPECT_EQ(row.failed_count, 0);
}

}  // namespace
}  // namespace rocketmq::plugin::test
