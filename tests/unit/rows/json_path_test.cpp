#include "rows/json_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace rocketmq::rows {
namespace {

using ::testing::ElementsAre;

TEST(JsonPath, DotsOrAPointer) {
  EXPECT_THAT(read_json_path("a"), ElementsAre("a"));
  EXPECT_THAT(read_json_path("book.bid"), ElementsAre("book", "bid"));
  EXPECT_THAT(read_json_path("/book/bid"), ElementsAre("book", "bid"));
  EXPECT_THAT(read_json_path("/a.b/0"), ElementsAre("a.b", "0"));
  EXPECT_THAT(read_json_path("/a~1b/m~0n"), ElementsAre("a/b", "m~n"));
  EXPECT_THAT(read_json_path("/last price"), ElementsAre("last price"));
}

TEST(JsonPath, MalformedOnesAreRefused) {
  for (const char* path : {"", "/", "a.", ".a", "a..b", "//a", "/a/", " a", "a ", "/a~", "/a~2"})
    EXPECT_THROW((void)read_json_path(path), std::invalid_argument) << path;
}

}  // namespace
}  // namespace rocketmq::rows
