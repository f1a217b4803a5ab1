#include "plugin/message_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin/consumer_config.h"
#include "script_values.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::HasSubstr;

const std::vector<std::string> every_column{"msg",           "topic",          "tag",      "keys",
                                            "msgId",         "brokerName",     "queueId",  "queueOffset",
                                            "bornTimestamp", "storeTimestamp", "bornHost", "reconsumeTimes",
                                            "properties",    "property:region"};

MessageTableFormat read(const ConstantSP& dictionary) {
  return read_job_config({"127.0.0.1:9876", "group1", {{"topic1"}}}, dictionary).handler.table;
}

std::string error(const ConstantSP& columns) {
  return error_of([&] { (void)read(config({{"columns", columns}})); });
}

TEST(MessageColumns, ByDefaultTheTableHasOneBlobColumn) {
  for (const ConstantSP& dictionary : {ConstantSP(), config({}), config({{"columns", texts({"msg"})}})}) {
    const MessageTableFormat format = read(dictionary);
    ASSERT_EQ(format.columns.size(), 1U);
    EXPECT_EQ(format.columns[0].name, "msg");
    EXPECT_EQ(format.columns[0].kind, ColumnKind::msg);
    EXPECT_EQ(format.body, BodyFormat::blob);
  }
}

TEST(MessageColumns, StandInTheOrderThatIsAskedForAndPropertiesHaveTheirOwnNames) {
  std::vector<std::string> backwards(every_column.rbegin(), every_column.rend());
  const std::vector<MessageColumn> columns = read(config({{"columns", texts(backwards)}})).columns;
  ASSERT_EQ(columns.size(), every_column.size());
  EXPECT_EQ(columns[0].name, "region");
  EXPECT_EQ(columns[0].kind, ColumnKind::property);
  for (std::size_t i = 1; i < columns.size(); ++i) {
    EXPECT_EQ(columns[i].name, backwards[i]);
    EXPECT_NE(columns[i].kind, ColumnKind::property);
  }
}

TEST(MessageColumns, ASymbolVectorServesToo) {
  EXPECT_EQ(read(config({{"columns", texts({"tag", "msg"}, DT_SYMBOL)}})).columns.size(), 2U);
}

TEST(MessageColumns, AFormatIsOneOfFour) {
  EXPECT_EQ(read(config({{"format", text("BLOB")}})).body, BodyFormat::blob);
  EXPECT_EQ(read(config({{"format", text("STRING")}})).body, BodyFormat::string);
  for (const ConstantSP& wrong :
       {text("string"), text("JSN"), text(""), texts({"BLOB"}), integer(1), null_value()}) {
    EXPECT_THAT(error_of([&] {
                  (void)read(config({{"format", wrong}}));
                }),
                HasSubstr("consumerConfig: format must be a STRING scalar that is one of \"BLOB\", "
                          "\"STRING\", \"JSON\", \"CSV\"; "
                          "given: "));
  }
}

TEST(MessageColumns, AFormatWithoutTheColumnMsgIsWarnedOf) {
  const auto warnings = [](const std::vector<std::string>& columns) {
    return read_job_config({"127.0.0.1:9876", "group1", {{"topic1"}}},
                           config({{"columns", texts(columns)}, {"format", text("STRING")}}))
        .warnings;
  };
  EXPECT_THAT(
      warnings({"tag"}),
      ::testing::ElementsAre("consumerConfig: format has no effect without the column msg in columns"));
  EXPECT_THAT(warnings({"tag", "msg"}), ::testing::IsEmpty());
}

TEST(MessageColumns, OtherValuesAreRefusedWithWhatIsAllowed) {
  for (const ConstantSP& wrong : {texts({}), text("msg"), integer(1), null_value(), boolean(true)}) {
    EXPECT_THAT(error(wrong),
                HasSubstr("consumerConfig: columns must be a STRING vector of one or more of \"msg\", "
                          "\"topic\", \"tag\", \"keys\""));
    EXPECT_THAT(error(wrong), HasSubstr("\"properties\", \"property:NAME\"; given: "));
  }
}

TEST(MessageColumns, AnUnknownNameIsToldOfTheNearest) {
  EXPECT_THAT(error(texts({"msg", "topik"})),
              HasSubstr("consumerConfig: columns: element 1 \"topik\" is no column. Did you mean \"topic\"? "
                        "Allowed: \"msg\", "));
  EXPECT_THAT(error(texts({"MSGID"})),
              HasSubstr("element 0 \"MSGID\" is no column. Did you mean \"msgId\"?"));
  EXPECT_THAT(error(texts({"Property:x"})), HasSubstr("Did you mean \"property:x\"?"));
  const std::string far = error(texts({"somethingElse"}));
  EXPECT_THAT(far, HasSubstr("element 0 \"somethingElse\" is no column. Allowed: "));
  EXPECT_THAT(far, ::testing::Not(HasSubstr("Did you mean")));
}

TEST(MessageColumns, ANullElementAndAPropertyWithoutANameAreRefused) {
  EXPECT_THAT(error(texts({"msg", "", "tag"})), HasSubstr("columns: element 1 is NULL. Allowed: \"msg\""));
  EXPECT_THAT(error(texts({"property:"})),
              HasSubstr("columns: element 0 names no property after \"property:\". Allowed: \"msg\""));
}

TEST(MessageColumns, TwoColumnsOfOneNameAreRefused) {
  EXPECT_THAT(error(texts({"msg", "tag", "msg"})),
              HasSubstr("columns: element 2 \"msg\" gives a second column \"msg\", after element 0"));
  EXPECT_THAT(error(texts({"property:tag", "tag"})),
              HasSubstr("columns: element 1 \"tag\" gives a second column \"tag\", after element 0"));
  EXPECT_THAT(error(texts({"property:a", "property:a"})),
              HasSubstr("element 1 \"property:a\" gives a second"));
  // A server's tables do not tell upper from lower case.
  EXPECT_THAT(error(texts({"keys", "property:KEYS"})),
              HasSubstr("element 1 \"property:KEYS\" gives a second"));
}

}  // namespace
}  // namespace rocketmq::plugin::test
