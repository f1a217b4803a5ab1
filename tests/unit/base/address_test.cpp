#include "base/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rocketmq {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Address, ReadsHostNamesAndBothIpVersions) {
  Address address;
  EXPECT_FALSE(parse_address("broker-1.example.com:10911", address).failed());
  EXPECT_EQ(address, (Address{"broker-1.example.com", 10911}));
  EXPECT_FALSE(parse_address(" 192.168.1.38:9876\t", address).failed());
  EXPECT_EQ(address, (Address{"192.168.1.38", 9876}));
  EXPECT_FALSE(parse_address("[fe80::1%eth0]:65535", address).failed());
  EXPECT_EQ(address, (Address{"fe80::1%eth0", 65535}));
}

TEST(Address, WritesWhatItReads) {
  EXPECT_EQ(to_string(Address{"127.0.0.1", 9876}), "127.0.0.1:9876");
  EXPECT_EQ(to_string(Address{"::1", 9876}), "[::1]:9876");
}

TEST(Address, NamesTheBadPartAndTheForm) {
  const struct {
    const char* text;
    const char* reason;
  } cases[] = {
      {"", "has no port"},
      {"localhost", "has no port"},
      {":9876", "has no host"},
      {"localhost:", "between 1 and 65535"},
      {"localhost:0", "between 1 and 65535"},
      {"localhost:65536", "between 1 and 65535"},
      {"localhost:-1", "between 1 and 65535"},
      {"localhost:98x", "between 1 and 65535"},
      {"::1:9876", "needs brackets"},
      {"[::1:9876", "no closing ']'"},
      {"[::1]", "has no port"},
      {"[::1]9876", "has no port"},
      {"[localhost]:1", "no IPv6 address"},
      {"[]:1", "no IPv6 address"},
      {"ho st:1", "no host name"},
      {"http://a:1", "several colons"},
  };
  for (const auto& c : cases) {
    Address address{"kept", 1};
    const Failure failure = parse_address(c.text, address);
    EXPECT_EQ(failure.code, Errc::invalid_address) << c.text;
    EXPECT_THAT(failure.message, HasSubstr(c.reason)) << c.text;
    EXPECT_THAT(failure.message, HasSubstr("'" + std::string(c.text) + "'"));
    EXPECT_THAT(failure.message, HasSubstr("host:port or [ipv6]:port"));
    EXPECT_EQ(address, (Address{"kept", 1}));
  }
}

TEST(Address, MessageIsSafeToPrintWhateverWasGiven) {
  Address address;
  const Failure failure = parse_address(std::string("a\0\n", 3) + std::string(5000, 'x'), address);
  EXPECT_THAT(failure.message, HasSubstr("a\\x00\\x0a"));
  EXPECT_LT(failure.message.size(), 300U);
}

TEST(Address, WhatServersAnnounceIsCutAtTheLastColonAsJavaDoes) {
  const struct {
    const char* text;
    Address address;
  } cases[] = {
      {"::1:10911", {"::1", 10911}},
      {"fe80:0:0:0:fc:ff:fe00:1%eth0:10911", {"fe80:0:0:0:fc:ff:fe00:1%eth0", 10911}},
      {"::ffff:10.0.0.1:80", {"::ffff:10.0.0.1", 80}},
      {"[::1]:10911", {"::1", 10911}},
      {"10.0.0.1:10911", {"10.0.0.1", 10911}},
      {"broker-1:10911", {"broker-1", 10911}},
  };
  for (const auto& c : cases) {
    Address address;
    EXPECT_FALSE(parse_announced_address(c.text, address).failed()) << c.text;
    EXPECT_EQ(address, c.address) << c.text;
    Address again;
    EXPECT_FALSE(parse_address(to_string(address), again).failed()) << c.text;
    EXPECT_EQ(again, address);
  }
  for (const char* text : {"", "::", "a:b:1", "http://a:1", "::1:", "::1:70000", "::1 :5", "[::1]", ":1"}) {
    Address address{"kept", 1};
    EXPECT_EQ(parse_announced_address(text, address).code, Errc::invalid_address) << text;
    EXPECT_EQ(address, (Address{"kept", 1})) << text;
  }
  std::vector<Address> list;
  EXPECT_FALSE(parse_announced_address_list("::1:9876;[::1]:9876;10.0.0.1:9876", list).failed());
  EXPECT_THAT(list, ElementsAre(Address{"::1", 9876}, Address{"10.0.0.1", 9876}));
}

TEST(AddressList, AcceptsBothSeparatorsBlanksAndRepeats) {
  std::vector<Address> list;
  EXPECT_FALSE(parse_address_list(" a:1; b:2 ,a:1;;[::1]:3; ", list).failed());
  EXPECT_THAT(list, ElementsAre(Address{"a", 1}, Address{"b", 2}, Address{"::1", 3}));
}

TEST(AddressList, NamesTheOneBadPart) {
  std::vector<Address> list{{"kept", 1}};
  const Failure failure = parse_address_list("a:1;b;c:3", list);
  EXPECT_EQ(failure.code, Errc::invalid_address);
  EXPECT_THAT(failure.message, HasSubstr("'b'"));
  EXPECT_THAT(list, ElementsAre(Address{"kept", 1}));
}

TEST(AddressList, AnEmptyListIsAnError) {
  std::vector<Address> list;
  for (const char* text : {"", " ", ";", " , ;"}) {
    const Failure failure = parse_address_list(text, list);
    EXPECT_EQ(failure.code, Errc::invalid_address) << text;
    EXPECT_THAT(failure.message, HasSubstr("is empty"));
  }
}

}  // namespace
}  // namespace rocketmq
