#include "wire/compression.h"

#include <gtest/gtest.h>

#include <string>

#include "bytes_of.h"
#include "wire/sys_flag.h"

namespace rocketmq::wire {
namespace {

constexpr Compression all[] = {Compression::zlib, Compression::lz4, Compression::zstd};

std::string noise(std::size_t size) {
  std::string out(size, '\0');
  std::uint32_t state = 1;
  for (char& c : out) {
    state = state * 1'664'525 + 1'013'904'223;
    c = static_cast<char>(state >> 24);
  }
  return out;
}

std::string compressed(Compression compression, std::string_view body, int level = 5) {
  std::string out;
  EXPECT_EQ(compress(compression, level, as_bytes(body), out), Errc::ok);
  return out;
}

TEST(Compression, BodiesComeBackAsTheyWere) {
  for (const Compression compression : all) {
    for (const std::string& body :
         {std::string(), std::string("a"), std::string(100'000, 'x'), noise(5'000), noise(3'000'000)}) {
      for (const int level : {1, 4, 9}) {
        const std::string packed = compressed(compression, body, level);
        std::string out = "before";
        ASSERT_EQ(decompress(compression, as_bytes(packed), body.size(), out), Errc::ok);
        EXPECT_EQ(out.size(), body.size() + 6);
        EXPECT_TRUE(out == "before" + body);
      }
    }
  }
}

TEST(Compression, HasTheFormatsThatJavaReads) {
  EXPECT_EQ(compressed(Compression::zlib, "abc").substr(0, 1), "\x78");              // RFC 1950
  EXPECT_EQ(compressed(Compression::lz4, "abc").substr(0, 4), "\x04\x22\x4D\x18");   // LZ4 frame
  EXPECT_EQ(compressed(Compression::zstd, "abc").substr(0, 4), "\x28\xB5\x2F\xFD");  // Zstandard frame
}

TEST(Compression, AFixedZlibStreamIsRead) {
  // "abc" as the stored block of a zlib stream, laid out by hand: RFC 1950 and 1951.
  const std::string stream = from_hex({"7801", "01 0300 FCFF 616263", "024D0127"});
  std::string out;
  ASSERT_EQ(decompress(Compression::zlib, as_bytes(stream), 100, out), Errc::ok);
  EXPECT_EQ(out, "abc");
}

TEST(Compression, ACutStreamIsAnErrorAtEveryLength) {
  for (const Compression compression : all) {
    const std::string packed = compressed(compression, noise(300) + std::string(500, 'y'));
    for (std::size_t length = 0; length < packed.size(); ++length) {
      const Bytes cut = exact(std::string_view(packed).substr(0, length));
      std::string out = "kept";
      EXPECT_EQ(decompress(compression, cut, 10'000, out), Errc::bad_compression)
          << static_cast<int>(compression) << " " << length;
      EXPECT_EQ(out, "kept");
    }
  }
}

TEST(Compression, GarbageIsAnError) {
  for (const Compression compression : all) {
    for (const char* text : {"", "x", "garbage that is no stream at all"}) {
      std::string out;
      EXPECT_EQ(decompress(compression, as_bytes(text), 1'000, out), Errc::bad_compression) << text;
    }
  }
}

TEST(Compression, FlippedBytesNeverCrash) {
  for (const Compression compression : all) {
    const std::string packed = compressed(compression, noise(100) + std::string(400, 'z'));
    for (std::size_t i = 0; i < packed.size(); ++i) {
      std::string flipped = packed;
      flipped[i] = static_cast<char>(flipped[i] ^ 0x55);
      const Bytes bytes = exact(flipped);
      std::string out;
      const Errc error = decompress(compression, bytes, 1'000, out);
      EXPECT_TRUE(error == Errc::ok || error == Errc::bad_compression || error == Errc::too_large);
      EXPECT_LE(out.size(), 1'000U);
    }
  }
}

TEST(Compression, ABombStopsAtTheLimit) {
  const std::string bomb_body(64U << 20, '\0');
  for (const Compression compression : all) {
    const std::string bomb = compressed(compression, bomb_body, 1);
    EXPECT_LT(bomb.size(), 1U << 20);
    std::string out = "kept";
    EXPECT_EQ(decompress(compression, as_bytes(bomb), 1U << 20, out), Errc::too_large);
    EXPECT_EQ(out, "kept");
    EXPECT_LT(out.capacity(), 4U << 20);
  }
}

TEST(Compression, TheLimitIsExact) {
  for (const Compression compression : all) {
    const std::string packed = compressed(compression, noise(5'000));
    std::string out;
    EXPECT_EQ(decompress(compression, as_bytes(packed), 5'000, out), Errc::ok);
    out.clear();
    EXPECT_EQ(decompress(compression, as_bytes(packed), 4'999, out), Errc::too_large);
    EXPECT_EQ(decompress(compression, as_bytes(packed), 0, out), Errc::too_large);
  }
}

TEST(Compression, StateIsReusedAndAnErrorLeavesNoTrace) {
  Decompressor decompressor;
  for (const Compression compression : all) {
    Compressor compressor(compression, 4);
    EXPECT_EQ(compressor.compression(), compression);
    for (int i = 0; i < 20; ++i) {
      const std::string body = noise(static_cast<std::size_t>(i) * 777);
      std::string packed;
      ASSERT_EQ(compressor.append(as_bytes(body), packed), Errc::ok);
      std::string out;
      if (i % 3 == 0) {
        EXPECT_EQ(decompressor.append(compression, as_bytes("bad stream"), 100, out), Errc::bad_compression);
        EXPECT_EQ(decompressor.append(compression, as_bytes(packed).first(packed.size() / 2), 1U << 20, out),
                  Errc::bad_compression);
      }
      ASSERT_EQ(decompressor.append(compression, as_bytes(packed), 1U << 20, out), Errc::ok);
      EXPECT_TRUE(out == body);
    }
  }
}

TEST(Compression, ALevelOutOfRangeIsRefused) {
  for (const int level : {0, 10, -1}) {
    std::string out;
    EXPECT_EQ(compress(Compression::zlib, level, as_bytes("a"), out), Errc::bad_compression);
  }
}

TEST(CompressionFlags, BitsAndMethodsBelongTogether) {
  Compression compression = Compression::zstd;
  EXPECT_EQ(compression_of(0x1, compression), Errc::ok);
  EXPECT_EQ(compression, Compression::zlib);  // Before 5.0 nothing else existed.
  for (const Compression each : all) {
    EXPECT_EQ(compression_of(compression_flags(each), compression), Errc::ok);
    EXPECT_EQ(compression, each);
  }
  EXPECT_EQ(compression_flags(Compression::lz4), 0x101);
  EXPECT_EQ(compression_flags(Compression::zstd), 0x201);
  EXPECT_EQ(compression_flags(Compression::zlib), 0x301);
  for (const std::int32_t bits : {0x400, 0x500, 0x600, 0x700}) {
    EXPECT_EQ(compression_of(bits | 1, compression), Errc::unknown_compression);
  }
}

}  // namespace
}  // namespace rocketmq::wire
