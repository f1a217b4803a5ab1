// Not in builds with a sanitizer, which bring an operator new of their own.

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "allocation_count.h"
#include "row_text.h"
#include "rows/csv_rows.h"
#include "rows/json_rows.h"

namespace rocketmq::rows::test {
namespace {

using enum ColumnType;

constexpr std::size_t ticks = 1000;

/// The columns of ticks, in both formats the same.
const RowSchema& tick_schema() {
  static const RowSchema schema{column("symbol", symbol),         column("bidPrice", float64),
                                column("askPrice", float64),      column("volume", integer),
                                column("sequence", long_integer), column("time", timestamp)};
  return schema;
}

const RowSchema& book_schema() {
  static const RowSchema schema{column("symbol", symbol), arrays("bids", float64), arrays("sizes", integer)};
  return schema;
}

std::string json_book(std::size_t index) {
  std::string bids = "12." + std::to_string(index);
  for (std::size_t level = 0; level < index % 20; ++level)
    bids += ",12";
  return R"({"symbol":"A","bids":[)" + bids + R"(],"sizes":[]})";
}

std::string json_tick(std::size_t index) {
  const std::string number = std::to_string(index);
  return R"({"symbol":"a long name of a stock )" + number + R"(","bidPrice":12.)" + number +
         R"(,"askPrice":13,"volume":)" + number + R"(,"sequence":1000000000)" + number +
         R"(,"unread":{"a":[1,2.5,"b"]},"time":"2024-01-02T09:30:00.123"})";
}

std::string csv_tick(std::size_t index) {
  const std::string number = std::to_string(index);
  return "\"a long name of a stock, " + number + "\",12." + number + ",13," + number + ",1000000000" +
         number + ",2024-01-02T09:30:00.123\n";
}

std::vector<std::string> bodies_of(std::string (*make)(std::size_t)) {
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < ticks; ++i)
    bodies.push_back(make(i));
  return bodies;
}

/// How many allocations it takes to read all bodies.
template <class Rows>
std::size_t allocations_of(Rows& rows, const std::vector<std::string>& bodies, RowBuffer& buffer) {
  const std::size_t before = allocation_count();
  buffer.clear();
  for (const std::string& body : bodies)
    EXPECT_EQ(rows.append(body, buffer), "");
  return allocation_count() - before;
}

template <class Rows>
void expect_steady_memory(Rows& rows, const std::vector<std::string>& bodies,
                          const RowSchema& schema = tick_schema()) {
  RowBuffer buffer(schema);
  EXPECT_GT(allocations_of(rows, bodies, buffer), 0U) << "the columns grow";
  EXPECT_EQ(allocations_of(rows, bodies, buffer), 0U);
  EXPECT_EQ(buffer.rows(), ticks);
}

TEST(SteadyMemory, JsonThatComesAfterAsMuchJsonAllocatesNothing) {
  JsonRows rows(tick_schema());
  expect_steady_memory(rows, bodies_of(json_tick));
}

TEST(SteadyMemory, ArraysThatComeAfterAsManyArraysAllocateNothing) {
  JsonRows rows(book_schema());
  expect_steady_memory(rows, bodies_of(json_book), book_schema());
}

// Such a text is not in the body as it is, so it is put together elsewhere.
TEST(SteadyMemory, TextsWithEscapesAllocateNothingEither) {
  std::vector<std::string> json;
  std::vector<std::string> csv;
  for (std::size_t i = 0; i < ticks; ++i) {
    json.push_back(R"({"symbol":"a \"long\" name\u00e9 )" + std::to_string(i) + "\"}");
    csv.push_back("\"a \"\"long\"\" name " + std::to_string(i) + "\",1,1,1,1,\n");
  }
  JsonRows json_rows(tick_schema());
  expect_steady_memory(json_rows, json);
  CsvRows csv_rows(',');
  expect_steady_memory(csv_rows, csv);
}

TEST(SteadyMemory, ManyTextsWithEscapesTakeBlocksAndStayAsTheyAre) {
  const RowSchema schema{column("text", string)};
  RowBuffer buffer(schema);
  JsonRows rows(schema);
  std::vector<std::string> expected;
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < 300; ++i) {
    expected.push_back(std::string(i % 7 == 0 ? 100'000 : 1000, static_cast<char>('a' + i % 26)) + "\n");
    bodies.push_back("{\"text\":\"" + expected.back().substr(0, expected.back().size() - 1) + "\\n\"}");
  }
  for (int round = 0; round < 2; ++round) {
    buffer.clear();
    for (const std::string& body : bodies)
      ASSERT_EQ(rows.append(body, buffer), "");
    const auto& texts = std::get<std::vector<std::string_view>>(buffer.values(0));
    EXPECT_TRUE(std::equal(texts.begin(), texts.end(), expected.begin(), expected.end()));
  }
}

TEST(SteadyMemory, CsvThatComesAfterAsMuchCsvAllocatesNothing) {
  CsvRows rows(',');
  expect_steady_memory(rows, bodies_of(csv_tick));
}

}  // namespace
}  // namespace rocketmq::rows::test
