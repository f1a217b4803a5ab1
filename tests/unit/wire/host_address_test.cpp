#include "wire/host_address.h"

#include <gtest/gtest.h>

namespace rocketmq::wire {
namespace {

TEST(JavaIpText, IsWhatInetAddressGives) {
  EXPECT_EQ(java_ip_text(Bytes{192, 168, 0, 255}), "192.168.0.255");
  EXPECT_EQ(java_ip_text(Bytes(16, 0)), "0:0:0:0:0:0:0:0");
  EXPECT_EQ(java_ip_text(Bytes{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xab, 0xff, 0x01}),
            "2001:db8:0:0:0:0:ab:ff01");
  EXPECT_EQ(java_ip_text(Bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1}), "10.0.0.1");
}

TEST(JavaIpText, OfOtherLengthsIsEmpty) {
  for (const std::size_t length : {0U, 3U, 5U, 15U, 17U})
    EXPECT_EQ(java_ip_text(Bytes(length, 1)), "");
}

}  // namespace
}  // namespace rocketmq::wire
