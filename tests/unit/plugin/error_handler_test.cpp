#include "plugin/error_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "full_message.h"
#include "script_values.h"
#include "support/stored_message_encoder.h"
#include "wire/properties.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using namespace std::string_literals;

/// Keeps the tables that it is called with.
class TableKeeper : public FunctionDef {
 public:
  explicit TableKeeper(std::vector<TableSP>& tables)
      : FunctionDef(USERDEFFUNC, "keep", 1, 1, true), tables_(tables) {}

  using FunctionDef::call;
  ConstantSP call(Heap* /*heap*/, std::vector<ConstantSP>& arguments) override {
    tables_.emplace_back(arguments.at(0));
    return new Void();
  }

 private:
  std::vector<TableSP>& tables_;
};

class ErrorHandlerTable : public ::testing::Test {
 protected:
  ErrorHandlerTable() {
    EXPECT_EQ(wire::append_property(properties_, wire::property::keys, "k1 k2"), Errc::ok);
    full_ = full_message(body_, properties_);
  }

  TableSP take(const std::vector<GivenUpMessage>& messages) {
    ErrorHandler handler("job-1", new TableKeeper(tables_), session_of("alice"));
    EXPECT_EQ(handler.take(messages, [] { return false; }), "");
    EXPECT_THAT(tables_, SizeIs(1));
    return tables_.at(0);
  }

  std::string properties_;
  const std::string body_ = "a\0b"s + std::string(5000, 'x') + "end";
  const std::string error_ = "exception=" + std::string(2000, 'e');
  ReceivedMessage full_;
  std::vector<TableSP> tables_;
};

TEST_F(ErrorHandlerTable, HasTheManualsColumnsInOrder) {
  const TableSP table = take({{&full_, &error_}});
  std::vector<std::pair<std::string, std::string>> columns;
  columns.reserve(static_cast<std::size_t>(table->columns()));
  for (INDEX i = 0; i < table->columns(); ++i)
    columns.emplace_back(table->getColumnName(i), Util::getDataTypeString(table->getColumn(i)->getType()));
  using Column = std::pair<std::string, std::string>;
  EXPECT_THAT(
      columns,
      ElementsAre(Column("jobId", "STRING"), Column("errorTime", "TIMESTAMP"), Column("topic", "STRING"),
                  Column("brokerName", "STRING"), Column("queueId", "INT"), Column("queueOffset", "LONG"),
                  Column("msgId", "STRING"), Column("tag", "STRING"), Column("keys", "STRING"),
                  Column("reconsumeTimes", "INT"), Column("error", "STRING"), Column("msg", "BLOB")));
}

TEST_F(ErrorHandlerTable, TellsAllOfAMessageAndHasItsBodyWhole) {
  const long long before = Util::toLocalNanoTimestamp(Util::getNanoEpochTime()) / 1'000'000;
  const TableSP table = take({{&full_, &error_}});
  const long long after = Util::toLocalNanoTimestamp(Util::getNanoEpochTime()) / 1'000'000;
  ASSERT_EQ(table->size(), 1);
  EXPECT_EQ(table->getColumn("jobId")->getString(0), "job-1");
  EXPECT_GE(table->getColumn("errorTime")->getLong(0), before);
  EXPECT_LE(table->getColumn("errorTime")->getLong(0), after);
  EXPECT_EQ(table->getColumn("topic")->getString(0), "topic1");
  EXPECT_EQ(table->getColumn("brokerName")->getString(0), "broker-a");
  EXPECT_EQ(table->getColumn("queueId")->getInt(0), 3);
  EXPECT_EQ(table->getColumn("queueOffset")->getLong(0), 1LL << 40);
  EXPECT_EQ(table->getColumn("msgId")->getString(0), "7F000001");
  EXPECT_EQ(table->getColumn("tag")->getString(0), "tagA");
  EXPECT_EQ(table->getColumn("keys")->getString(0), "k1 k2");
  EXPECT_EQ(table->getColumn("reconsumeTimes")->getInt(0), 2);
  EXPECT_EQ(table->getColumn("error")->getString(0), error_);
  EXPECT_EQ(table->getColumn("msg")->getString(0), body_) << "to be sent again it must be the same bytes";
}

TEST_F(ErrorHandlerTable, HasARowForEachMessageAndNullWhereOneHasNothing) {
  const ReceivedMessage bare;
  const std::string other = "body=no JSON";
  const TableSP table = take({{&full_, &error_}, {&bare, &other}});
  ASSERT_EQ(table->size(), 2);
  EXPECT_EQ(table->getColumn("jobId")->getString(1), "job-1");
  EXPECT_EQ(table->getColumn("errorTime")->getLong(1), table->getColumn("errorTime")->getLong(0));
  EXPECT_EQ(table->getColumn("error")->getString(1), other);
  for (const char* name : {"msgId", "tag", "keys", "msg"})
    EXPECT_TRUE(table->getColumn(name)->isNull(1)) << name;
  EXPECT_EQ(table->getColumn("msg")->getString(0), body_);
}

TEST_F(ErrorHandlerTable, IsNotMadeWhereThereIsNothingToTell) {
  ErrorHandler handler("job-1", new TableKeeper(tables_), session_of("alice"));
  EXPECT_EQ(handler.take({}, [] { return false; }), "");
  EXPECT_THAT(tables_, SizeIs(0));
}

}  // namespace
}  // namespace rocketmq::plugin::test
