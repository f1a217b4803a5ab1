#include "wire/compression.h"
#include "wire/sys_flag.h"

namespace rocketmq::wire {

Errc compression_of(std::int32_t sys_flag, Compression& out) noexcept {
  switch (sys_flag & message_flag::compression_mask) {
    case 0:
    case message_flag::compression_zlib:
      out = Compression::zlib;
      return Errc::ok;
    case message_flag::compression_lz4:
      out = Compression::lz4;
      return Errc::ok;
    case message_flag::compression_zstd:
      out = Compression::zstd;
      return Errc::ok;
    default:
      return Errc::unknown_compression;
  }
}

std::int32_t compression_flags(Compression compression) noexcept {
  switch (compression) {
    case Compression::lz4:
      return message_flag::compressed | message_flag::compression_lz4;
    case Compression::zstd:
      return message_flag::compressed | message_flag::compression_zstd;
    case Compression::zlib:
      break;
  }
  return message_flag::compressed | message_flag::compression_zlib;
}

}  // namespace rocketmq::wire
