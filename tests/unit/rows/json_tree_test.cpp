#include "rows/json_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rocketmq::rows {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

RowSchema schema(const std::vector<std::vector<std::string>>& paths) {
  RowSchema made;
  for (const auto& path : paths) {
    RowColumn column;
    column.path = path;
    made.push_back(column);
  }
  return made;
}

TEST(JsonTree, FindsKeysInAnyOrder) {
  const JsonTree tree(schema({{"a"}, {"b", "c"}, {"b", "d"}, {"a"}}));
  std::size_t hint = 0;
  const auto b = tree.child(JsonTree::row, "b", hint);
  const auto a = tree.child(JsonTree::row, "a", hint);
  ASSERT_NE(a, JsonTree::none);
  ASSERT_NE(b, JsonTree::none);
  EXPECT_THAT(tree.columns(a), ElementsAre(0, 3));
  EXPECT_THAT(tree.columns(b), IsEmpty());
  EXPECT_THAT(tree.columns_below(b), ElementsAre(1, 2));
  EXPECT_TRUE(tree.has_children(b));
  EXPECT_FALSE(tree.has_children(a));
  EXPECT_EQ(tree.child(JsonTree::row, "x", hint), JsonTree::none);
  EXPECT_EQ(tree.child(a, "x", hint), JsonTree::none);
}

TEST(JsonTree, IndexesAreThoseOfPointers) {
  const JsonTree tree(schema({{"0"}, {"10"}, {"01"}, {"x"}}));
  EXPECT_NE(tree.element(JsonTree::row, 0), JsonTree::none);
  EXPECT_NE(tree.element(JsonTree::row, 10), JsonTree::none);
  EXPECT_EQ(tree.element(JsonTree::row, 1), JsonTree::none);
}

}  // namespace
}  // namespace rocketmq::rows
