// readMessages from its arguments to its table, with a client that keeps its messages in memory.

#include "plugin/message_reading.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "log_capture.h"
#include "plugin/argument_error.h"
#include "plugin/queues_table.h"
#include "script_values.h"
#include "support/fake_client.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Kind = ReadPosition::Kind;

ReadConfig read(const ConstantSP& dictionary, const ConstantSP& begin = ConstantSP(),
                const ConstantSP& end = ConstantSP()) {
  return read_read_config({"127.0.0.1:9876", "topic1", begin, end}, dictionary);
}
std::string error(const std::string& key, const ConstantSP& value) {
  return error_of([&] { static_cast<void>(read(config({{key, value}}))); });
}

TEST(ReadConfigTest, HasTheKeysOfClientsAndColumnsAndItsOwn) {
  ReadConfig target;
  ConfigReader reader("readConfig");
  add_read_keys(reader, target);
  std::vector<std::string> names;
  for (const ConfigKey& key : reader.keys())
    names.push_back(key.name);
  EXPECT_THAT(names, ::testing::UnorderedElementsAre(
                         "sessionCredentials", "namesrvDomain", "nameSpace", "instanceName", "unitName",
                         "tcpTransportConnectTimeout", "useTLS", "tlsCaFile", "tlsCertFile", "tlsKeyFile",
                         "tlsKeyPassword", "tlsVerify", "tlsVerifyHost", "subExpression", "expressionType",
                         "columns", "format", "schema", "delimiter", "limit", "orderBy"));
  EXPECT_THAT(error("limits", integer(1)), HasSubstr("limit"));
  EXPECT_THAT(error("queue", integer(1)), HasSubstr("queues"));
}

TEST(ReadConfigTest, PositionsAreWordsAndTimes) {
  const ReaderConfig everything = read(ConstantSP()).reader;
  EXPECT_EQ(everything.begin.kind, Kind::first);
  EXPECT_EQ(everything.end.kind, Kind::last);
  EXPECT_FALSE(everything.oldest_first);
  const ReaderConfig swapped = read(ConstantSP(), text("LAST"), text("FIRST")).reader;
  EXPECT_EQ(swapped.begin.kind, Kind::last);
  EXPECT_EQ(swapped.end.kind, Kind::first);
  constexpr long long some_time = 1'700'000'000'000;
  const ConstantSP time = new Timestamp(some_time);
  const ReaderConfig in_time = read(ConstantSP(), time, time).reader;
  EXPECT_EQ(in_time.begin.kind, Kind::time);
  EXPECT_EQ(in_time.begin.value, in_time.end.value);
  EXPECT_THAT(error_of([] { static_cast<void>(read(ConstantSP(), text("first"))); }),
              HasSubstr("begin must be \"FIRST\", \"LAST\" or a temporal scalar with a date"));
  EXPECT_THAT(error_of([] { static_cast<void>(read(ConstantSP(), ConstantSP(), integer(7))); }),
              HasSubstr("end must be"));
  const ConstantSP earlier = new Timestamp(some_time - 1);
  EXPECT_THAT(error_of([&] { static_cast<void>(read(ConstantSP(), time, earlier)); }),
              HasSubstr("begin is later than end"));
}

TEST(ReadConfigTest, ALimitMakesItReadTheOldestFirst) {
  const ReadConfig limited = read(config({{"limit", integer(5)}, {"orderBy", text("storeTimestamp")}}));
  EXPECT_EQ(limited.limit, 5);
  EXPECT_TRUE(limited.by_store_time);
  EXPECT_TRUE(limited.reader.oldest_first);
  EXPECT_THAT(error("limit", integer(0)), HasSubstr("limit must be an INT scalar greater than 0"));
  EXPECT_THAT(error("orderBy", text("offset")), HasSubstr("orderBy"));
}

ConstantSP column(DATA_TYPE type, const std::vector<long long>& values) {
  const VectorSP vector = Util::createVector(type, static_cast<INDEX>(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i)
    vector->setLong(static_cast<INDEX>(i), values[i]);
  return vector;
}

ConstantSP queues(const std::vector<std::string>& names, const std::vector<ConstantSP>& columns) {
  return Util::createTable(names, columns);
}

std::string queues_error(const std::vector<std::string>& names, const std::vector<ConstantSP>& columns) {
  return error_of([&] { static_cast<void>(read_queues_table(queues(names, columns), {}, {})); });
}

TEST(QueuesTable, PlacesAreOffsetsTimesOrTheArguments) {
  const ReadPosition begin{Kind::time, 5};
  const ReadPosition end{Kind::last, 0};
  const ConstantSP offsets = column(DT_LONG, {7, 0});
  offsets->setNull(1);
  const auto found = read_queues_table(
      queues({"brokerName", "queueId", "begin"}, {texts({"a", "b"}), column(DT_INT, {3, 0}), offsets}), begin,
      end);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].broker_name, "a");
  EXPECT_EQ(found[0].queue_id, 3);
  EXPECT_EQ(found[0].begin.kind, Kind::offset);
  EXPECT_EQ(found[0].begin.value, 7);
  EXPECT_EQ(found[0].end.kind, Kind::last);
  EXPECT_EQ(found[1].begin.kind, Kind::time);
  EXPECT_EQ(found[1].begin.value, 5);
  const auto in_time = read_queues_table(
      queues({"queueId", "brokerName", "end"},
             {column(DT_INT, {0}), texts({"a"}), column(DT_TIMESTAMP, {1'700'000'000'000})}),
      begin, end);
  EXPECT_EQ(in_time[0].end.kind, Kind::time);
}

TEST(QueuesTable, WrongOnesAreErrors) {
  const ConstantSP broker = texts({"a"});
  const ConstantSP id = column(DT_INT, {0});
  EXPECT_THAT(error("queues", integer(5)), HasSubstr("queues must be a table"));
  EXPECT_THAT(queues_error({"brokerName"}, {broker}), HasSubstr("without the column queueId"));
  EXPECT_THAT(queues_error({"queueId"}, {id}), HasSubstr("without the column brokerName"));
  EXPECT_THAT(queues_error({"brokerName", "queueid"}, {broker, id}), HasSubstr("did you mean \"queueId\"?"));
  EXPECT_THAT(queues_error({"brokerName", "queueId"}, {broker, broker}), HasSubstr("column queueId is"));
  EXPECT_THAT(queues_error({"brokerName", "queueId"}, {texts({}), column(DT_INT, {})}),
              HasSubstr("without rows"));
  EXPECT_THAT(queues_error({"brokerName", "queueId"}, {broker, column(DT_INT, {-1})}),
              HasSubstr("row 0 has no queueId of 0 or more"));
  EXPECT_THAT(queues_error({"brokerName", "queueId"}, {texts({"a", "a"}), column(DT_INT, {1, 1})}),
              HasSubstr("row 1 names queue 1 of broker \"a\" again, after row 0"));
  EXPECT_THAT(queues_error({"brokerName", "queueId", "begin"}, {broker, id, column(DT_LONG, {-5})}),
              HasSubstr("row 0 has the begin -5"));
  EXPECT_THAT(queues_error({"brokerName", "queueId", "begin", "end"},
                           {broker, id, column(DT_LONG, {5}), column(DT_LONG, {4})}),
              HasSubstr("row 0 has a begin behind its end"));
}

class MessageReading : public ::testing::Test {
 protected:
  MessageReading() { client().reset(); }
  static fake::Client& client() { return fake::Client::instance(); }

  static TableSP rows(const ConstantSP& dictionary) {
    return read_messages(read(dictionary), [] { return false; });
  }
  static std::vector<std::string> texts_of(const TableSP& table, const std::string& name) {
    std::vector<std::string> values;
    for (INDEX i = 0; i < table->size(); ++i)
      values.push_back(table->getColumn(name)->get(i)->getString());
    return values;
  }
  static ConstantSP schema() { return Util::createTable({"name", "type"}, {texts({"n"}), texts({"INT"})}); }
};

TEST_F(MessageReading, RowsAreOrderedByQueueUnlessByTime) {
  client().deliver({"a0", "a1"}, 1);
  client().deliver({"b2"}, 2);
  client().deliver({"a3"}, 1);
  EXPECT_THAT(texts_of(rows(config({{"format", text("STRING")}})), "msg"),
              ElementsAre("a0", "a1", "a3", "b2"));
  client().deliver({"a0", "a1"}, 1);
  client().deliver({"b2"}, 2);
  client().deliver({"a3"}, 1);
  EXPECT_THAT(
      texts_of(rows(config({{"format", text("STRING")}, {"orderBy", text("storeTimestamp")}})), "msg"),
      ElementsAre("a0", "a1", "b2", "a3"));
}

TEST_F(MessageReading, ALimitKeepsTheOldestAndStopsReading) {
  client().deliver({"a0", "a1"}, 1);
  client().deliver({"b2"}, 2);
  client().deliver({"a3", "a4"}, 1);
  EXPECT_THAT(texts_of(rows(config({{"format", text("STRING")}, {"limit", integer(3)}})), "msg"),
              ElementsAre("a0", "a1", "b2"));
}

TEST_F(MessageReading, TheLogSaysWhatALimitLeavesOut) {
  const LogCapture log;
  const auto read_three = [](const char* expression) {
    client().deliver({"a0", "a1", "a2", "a3", "a4"});
    EXPECT_EQ(rows(config({{"limit", integer(3)}, {"subExpression", text(expression)}}))->size(), 3);
  };
  read_three("*");
  const std::string line = "limit=3: 2 of the range's 5 messages are left out";
  ASSERT_THAT(log.lines_with("left out"), ElementsAre(EndsWith(line)));
  EXPECT_THAT(log.lines_with("left out")[0], AllOf(StartsWith("<INFO>"), HasSubstr("topic1")));
  read_three("red");
  EXPECT_THAT(log.lines_with("left out"),
              ElementsAre(EndsWith(line), EndsWith(line + ", with those that subExpression does not match")));
}

TEST_F(MessageReading, NothingIsSaidOfALimitThatLeavesNothingOut) {
  const LogCapture log;
  for (const int limit : {3, 4}) {
    client().deliver({"a0", "a1", "a2"});
    EXPECT_EQ(rows(config({{"limit", integer(limit)}}))->size(), 3);
  }
  client().deliver({"a0", "a1", "a2"});
  EXPECT_EQ(rows(ConstantSP())->size(), 3);
  EXPECT_THAT(log.lines_with("left out"), IsEmpty());
}

TEST_F(MessageReading, NoMessageIsATableWithoutRows) {
  const TableSP table = rows(config({{"format", text("JSON")}, {"schema", schema()}}));
  EXPECT_EQ(table->size(), 0);
  ASSERT_EQ(table->columns(), 1);
  EXPECT_EQ(table->getColumnType(0), DT_INT);
}

TEST_F(MessageReading, BodiesThatDoNotFitAreAnErrorThatNamesTheFirst) {
  client().deliver({"{\"n\": 1}", "{\"n\": \"x\"}", "{"});
  const ConstantSP json = config({{"format", text("JSON")}, {"schema", schema()}});
  EXPECT_THAT(error_of([&] { (void)rows(json); }),
              AllOf(HasSubstr("2 messages do not fit the schema"), HasSubstr("queue 3, offset 1")));
  client().reset();
  client().deliver({"{\"n\": 1}", "{\"n\": \"x\"}", "{"});
  const ConstantSP limited = config({{"format", text("JSON")}, {"schema", schema()}, {"limit", integer(1)}});
  EXPECT_EQ(rows(limited)->size(), 1) << "what the limit leaves out does not count";
}

TEST_F(MessageReading, ARangeThatIsTooLargeIsAnErrorBeforeItIsRead) {
  client().deliver({"a"});
  client().set_range_size({10'000'001, 1});
  EXPECT_THAT(error_of([] { (void)rows(ConstantSP()); }), HasSubstr("the range holds 10000001 messages"));
  EXPECT_EQ(client().ready_count(), 0U);
  client().set_range_size({10, std::size_t{5} << 30});
  EXPECT_THAT(error_of([] { (void)rows(ConstantSP()); }),
              HasSubstr("the range holds about 5.0 GiB in 10 messages"));
  client().deliver({"a"});
  EXPECT_EQ(rows(config({{"limit", integer(7)}}))->size(), 1);
}

TEST_F(MessageReading, ACancelledScriptEndsIt) {
  client().hold_reading();
  std::atomic<int> asked{0};
  const ReadConfig everything = read(ConstantSP());
  EXPECT_THAT(error_of([&] { (void)read_messages(everything, [&asked] { return ++asked == 3; }); }),
              HasSubstr("cancelled"));
}

TEST_F(MessageReading, WhatTheClientRefusesIsAnError) {
  client().refuse_start(Error(Errc::topic_not_found, "no such topic"));
  EXPECT_THAT(error_of([] { (void)rows(ConstantSP()); }), HasSubstr("no such topic"));
}

}  // namespace
}  // namespace rocketmq::plugin::test
