#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "rocketmq/bytes.h"
#include "rocketmq/errc.h"

namespace rocketmq::wire {

/// How a body is compressed. Source: org.apache.rocketmq.common.compression.CompressionType.
enum class Compression {
  zlib,  ///< A zlib stream (RFC 1950); the only one that clients before 5.0 read.
  lz4,   ///< An LZ4 frame.
  zstd,  ///< A Zstandard frame.
};

/// The compression bits of a compressed body's sysFlag; unknown_compression for bits without a meaning.
[[nodiscard]] Errc compression_of(std::int32_t sys_flag, Compression& out) noexcept;

/// The sysFlag bits of a body compressed so, message_flag::compressed included.
[[nodiscard]] std::int32_t compression_flags(Compression compression) noexcept;

/// Compresses bodies. Keeps its state between calls, which spares an allocation of 256 KiB per body; one
/// thread at a time.
class Compressor {
 public:
  /// `level` is 1 (fast) to 9 (small) as zlib has it; it is also passed to the others.
  Compressor(Compression compression, int level);
  ~Compressor();
  Compressor(Compressor&&) noexcept;
  Compressor& operator=(Compressor&&) noexcept;

  /// Appends the compressed `body`. bad_compression only if the library runs out of memory or the level is
  /// out of range; `out` is then as before.
  [[nodiscard]] Errc append(ByteView body, std::string& out);

  [[nodiscard]] Compression compression() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Decompresses bodies. Keeps its state between calls; one thread at a time.
class Decompressor {
 public:
  Decompressor();
  ~Decompressor();
  Decompressor(Decompressor&&) noexcept;
  Decompressor& operator=(Decompressor&&) noexcept;

  /// Appends the decompressed `body`, at most `max_bytes` of it. Errors: bad_compression (no such stream, or
  /// cut off), too_large (more than max_bytes: memory stays bounded whatever the input claims); `out` is then
  /// as before. Throws std::bad_alloc if there is no memory, which says nothing about the body.
  [[nodiscard]] Errc append(Compression compression, ByteView body, std::size_t max_bytes, std::string& out);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The same for a single body.
[[nodiscard]] Errc compress(Compression compression, int level, ByteView body, std::string& out);
[[nodiscard]] Errc decompress(Compression compression, ByteView body, std::size_t max_bytes,
                              std::string& out);

}  // namespace rocketmq::wire
