#include "client/producer/message_encoder.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "rocketmq/error.h"
#include "wire/batch.h"
#include "wire/properties.h"
#include "wire/sys_flag.h"

namespace rocketmq::client {
namespace {

class MessageEncoderTest : public testing::Test {
 protected:
  OutgoingMessages with_tag(std::string tag) {
    tag_ = std::move(tag);
    tag_view_ = tag_;
    return {.bodies = {}, .tags = {&tag_view_, 1}};
  }

  std::string tag_;
  std::string_view tag_view_;
  wire::UniqueIdGenerator ids_{wire::UniqueIdGenerator::Identity{{127, 0, 0, 1}, 7, 9}};
};

struct Item {
  std::string body;
  std::string properties;
};

std::vector<Item> items_of(const EncodedBatch& batch) {
  std::vector<Item> items;
  wire::BatchReader reader(as_bytes(*batch.body));
  wire::BatchItemView view;
  for (bool found = true;;) {
    if (reader.next(view, found) != Errc::ok || !found) break;
    items.push_back(Item{std::string(as_text(view.body)), std::string(view.properties)});
  }
  return items;
}

TEST_F(MessageEncoderTest, ASingleMessageTravelsAsItIs) {
  MessageEncoder encoder(ids_, with_tag("tagA"), 4);
  const std::string body("a\0b", 3);
  const std::vector<std::string_view> bodies{body};
  const auto encoded = encoder.encode(bodies, BatchRange{0, 1, false});
  EXPECT_FALSE(encoded.batch);
  EXPECT_EQ(*encoded.body, body);
  EXPECT_EQ(encoded.sys_flag, 0);
  EXPECT_EQ(wire::find_property(encoded.properties, "TAGS"), "tagA");
  EXPECT_EQ(wire::find_property(encoded.properties, "WAIT"), "true");
  EXPECT_EQ(wire::find_property(encoded.properties, "UNIQ_KEY")->size(), 32U);
  EXPECT_EQ(encoded.properties.size(), encoder.properties_bytes());
}

TEST_F(MessageEncoderTest, EveryMessageOfABatchHasItsOwnKey) {
  MessageEncoder encoder(ids_, {}, 4);
  const std::vector<std::string_view> bodies{"zero", "one", "two", "three"};
  const auto encoded = encoder.encode(bodies, BatchRange{1, 3, false});
  EXPECT_TRUE(encoded.batch);
  const auto items = items_of(encoded);
  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(items[0].body, "one");
  EXPECT_EQ(items[2].body, "three");
  std::set<std::string> keys;
  for (const auto& item : items) {
    keys.insert(std::string(*wire::find_property(item.properties, "UNIQ_KEY")));
    EXPECT_FALSE(wire::find_property(item.properties, "TAGS").has_value());
  }
  EXPECT_EQ(keys.size(), 3U);
}

TEST_F(MessageEncoderTest, GivenMemoryHoldsWhatWasEncodedLast) {
  MessageEncoder encoder(ids_, {}, 4);
  const std::vector<std::string_view> bodies{"zero", "one", "two"};
  auto memory = std::make_shared<std::string>();
  memory->reserve(100'000);
  const char* const where = memory->data();
  auto batch = encoder.encode(bodies, BatchRange{0, 2, false}, memory);
  EXPECT_EQ(batch.body->data(), where);
  EXPECT_EQ(items_of(batch).size(), 2U);
  batch = encoder.encode(bodies, BatchRange{1, 2, false}, memory);
  ASSERT_EQ(items_of(batch).size(), 2U);
  EXPECT_EQ(items_of(batch).front().body, "one");
  const auto single = encoder.encode(bodies, BatchRange{2, 1, false}, memory);
  EXPECT_EQ(single.body->data(), where);
  EXPECT_EQ(*single.body, "two");
}

TEST_F(MessageEncoderTest, CompressedBodiesAreFlaggedAndCanBeRead) {
  MessageEncoder encoder(ids_, {}, 4);
  const std::string body(10'000, 'x');
  const std::vector<std::string_view> bodies{body, body};
  const auto encoded = encoder.encode(bodies, BatchRange{0, 2, true});
  EXPECT_NE(encoded.sys_flag & wire::message_flag::compressed, 0);
  EXPECT_LT(encoded.body->size(), body.size());
  for (const auto& item : items_of(encoded)) {
    std::string plain;
    ASSERT_EQ(wire::decompress(wire::Compression::zlib, as_bytes(item.body), 1 << 20, plain), Errc::ok);
    EXPECT_EQ(plain, body);
  }
}

TEST_F(MessageEncoderTest, TheLevelDecidesHowMuchIsSaved) {
  std::string body;
  for (int i = 0; i < 4000; ++i)
    body += "symbol=" + std::to_string(i * 7919 % 3001) + ",price=" + std::to_string(i * 104729 % 9973) + ";";
  const std::vector<std::string_view> bodies{body};
  std::vector<std::size_t> sizes;
  for (const int level : {1, 4, 9}) {
    MessageEncoder encoder(ids_, {}, level);
    sizes.push_back(encoder.encode(bodies, BatchRange{0, 1, true}).body->size());
  }
  EXPECT_GT(sizes[0], sizes[1]);
  EXPECT_GT(sizes[1], sizes[2]);
  EXPECT_LT(sizes[0], body.size());
}

TEST_F(MessageEncoderTest, HalvesOfABatchKeepMessagesAndKeys) {
  MessageEncoder encoder(ids_, with_tag("t"), 4);
  const std::vector<std::string_view> bodies{"a", "bb", "ccc", "dddd", "eeeee"};
  const auto whole = encoder.encode(bodies, BatchRange{0, 5, false});
  EncodedBatch front;
  EncodedBatch back;
  ASSERT_TRUE(split_batch(whole, front, back));
  EXPECT_EQ(front.first, 0U);
  EXPECT_EQ(front.count, 2U);
  EXPECT_EQ(back.first, 2U);
  EXPECT_EQ(back.count, 3U);
  EXPECT_EQ(*front.body + *back.body, *whole.body);
  EXPECT_EQ(items_of(front).size(), 2U);
  EXPECT_EQ(items_of(back).front().body, "ccc");
}

TEST_F(MessageEncoderTest, AHalfOfOneMessageIsAnOrdinaryMessageWithItsKeyAndFlags) {
  MessageEncoder encoder(ids_, with_tag("t"), 4);
  const std::string second(5000, 'b');
  const std::vector<std::string_view> bodies{second, second, second};
  const auto whole = encoder.encode(bodies, BatchRange{0, 3, true});
  EncodedBatch front;
  EncodedBatch back;
  ASSERT_TRUE(split_batch(whole, front, back));
  EXPECT_FALSE(front.batch);
  EXPECT_EQ(front.first, 0U);
  EXPECT_EQ(front.count, 1U);
  EXPECT_EQ(front.sys_flag, whole.sys_flag);
  EXPECT_EQ(*front.body, items_of(whole)[0].body);
  EXPECT_EQ(front.properties, items_of(whole)[0].properties);
  EXPECT_TRUE(back.batch);
  EXPECT_EQ(back.count, 2U);
  EncodedBatch last;
  ASSERT_TRUE(split_batch(back, front, last));
  EXPECT_EQ(last.first, 2U);
  EXPECT_FALSE(last.batch);
  EXPECT_EQ(last.properties, items_of(whole)[2].properties);
}

TEST_F(MessageEncoderTest, WhatCompressionMakesNoSmallerTravelsAsItIs) {
  MessageEncoder encoder(ids_, with_tag("t"), 4);
  std::mt19937 random(1);
  std::string noise(10'000, '\0');
  for (char& c : noise)
    c = static_cast<char>(random());
  const std::string text(10'000, 'x');
  const std::vector<std::string_view> bodies{noise, text, noise, text, text};
  const auto single = encoder.encode(bodies, BatchRange{0, 1, true});
  EXPECT_EQ(single.sys_flag, 0);
  EXPECT_EQ(*single.body, noise);
  EXPECT_EQ(wire::find_property(single.properties, "TAGS"), "t");
  // A batch has one flag for all of its messages.
  const auto mixed = encoder.encode(bodies, BatchRange{1, 2, true});
  EXPECT_EQ(mixed.sys_flag, 0);
  const auto items = items_of(mixed);
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].body, text);
  EXPECT_EQ(items[1].body, noise);
  EXPECT_NE(items[0].properties, items[1].properties) << "one key for two messages";
  EXPECT_NE(encoder.encode(bodies, BatchRange{3, 2, true}).sys_flag & wire::message_flag::compressed, 0);
}

TEST_F(MessageEncoderTest, ATagThatWouldBreakThePropertiesIsRefused) {
  try {
    const MessageEncoder encoder(ids_, with_tag("bad\x01tag"), 4);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::invalid_argument);
    EXPECT_NE(std::string(error.what()).find("bad\\x01tag"), std::string::npos) << error.what();
  }
  EXPECT_THROW(MessageEncoder(ids_, with_tag(std::string(40'000, 'x')), 4), Error);
}

}  // namespace
}  // namespace rocketmq::client
