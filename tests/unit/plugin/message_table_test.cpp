#include "plugin/message_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>

#include "full_message.h"
#include "plugin/sdk_strings.h"
#include "support/stored_message_encoder.h"
#include "time_zone.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::ElementsAre;
using namespace std::string_literals;

constexpr std::int64_t born_ms = 1'700'000'000'123;

std::string encoded(const std::vector<std::pair<std::string, std::string>>& properties) {
  std::string text;
  for (const auto& [name, value] : properties)
    EXPECT_EQ(wire::append_property(text, name, value), Errc::ok);
  return text;
}

/// The record of a message that came from `born_ip`.
std::string stored(ByteView born_ip, ByteView store_ip) {
  wire::StoredMessageView message;
  message.topic = "topic1";
  message.body = as_bytes("body");
  message.born_host = {born_ip, 40'000};
  message.store_host = {store_ip, 10'911};
  message.physical_offset = 1000;
  std::string record;
  EXPECT_EQ(wire::append_stored_message(record, message), Errc::ok);
  return record;
}

constexpr std::array<std::uint8_t, 4> v4{10, 0, 0, 1};
constexpr std::array<std::uint8_t, 16> v6{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

TableSP table_of(const MessageTableFormat& format, const std::vector<ReceivedMessage>& messages) {
  const MessageTable made = MessageTableMaker(format).make(messages);
  EXPECT_TRUE(made.bad.empty());
  return made.table;
}

class MessageTableTest : public ::testing::Test {
 protected:
  MessageTableTest() {
    full_ = full_message(body_, properties_);
    full_.born_time_ms = born_ms;
    full_.store_time_ms = born_ms + 7;
    full_.stored = as_bytes(record_);
  }

  static ConstantSP column(const MessageColumn& column, const std::vector<ReceivedMessage>& messages) {
    const TableSP table = table_of({.columns = {column}}, messages);
    EXPECT_EQ(table->columns(), 1);
    EXPECT_EQ(table->getColumnName(0), column.name);
    EXPECT_EQ(table->size(), static_cast<INDEX>(messages.size()));
    return table->getColumn(0);
  }

  static std::vector<std::string> strings(const MessageColumn& asked,
                                          const std::vector<ReceivedMessage>& messages) {
    const ConstantSP built = column(asked, messages);
    EXPECT_EQ(built->getType(), DT_STRING);
    const std::vector<std::string_view> views = strings_of(built);
    return {views.begin(), views.end()};
  }

  const std::string body_ = "bo\0dy"s;
  const std::string properties_ =
      encoded({{"UNIQ_KEY", "7F000001"}, {"KEYS", "k1 k2"}, {"region", "north"}, {"TAGS", "tagA"}});
  const std::string record_ = stored(v4, v4);
  ReceivedMessage full_;
  ReceivedMessage empty_;  ///< Has a place and nothing else.
};

TEST_F(MessageTableTest, ByDefaultHasTheBodiesByteForByte) {
  const TableSP table = table_of({}, std::vector{full_, full_});
  ASSERT_EQ(table->columns(), 1);
  EXPECT_EQ(table->getColumnName(0), "msg");
  EXPECT_EQ(table->getColumn(0)->getType(), DT_BLOB);
  EXPECT_THAT(strings_of(table->getColumn(0)), ElementsAre(body_, body_));
}

TEST_F(MessageTableTest, WithFormatStringHasTheBodiesAsStrings) {
  const TableSP table = table_of({.body = BodyFormat::string}, std::vector{full_});
  EXPECT_EQ(table->getColumn(0)->getType(), DT_STRING);
  EXPECT_THAT(strings_of(table->getColumn(0)), ElementsAre(body_));
}

TEST_F(MessageTableTest, HasTheColumnsInTheOrderThatIsAskedFor) {
  const TableSP table =
      table_of({.columns = read_columns({"property:region", "queueOffset", "msg", "bornTimestamp", "tag"})},
               std::vector{full_});
  const std::vector<std::pair<std::string, DATA_TYPE>> expected{{"region", DT_STRING},
                                                                {"queueOffset", DT_LONG},
                                                                {"msg", DT_BLOB},
                                                                {"bornTimestamp", DT_TIMESTAMP},
                                                                {"tag", DT_STRING}};
  ASSERT_EQ(table->columns(), static_cast<INDEX>(expected.size()));
  for (int i = 0; i < table->columns(); ++i) {
    EXPECT_EQ(table->getColumnName(i), expected[static_cast<std::size_t>(i)].first);
    EXPECT_EQ(table->getColumn(i)->getType(), expected[static_cast<std::size_t>(i)].second);
  }
}

TEST_F(MessageTableTest, TextsAreThoseOfTheMessage) {
  EXPECT_THAT(strings({"topic", ColumnKind::topic}, {full_}), ElementsAre("topic1"));
  EXPECT_THAT(strings({"tag", ColumnKind::tag}, {full_}), ElementsAre("tagA"));
  EXPECT_THAT(strings({"keys", ColumnKind::keys}, {full_}), ElementsAre("k1 k2"));
  EXPECT_THAT(strings({"msgId", ColumnKind::msg_id}, {full_}), ElementsAre("7F000001"));
  EXPECT_THAT(strings({"brokerName", ColumnKind::broker_name}, {full_}), ElementsAre("broker-a"));
  EXPECT_THAT(strings({"bornHost", ColumnKind::born_host}, {full_}), ElementsAre("10.0.0.1"));
  EXPECT_THAT(strings({"region", ColumnKind::property}, {full_}), ElementsAre("north"));
}

TEST_F(MessageTableTest, NumbersAreThoseOfTheMessage) {
  const ConstantSP queue = column({"queueId", ColumnKind::queue_id}, {full_, empty_});
  EXPECT_EQ(queue->getType(), DT_INT);
  EXPECT_EQ(queue->getInt(0), 3);
  EXPECT_EQ(queue->getInt(1), 0);
  const ConstantSP offset = column({"queueOffset", ColumnKind::queue_offset}, {full_});
  EXPECT_EQ(offset->getType(), DT_LONG);
  EXPECT_EQ(offset->getLong(0), 1LL << 40);
  const ConstantSP times = column({"reconsumeTimes", ColumnKind::reconsume_times}, {full_});
  EXPECT_EQ(times->getType(), DT_INT);
  EXPECT_EQ(times->getInt(0), 2);
}

TEST_F(MessageTableTest, WithoutAUniqueKeyTheIdIsThePlaceInTheStore) {
  ReceivedMessage old = full_;
  old.message_id = {};
  const std::string record = stored(v6, v6);
  ReceivedMessage far = old;
  far.stored = as_bytes(record);
  EXPECT_THAT(strings({"msgId", ColumnKind::msg_id}, {old, full_, far}),
              ElementsAre("0A00000100002A9F00000000000003E8", "7F000001",
                          "20010DB800000000000000000000000100002A9F00000000000003E8"));
  EXPECT_THAT(strings({"bornHost", ColumnKind::born_host}, {far}), ElementsAre("2001:db8:0:0:0:0:0:1"));
}

TEST_F(MessageTableTest, PropertiesAreAJsonObjectInTheirStoredOrder) {
  const std::string odd = encoded({{"a", "1"}, {"b", "say \"hi\"\n"}, {"a", "2"}, {"c", "\xff"}});
  ReceivedMessage other = full_;
  other.properties = odd;
  EXPECT_THAT(strings({"properties", ColumnKind::properties}, {full_, other, empty_}),
              ElementsAre(R"({"UNIQ_KEY":"7F000001","KEYS":"k1 k2","region":"north","TAGS":"tagA"})",
                          R"({"a":"2","b":"say \"hi\"\n","c":")"
                          "\xEF\xBF\xBD"
                          R"("})",
                          "{}"));
}

TEST_F(MessageTableTest, AlsoOfManyPropertiesEachNameStandsOnceWithItsLastValue) {
  std::vector<std::pair<std::string, std::string>> many;
  std::string expected = "{";
  for (int i = 0; i < 100; ++i) {
    many.emplace_back("name" + std::to_string(i), "first");
    expected += (i == 0 ? "\"name" : ",\"name") + std::to_string(i) + "\":\"" +
                (i % 50 == 7 ? "last" : "first") + '"';
  }
  many.emplace_back("name7", "last");
  many.emplace_back("name57", "last");
  const std::string properties = encoded(many);
  ReceivedMessage message = full_;
  message.properties = properties;
  EXPECT_THAT(strings({"properties", ColumnKind::properties}, {message}), ElementsAre(expected + "}"));
}

TEST_F(MessageTableTest, WhatAMessageLacksIsNull) {
  for (const MessageColumn& asked :
       {MessageColumn{"tag", ColumnKind::tag}, MessageColumn{"keys", ColumnKind::keys},
        MessageColumn{"msgId", ColumnKind::msg_id}, MessageColumn{"bornHost", ColumnKind::born_host},
        MessageColumn{"region", ColumnKind::property}, MessageColumn{"other", ColumnKind::property}}) {
    const ConstantSP built = column(asked, {full_, empty_});
    EXPECT_EQ(built->isNull(0), asked.name == "other") << asked.name;
    EXPECT_TRUE(built->isNull(1)) << asked.name;
    EXPECT_TRUE(built->getNullFlag()) << asked.name;
  }
}

/// Central Europe's time, whatever the machine's.
class MessageTableTimes : public MessageTableTest {
  const TimeZone zone_{TimeZone::central_europe};
};

TEST_F(MessageTableTimes, AreLocalAlsoWhenTheClocksArePutForwardAndBack) {
  constexpr long long hour = 3'600'000;
  constexpr long long spring = 1'711'846'800'000;  // 2024.03.31T01:00 UTC
  constexpr long long autumn = 1'729'990'800'000;  // 2024.10.27T01:00 UTC
  std::vector<ReceivedMessage> messages;
  std::vector<long long> expected;
  for (const auto& [ms, hours] : {std::pair(spring - 1, 1), std::pair(spring, 2), std::pair(autumn - 1, 2),
                                  std::pair(autumn, 1), std::pair(spring + 899'999, 2), std::pair(0LL, 1)}) {
    messages.push_back(full_);
    messages.back().born_time_ms = messages.back().store_time_ms = ms;
    expected.push_back(ms + hours * hour);
  }
  for (const MessageColumn& asked : {MessageColumn{"bornTimestamp", ColumnKind::born_timestamp},
                                     MessageColumn{"storeTimestamp", ColumnKind::store_timestamp}}) {
    const ConstantSP built = column(asked, messages);
    EXPECT_EQ(built->getType(), DT_TIMESTAMP);
    EXPECT_FALSE(built->getNullFlag());
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_EQ(built->getLong(static_cast<INDEX>(i)), expected[i]) << asked.name << " " << i;
  }
}

TEST_F(MessageTableTimes, ThatNoClockShowsAreNull) {
  std::vector<ReceivedMessage> messages(3, full_);
  messages[0].born_time_ms = -1;
  messages[1].born_time_ms = std::numeric_limits<std::int64_t>::max();
  const ConstantSP built = column({"bornTimestamp", ColumnKind::born_timestamp}, messages);
  EXPECT_TRUE(built->isNull(0));
  EXPECT_TRUE(built->isNull(1));
  EXPECT_FALSE(built->isNull(2));
  EXPECT_TRUE(built->getNullFlag());
  EXPECT_FALSE(column({"storeTimestamp", ColumnKind::store_timestamp}, messages)->getNullFlag());
}

TEST_F(MessageTableTest, RowsOfABatchStayTogetherInEveryColumn) {
  constexpr int rows = 1000;
  std::vector<std::string> texts;
  std::vector<ReceivedMessage> messages;
  for (int i = 0; i < rows; ++i)
    texts.push_back("text" + std::to_string(i));
  for (int i = 0; i < rows; ++i) {
    ReceivedMessage message = full_;
    message.body = as_bytes(texts[static_cast<std::size_t>(i)]);
    if (i % 2 == 0)
      message.tag = texts[static_cast<std::size_t>(i)];
    else
      message.tag = {};
    message.queue_id = i % 4;
    message.queue_offset = i;
    message.born_time_ms = born_ms + i * 60'000LL;
    messages.push_back(message);
  }
  const TableSP table = table_of(
      {.columns = read_columns({"msg", "tag", "queueId", "queueOffset", "bornTimestamp"})}, messages);
  ASSERT_EQ(table->size(), rows);
  for (int i = 0; i < rows; ++i) {
    EXPECT_EQ(table->getColumn(0)->getString(i), texts[static_cast<std::size_t>(i)]);
    EXPECT_EQ(table->getColumn(1)->isNull(i), i % 2 != 0);
    EXPECT_EQ(table->getColumn(2)->getInt(i), i % 4);
    EXPECT_EQ(table->getColumn(3)->getLong(i), i);
    EXPECT_EQ(table->getColumn(4)->getLong(i), Util::toLocalTimestamp(born_ms + i * 60'000LL));
  }
}

class MessageTableWithSchema : public MessageTableTest {
 protected:
  ReceivedMessage message(std::string_view body, std::int64_t offset) {
    ReceivedMessage made = full_;
    made.body = as_bytes(body);
    made.queue_offset = offset;
    return made;
  }

  static MessageTableFormat json(rows::ColumnType type) {
    MessageTableFormat format;
    format.body = BodyFormat::json;
    format.schema.push_back({.name = "x", .type = type, .path = {"x"}});
    format.columns = read_columns({"queueOffset"});
    return format;
  }
};

TEST_F(MessageTableWithSchema, HasTheSchemasColumnsFirstAndOneRowForEachOfTheBodies) {
  const MessageTableFormat format = json(rows::ColumnType::integer);
  MessageTableMaker maker(format);
  for (int time = 0; time < 2; ++time) {
    const MessageTable made =
        maker.make(std::vector{message(R"([{"x":1},{"x":2}])", 10), message("[]", 11),
                               message(R"({"x":null})", 12), message(R"({"x":"?"})", 13)});
    ASSERT_EQ(made.table->columns(), 2);
    ASSERT_EQ(made.table->size(), 3);
    EXPECT_EQ(made.table->getColumnName(0), "x");
    EXPECT_EQ(made.table->getColumn(0)->getType(), DT_INT);
    EXPECT_EQ(made.table->getColumn(0)->getInt(1), 2);
    EXPECT_TRUE(made.table->getColumn(0)->isNull(2));
    EXPECT_EQ(made.table->getColumn(1)->getLong(1), 10);
    EXPECT_EQ(made.table->getColumn(1)->getLong(2), 12);
    ASSERT_EQ(made.bad.size(), 1U);
    EXPECT_EQ(made.bad[0].index, 3U);
    EXPECT_EQ(made.bad[0].error, "x \"?\" at byte 5 is not an INT");
  }
}

TEST_F(MessageTableWithSchema, IsNoTableIfThereIsNoRow) {
  const MessageTableFormat format = json(rows::ColumnType::integer);
  const MessageTable made = MessageTableMaker(format).make(std::vector{message("[]", 1), message("?", 2)});
  EXPECT_TRUE(made.table.isNull());
  EXPECT_EQ(made.bad.size(), 1U);
}

TEST_F(MessageTableWithSchema, EveryTypeIsTheServers) {
  const std::vector<std::pair<std::string, DATA_TYPE>> types{{"BOOL", DT_BOOL},
                                                             {"CHAR", DT_CHAR},
                                                             {"SHORT", DT_SHORT},
                                                             {"INT", DT_INT},
                                                             {"LONG", DT_LONG},
                                                             {"FLOAT", DT_FLOAT},
                                                             {"DOUBLE", DT_DOUBLE},
                                                             {"STRING", DT_STRING},
                                                             {"SYMBOL", DT_SYMBOL},
                                                             {"BLOB", DT_BLOB},
                                                             {"DATE", DT_DATE},
                                                             {"MONTH", DT_MONTH},
                                                             {"TIME", DT_TIME},
                                                             {"MINUTE", DT_MINUTE},
                                                             {"SECOND", DT_SECOND},
                                                             {"DATETIME", DT_DATETIME},
                                                             {"TIMESTAMP", DT_TIMESTAMP},
                                                             {"NANOTIME", DT_NANOTIME},
                                                             {"NANOTIMESTAMP", DT_NANOTIMESTAMP}};
  ASSERT_EQ(types.size(), rows::column_type_names.size());
  for (const auto& [name, type] : types) {
    const auto parsed = rows::column_type_of(name);
    ASSERT_TRUE(parsed.has_value()) << name;
    const MessageTableFormat format = json(*parsed);
    const MessageTable made = MessageTableMaker(format).make(std::vector{message(R"({"x":null})", 1)});
    EXPECT_EQ(made.table->getColumn(0)->getType(), type) << name;
    EXPECT_TRUE(made.table->getColumn(0)->isNull(0)) << name;
    EXPECT_TRUE(made.table->getColumn(0)->hasNull()) << name;
  }
}

TEST_F(MessageTableWithSchema, ArraysAreAnArrayVector) {
  MessageTableFormat format = json(rows::ColumnType::float64);
  format.schema[0].is_array = true;
  format.schema.push_back({.name = "y", .type = rows::ColumnType::integer, .path = {"y"}, .is_array = true});
  format.schema.push_back(
      {.name = "z", .type = rows::ColumnType::long_integer, .path = {"z"}, .is_array = true});
  MessageTableMaker maker(format);
  for (int time = 0; time < 2; ++time) {
    const MessageTable made =
        maker.make(std::vector{message(R"({"x":[1.5,null,2.5],"y":[1]})", 1), message(R"({"x":[1,"?"]})", 2),
                               message(R"([{"x":[],"y":[2,3]},{"z":[9007199254740993]}])", 3)});
    ASSERT_EQ(made.table->size(), 3);
    EXPECT_EQ(Util::getDataTypeString(made.table->getColumnType(0)), "DOUBLE[]");
    EXPECT_EQ(made.table->getColumn(0)->getType(), DT_DOUBLE + ARRAY_TYPE_BASE);
    EXPECT_EQ(made.table->getColumn(1)->getType(), DT_INT + ARRAY_TYPE_BASE);
    EXPECT_EQ(made.table->getColumn(2)->getType(), DT_LONG + ARRAY_TYPE_BASE);
    EXPECT_EQ(made.table->getColumn(0)->getString(), "[[1.5,,2.5],[null],[null]]");
    EXPECT_EQ(made.table->getColumn(1)->getString(), "[[1],[2,3],[null]]");
    EXPECT_EQ(made.table->getColumn(2)->getString(), "[[null],[null],[9007199254740993]]");
    EXPECT_TRUE(made.table->getColumn(0)->getNullFlag());
    EXPECT_EQ(made.table->getColumn(3)->getLong(2), 3);
    ASSERT_EQ(made.bad.size(), 1U);
    EXPECT_EQ(made.bad[0].error, "x[1] \"?\" at byte 8 is not a DOUBLE");
  }
}

TEST_F(MessageTableWithSchema, CsvFieldsGoByPosition) {
  MessageTableFormat format = json(rows::ColumnType::symbol);
  format.body = BodyFormat::csv;
  format.delimiter = ';';
  format.schema.push_back({.name = "y", .type = rows::ColumnType::float64, .path = {"y"}});
  const MessageTable made =
      MessageTableMaker(format).make(std::vector{message("a;1.5\nb;", 1), message("c", 2)});
  ASSERT_EQ(made.table->size(), 2);
  EXPECT_EQ(made.table->getColumn(0)->getString(1), "b");
  EXPECT_EQ(made.table->getColumn(1)->getDouble(0), 1.5);
  EXPECT_TRUE(made.table->getColumn(1)->isNull(1));
  ASSERT_EQ(made.bad.size(), 1U);
  EXPECT_EQ(made.bad[0].error, "line 1 at byte 0 has 1 field, but the schema has 2");
}

}  // namespace
}  // namespace rocketmq::plugin::test
