#include "rmq/table.h"

#include <gmock/gmock.h>

#include "support/comma_locale.h"

namespace rocketmq::rmq {
namespace {

TEST(Tables, AreLinesWithTabsInAPipe) {
  Output out(ColorChoice::never);
  if (out.is_terminal()) GTEST_SKIP() << "standard output is a terminal";
  Table table({{"name", "NAME"}, {"count", "COUNT", true}, {"flag", "FLAG"}, {"list", "LIST"}});
  table.add({std::string("a\tb\n"), std::int64_t{5}, true, std::vector<std::string>{"x", "y"}});
  table.add({std::string(), std::int64_t{-1}, Cell(), std::vector<std::string>{}});
  table.print(out);
  EXPECT_EQ(out.text(), "a\\x09b\\x0a\t5\tyes\tx,y\n-\t-1\t-\t-\n");
  out.text().clear();
}

TEST(Tables, AreObjectsInJson) {
  Table table({{"name", "NAME"}, {"at", "AT"}, {"none", "NONE"}, {"flag", "FLAG"}, {"list", "LIST"}});
  table.add({std::string("a\"b"), Moment{1'000}, Cell(), false, std::vector<std::string>{"x", "y"}});
  std::string json;
  table.append_json(json);
  EXPECT_EQ(json, R"([{"name":"a\"b","at":1000,"none":null,"flag":false,"list":["x","y"]}])");
}

TEST(Tables, NumbersHaveDigitsOnlyInEveryLocale) {
  const test::CommaLocale locale;
  if (!locale.is_set()) GTEST_SKIP() << "this machine has no locale with a decimal comma";
  Table table({{"n", "N"}, {"at", "AT"}});
  table.add({std::int64_t{1'234'567}, Moment{1'795'860'000'250}});
  std::string json;
  table.append_json(json);
  EXPECT_EQ(json, R"([{"n":1234567,"at":1795860000250}])");
}

}  // namespace
}  // namespace rocketmq::rmq
