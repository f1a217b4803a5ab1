#include <gtest/gtest.h>

#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace rocketmq {
namespace {

TEST(ByteWriter, WritesBigEndian) {
  std::string out = "x";
  ByteWriter writer(out);
  writer.put<std::uint8_t>(0xFE);
  writer.put<std::int16_t>(-2);
  writer.put<std::uint32_t>(0x01020304);
  writer.put<std::int64_t>(-1);
  writer.put_text("ab");
  writer.patch<std::uint32_t>(4, 0x0A0B0C0D);
  EXPECT_EQ(out, std::string("x\xFE\xFF\xFE\x0A\x0B\x0C\x0D\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
                             "ab"));
}

TEST(ByteReader, ReadsWhatTheWriterWrote) {
  std::string out;
  ByteWriter writer(out);
  writer.put<std::uint8_t>(200);
  writer.put<std::uint16_t>(60'000);
  writer.put<std::int16_t>(-30'000);
  writer.put<std::uint32_t>(4'000'000'000U);
  writer.put<std::int32_t>(-2'000'000'000);
  writer.put<std::uint64_t>(0xFEDC'BA98'7654'3210U);
  writer.put<std::int64_t>(INT64_MIN);
  ByteReader reader(as_bytes(out));
  std::uint8_t u8 = 0;
  std::uint16_t u16 = 0;
  std::int16_t i16 = 0;
  std::uint32_t u32 = 0;
  std::int32_t i32 = 0;
  std::uint64_t u64 = 0;
  std::int64_t i64 = 0;
  ASSERT_TRUE(reader.read(u8) && reader.read(u16) && reader.read(i16) && reader.read(u32) &&
              reader.read(i32) && reader.read(u64) && reader.read(i64));
  EXPECT_EQ(u8, 200);
  EXPECT_EQ(u16, 60'000);
  EXPECT_EQ(i16, -30'000);
  EXPECT_EQ(u32, 4'000'000'000U);
  EXPECT_EQ(i32, -2'000'000'000);
  EXPECT_EQ(u64, 0xFEDC'BA98'7654'3210U);
  EXPECT_EQ(i64, INT64_MIN);
  EXPECT_EQ(reader.remaining(), 0U);
}

TEST(ByteReader, RefusesWhatDoesNotFitAndStaysWhereItWas) {
  const Bytes bytes{1, 2, 3};
  ByteReader reader{ByteView(bytes)};
  std::uint32_t value = 77;
  ByteView view;
  EXPECT_FALSE(reader.read(value));
  EXPECT_EQ(value, 77U);
  EXPECT_FALSE(reader.read_view(4, view));
  EXPECT_FALSE(reader.skip(SIZE_MAX));
  EXPECT_EQ(reader.position(), 0U);
  EXPECT_TRUE(reader.read_view(3, view));
  EXPECT_EQ(view.size(), 3U);
  EXPECT_TRUE(reader.skip(0));
}

}  // namespace
}  // namespace rocketmq
