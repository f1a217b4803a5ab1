#include "plugin/empty_columns.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "rows/json_rows.h"

namespace rocketmq::plugin::test {
namespace {

rows::RowSchema price_and_size() {
  rows::RowSchema schema(2);
  schema[0].name = "price";
  schema[0].path = {"price"};
  schema[0].type = rows::ColumnType::float64;
  schema[1].name = "size";
  schema[1].path = {"size"};
  schema[1].type = rows::ColumnType::integer;
  return schema;
}

/// Has it look at so many rows of this body.
std::string look(EmptyColumns& columns, const rows::RowSchema& schema, const std::string& body,
                 std::size_t rows) {
  rows::RowBuffer buffer(schema);
  rows::JsonRows json(schema);
  for (std::size_t i = 0; i < rows; ++i)
    EXPECT_EQ(json.append(body, buffer), "");
  return columns.look(buffer);
}

TEST(EmptyColumns, AreNamedOnceAfterAThousandRows) {
  const rows::RowSchema schema = price_and_size();
  EmptyColumns columns(schema);
  EXPECT_EQ(look(columns, schema, R"({"price": 1, "sise": 2})", 999), "");
  EXPECT_EQ(
      look(columns, schema, R"({"price": null, "sise": 2})", 11),
      "columns that are NULL in every row so far (1010 rows, repeated calls included): \"size\"; if that "
      "is not meant, check their names, and their paths if there are any");
  EXPECT_EQ(look(columns, schema, R"({"price": 1})", 5000), "") << "it was said";
}

TEST(EmptyColumns, AColumnThatHasAValueOnceIsNone) {
  const rows::RowSchema schema = price_and_size();
  EmptyColumns columns(schema);
  EXPECT_EQ(look(columns, schema, R"({"price": 0})", 1), "");
  EXPECT_EQ(look(columns, schema, "{}", 500), "");
  EXPECT_EQ(look(columns, schema, R"({"size": 0})", 1), "");
  EXPECT_EQ(look(columns, schema, "{}", 5000), "");
}

TEST(EmptyColumns, AreNamedOnceByAllThreadsTogether) {
  const rows::RowSchema schema = price_and_size();
  EmptyColumns columns(schema);
  std::atomic<int> said{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int call = 0; call < 100; ++call)
        said += look(columns, schema, R"({"size": 1})", 10).empty() ? 0 : 1;
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(said, 1);
}

}  // namespace
}  // namespace rocketmq::plugin::test
