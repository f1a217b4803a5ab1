#include "client/consumer/member_claim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "base/error.h"

namespace rocketmq::client {
namespace {

using testing::HasSubstr;

TEST(MemberClaim, OneNameIsAMemberOfAGroupOnce) {
  std::optional<MemberClaim> first(std::in_place, "ip@i", "g", "c", "i");
  try {
    const MemberClaim second("ip@i", "g", "c", "i");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::invalid_argument);
    EXPECT_THAT(error.what(),
                HasSubstr("group 'g' with instanceName 'i' is running in this process already"));
  }
  first.reset();
  EXPECT_NO_THROW(MemberClaim("ip@i", "g", "c", "i")) << "the name is free again";
}

TEST(MemberClaim, OtherNamesGroupsAndClustersDoNotMatter) {
  const MemberClaim first("ip@i", "g", "c", "i");
  EXPECT_NO_THROW(MemberClaim("ip@j", "g", "c", "j"));
  EXPECT_NO_THROW(MemberClaim("ip@i", "h", "c", "i"));
  EXPECT_NO_THROW(MemberClaim("ip@i", "g", "d", "i"));
}

}  // namespace
}  // namespace rocketmq::client
