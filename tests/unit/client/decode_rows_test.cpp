#include "client/consumer/decode_rows.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "rocketmq/message_fields.h"
#include "stored_segment.h"
#include "wire/batch.h"
#include "wire/compression.h"
#include "wire/properties.h"

namespace rocketmq::client {
namespace {

class DecodeRowsTest : public testing::Test {
 protected:
  DecodeRowsTest() { use_queue(false, "*"); }

  void use_queue(bool is_retry, const std::string& expression) {
    auto subscription = std::make_shared<wire::SubscriptionData>();
    EXPECT_FALSE(wire::parse_tag_expression("topic", expression, 1, *subscription).failed());
    queue_ = std::make_shared<AssignedQueue>(MessageQueue{"ns%topic", "broker", 3}, "topic", is_retry,
                                             SubscribedTopic{subscription});
  }

  /// Fills a delivery from one part of these segments.
  DecodedPart fill(std::vector<Segment> segments, std::size_t max_rows = 1000,
                   std::size_t max_bytes = 1U << 20) {
    DecodeOptions options;
    options.max_rows = max_rows;
    options.max_bytes = max_bytes;
    options.unwrap_topic = [](std::string_view topic) { return "plain-" + std::string(topic); };
    options.on_given_up = [this](const ConsumerNotice& notice) {
      given_up_ += notice.given_up;
      told_ += notice.text + '\n';
    };
    delivery_.parts().push_back({queue_, 0, std::move(segments), skipped_});
    return decode_rows(delivery_, delivery_.parts().size() - 1, options);
  }

  [[nodiscard]] std::vector<std::string> bodies() const {
    std::vector<std::string> out;
    for (const ReceivedMessage& row : delivery_.rows())
      out.emplace_back(as_text(row.body));
    return out;
  }

  std::shared_ptr<AssignedQueues> ready_ =
      std::make_shared<AssignedQueues>(AssignedQueues::Limits{1000, 1U << 30});
  Delivery::Impl delivery_{ready_, false};
  AssignedQueuePtr queue_;
  std::set<std::int64_t> skipped_;
  std::int64_t given_up_ = 0;
  std::string told_;
};

TEST_F(DecodeRowsTest, RowsCarryWhatTheBrokerStored) {
  std::string extra;
  ASSERT_EQ(wire::append_property(extra, wire::property::unique_key, "ID1"), Errc::ok);
  ASSERT_EQ(wire::append_property(extra, wire::property::keys, "k1 k2"), Errc::ok);
  const DecodedPart rest = fill({segment(7, {{"hello", "A", extra}})});
  EXPECT_TRUE(rest.rest.empty());
  ASSERT_EQ(delivery_.rows().size(), 1U);
  const ReceivedMessage& row = delivery_.rows()[0];
  EXPECT_EQ(as_text(row.body), "hello");
  EXPECT_EQ(row.topic, "topic");
  EXPECT_EQ(row.broker_name, "broker");
  EXPECT_EQ(row.queue_id, 3);
  EXPECT_EQ(row.queue_offset, 7);
  EXPECT_EQ(row.tag, "A");
  EXPECT_EQ(row.message_id, "ID1");
  EXPECT_EQ(keys_of(row), "k1 k2");
  EXPECT_EQ(property_of(row, "TAGS"), "A");
  EXPECT_EQ(property_of(row, "other"), std::nullopt);
  EXPECT_EQ(born_host_of(row), "0.0.0.0");
  EXPECT_EQ(offset_message_id_of(row), "000000000000000000000000000003E8");
  std::string json;
  append_properties_json(json, row);
  EXPECT_EQ(json, R"({"UNIQ_KEY":"ID1","KEYS":"k1 k2","TAGS":"A"})");
}

TEST_F(DecodeRowsTest, AMessageOfAnInnerBatchHasItsOwnPropertiesAndThePlaceOfItsBatch) {
  std::string items;
  for (const char* body : {"one", "two"}) {
    std::string properties;
    ASSERT_EQ(wire::append_property(properties, "name", body), Errc::ok);
    ASSERT_EQ(wire::append_batch_item(items, 0, as_bytes(body), properties), Errc::ok);
  }
  Segment batch =
      segment(7, {{items, "", ""}}, wire::message_flag::need_unwrap | wire::message_flag::inner_batch);
  batch.next_begin = 9;
  (void)fill({batch});
  ASSERT_EQ(bodies(), (std::vector<std::string>{"one", "two"}));
  for (const ReceivedMessage& row : delivery_.rows()) {
    EXPECT_EQ(property_of(row, "name"), as_text(row.body));
    EXPECT_EQ(offset_message_id_of(row), "000000000000000000000000000003E8");
  }
}

// The progress of a group may lie inside a batch that another client took in parts.
TEST_F(DecodeRowsTest, RowsThatBeginOrEndInsideAnInnerBatchAreThoseOfTheirOffsets) {
  std::string items;
  for (const char* body : {"seven", "eight", "nine", "ten"})
    ASSERT_EQ(wire::append_batch_item(items, 0, as_bytes(body), {}), Errc::ok);
  Segment batch =
      segment(7, {{items, "", ""}}, wire::message_flag::need_unwrap | wire::message_flag::inner_batch);
  batch.begin = 9;
  batch.next_begin = 11;
  batch.messages = 4;
  (void)fill({batch});
  EXPECT_EQ(bodies(), (std::vector<std::string>{"nine", "ten"}));
  ASSERT_EQ(delivery_.rows().size(), 2U);
  EXPECT_EQ(delivery_.rows()[0].queue_offset, 9);
  EXPECT_EQ(delivery_.rows()[1].queue_offset, 10);
  batch.begin = 8;
  const DecodedPart result = fill({batch}, 4);
  EXPECT_EQ(bodies(), (std::vector<std::string>{"nine", "ten", "eight", "nine"}));
  ASSERT_EQ(result.rest.size(), 1U);
  EXPECT_EQ(result.rest[0].begin, 10);
  (void)fill(result.rest);
  EXPECT_EQ(bodies().back(), "ten");
  EXPECT_EQ(delivery_.rows().size(), 5U);
}

// Our producers refuse it; other clients send what carries all in its properties.
TEST_F(DecodeRowsTest, AMessageWithoutABodyIsARowAndSoIsWhatFollows) {
  const DecodedPart result = fill({segment(3, {{"", "A", ""}, {"next", "", ""}, {"", "", ""}})});
  EXPECT_TRUE(result.rest.empty());
  EXPECT_FALSE(result.rewind.has_value());
  EXPECT_EQ(bodies(), (std::vector<std::string>{"", "next", ""}));
  ASSERT_EQ(delivery_.rows().size(), 3U);
  EXPECT_EQ(delivery_.rows()[0].queue_offset, 3);
  EXPECT_EQ(delivery_.rows()[0].tag, "A");
  EXPECT_EQ(delivery_.rows()[2].queue_offset, 5);
  EXPECT_EQ(given_up_, 0) << told_;
}

// RocketMQ 5.1 stores both for a batch that a newer Java client sent.
TEST_F(DecodeRowsTest, AMessagesOwnKeyCountsWhereThatOfItsBatchFollows) {
  std::string extra;
  ASSERT_EQ(wire::append_property(extra, wire::property::unique_key, "OWN"), Errc::ok);
  ASSERT_EQ(wire::append_property(extra, wire::property::unique_key, "BATCH"), Errc::ok);
  (void)fill({segment(0, {{"x", "", extra}})});
  ASSERT_EQ(delivery_.rows().size(), 1U);
  EXPECT_EQ(delivery_.rows()[0].message_id, "OWN");
}

TEST_F(DecodeRowsTest, ARetriedMessageHasItsFirstTopicAgain) {
  use_queue(true, "*");
  std::string extra;
  ASSERT_EQ(wire::append_property(extra, wire::property::retry_topic, "orders"), Errc::ok);
  (void)fill({segment(0, {{"x", "", extra}})});
  ASSERT_EQ(delivery_.rows().size(), 1U);
  EXPECT_EQ(delivery_.rows()[0].topic, "plain-orders");
}

TEST_F(DecodeRowsTest, TagsAreCheckedAgain) {
  use_queue(false, "A || C");
  (void)fill({segment(0, {{"1", "A", ""}, {"2", "B", ""}, {"3", "C", ""}, {"4", "", ""}})});
  EXPECT_EQ(bodies(), (std::vector<std::string>{"1", "3"}));
}

TEST_F(DecodeRowsTest, TheRowLimitCutsASegmentAndTheRestIsReturned) {
  const DecodedPart result = fill({segment(10, texts(5)), segment(15, texts(2))}, 3);
  EXPECT_EQ(delivery_.rows().size(), 3U);
  EXPECT_FALSE(result.rewind.has_value());
  ASSERT_EQ(result.rest.size(), 2U);
  EXPECT_EQ(result.rest[0].begin, 13);
  EXPECT_EQ(result.rest[0].next_begin, 15);
  EXPECT_EQ(result.rest[0].messages, 2U);
  EXPECT_EQ(delivery_.parts()[0].segments.size(), 1U);
  EXPECT_EQ(delivery_.parts()[0].segments[0].next_begin, 13);
  (void)fill(result.rest);
  EXPECT_EQ(bodies(),
            (std::vector<std::string>{"body0", "body1", "body2", "body3", "body4", "body0", "body1"}));
}

TEST_F(DecodeRowsTest, TheFirstRowPassesWhateverItsSize) {
  const DecodedPart result = fill({segment(0, texts(3))}, 1000, 1);
  EXPECT_EQ(delivery_.rows().size(), 1U);
  ASSERT_EQ(result.rest.size(), 1U);
  EXPECT_EQ(result.rest[0].begin, 1);
}

TEST_F(DecodeRowsTest, OffsetsOutsideTheSegmentAreNotDelivered) {
  Segment wide = segment(0, texts(6));
  wide.begin = 2;
  wide.next_begin = 5;
  (void)fill({wide});
  EXPECT_EQ(bodies(), (std::vector<std::string>{"body2", "body3", "body4"}));
}

TEST_F(DecodeRowsTest, WhatWasRejectedBeforeIsNotDeliveredAgain) {
  skipped_ = {1};
  (void)fill({segment(0, texts(3))});
  EXPECT_EQ(bodies(), (std::vector<std::string>{"body0", "body2"}));
}

TEST_F(DecodeRowsTest, StaticTopicsAddTheirOffsetDelta) {
  Segment moved = segment(0, texts(2));
  moved.begin = 1000;
  moved.next_begin = 1002;
  moved.offset_delta = 1000;
  (void)fill({moved});
  ASSERT_EQ(delivery_.rows().size(), 2U);
  EXPECT_EQ(delivery_.rows()[1].queue_offset, 1001);
}

TEST_F(DecodeRowsTest, CompressedBodiesAreDecompressed) {
  for (const auto kind : {wire::Compression::zlib, wire::Compression::lz4, wire::Compression::zstd}) {
    std::string body;
    ASSERT_EQ(wire::compress(kind, 5, as_bytes(std::string(10'000, 'x')), body), Errc::ok);
    (void)fill({segment(0, {{body, "", ""}}, wire::compression_flags(kind))});
    EXPECT_EQ(as_text(delivery_.rows().back().body), std::string(10'000, 'x'));
  }
  EXPECT_EQ(delivery_.rows().size(), 3U);
}

TEST_F(DecodeRowsTest, ADamagedBodyIsPulledOnceMoreAndWhatCameBeforeIsDelivered) {
  Segment damaged = segment(0, texts(4));
  Bytes bytes(damaged.body.view.begin(), damaged.body.view.end());
  const std::size_t third = bytes.size() / 4 * 2;
  bytes[third + bytes.size() / 4 - 16] ^= 0xFF;  // The last byte of the third topic lies there, or its body.
  wire::StoredMessageReader reader(ByteView(bytes).subspan(third));
  wire::StoredMessageView view;
  bool found = false;
  for (std::size_t i = 0; i < bytes.size() / 4 && reader.next(view, found) != Errc::bad_crc; ++i) {
    bytes = Bytes(damaged.body.view.begin(), damaged.body.view.end());
    bytes[third + i] ^= 0xFF;
    reader = wire::StoredMessageReader(ByteView(bytes).subspan(third));
  }
  const auto storage = std::make_shared<const Bytes>(bytes);
  damaged.body = {storage, *storage};

  const DecodedPart first = fill({damaged});
  EXPECT_EQ(bodies(), (std::vector<std::string>{"body0", "body1"}));
  ASSERT_TRUE(first.rewind.has_value());
  EXPECT_EQ(*first.rewind, 2);
  EXPECT_EQ(given_up_, 0) << told_;

  ASSERT_EQ(first.rest.size(), 1U);
  Segment again = first.rest[0];
  again.pulled_again = true;
  const DecodedPart second = fill({again});
  EXPECT_FALSE(second.rewind.has_value());
  EXPECT_EQ(bodies(), (std::vector<std::string>{"body0", "body1", "body3"}));
  EXPECT_EQ(given_up_, 1);
  EXPECT_NE(told_.find("ns%topic@broker:3 at offset 2"), std::string::npos) << told_;
  EXPECT_NE(told_.find("commit-log offset 1002"), std::string::npos) << told_;
}

TEST_F(DecodeRowsTest, ABodyThatCannotBeDecompressedIsTreatedAlike) {
  Segment bad = segment(5, {{"no zlib stream", "", ""}}, wire::compression_flags(wire::Compression::zlib));
  const DecodedPart first = fill({bad});
  EXPECT_EQ(first.rewind, 5);
  bad.pulled_again = true;
  const DecodedPart second = fill({bad});
  EXPECT_TRUE(second.rest.empty());
  EXPECT_TRUE(delivery_.rows().empty());
  EXPECT_EQ(given_up_, 1);
  EXPECT_NE(told_.find("at offset 5"), std::string::npos) << told_;
}

TEST_F(DecodeRowsTest, WhatCannotBeReadIsCountedOnceAndToldInOneNoticeAReply) {
  Segment bad = segment(5, {{"no zlib", "", ""}, {"nor this", "", ""}, {"nor that", "", ""}},
                        wire::compression_flags(wire::Compression::zlib));
  bad.pulled_again = true;
  (void)fill({bad});
  EXPECT_EQ(given_up_, 3);
  EXPECT_EQ(std::count(told_.begin(), told_.end(), '\n'), 1) << told_;
  EXPECT_NE(told_.find("at offset 5"), std::string::npos) << told_;
  EXPECT_NE(told_.find("so were 6, 7"), std::string::npos) << told_;
  // A delivery that was given back is read again: that is no new loss.
  (void)fill({delivery_.parts()[0].segments[0]});
  EXPECT_EQ(given_up_, 3);
}

}  // namespace
}  // namespace rocketmq::client
