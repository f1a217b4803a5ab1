#include "wire/batch.h"

#include <gtest/gtest.h>

#include "bytes_of.h"
#include "wire/properties.h"

namespace rocketmq::wire {
namespace {

TEST(Batch, ItemHasTheDocumentedLayout) {
  std::string out;
  ASSERT_EQ(append_batch_item(out, 5, as_bytes("body"),
                              "a\x01"
                              "b\x02"),
            Errc::ok);
  // total 30 | magic 0 | crc 0 | flag 5 | 4 + "body" | 4 + properties
  EXPECT_EQ(out, from_hex({"0000001E 00000000 00000000 00000005", "00000004 626F6479", "0004 61016202"}));
  EXPECT_EQ(batch_item_size(4, 4), out.size());
}

TEST(Batch, ItemsComeBackAsTheyWere) {
  std::string out;
  ASSERT_EQ(append_batch_item(out, 1, as_bytes("one"), ""), Errc::ok);
  ASSERT_EQ(append_batch_item(out, -2, as_bytes(std::string("\0\x01\xFF", 3)), "p\x01v\x02"), Errc::ok);
  ASSERT_EQ(append_batch_item(out, 3, {}, ""), Errc::ok);
  BatchReader reader(as_bytes(out));
  BatchItemView item;
  bool found = false;
  ASSERT_EQ(reader.next(item, found), Errc::ok);
  EXPECT_TRUE(found);
  EXPECT_EQ(item.flag, 1);
  EXPECT_EQ(as_text(item.body), "one");
  ASSERT_EQ(reader.next(item, found), Errc::ok);
  EXPECT_EQ(item.flag, -2);
  EXPECT_EQ(as_text(item.body), std::string("\0\x01\xFF", 3));
  EXPECT_EQ(item.properties, "p\x01v\x02");
  ASSERT_EQ(reader.next(item, found), Errc::ok);
  EXPECT_TRUE(found);
  EXPECT_TRUE(item.body.empty());
  ASSERT_EQ(reader.next(item, found), Errc::ok);
  EXPECT_FALSE(found);
}

TEST(Batch, TooLongPropertiesAreRefusedAndNothingIsAppended) {
  std::string out = "kept";
  EXPECT_EQ(append_batch_item(out, 0, as_bytes("b"), std::string(max_properties_bytes + 1, 'x')),
            Errc::bad_properties);
  EXPECT_EQ(out, "kept");
  EXPECT_EQ(append_batch_item(out, 0, as_bytes("b"), std::string(max_properties_bytes, 'x')), Errc::ok);
}

TEST(Batch, ACutBatchKeepsItsWholeItems) {
  std::string out;
  ASSERT_EQ(append_batch_item(out, 1, as_bytes("one"), "p\x01v\x02"), Errc::ok);
  const std::size_t first = out.size();
  ASSERT_EQ(append_batch_item(out, 2, as_bytes("two"), ""), Errc::ok);
  for (std::size_t length = 0; length < out.size(); ++length) {
    const Bytes cut = exact(std::string_view(out).substr(0, length));
    BatchReader reader{ByteView(cut)};
    BatchItemView item;
    bool found = false;
    if (length >= first) {
      ASSERT_EQ(reader.next(item, found), Errc::ok);
      EXPECT_EQ(as_text(item.body), "one");
    }
    const bool at_end = length == 0 || length == first;
    EXPECT_EQ(reader.next(item, found), at_end ? Errc::ok : Errc::truncated) << length;
    EXPECT_FALSE(found);
    EXPECT_EQ(reader.next(item, found), Errc::ok);  // At its end after an error.
    EXPECT_FALSE(found);
  }
}

TEST(Batch, LengthsThatLieAreRefused) {
  const struct {
    const char* bytes;
    Errc expected;
  } cases[] = {
      {"00000000 00000000 00000000 00000000 00000000 0000", Errc::bad_field},  // total 0
      {"FFFFFFFF 00000000 00000000 00000000 00000000 0000", Errc::bad_field},  // total negative
      {"7FFFFFFF 00000000 00000000 00000000 00000000 0000", Errc::truncated},  // total beyond the input
      {"00000016 00000000 00000000 00000000 00000001 0000", Errc::bad_field},  // body beyond the item
      {"00000016 00000000 00000000 00000000 FFFFFFFF 0000", Errc::bad_field},  // body negative
      {"00000016 00000000 00000000 00000000 00000000 0001", Errc::bad_field},  // properties beyond the item
      {"00000016 00000000 00000000 00000000 00000000 FFFF", Errc::bad_field},  // properties negative
  };
  for (const auto& c : cases) {
    const Bytes bytes = exact(from_hex({c.bytes}));
    BatchReader reader{ByteView(bytes)};
    BatchItemView item;
    bool found = true;
    EXPECT_EQ(reader.next(item, found), c.expected) << c.bytes;
    EXPECT_FALSE(found);
  }
}

}  // namespace
}  // namespace rocketmq::wire
