#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "plugin/nearest_name.h"
#include "plugin/unique_id.h"
#include "plugin/value_text.h"
#include "script_values.h"

namespace rocketmq::plugin::test {
namespace {

TEST(NearestName, FindsTheKeyBehindASlipOfTheFinger) {
  const std::vector<std::string> keys{"retryTimes", "compressLevel", "sendMsgTimeout"};
  EXPECT_EQ(nearest_name("retryTime", keys), "retryTimes");
  EXPECT_EQ(nearest_name("SENDMSGTIMEOUT", keys), "sendMsgTimeout");
  EXPECT_EQ(nearest_name("sendMessageTimeout", keys), "sendMsgTimeout");
}

TEST(NearestName, SuggestsNothingForAStrangeWord) {
  EXPECT_EQ(nearest_name("colour", {"retryTimes", "compressLevel"}), "");
  EXPECT_EQ(nearest_name("", {"retryTimes"}), "");
  EXPECT_EQ(nearest_name(std::string(100'000, 'r'), {"retryTimes"}), "");
}

TEST(UniqueId, LooksLikeAUuidAndDiffersEachTime) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = make_unique_id();
    ASSERT_EQ(id.size(), 36U);
    EXPECT_EQ(std::count(id.begin(), id.end(), '-'), 4);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 1000U);
}

TEST(ValueText, SaysTypeFormAndValue) {
  EXPECT_EQ(describe_value(integer(-1)), "the INT scalar -1");
  EXPECT_EQ(describe_value(text("x")), "the STRING scalar \"x\"");
  EXPECT_EQ(describe_value(text("")), "an empty (NULL) STRING");
  EXPECT_EQ(describe_value(null_value()), "NULL");
  EXPECT_EQ(describe_value(texts({"a", "b"})), "a STRING vector of 2 elements");
  EXPECT_EQ(describe_value(config({})), "a dictionary");
}

TEST(ValueText, CutsLongTextsAndHidesControlCharacters) {
  EXPECT_EQ(in_quotes("a\nb\x7f"), "\"a?b?\"");
  EXPECT_EQ(in_quotes(std::string(100, 'a')), "\"" + std::string(64, 'a') + "...\"");
}

}  // namespace
}  // namespace rocketmq::plugin::test
