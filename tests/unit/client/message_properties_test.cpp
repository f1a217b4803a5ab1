#include "client/producer/message_properties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rocketmq/error.h"
#include "wire/properties.h"

namespace rocketmq::client {
namespace {

using testing::HasSubstr;
using Texts = std::vector<std::string_view>;

constexpr std::size_t reserved = 50;

std::string properties_of(const MessageProperties& properties, std::size_t message) {
  std::string text = properties.shared();
  properties.append_own(text, message);
  return text;
}

std::string value_of(const MessageProperties& properties, std::size_t message, std::string_view name) {
  const std::string text = properties_of(properties, message);
  return std::string(wire::find_property(text, name).value_or("-"));
}

std::string error_of(const OutgoingMessages& messages) {
  try {
    const MessageProperties properties(messages, reserved);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::invalid_argument);
    return error.what();
  }
  return {};
}

TEST(MessageProperties, AreThoseOfTheJavaClient) {
  const Texts bodies{"a", "b", "c"};
  const Texts tags{"tagA", "", "tagC"};
  const Texts keys{"k1 k2"};
  const std::vector<OrderKey> order{order_key("x"), order_key("y"), order_key("z")};
  const std::vector<int> levels{0, 3, 0};
  const std::vector<std::int64_t> times{0, 0, 1'700'000'000'000};
  std::string own;
  append_user_property(own, "desk", "north");
  const Texts user{own};
  const MessageProperties properties({.bodies = bodies,
                                      .tags = tags,
                                      .keys = keys,
                                      .order_keys = order,
                                      .properties = user,
                                      .delay_levels = levels,
                                      .deliver_times_ms = times},
                                     reserved);
  EXPECT_EQ(value_of(properties, 0, "WAIT"), "true");
  EXPECT_EQ(value_of(properties, 0, "TAGS"), "tagA");
  EXPECT_EQ(value_of(properties, 1, "TAGS"), "-");
  EXPECT_EQ(value_of(properties, 2, "TAGS"), "tagC");
  EXPECT_EQ(value_of(properties, 2, "KEYS"), "k1 k2");
  EXPECT_EQ(value_of(properties, 1, "__SHARDINGKEY"), "y");
  EXPECT_EQ(value_of(properties, 0, "DELAY"), "-");
  EXPECT_EQ(value_of(properties, 1, "DELAY"), "3");
  EXPECT_EQ(value_of(properties, 2, "TIMER_DELIVER_MS"), "1700000000000");
  EXPECT_EQ(value_of(properties, 2, "desk"), "north");
  EXPECT_TRUE(properties.needs_timers());
  ASSERT_EQ(properties.alone().size(), 3U);
  EXPECT_EQ(properties.alone()[0], 0);
  EXPECT_EQ(properties.alone()[1], 1);
  EXPECT_EQ(properties.alone()[2], 1);
  for (std::size_t i = 0; i < bodies.size(); ++i)
    EXPECT_EQ(properties_of(properties, i).size(), properties.shared().size() + properties.own_bytes()[i]);
}

TEST(MessageProperties, WhatAllShareCostsNothingAMessage) {
  const Texts bodies{"a", "b", "c"};
  const Texts tags{"tagA"};
  const MessageProperties properties({.bodies = bodies, .tags = tags}, reserved);
  EXPECT_TRUE(properties.own_bytes().empty());
  EXPECT_TRUE(properties.alone().empty());
  EXPECT_EQ(properties.shared(), "WAIT\x01true\x02TAGS\x01tagA\x02");
}

TEST(MessageProperties, ErrorsNameTheColumnAndTheMessage) {
  const Texts bodies{"a", "b", "c"};
  const Texts two{"x", "y"};
  EXPECT_THAT(error_of({.bodies = bodies, .tags = two}), HasSubstr("the tag: 2 values for 3 messages"));
  const Texts blank{"x", "y ", "z"};
  EXPECT_THAT(error_of({.bodies = bodies, .tags = blank}), HasSubstr("the tag at index 1: "));
  const Texts separator{"x", "y", "z\x02"};
  EXPECT_THAT(error_of({.bodies = bodies, .keys = separator}),
              HasSubstr("the keys at index 2: 'z\\x02' holds the bytes 1 or 2"));
  const std::vector<int> levels{1, 18, 19};
  EXPECT_THAT(error_of({.bodies = bodies, .delay_levels = levels}),
              HasSubstr("the delay level at index 2: a level is from 1 to 18, not 19"));
  const std::vector<std::int64_t> before{0, -5, 0};
  EXPECT_THAT(error_of({.bodies = bodies, .deliver_times_ms = before}),
              HasSubstr("the delivery time at index 1"));
  const std::vector<int> one_level{2};
  const std::vector<std::int64_t> one_time{0, 7, 0};
  EXPECT_THAT(error_of({.bodies = bodies, .delay_levels = one_level, .deliver_times_ms = one_time}),
              HasSubstr("message 1 has a delay level and a delivery time"));
  const Texts odd{
      "a\x01"
      "1\x02",
      "b=2"};
  const Texts two_bodies{"a", "b"};
  EXPECT_THAT(error_of({.bodies = two_bodies, .properties = odd}),
              HasSubstr("the properties at index 1: 'b=2' was not written by append_user_property"));
  const std::string long_keys(32'720, 'k');
  const Texts too_long{"x", long_keys, "z"};
  EXPECT_THAT(error_of({.bodies = bodies, .keys = too_long}),
              HasSubstr("message 1: its properties have 327"));
}

TEST(UserProperty, IsEncodedUnlessItIsNoneOfAUsers) {
  std::string text;
  append_user_property(text, "a", "1");
  append_user_property(text, "b", "2");
  EXPECT_EQ(text,
            "a\x01"
            "1\x02"
            "b\x01"
            "2\x02");
  const auto error = [&text](std::string_view name, std::string_view value) -> std::string {
    try {
      append_user_property(text, name, value);
    } catch (const Error& refused) {
      return refused.what();
    }
    return {};
  };
  EXPECT_THAT(error("TAGS", "x"), HasSubstr("'TAGS' is one of RocketMQ's own"));
  EXPECT_THAT(error("__SHARDINGKEY", "x"), HasSubstr("is one of RocketMQ's own"));
  EXPECT_THAT(error(" ", "x"), HasSubstr("not blank"));
  EXPECT_THAT(error("c", ""), HasSubstr("not blank"));
  EXPECT_THAT(error("c", "x\x01y"), HasSubstr("holds the bytes 1 or 2"));
  EXPECT_THAT(error("c", std::string(40'000, 'x')), HasSubstr("is too long"));
  EXPECT_EQ(text,
            "a\x01"
            "1\x02"
            "b\x01"
            "2\x02")
      << "a refusal adds nothing";
}

}  // namespace
}  // namespace rocketmq::client
