#include "wire/stored_message.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <vector>

#include "bytes_of.h"
#include "support/stored_message_encoder.h"
#include "wire/body_crc.h"
#include "wire/compression.h"
#include "wire/message_id.h"
#include "wire/properties.h"

namespace rocketmq::wire {
namespace {

constexpr std::array<std::uint8_t, 4> v4{10, 0, 0, 1};
constexpr std::array<std::uint8_t, 16> v6{0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

// A message of topic "t" with body "body", laid out by hand.
const std::string& golden_v1() {
  static const std::string bytes = from_hex({
      "00000067",                // total: 84 of fixed fields + 8 + 2 + 9
      "DAA320A7",                // magic V1
      "5BA80BB2",                // CRC-32 of "body", sign bit cleared
      "00000003",                // queueId
      "FFFFFFFF",                // flag
      "0000000100000002",        // queueOffset
      "0000000000000400",        // physicalOffset
      "00000000",                // sysFlag
      "0000018BCFE56800",        // bornTimestamp
      "0A000001 00003039",       // bornHost 10.0.0.1:12345
      "0000018BCFE56801",        // storeTimestamp
      "7F000001 00002A9F",       // storeHost 127.0.0.1:10911
      "00000002",                // reconsumeTimes
      "0000000000000007",        // preparedTransactionOffset
      "00000004 626F6479",       // body
      "01 74",                   // topic
      "0007 54414753 01 61 02",  // properties TAGS=a
  });
  return bytes;
}

StoredMessageView message_of(std::int64_t offset, std::string_view body, std::string_view topic = "t") {
  StoredMessageView message;
  message.queue_offset = offset;
  message.physical_offset = offset * 100;
  message.body = as_bytes(body);
  message.topic = topic;
  message.properties =
      "UNIQ_KEY\x01"
      "0A\x02";
  message.born_host = {v4, 1};
  message.store_host = {v4, 10'911};
  return message;
}

std::string encode(const StoredMessageView& message) {
  std::string out;
  EXPECT_EQ(append_stored_message(out, message), Errc::ok);
  return out;
}

// Reads one message out of bytes that hold nothing else.
Errc read_one(ByteView bytes, StoredMessageView& out) {
  StoredMessageReader reader(bytes);
  bool found = false;
  const Errc error = reader.next(out, found);
  EXPECT_EQ(found, error == Errc::ok);
  return error;
}

TEST(StoredMessage, V1HasTheDocumentedLayout) {
  ASSERT_EQ(golden_v1().size(), 103U);
  StoredMessageView m;
  ASSERT_EQ(read_one(as_bytes(golden_v1()), m), Errc::ok);
  EXPECT_EQ(m.store_size, 103);
  EXPECT_EQ(m.magic, stored_magic::v1);
  EXPECT_EQ(m.queue_id, 3);
  EXPECT_EQ(m.flag, -1);
  EXPECT_EQ(m.queue_offset, 0x1'0000'0002);
  EXPECT_EQ(m.physical_offset, 0x400);
  EXPECT_EQ(m.sys_flag, 0);
  EXPECT_EQ(m.born_timestamp, 1'700'000'000'000);
  EXPECT_EQ(to_string(m.born_host), "10.0.0.1:12345");
  EXPECT_EQ(m.store_timestamp, 1'700'000'000'001);
  EXPECT_EQ(to_string(m.store_host), "127.0.0.1:10911");
  EXPECT_EQ(m.reconsume_times, 2);
  EXPECT_EQ(m.prepared_transaction_offset, 7);
  EXPECT_EQ(as_text(m.body), "body");
  EXPECT_EQ(m.topic, "t");
  EXPECT_EQ(find_property(m.properties, property::tags), "a");
  EXPECT_EQ(encode(m), golden_v1());
  EXPECT_EQ(encode_offset_message_id(m.store_host, m.physical_offset), "7F00000100002A9F0000000000000400");
}

TEST(StoredMessage, V2HasATopicLengthOfTwoBytes) {
  const std::string topic(200, 'x');
  const std::string bytes = encode(message_of(1, "b", topic));
  StoredMessageView m;
  ASSERT_EQ(read_one(as_bytes(bytes), m), Errc::ok);
  EXPECT_EQ(m.magic, stored_magic::v2);
  EXPECT_EQ(m.topic, topic);
  StoredMessageView short_topic = message_of(1, "b");
  short_topic.magic = stored_magic::v2;
  const std::string other = encode(short_topic);
  EXPECT_EQ(other.substr(4, 4), from_hex({"DAA320AB"}));
  ASSERT_EQ(read_one(as_bytes(other), m), Errc::ok);
  EXPECT_EQ(m.topic, "t");
}

TEST(StoredMessage, EachHostMayBeIpv6) {
  for (const bool born_v6 : {false, true}) {
    for (const bool store_v6 : {false, true}) {
      StoredMessageView message = message_of(1, "b");
      if (born_v6) message.born_host = {v6, 5};
      if (store_v6) message.store_host = {v6, 6};
      const std::string bytes = encode(message);
      StoredMessageView m;
      ASSERT_EQ(read_one(as_bytes(bytes), m), Errc::ok);
      EXPECT_EQ(to_string(m.born_host), born_v6 ? "[2001:db8::1]:5" : "10.0.0.1:1");
      EXPECT_EQ(to_string(m.store_host), store_v6 ? "[2001:db8::1]:6" : "10.0.0.1:10911");
      EXPECT_EQ((m.sys_flag & message_flag::born_host_v6) != 0, born_v6);
      EXPECT_EQ((m.sys_flag & message_flag::store_host_v6) != 0, store_v6);
      EXPECT_EQ(as_text(m.body), "b");
    }
  }
}

TEST(StoredMessage, SeveralComeOneAfterAnother) {
  std::string bytes;
  for (int i = 0; i < 5; ++i)
    bytes += encode(message_of(10 + i, "body" + std::to_string(i)));
  StoredMessageReader reader(as_bytes(bytes));
  StoredMessageView m;
  bool found = false;
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(reader.next(m, found), Errc::ok);
    ASSERT_TRUE(found);
    EXPECT_EQ(m.queue_offset, 10 + i);
    EXPECT_EQ(as_text(m.body), "body" + std::to_string(i));
  }
  ASSERT_EQ(reader.next(m, found), Errc::ok);
  EXPECT_FALSE(found);
  EXPECT_EQ(reader.position(), bytes.size());
}

TEST(StoredMessage, ACutLastMessageIsNamedAndTheOnesBeforeStay) {
  const std::string first = encode(message_of(7, "first"));
  const std::string both = first + encode(message_of(8, "second"));
  for (std::size_t length = 0; length < both.size(); ++length) {
    const Bytes cut = exact(std::string_view(both).substr(0, length));
    StoredMessageReader reader{ByteView(cut)};
    StoredMessageView m;
    bool found = false;
    const bool whole_first = length >= first.size();
    if (whole_first) {
      ASSERT_EQ(reader.next(m, found), Errc::ok);
      EXPECT_EQ(as_text(m.body), "first");
    }
    const bool at_end = length == 0 || length == first.size();
    EXPECT_EQ(reader.next(m, found), at_end ? Errc::ok : Errc::truncated) << length;
    EXPECT_FALSE(found);
    EXPECT_EQ(reader.next(m, found), Errc::ok);
    EXPECT_FALSE(found);

    MessageScan scan;
    EXPECT_EQ(scan_stored_messages(cut, scan), at_end ? Errc::ok : Errc::truncated) << length;
    EXPECT_EQ(scan.messages, whole_first ? 1U : 0U);
    EXPECT_EQ(scan.usable_bytes, whole_first ? first.size() : 0U);
  }
}

TEST(StoredMessage, ARecordThatIsTooShortForItsFieldsIsNamedAtEveryLength) {
  // The record is whole by its own length, but its fields do not fit: at no length a read past its end.
  for (std::size_t length = 8; length < golden_v1().size(); ++length) {
    std::string record = golden_v1().substr(0, length);
    record[3] = static_cast<char>(length);
    const Bytes bytes = exact(record);
    StoredMessageView m;
    EXPECT_EQ(read_one(bytes, m), Errc::bad_field) << length;
  }
}

TEST(StoredMessage, ABadMessageDoesNotHideTheNextOne) {
  std::string bad_magic = encode(message_of(1, "one"));
  bad_magic[4] = 0x11;
  std::string bad_crc = encode(message_of(2, "two"));
  bad_crc[bad_crc.find("two")] = 'T';
  std::string bad_length = encode(message_of(3, "three"));
  bad_length[bad_length.find("three") - 4] = 0x7F;
  const std::string bytes = bad_magic + bad_crc + bad_length + encode(message_of(4, "four"));
  StoredMessageReader reader(as_bytes(bytes));
  StoredMessageView m;
  bool found = false;
  EXPECT_EQ(reader.next(m, found), Errc::bad_magic);
  EXPECT_EQ(reader.next(m, found), Errc::bad_crc);
  EXPECT_EQ(m.queue_offset, 2);  // Filled, so that a message to people can name it.
  EXPECT_EQ(reader.next(m, found), Errc::bad_field);
  EXPECT_FALSE(found);
  EXPECT_EQ(reader.next(m, found), Errc::ok);
  EXPECT_TRUE(found);
  EXPECT_EQ(as_text(m.body), "four");
}

TEST(StoredMessage, CrcIsCheckedUnlessUnwantedOrNotStored) {
  std::string bytes = encode(message_of(1, "body"));
  bytes[bytes.find("body")] = 'B';
  StoredMessageView m;
  bool found = false;
  EXPECT_EQ(StoredMessageReader(as_bytes(bytes)).next(m, found), Errc::bad_crc);
  EXPECT_EQ(StoredMessageReader(as_bytes(bytes), CrcCheck::skip).next(m, found), Errc::ok);
  EXPECT_TRUE(found);
  bytes.replace(8, 4, 4, '\0');
  EXPECT_EQ(StoredMessageReader(as_bytes(bytes)).next(m, found), Errc::ok);
}

TEST(StoredMessage, CrcIsThatOfJava) {
  EXPECT_EQ(body_crc32(as_bytes("123456789")), 0x4BF43926U);  // 0xCBF43926 without its sign bit
  EXPECT_EQ(body_crc32(as_bytes("hello")), 0x3610A686U);
  EXPECT_EQ(body_crc32({}), 0U);
}

TEST(StoredMessage, BlanksAreSkipped) {
  const std::string blank = from_hex({"0000000C CBD43194 00000000"});
  const std::string bytes = blank + encode(message_of(4, "x")) + blank;
  StoredMessageReader reader(as_bytes(bytes));
  StoredMessageView m;
  bool found = false;
  ASSERT_EQ(reader.next(m, found), Errc::ok);
  EXPECT_TRUE(found);
  EXPECT_EQ(m.queue_offset, 4);
  ASSERT_EQ(reader.next(m, found), Errc::ok);
  EXPECT_FALSE(found);
  MessageScan scan;
  ASSERT_EQ(scan_stored_messages(as_bytes(bytes), scan), Errc::ok);
  EXPECT_EQ(scan.messages, 1U);
  EXPECT_EQ(scan.first_queue_offset, 4);
}

TEST(StoredMessage, ALengthThatIsNoneEndsTheReading) {
  for (const char* total : {"00000000", "00000007", "FFFFFFFF", "80000000"}) {
    const Bytes bytes = exact(from_hex({total, "DAA320A7 00000000"}));
    StoredMessageReader reader{ByteView(bytes)};
    StoredMessageView m;
    bool found = true;
    EXPECT_EQ(reader.next(m, found), Errc::bad_field) << total;
    EXPECT_FALSE(found);
    EXPECT_EQ(reader.next(m, found), Errc::ok);
    MessageScan scan;
    EXPECT_EQ(scan_stored_messages(bytes, scan), Errc::bad_field) << total;
  }
}

TEST(StoredMessage, AnOffsetThatNoQueueHasIsRefused) {
  for (const std::int64_t offset : {std::numeric_limits<std::int64_t>::max(),
                                    std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}}) {
    StoredMessageView message = message_of(7, "body");
    message.queue_offset = offset;
    const std::string bytes = encode(message) + encode(message_of(8, "next"));
    StoredMessageReader reader(as_bytes(bytes));
    StoredMessageView read;
    bool found = false;
    EXPECT_EQ(reader.next(read, found), Errc::bad_field) << offset;
    EXPECT_EQ(reader.next(read, found), Errc::ok);
    EXPECT_TRUE(found) << "the message after it is read";
    MessageScan scan;
    EXPECT_EQ(scan_stored_messages(as_bytes(bytes), scan), Errc::bad_field) << offset;
  }
}

TEST(Scan, FindsWhenTheLastMessageWasStoredWhateverTheSendersAddressLooksLike) {
  StoredMessageView message = message_of(7, "body");
  message.born_timestamp = 1;
  message.store_timestamp = 1'700'000'000'000;
  std::string bytes = encode(message);
  MessageScan scan;
  ASSERT_EQ(scan_stored_messages(as_bytes(bytes), scan), Errc::ok);
  EXPECT_EQ(scan.last_store_timestamp, 1'700'000'000'000);
  message.store_timestamp = 1'700'000'000'001;
  message.born_host = {v6, 5};
  bytes += encode(message);
  ASSERT_EQ(scan_stored_messages(as_bytes(bytes), scan), Errc::ok);
  EXPECT_EQ(scan.last_store_timestamp, 1'700'000'000'001);
}

TEST(Scan, CountsAndFindsTheFirstAndLastOffset) {
  std::string bytes;
  for (int i = 0; i < 32; ++i)
    bytes += encode(message_of(100 + i, std::string(1'000, 'x')));
  MessageScan scan;
  ASSERT_EQ(scan_stored_messages(as_bytes(bytes), scan), Errc::ok);
  EXPECT_EQ(scan.messages, 32U);
  EXPECT_EQ(scan.first_queue_offset, 100);
  EXPECT_EQ(scan.last_queue_offset, 131);
  EXPECT_EQ(scan.usable_bytes, bytes.size());
  ASSERT_EQ(scan_stored_messages({}, scan), Errc::ok);
  EXPECT_EQ(scan.messages, 0U);
}

std::string inner_items() {
  std::string items;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(append_batch_item(items, i, as_bytes("inner" + std::to_string(i)), "p\x01v\x02"), Errc::ok);
  }
  return items;
}

TEST(InnerBatch, MessagesGetTheirOwnOffsetsAndBodies) {
  const std::string items = inner_items();
  StoredMessageView outer = message_of(50, items);
  outer.sys_flag = message_flag::need_unwrap | message_flag::inner_batch;
  outer.queue_id = 9;
  const std::string bytes = encode(outer) + encode(message_of(53, "after"));
  StoredMessageView m;
  StoredMessageReader reader(as_bytes(bytes));
  bool found = false;
  ASSERT_EQ(reader.next(m, found), Errc::ok);
  ASSERT_TRUE(m.is_inner_batch());
  InnerBatchReader inner(m, m.body);
  for (int i = 0; i < 3; ++i) {
    StoredMessageView each;
    ASSERT_EQ(inner.next(each, found), Errc::ok);
    ASSERT_TRUE(found);
    EXPECT_EQ(each.queue_offset, 50 + i);
    EXPECT_EQ(each.queue_id, 9);
    EXPECT_EQ(each.flag, i);
    EXPECT_EQ(as_text(each.body), "inner" + std::to_string(i));
    EXPECT_EQ(each.properties, "p\x01v\x02");
    EXPECT_EQ(each.topic, "t");
    EXPECT_FALSE(each.is_inner_batch());
  }
  StoredMessageView none;
  ASSERT_EQ(inner.next(none, found), Errc::ok);
  EXPECT_FALSE(found);

  MessageScan scan;
  ASSERT_EQ(scan_stored_messages(as_bytes(bytes), scan), Errc::ok);
  EXPECT_EQ(scan.messages, 4U);
  EXPECT_EQ(scan.first_queue_offset, 50);
  EXPECT_EQ(scan.last_queue_offset, 53);
}

TEST(InnerBatch, ACompressedOneIsCountedByItsProperty) {
  std::string compressed;
  ASSERT_EQ(compress(Compression::lz4, 1, as_bytes(inner_items()), compressed), Errc::ok);
  StoredMessageView outer = message_of(50, compressed);
  outer.sys_flag =
      message_flag::need_unwrap | message_flag::inner_batch | compression_flags(Compression::lz4);
  outer.properties =
      "INNER_NUM\x01"
      "3\x02";
  MessageScan scan;
  ASSERT_EQ(scan_stored_messages(as_bytes(encode(outer)), scan), Errc::ok);
  EXPECT_EQ(scan.messages, 3U);
  EXPECT_EQ(scan.last_queue_offset, 52);
}

TEST(InnerBatch, ACountThatNoBodyHoldsIsNotBelieved) {
  for (const char* count : {"9223372036854775807", "4000000000", "0", "-3"}) {
    const std::string items = inner_items();
    const std::string properties = std::string("INNER_NUM\x01") + count + "\x02";
    StoredMessageView outer = message_of(50, items);
    outer.sys_flag = message_flag::need_unwrap | message_flag::inner_batch;
    outer.properties = properties;
    MessageScan scan;
    ASSERT_EQ(scan_stored_messages(as_bytes(encode(outer)), scan), Errc::ok) << count;
    EXPECT_EQ(scan.messages, 3U) << count << ": the items are counted instead";
    EXPECT_EQ(scan.last_queue_offset, 52) << count;
  }
}

TEST(Encoder, ImpossibleLengthsAreRefused) {
  std::string out;
  StoredMessageView message = message_of(1, "b");
  const std::string long_properties(max_properties_bytes + 1, 'p');
  message.properties = long_properties;
  EXPECT_EQ(append_stored_message(out, message), Errc::bad_field);
  message = message_of(1, "b");
  message.store_host.ip = ByteView(v6).first(5);
  EXPECT_EQ(append_stored_message(out, message), Errc::bad_field);
  EXPECT_TRUE(out.empty());
}

}  // namespace
}  // namespace rocketmq::wire
