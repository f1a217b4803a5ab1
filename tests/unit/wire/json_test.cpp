#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_string.h"
#include "bytes_of.h"
#include "wire/json_reader.h"
#include "wire/json_writer.h"

namespace rocketmq::wire {
namespace {

JsonValue parse(std::string_view text) {
  JsonValue value;
  EXPECT_EQ(read_json(text, value), Errc::ok) << text;
  return value;
}

std::string text_of(std::string_view json) {
  const JsonValue value = parse(json);
  EXPECT_NE(value.text(), nullptr) << json;
  return value.text() == nullptr ? std::string() : *value.text();
}

TEST(JsonReader, ReadsStandardJson) {
  const JsonValue root = parse(R"( {"a":[1,-2,3.5,1e3,true,false,null,"x"],"b":{}} )");
  const JsonValue::Array& array = *root.find("a")->array();
  ASSERT_EQ(array.size(), 8U);
  EXPECT_EQ(*array[0].integer(), 1);
  EXPECT_EQ(*array[1].integer(), -2);
  EXPECT_EQ(*array[2].real(), 3.5);
  EXPECT_EQ(*array[3].real(), 1000.0);
  EXPECT_TRUE(*array[4].boolean());
  EXPECT_FALSE(*array[5].boolean());
  EXPECT_TRUE(array[6].is_null());
  EXPECT_EQ(*array[7].text(), "x");
  EXPECT_TRUE(root.find("b")->object()->empty());
  EXPECT_EQ(root.find("c"), nullptr);
}

TEST(JsonReader, ReadsNumericKeys) {
  const JsonValue root = parse(R"({"brokerAddrs":{0:"1.2.3.4:10911",1:"1.2.3.5:10911",-1:"x"}})");
  EXPECT_EQ(*root.find("brokerAddrs")->find("0")->text(), "1.2.3.4:10911");
  EXPECT_EQ(*root.find("brokerAddrs")->find("1")->text(), "1.2.3.5:10911");
  EXPECT_EQ(*root.find("brokerAddrs")->find("-1")->text(), "x");
}

TEST(JsonReader, ReadsObjectsAsKeys) {
  const JsonValue root = parse(R"({"t":{{"brokerName":"b","queueId":0}:123,["x"]:1}})");
  const JsonValue::Object& table = *root.find("t")->object();
  ASSERT_EQ(table.size(), 2U);
  EXPECT_EQ(*table[0].key.find("brokerName")->text(), "b");
  EXPECT_EQ(*table[0].value.integer(), 123);
  EXPECT_EQ(*(*table[1].key.array())[0].text(), "x");
}

TEST(JsonReader, ToleratesSingleQuotesBareKeysAndTrailingCommas) {
  const JsonValue root = parse("{'a':'it\"s',b_1:[1,2,],\"c\":{\"d\":1,},}");
  EXPECT_EQ(*root.find("a")->text(), "it\"s");
  EXPECT_EQ(root.find("b_1")->array()->size(), 2U);
  EXPECT_EQ(*root.find("c")->find("d")->integer(), 1);
}

TEST(JsonReader, DecodesEscapes) {
  EXPECT_EQ(text_of(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(text_of(R"("\u0001\u4e3b\u00e9")"), "\x01主é");
  EXPECT_EQ(text_of(R"("\ud83d\ude00")"), "😀");
  EXPECT_EQ(text_of(R"("\ud83d!")"), "\xEF\xBF\xBD!");
  EXPECT_EQ(text_of(R"("\ud83d\u0041")"),
            "\xEF\xBF\xBD"
            "A");
  EXPECT_EQ(text_of(R"('\'\x41\0')"), std::string("'A\0", 3));
  EXPECT_EQ(text_of("\"raw\x01\n\xFF\""), "raw\x01\n\xFF");
}

TEST(JsonReader, TheLastOfRepeatedKeysCounts) {
  EXPECT_EQ(*parse(R"({"a":1,"a":2})").find("a")->integer(), 2);
}

TEST(JsonReader, NumbersBeyondInt64BecomeReal) {
  EXPECT_EQ(*parse("9223372036854775807").integer(), INT64_MAX);
  EXPECT_EQ(*parse("-9223372036854775808").integer(), INT64_MIN);
  EXPECT_NE(parse("9223372036854775808").real(), nullptr);
}

TEST(JsonReader, RefusesWhatIsNoJson) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "}",
                           "[",
                           "{]",
                           "[}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1",
                           "{\"a\":1 \"b\":2}",
                           "[1 2]",
                           "[,]",
                           "{,}",
                           "tru",
                           "truex",
                           "nul",
                           "nan",
                           "'",
                           "\"",
                           "\"\\",
                           "\"\\u12\"",
                           "\"\\u12g4\"",
                           "\"\\q\"",
                           "1 2",
                           "-",
                           "1.2.3",
                           "--1",
                           "1e",
                           "{:1}",
                           "{{}",
                           "{{}:",
                           "\"\\x4\"",
                           "+1",
                           "\"a\"b"}) {
    JsonValue value;
    EXPECT_EQ(read_json(text, value), Errc::bad_json) << text;
  }
}

TEST(JsonReader, ACutTextIsAnErrorAtEveryLength) {
  const std::string whole = R"({"a":[1,{"b":"c\u0041\n"}],{"k":[0]}:-2.5,'s':null,7:true,"e":{"f":"g"}})";
  (void)parse(whole);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const Bytes cut = exact(std::string_view(whole).substr(0, length));
    JsonValue value;
    EXPECT_EQ(read_json(as_text(cut), value), Errc::bad_json) << length;
  }
}

TEST(JsonReader, DepthAndSizeAreBounded) {
  JsonValue value;
  EXPECT_EQ(read_json(std::string(64, '[') + std::string(64, ']'), value), Errc::ok);
  EXPECT_EQ(read_json(std::string(65, '[') + std::string(65, ']'), value), Errc::too_large);
  EXPECT_EQ(read_json(std::string(1'000'000, '['), value), Errc::too_large);
  EXPECT_EQ(read_json(std::string(1'000'000, '{'), value), Errc::too_large);
  JsonLimits limits;
  limits.max_values = 4;
  EXPECT_EQ(read_json("[1,2,3]", value, limits), Errc::ok);
  EXPECT_EQ(read_json("[1,2,3,4]", value, limits), Errc::too_large);
  EXPECT_EQ(read_json("{1:2,3:4}", value, limits), Errc::too_large);
}

TEST(JsonValue, ReadsMembersWithNamedErrors) {
  const JsonValue root = parse(R"({"n":3000000000,"t":"12","f":"true","z":null,"o":{},"m":-5})");
  std::int32_t small = 9;
  std::int64_t big = 0;
  bool flag = false;
  std::string text;
  EXPECT_EQ(root.read("n", small), Errc::bad_field);
  EXPECT_EQ(root.read("n", big), Errc::ok);
  EXPECT_EQ(big, 3'000'000'000);
  EXPECT_EQ(root.read("t", small), Errc::ok);
  EXPECT_EQ(small, 12);
  EXPECT_EQ(root.read("m", small), Errc::ok);
  EXPECT_EQ(small, -5);
  EXPECT_EQ(root.read("f", flag), Errc::ok);
  EXPECT_TRUE(flag);
  EXPECT_EQ(root.read("z", text), Errc::missing_field);
  EXPECT_EQ(root.read("o", text), Errc::bad_field);
  EXPECT_EQ(root.read("o", big), Errc::bad_field);
  EXPECT_EQ(root.read("t", flag), Errc::bad_field);
  EXPECT_EQ(root.read_optional("none", text), Errc::ok);
  EXPECT_EQ(parse("[]").read("a", text), Errc::missing_field);
}

TEST(JsonWriter, WritesWhatTheReaderReads) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object().member("a", "x").key("list").begin_array();
  writer.value(1).value(true).null().begin_object().end_object().value(2.5);
  writer.end_array().key("map").begin_object();
  writer.begin_object().member("q", 0).end_object().end_key().value(std::int64_t{9});
  writer.begin_object().member("q", 1).end_object().end_key().value(std::int64_t{8});
  writer.end_object().end_object();
  EXPECT_EQ(out, R"({"a":"x","list":[1,true,null,{},2.5],"map":{{"q":0}:9,{"q":1}:8}})");
  EXPECT_EQ(parse(out).find("map")->object()->size(), 2U);
}

TEST(JsonWriter, EscapesEverythingThatNeedsIt) {
  std::string all;
  for (int c = 0; c < 0x80; ++c)
    all += static_cast<char>(c);
  all += "主题😀";
  std::string out;
  append_json_string(out, all);
  for (const char c : out)
    EXPECT_GE(static_cast<unsigned char>(c), 0x20);
  EXPECT_EQ(text_of(out), all);
}

TEST(JsonWriter, BytesThatAreNoUtf8AreReplaced) {
  for (const char* bad : {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xE4\xB8", "\xF5\x80\x80\x80", "\x80"}) {
    std::string out;
    append_json_string(out, bad);
    EXPECT_THAT(out, testing::StartsWith("\"\xEF\xBF\xBD")) << bad;
  }
}

}  // namespace
}  // namespace rocketmq::wire
