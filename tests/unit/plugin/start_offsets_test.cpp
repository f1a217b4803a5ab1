// consumerConfig's startOffsets: tables, and functions that return them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <limits>

#include "job_fixture.h"
#include "plugin/start_table.h"

namespace rocketmq::plugin::test {
namespace {

using testing::HasSubstr;

ConstantSP numbers(DATA_TYPE type, const std::vector<long long>& values) {
  const VectorSP vector = Util::createVector(type, static_cast<INDEX>(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i)
    vector->setLong(static_cast<INDEX>(i), values[i]);
  return vector;
}

ConstantSP table(const std::vector<std::string>& names, const std::vector<ConstantSP>& columns) {
  return Util::createTable(names, columns);
}

ConstantSP start_table(const std::vector<std::string>& brokers, const std::vector<long long>& ids,
                       const std::vector<long long>& offsets) {
  return table({"brokerName", "queueId", "queueOffset"},
               {texts(brokers), numbers(DT_INT, ids), numbers(DT_LONG, offsets)});
}

std::string table_error(const ConstantSP& value) {
  return error_of([&] { static_cast<void>(read_start_table(start_offsets_name, value, {"topic1"})); });
}

TEST(StartTable, NamesQueuesInAnyOrderOfItsColumns) {
  const auto starts = read_start_table(start_offsets_name,
                                       table({"queueOffset", "topic", "brokerName", "queueId"},
                                             {numbers(DT_INT, {7, 0}), texts({"topic1", "topic1"}),
                                              texts({"a", "b"}, DT_SYMBOL), numbers(DT_LONG, {3, 0})}),
                                       {"topic1"});
  ASSERT_EQ(starts.size(), 2U);
  EXPECT_EQ(starts[0].topic, "topic1");
  EXPECT_EQ(starts[0].broker_name, "a");
  EXPECT_EQ(starts[0].queue_id, 3);
  EXPECT_EQ(starts[0].queue_offset, 7);
  EXPECT_EQ(starts[1].broker_name, "b");
  EXPECT_EQ(
      read_start_table(start_offsets_name, start_table({"a"}, {1}, {1LL << 40}), {"topic1"})[0].queue_offset,
      1LL << 40);
  EXPECT_TRUE(read_start_table(start_offsets_name, start_table({}, {}, {}), {"topic1"}).empty());
}

TEST(StartTable, MustHaveTheseColumnsOfTheseTypes) {
  const char* const needed =
      "startOffsets must be a table with the columns brokerName (STRING), queueId (INT), queueOffset (LONG) "
      "and if wanted topic (STRING), or a function without arguments that returns one; given: ";
  const ConstantSP names = texts({"a"});
  const ConstantSP id = numbers(DT_INT, {1});
  const ConstantSP offset = numbers(DT_LONG, {1});
  EXPECT_EQ(table_error(integer(5)), std::string(needed) + "an INT scalar.");
  EXPECT_EQ(table_error(null_value()), std::string(needed) + "NULL.");
  EXPECT_EQ(table_error(table({"brokerName", "queueId"}, {names, id})),
            std::string(needed) + "a table without the column queueOffset.");
  EXPECT_EQ(table_error(table({"brokerName", "queueId", "offset"}, {names, id, offset})),
            std::string(needed) + "a table with the column \"offset\".");
  EXPECT_THAT(table_error(table({"brokerName", "queueID", "queueOffset"}, {names, id, offset})),
              HasSubstr("a table with the column \"queueID\", did you mean \"queueId\"?"));
  EXPECT_THAT(table_error(table({"brokerName", "queueId", "queueOffset"}, {id, id, offset})),
              HasSubstr("a table whose column brokerName is an INT vector"));
  EXPECT_THAT(table_error(table({"brokerName", "queueId", "queueOffset"},
                                {names, id, Util::createVector(DT_DOUBLE, 1)})),
              HasSubstr("a table whose column queueOffset is a DOUBLE vector"));
}

TEST(StartTable, ARowThatIsWrongIsNamed) {
  const long long null_long = std::numeric_limits<long long>::min();
  EXPECT_EQ(table_error(start_table({"a", ""}, {1, 1}, {1, 1})), "startOffsets: row 1 has no brokerName.");
  EXPECT_EQ(table_error(start_table({"a", "b"}, {1, -1}, {1, 1})), "startOffsets: row 1 has the queueId -1.");
  EXPECT_EQ(table_error(start_table({"a", "b"}, {1, 1}, {1, -7})),
            "startOffsets: row 1 has the queueOffset -7.");
  EXPECT_EQ(table_error(start_table({"a", "b"}, {1, 1}, {1, null_long})),
            "startOffsets: row 1 has no queueOffset.");
  EXPECT_EQ(table_error(start_table({"a"}, {1}, {std::numeric_limits<long long>::max()})),
            "startOffsets: row 0 has the queueOffset 9223372036854775807.");
  EXPECT_EQ(table_error(start_table({"a", "b", "a"}, {1, 1, 1}, {1, 2, 3})),
            "startOffsets: row 2 names queue 1 of broker \"a\" again, after row 0.");
  EXPECT_EQ(
      table_error(table({"brokerName", "queueId", "queueOffset", "topic"},
                        {texts({"a"}), numbers(DT_INT, {1}), numbers(DT_LONG, {1}), texts({"topic2"})})),
      "startOffsets: row 0 is of topic \"topic2\", but the job's is \"topic1\".");
}

TEST(StartTable, OfAJobWithSeveralTopicsNamesOneOfThemInEachRow) {
  const auto of_topics = [](const std::vector<std::string>& topics) {
    return table({"topic", "brokerName", "queueId", "queueOffset"},
                 {texts(topics), texts({"a", "a"}), numbers(DT_INT, {0, 0}), numbers(DT_LONG, {5, 6})});
  };
  const auto starts = read_start_table(start_offsets_name, of_topics({"u", "t"}), {"t", "u"});
  ASSERT_EQ(starts.size(), 2U);
  EXPECT_EQ(starts[0].topic, "u");
  EXPECT_EQ(starts[0].queue_offset, 5);
  EXPECT_EQ(starts[1].topic, "t");
  const auto error = [](const ConstantSP& value) {
    return error_of([&] { (void)read_start_table(start_offsets_name, value, {"t", "u"}); });
  };
  EXPECT_EQ(error(of_topics({"t", "t"})),
            "startOffsets: row 1 names queue 0 of broker \"a\" again, after row 0.");
  EXPECT_EQ(error(of_topics({"t", "x"})),
            "startOffsets: row 1 is of topic \"x\", but the job's are \"t\", \"u\".");
  EXPECT_EQ(error(start_table({"a"}, {1}, {1})),
            "startOffsets: the job has 2 topics, so the table needs the column topic.");
}

/// A function of no argument.
class Supplier : public FunctionDef {
 public:
  explicit Supplier(std::function<ConstantSP()> body)
      : FunctionDef(USERDEFFUNC, "supplier", 0, 0, true), body_(std::move(body)) {}
  using FunctionDef::call;
  ConstantSP call(Heap* /*heap*/, std::vector<ConstantSP>& arguments) override {
    EXPECT_TRUE(arguments.empty());
    return body_();
  }

 private:
  std::function<ConstantSP()> body_;
};

TEST(StartKeys, TakeATableOrAFunctionWithoutArguments) {
  const SubscriptionArguments subscription{"127.0.0.1:9876", "group1", {{"topic1"}}};
  const auto read = [&](const ConstantSP& value) {
    return read_job_config(subscription, config({{"startOffsets", value}}));
  };
  const JobConfig by_table = read(start_table({"a"}, {1}, {5}));
  ASSERT_TRUE(by_table.consumer.ask_start_offsets);
  EXPECT_TRUE(by_table.start_function.isNull());
  by_table.consumer.ask_start_offsets([](const Failure& failure, const std::vector<QueueStart>& starts) {
    EXPECT_FALSE(failure.failed());
    ASSERT_EQ(starts.size(), 1U);
    EXPECT_EQ(starts[0].queue_offset, 5);
  });
  const JobConfig by_function = read(new Supplier([] { return integer(1); }));
  EXPECT_FALSE(by_function.consumer.ask_start_offsets);
  EXPECT_FALSE(by_function.start_function.isNull());
  EXPECT_THAT(error_of([&] { static_cast<void>(read(ignoring_handler())); }),
              HasSubstr("consumerConfig: startOffsets must be a table or a function without arguments; "
                        "\"handler\" needs some."));
  EXPECT_THAT(error_of([&] { static_cast<void>(read(text("x"))); }),
              HasSubstr("consumerConfig: startOffsets must be a table"));
}

class StartFunctionTest : public JobTest {
 protected:
  struct Answer {
    Failure failure;
    std::vector<QueueStart> starts;
  };

  std::string create_with(std::function<ConstantSP()> function) {
    JobConfig config = job_config();
    config.start_function = FunctionDefSP(new Supplier(std::move(function)));
    config.start_session = session_of("alice");
    return create(ignoring_handler(), std::move(config));
  }

  /// As a consumer asks whose queues were assigned.
  static std::future<Answer> ask() {
    const auto answer = std::make_shared<std::promise<Answer>>();
    client().consumer_config()->ask_start_offsets(
        [answer](const Failure& failure, const std::vector<QueueStart>& starts) {
          answer->set_value({failure, starts});
        });
    return answer->get_future();
  }
};

TEST_F(StartFunctionTest, IsCalledForEachQuestionAndAnswersWithItsTable) {
  std::atomic<int> calls{0};
  const std::string id = create_with([&calls] { return start_table({"a"}, {0}, {++calls * 10}); });
  EXPECT_EQ(ask().get().starts.at(0).queue_offset, 10);
  EXPECT_EQ(ask().get().starts.at(0).queue_offset, 20);
  EXPECT_TRUE(registry_.cancel(id));
  EXPECT_EQ(calls, 2);
}

TEST_F(StartFunctionTest, ThatThrowsOrReturnsSomethingElseIsAFailureThatIsAskedAgain) {
  std::atomic<int> calls{0};
  create_with([&calls]() -> ConstantSP {
    switch (++calls) {
      case 1:
        throw std::runtime_error("the database is away");
      case 2:
        return integer(7);
      case 3:
        return start_table({"a"}, {0}, {-1});
      case 4:
        return {};
      default:
        return start_table({"a"}, {0}, {3});
    }
  });
  EXPECT_EQ(ask().get().failure.message, "startOffsets: the function has thrown: the database is away");
  EXPECT_THAT(ask().get().failure.message, HasSubstr("startOffsets must be a table"));
  EXPECT_EQ(ask().get().failure.message, "startOffsets: row 0 has the queueOffset -1.");
  EXPECT_THAT(ask().get().failure.message, HasSubstr("given: NULL"));
  const Answer last = ask().get();
  EXPECT_FALSE(last.failure.failed());
  EXPECT_EQ(last.starts.size(), 1U);
}

TEST_F(StartFunctionTest, DoesNotBlockWhoAsksAndTheJobEndsWithItsCall) {
  std::promise<void> entered;
  std::promise<void> go_on;
  const std::string id = create_with([&]() -> ConstantSP {
    entered.set_value();
    go_on.get_future().wait();
    return start_table({"a"}, {0}, {3});
  });
  std::future<Answer> answer = ask();
  entered.get_future().wait();
  EXPECT_THAT(error_of([&] { registry_.cancel(id, std::chrono::milliseconds(20)); }),
              HasSubstr("is cancelled and takes no more messages"));
  go_on.set_value();
  EXPECT_EQ(answer.get().starts.size(), 1U);
  EXPECT_FALSE(registry_.cancel(id));
  EXPECT_TRUE(stat_of(id).end_time);
}

TEST_F(StartFunctionTest, MayCancelItsOwnJob) {
  std::promise<std::string> id;
  std::shared_future<std::string> known = id.get_future().share();
  create_with([&]() -> ConstantSP {
    EXPECT_TRUE(registry_.cancel(known.get()));
    throw std::runtime_error("cancelled");
  });
  id.set_value(registry_.stats(administrator).at(0).job_id);
  EXPECT_TRUE(ask().get().failure.failed());
  EXPECT_FALSE(registry_.cancel(known.get()));
}

TEST_F(StartFunctionTest, EndsIfTheJobCannotStart) {
  client().refuse_start(Error(Errc::no_name_server, "none"));
  EXPECT_THAT(error_of([&] { create_with([] { return integer(1); }); }), HasSubstr("none"));
  EXPECT_TRUE(registry_.stats(administrator).empty());
}

}  // namespace
}  // namespace rocketmq::plugin::test
