#include "rows/json_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "row_text.h"
#include "rows/json_row_reader.h"

namespace rocketmq::rows::test {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using enum ColumnType;
using namespace std::string_literals;

RowColumn with_path(std::string_view name, ColumnType type, std::vector<std::string> path) {
  RowColumn made = column(name, type);
  made.path = std::move(path);
  return made;
}

const RowSchema& trade() {
  static const RowSchema schema{column("sym", symbol), column("px", float64), column("n", integer)};
  return schema;
}

TEST(JsonRows, AnObjectIsARowAndAnArrayOfObjectsARowEach) {
  EXPECT_EQ(from_json(trade(), R"({"sym":"A","px":1.5,"n":1})"), "A|1.5|1");
  EXPECT_EQ(from_json(trade(), R"([{"sym":"A","n":1},{"n":2,"sym":"B"}])"), "A|-|1;B|-|2");
  EXPECT_EQ(from_json(trade(), " [ {\"n\":1} , {\"n\":2} ] \r\n"), "-|-|1;-|-|2");
  EXPECT_EQ(from_json(trade(), "{}"), "-|-|-");
  EXPECT_EQ(from_json(trade(), "[]"), "");
  EXPECT_EQ(from_json(trade(), "[{},{}]"), "-|-|-;-|-|-");
}

TEST(JsonRows, MissingKeysAndNullAreNullAndOtherKeysAreSkipped) {
  EXPECT_EQ(from_json(trade(), R"({"n":null,"sym":null})"), "-|-|-");
  EXPECT_EQ(
      from_json(
          trade(),
          R"({"x":327267367867168100000,"px":1.5,"y":[1,[2,{"px":9}]],"z":{"n":7},"w":"\ud83d\ude00"})"),
      "-|1.5|-");
  EXPECT_EQ(from_json(trade(), R"({"N":1,"n ":2,"":3})"), "-|-|-") << "keys are taken literally";
}

TEST(JsonRows, OfARepeatedKeyTheLastCounts) {
  EXPECT_EQ(from_json(trade(), R"({"n":1,"n":2})"), "-|-|2");
  EXPECT_EQ(from_json(trade(), R"({"n":1,"n":null})"), "-|-|-");
  EXPECT_EQ(from_json(trade(), R"({"n":"bad","n":2})"), "-|-|2");
  EXPECT_THAT(from_json(trade(), R"({"n":2,"n":"bad"})"), HasSubstr("\"bad\" at byte 11"));
  const RowSchema nested{with_path("b", integer, {"a", "b"}), with_path("c", integer, {"a", "c"})};
  EXPECT_EQ(from_json(nested, R"({"a":{"b":1},"a":{"c":2}})"), "-|2");
  EXPECT_EQ(from_json(nested, R"({"a":{"b":"x"},"a":3})"), "-|-");
}

TEST(JsonRows, PathsLeadThroughObjectsAndArrays) {
  const RowSchema schema{with_path("bid", float64, {"book", "bids", "0", "p"}),
                         with_path("id", string, {"book", "id"}), with_path("k", integer, {"k", "5"}),
                         with_path("all", string, {"book", "id"})};
  EXPECT_EQ(from_json(schema, R"({"book":{"bids":[{"p":1.5},{"p":2}],"id":"x"},"k":[0,1,2,3,4,55]})"),
            "1.5|x|55|x");
  EXPECT_EQ(from_json(schema, R"({"book":null,"k":[0]})"), "-|-|-|-");
  EXPECT_EQ(from_json(schema, R"({"book":1,"k":"x"})"), "-|-|-|-") << "through a scalar";
  EXPECT_EQ(from_json(schema, R"({"book":[],"k":{"5":7}})"), "-|-|7|-") << "in an object, an index is a key";
  EXPECT_EQ(from_json(schema, R"({"k":[[],{},null,0,0,5]})"), "-|-|5|-");
}

TEST(JsonRows, EscapesAndSurrogates) {
  const RowSchema schema{column("s", blob), column("sym", symbol)};
  EXPECT_EQ(from_json(schema, R"({"s":"a\"\\\/\b\f\n\r\tz","sym":"\u0041"})"), "a\"\\/\b\f\n\r\tz|A");
  EXPECT_EQ(from_json(schema, R"({"s":"\u00e9\u20ac\ud83d\ude00"})"),
            "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80|-");
  EXPECT_EQ(from_json(schema, R"({"s":"ab\u0000cd"})"), "ab\0cd|-"s);
  EXPECT_EQ(from_json(schema, R"({"\u0073":"key with an escape"})"), "key with an escape|-");
  EXPECT_THAT(from_json(schema, R"({"s":"\ud83d"})"), StartsWith("error: no JSON at byte"));
  EXPECT_THAT(from_json(schema, R"({"s":"\ude00"})"), StartsWith("error: no JSON at byte"));
  EXPECT_THAT(from_json(schema, R"({"s":"\x41"})"), StartsWith("error: no JSON at byte"));
  EXPECT_THAT(from_json(schema, "{\"s\":\"\xff\xfe\"}"), EndsWith("(texts must be UTF-8)"));
  EXPECT_THAT(from_json(schema, "{\"s\"：\"a\"}"), Not(EndsWith("(texts must be UTF-8)")));
}

TEST(JsonRows, LongTextsWithEscapesAreWhole) {
  std::string body = "{\"s\":\"";
  std::string expected;
  for (int i = 0; i < 100'000; ++i) {
    body += "0123456\\n";
    expected += "0123456\n";
  }
  body += "\"}";
  EXPECT_EQ(from_json({column("s", blob)}, body), expected);
}

TEST(JsonRows, TextsOfSeveralRowsDoNotShareMemory) {
  EXPECT_EQ(from_json({column("s", string)}, R"([{"s":"\u0041"},{"s":"\u0042"},{"s":"C"}])"), "A;B;C");
}

TEST(JsonRows, WhatDoesNotFitFailsTheWholeBodyWithItsPlace) {
  EXPECT_EQ(from_json(trade(), R"({"sym":"A","px":"abc"})"), "error: px \"abc\" at byte 16 is not a DOUBLE");
  EXPECT_EQ(from_json(trade(), R"({"sym":"A","n":1.5})"), "error: n 1.5 at byte 15 is not an INT");
  EXPECT_EQ(from_json(trade(), R"({"n":true})"), "error: n true at byte 5 is not an INT");
  EXPECT_EQ(from_json(trade(), R"({"n": {"a":1}})"), "error: n an object at byte 6 is not an INT");
  EXPECT_EQ(from_json(trade(), R"({"sym":[1]})"), "error: sym an array at byte 7 is not a SYMBOL");
  EXPECT_EQ(from_json(trade(), R"([{"n":1},{"n":"x"},{"n":3}])"),
            "error: element 1 (the first is 0): n \"x\" at byte 14 is not an INT");
  EXPECT_EQ(from_json(trade(), R"({"n":2147483648})"),
            "error: n 2147483648 at byte 5 is outside the range of an INT (-2147483647 to 2147483647)");
  EXPECT_EQ(from_json(trade(), R"({"n":"\u0078"})"), "error: n \"x\" at byte 5 is not an INT");
  EXPECT_EQ(from_json({column("t", date)}, R"({"t":20240102})"),
            "error: t 20240102 at byte 5 is not a DATE; numbers and other forms need a format in the schema");
  EXPECT_EQ(from_json({column("t", date, "yyyyMMdd")}, R"({"t":"x"})"),
            "error: t \"x\" at byte 5 is not a DATE of the schema's format");
}

TEST(JsonRows, ErrorsShowNoMoreThanTheBeginOfAValue) {
  const std::string error = from_json(trade(), "{\"n\":\"" + std::string(100'000, 'x') + "\n\"}");
  EXPECT_LT(error.size(), 300U);
  const std::string long_text = from_json(trade(), "{\"n\":\"" + std::string(100'000, 'x') + "\"}");
  EXPECT_LT(long_text.size(), 200U);
  EXPECT_THAT(long_text, HasSubstr("xxx... at byte 5"));
}

TEST(JsonRows, ABodyIsOneObjectOrOneArrayOfObjects) {
  for (const std::string& body : std::vector<std::string>{"1", "\"text\"", "null", "true", "-1.5"}) {
    EXPECT_THAT(from_json(trade(), body),
                AllOf(StartsWith("error: "), EndsWith("a body is one object, or one array of objects")))
        << body;
  }
  EXPECT_EQ(from_json(trade(), R"([{"n":1},2])"),
            "error: element 1 (the first is 0): 2 at byte 9 is not an object; a body is one object, or one "
            "array of objects");
  EXPECT_THAT(from_json(trade(), "[[]]"), HasSubstr("an array at byte 1 is not an object"));
  EXPECT_THAT(from_json(trade(), "[null]"), HasSubstr("element 0 (the first is 0): null at byte 1"));
  EXPECT_EQ(
      from_json(trade(), R"({"n":1}{"n":2})"),
      "error: no JSON at byte 7: something follows the value; a body is one object, or one array of objects");
  EXPECT_THAT(from_json(trade(), "{\"n\":1}\n{\"n\":2}"), HasSubstr("at byte 8: something follows"));
  EXPECT_THAT(from_json(trade(), "{\"n\":1}\0{\"n\":2}"s), HasSubstr("at byte 7: something follows"));
}

TEST(JsonRows, WhatIsNoJsonFails) {
  for (const std::string& body : {""s,
                                  " "s,
                                  "{"s,
                                  "{\"n\""s,
                                  "{\"n\":"s,
                                  "{\"n\":1"s,
                                  "{\"n\":1,"s,
                                  "{\"n\":1,}"s,
                                  "{n:1}"s,
                                  "{'n':1}"s,
                                  "[{},]"s,
                                  "{\"n\":01}"s,
                                  "{\"n\":+1}"s,
                                  "{\"n\":.5}"s,
                                  "{\"n\":1.}"s,
                                  "{\"n\":1e}"s,
                                  "{\"n\":-}"s,
                                  "{\"n\":NaN}"s,
                                  "{\"n\":Infinity}"s,
                                  "{\"n\":tru}"s,
                                  "{\"n\":\"\n\"}"s,
                                  "{\"n\":\"\xFF\"}"s,
                                  "{\"n\":\"\xC0\x80\"}"s,
                                  "{\"n\":\"\xED\xA0\x80\"}"s,
                                  "{\"n\":/*c*/1}"s,
                                  "{\"n\":1}x"s,
                                  "{\"n\":1\0}"s,
                                  "[{\"n\":1}"s})
    EXPECT_THAT(from_json(trade(), body), StartsWith("error: ")) << body;
}

TEST(JsonRows, AByteOrderMarkIsSkippedAndPositionsCountIt) {
  EXPECT_EQ(from_json(trade(), "\xEF\xBB\xBF{\"n\":1}"), "-|-|1");
  EXPECT_THAT(from_json(trade(), "\xEF\xBB\xBF{\"n\":\"x\"}"), HasSubstr("\"x\" at byte 8"));
  EXPECT_THAT(from_json(trade(), "\xEF\xBB\xBF"), StartsWith("error: "));
}

TEST(JsonRows, DepthIsBoundedAndSaid) {
  EXPECT_THAT(from_json(trade(), std::string(100'000, '[')), StartsWith("error: "));
  const auto nested = [](std::size_t depth) {
    return "{\"x\":" + std::string(depth, '[') + std::string(depth, ']') + ",\"n\":1}";
  };
  EXPECT_EQ(from_json(trade(), nested(64)), "-|-|1");
  EXPECT_EQ(from_json(trade(), nested(max_json_depth - 1)), "-|-|1");
  EXPECT_THAT(from_json(trade(), nested(max_json_depth)),
              HasSubstr("more than 128 objects and arrays within each other"));
  EXPECT_THAT(from_json(trade(), nested(100'000)), HasSubstr("more than 128"));
}

TEST(JsonRows, AFailedBodyLeavesTheNextOnesAlone) {
  RowBuffer buffer(trade());
  JsonRows json(trade());
  EXPECT_EQ(json.append(R"({"n":1})", buffer), "");
  EXPECT_NE(json.append(R"([{"n":2},{"n":"x"}])", buffer), "");
  EXPECT_NE(json.append(R"({"n":)", buffer), "");
  EXPECT_EQ(json.append(R"({"n":3})", buffer), "");
  EXPECT_EQ(text_of(buffer), "-|-|1;-|-|3");
}

TEST(JsonRows, AMebibyteIsRead) {
  std::string body = "[";
  while (body.size() < (1U << 20))
    body += body.size() == 1 ? R"({"sym":"A","px":1,"n":1})" : R"(,{"sym":"A","px":1,"n":1})";
  body += "]";
  RowBuffer buffer(trade());
  EXPECT_EQ(JsonRows(trade()).append(body, buffer), "");
  EXPECT_GT(buffer.rows(), 40'000U);
}

}  // namespace
}  // namespace rocketmq::rows::test
