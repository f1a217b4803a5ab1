#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "row_text.h"
#include "rows/json_rows.h"

namespace rocketmq::rows::test {
namespace {

using ::testing::HasSubstr;
using enum ColumnType;

const RowSchema& book() {
  static const RowSchema schema{column("sym", symbol), arrays("bids", float64), arrays("sizes", integer),
                                arrays("ids", long_integer)};
  return schema;
}

RowSchema with_path(RowColumn column, std::vector<std::string> path) {
  column.path = std::move(path);
  return {column};
}

std::string numbers(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += i == 0 ? "7" : ",7";
  return text;
}

TEST(JsonArrays, ARowHasAnyNumberOfElements) {
  EXPECT_EQ(
      from_json(book(), R"({"sym":"A","bids":[1.5,2.5],"sizes":[100,200,300],"ids":[9007199254740993]})"),
      "A|[1.5,2.5]|[100,200,300]|[9007199254740993]");
  EXPECT_EQ(from_json(book(), R"([{"sizes":[1]},{"sizes":[ 2 , 3 ]},{"ids":[4,5],"sizes":[6]}])"),
            "-|[-]|[1]|[-];-|[-]|[2,3]|[-];-|[-]|[6]|[4,5]");
}

TEST(JsonArrays, EmptyNullAndMissingAreTheNullThatDolphinDbHasForThem) {
  for (const char* body : {R"({"bids":[]})", R"({"bids":null})", "{}", R"({"bids":[null]})", R"({"x":[1]})"})
    EXPECT_EQ(from_json(book(), body), "-|[-]|[-]|[-]") << body;
  EXPECT_EQ(from_json(book(), R"({"bids":[null,1,null]})"), "-|[-,1,-]|[-]|[-]");
}

TEST(JsonArrays, ElementsAreConvertedAsTheValuesOfOtherColumns) {
  EXPECT_EQ(from_json(book(), R"({"bids":["1.5",2,1e400,"-0"]})"),
            "error: bids[2] 1e400 at byte 17 is outside the range of a DOUBLE");
  EXPECT_EQ(from_json(book(), R"({"bids":["1.5",2,-0],"sizes":["7",1e3,8.0]})"),
            "-|[1.5,2,-0]|[7,1000,8]|[-]");
  EXPECT_EQ(from_json(book(), R"({"sizes":[1,1.5]})"), "error: sizes[1] 1.5 at byte 12 is not an INT");
  EXPECT_EQ(
      from_json(book(), R"({"sizes":[-2147483648]})"),
      "error: sizes[0] -2147483648 at byte 10 is outside the range of an INT (-2147483647 to 2147483647)");
  EXPECT_EQ(from_json(book(), R"({"ids":[1,"abc"]})"), "error: ids[1] \"abc\" at byte 10 is not a LONG");
  EXPECT_EQ(from_json(book(), R"({"ids":[""]})"), "error: ids[0] \"\" at byte 8 is not a LONG");
  EXPECT_EQ(from_json(book(), R"({"ids":[null, true]})"), "error: ids[1] true at byte 14 is not a LONG");
}

TEST(JsonArrays, ElementsAreNeitherArraysNorObjects) {
  EXPECT_EQ(from_json(book(), R"({"bids":[1,[2]]})"), "error: bids[1] an array at byte 11 is not a DOUBLE");
  EXPECT_EQ(from_json(book(), R"({"bids":[{"px":2}]})"),
            "error: bids[0] an object at byte 9 is not a DOUBLE");
}

TEST(JsonArrays, WhatIsNoArrayIsAnErrorAndSoIsAnArrayForAnotherColumn) {
  EXPECT_EQ(from_json(book(), R"({"bids":1.5})"), "error: bids 1.5 at byte 8 is not an array of DOUBLE");
  EXPECT_EQ(from_json(book(), R"({"sizes":"1"})"), "error: sizes \"1\" at byte 9 is not an array of INT");
  EXPECT_EQ(from_json(book(), R"({"bids":true})"), "error: bids true at byte 8 is not an array of DOUBLE");
  EXPECT_EQ(from_json(book(), R"({"bids":{"0":1}})"),
            "error: bids an object at byte 8 is not an array of DOUBLE");
  EXPECT_EQ(from_json(book(), R"({"sym":["A"]})"), "error: sym an array at byte 7 is not a SYMBOL");
  EXPECT_EQ(from_json(book(), R"([{"sizes":[1]},{"sizes":1}])"),
            "error: element 1 (the first is 0): sizes 1 at byte 24 is not an array of INT");
}

TEST(JsonArrays, OfARepeatedKeyTheLastCounts) {
  EXPECT_EQ(from_json(book(), R"({"sizes":[1,2,3],"sizes":[4]})"), "-|[-]|[4]|[-]");
  EXPECT_EQ(from_json(book(), R"({"sizes":[1,2,3],"sizes":null})"), "-|[-]|[-]|[-]");
  EXPECT_EQ(from_json(book(), R"([{"sizes":[1,2]},{"sizes":[1,"x",3],"sizes":[4,5]}])"),
            "-|[-]|[1,2]|[-];-|[-]|[4,5]|[-]");
}

TEST(JsonArrays, APathLeadsToAnArray) {
  const RowColumn sizes = arrays("sizes", integer);
  EXPECT_EQ(from_json(with_path(sizes, {"book", "s"}), R"({"book":{"s":[1,2]}})"), "[1,2]");
  EXPECT_EQ(from_json(with_path(sizes, {"book", "1"}), R"({"book":[[9],[1,2],[8]]})"), "[1,2]");
  EXPECT_EQ(from_json(with_path(sizes, {"book", "1"}), R"({"book":[[9],3]})"),
            "error: sizes 3 at byte 13 is not an array of INT");
}

TEST(JsonArrays, AnArrayAndItsFirstElementMayBothBeColumns) {
  RowSchema schema = with_path(column("best", float64), {"bids", "0"});
  schema.push_back(arrays("bids", float64));
  RowColumn again = arrays("again", integer);
  again.path = {"bids"};
  schema.push_back(again);
  EXPECT_EQ(from_json(schema, R"({"bids":[3,2]})"), "3|[3,2]|[3,2]");
  EXPECT_EQ(from_json(schema, R"({"bids":[3,2.5]})"), "error: again[1] 2.5 at byte 11 is not an INT");
}

TEST(JsonArrays, TheNumberOfElementsIsBounded) {
  const RowSchema schema{arrays("n", integer)};
  RowBuffer buffer(schema);
  JsonRows rows(schema);
  EXPECT_EQ(rows.append("{\"n\":[" + numbers(65'535) + "]}", buffer), "");
  EXPECT_EQ(buffer.ends(0), (std::vector<int>{65'535}));
  EXPECT_EQ(rows.append("{\"n\":[" + numbers(65'536) + "]}", buffer),
            "n[65535] 7 at byte 131076 is one too many: an array has at most 65535 elements");
  EXPECT_EQ(rows.append("{\"n\":[" + numbers(65'535) + ",null,null]}", buffer),
            "n[65535] null at byte 131076 is one too many: an array has at most 65535 elements");
  EXPECT_EQ(buffer.ends(0), (std::vector<int>{65'535})) << "rows of bodies that fail are gone";
  EXPECT_EQ(std::get<std::vector<int>>(buffer.values(0)).size(), 65'535U);
  EXPECT_EQ(rows.append("{\"n\":[" + numbers(65'536) + "],\"n\":[1]}", buffer), "")
      << "of a repeated key the last counts";
  EXPECT_EQ(buffer.ends(0), (std::vector<int>{65'535, 65'536}));
}

TEST(JsonArrays, AnErrorTellsOfTheFirstElementOnly) {
  EXPECT_THAT(from_json(book(), R"({"sizes":["a","b"],"bids":["c"]})"), HasSubstr("sizes[0] \"a\""));
}

TEST(JsonArrays, ABufferThatIsClearedStartsAgain) {
  const RowSchema schema{arrays("n", integer)};
  RowBuffer buffer(schema);
  JsonRows rows(schema);
  EXPECT_EQ(rows.append(R"([{"n":[1,2]},{"n":[3]}])", buffer), "");
  EXPECT_FALSE(buffer.has_null(0));
  buffer.clear();
  EXPECT_TRUE(buffer.ends(0).empty());
  EXPECT_EQ(rows.append(R"({"n":[4,null]})", buffer), "");
  EXPECT_EQ(text_of(buffer), "[4,-]");
  EXPECT_TRUE(buffer.has_null(0));
}

}  // namespace
}  // namespace rocketmq::rows::test
