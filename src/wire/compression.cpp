#include "wire/compression.h"

#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <limits>
#include <new>
#include <string_view>

#include "wire/sys_flag.h"

namespace rocketmq::wire {

namespace {

struct FreeZstdCompressor {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};
struct FreeZstdDecompressor {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};
struct FreeLz4Decompressor {
  void operator()(LZ4F_dctx* context) const noexcept { LZ4F_freeDecompressionContext(context); }
};

std::uint8_t* bytes_of(std::string& text) {
  return reinterpret_cast<std::uint8_t*>(text.data());
}

// zlib's counters have 32 bits.
bool fits_zlib(std::size_t size) {
  return size <= std::numeric_limits<uInt>::max();
}

// A library that has no memory says nothing about the body: it must not be taken for a damaged one.
Errc damaged_unless(bool no_memory) {
  if (no_memory) throw std::bad_alloc();
  return Errc::bad_compression;
}

// Output that grows with what a stream really yields, never beyond its limit. An input's claim about its own
// size is not believed: memory grows only after bytes have come out.
class GrowingOutput {
 public:
  GrowingOutput(std::string& out, std::size_t input_bytes, std::size_t max_bytes)
      : out_(out), start_(out.size()), max_bytes_(max_bytes) {
    grow_to(std::clamp<std::size_t>(input_bytes * 4, 512, 1U << 20));
  }

  [[nodiscard]] std::uint8_t* position() { return bytes_of(out_) + start_ + used_; }
  [[nodiscard]] std::size_t room() const { return capacity_ - used_; }
  void use(std::size_t count) { used_ += count; }

  /// Makes room for more; false where the limit is reached.
  [[nodiscard]] bool grow() {
    if (capacity_ > max_bytes_) return false;
    grow_to(capacity_ * 2);
    return true;
  }

  Errc finish(Errc result) {
    if (result == Errc::ok && used_ > max_bytes_) result = Errc::too_large;
    out_.resize(result == Errc::ok ? start_ + used_ : start_);
    return result;
  }

 private:
  // One byte more than the limit, to tell a stream that ends there from one that goes on.
  void grow_to(std::size_t bytes) {
    const std::size_t most =
        max_bytes_ == std::numeric_limits<std::size_t>::max() ? max_bytes_ : max_bytes_ + 1;
    capacity_ = std::min(bytes, most);
    out_.resize(start_ + capacity_);
  }

  std::string& out_;
  std::size_t start_;
  std::size_t max_bytes_;
  std::size_t capacity_ = 0;
  std::size_t used_ = 0;
};

}  // namespace

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

class Compressor::Impl {
 public:
  Impl(Compression compression, int level) : compression_(compression), level_(level) {}
  ~Impl() {
    if (zlib_ready_) deflateEnd(&zlib_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[nodiscard]] Compression compression() const noexcept { return compression_; }

  Errc append(ByteView body, std::string& out) {
    if (level_ < 1 || level_ > 9) return Errc::bad_compression;
    const std::size_t start = out.size();
    std::size_t written = 0;
    Errc result = Errc::bad_compression;
    switch (compression_) {
      case Compression::zlib:
        result = append_zlib(body, out, start, written);
        break;
      case Compression::lz4:
        result = append_lz4(body, out, start, written);
        break;
      case Compression::zstd:
        result = append_zstd(body, out, start, written);
        break;
    }
    out.resize(result == Errc::ok ? start + written : start);
    return result;
  }

 private:
  Errc append_zlib(ByteView body, std::string& out, std::size_t start, std::size_t& written) {
    if (!zlib_ready_) {
      if (deflateInit(&zlib_, level_) != Z_OK) return Errc::bad_compression;
      zlib_ready_ = true;
    } else if (deflateReset(&zlib_) != Z_OK) {
      return Errc::bad_compression;
    }
    const std::size_t bound = deflateBound(&zlib_, body.size());
    if (!fits_zlib(bound)) return Errc::bad_compression;
    out.resize(start + bound);
    zlib_.next_in = const_cast<Bytef*>(body.data());  // zlib reads only, but says so only with ZLIB_CONST.
    zlib_.avail_in = static_cast<uInt>(body.size());
    zlib_.next_out = bytes_of(out) + start;
    zlib_.avail_out = static_cast<uInt>(bound);
    if (deflate(&zlib_, Z_FINISH) != Z_STREAM_END) return Errc::bad_compression;
    written = bound - zlib_.avail_out;
    return Errc::ok;
  }

  Errc append_lz4(ByteView body, std::string& out, std::size_t start, std::size_t& written) {
    LZ4F_preferences_t preferences{};
    preferences.compressionLevel = level_ < 3 ? 0 : level_;  // From 3 on it is the slow method.
    preferences.frameInfo.contentSize = body.size();
    const std::size_t bound = LZ4F_compressFrameBound(body.size(), &preferences);
    out.resize(start + bound);
    written = LZ4F_compressFrame(bytes_of(out) + start, bound, body.data(), body.size(), &preferences);
    return LZ4F_isError(written) != 0 ? Errc::bad_compression : Errc::ok;
  }

  Errc append_zstd(ByteView body, std::string& out, std::size_t start, std::size_t& written) {
    if (zstd_ == nullptr) zstd_.reset(ZSTD_createCCtx());
    if (zstd_ == nullptr) return Errc::bad_compression;
    const std::size_t bound = ZSTD_compressBound(body.size());
    out.resize(start + bound);
    written = ZSTD_compressCCtx(zstd_.get(), bytes_of(out) + start, bound, body.data(), body.size(), level_);
    return ZSTD_isError(written) != 0 ? Errc::bad_compression : Errc::ok;
  }

  Compression compression_;
  int level_;
  bool zlib_ready_ = false;
  z_stream zlib_{};
  std::unique_ptr<ZSTD_CCtx, FreeZstdCompressor> zstd_;
};

Compressor::Compressor(Compression compression, int level)
    : impl_(std::make_unique<Impl>(compression, level)) {}
Compressor::~Compressor() = default;
Compressor::Compressor(Compressor&&) noexcept = default;
Compressor& Compressor::operator=(Compressor&&) noexcept = default;

Compression Compressor::compression() const noexcept {
  return impl_->compression();
}

Errc Compressor::append(ByteView body, std::string& out) {
  return impl_->append(body, out);
}

class Decompressor::Impl {
 public:
  Impl() = default;
  ~Impl() {
    if (zlib_ready_) inflateEnd(&zlib_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Errc append(Compression compression, ByteView body, std::size_t max_bytes, std::string& out) {
    GrowingOutput output(out, body.size(), max_bytes);
    switch (compression) {
      case Compression::zlib:
        return output.finish(read_zlib(body, output));
      case Compression::lz4:
        return output.finish(read_lz4(body, output));
      case Compression::zstd:
        return output.finish(read_zstd(body, output));
    }
    return output.finish(Errc::unknown_compression);
  }

 private:
  Errc read_zlib(ByteView body, GrowingOutput& output) {
    if (!fits_zlib(body.size())) return Errc::too_large;
    if (!zlib_ready_) {
      if (const int result = inflateInit(&zlib_); result != Z_OK)
        return damaged_unless(result == Z_MEM_ERROR);
      zlib_ready_ = true;
    } else if (inflateReset(&zlib_) != Z_OK) {
      return Errc::bad_compression;
    }
    zlib_.next_in = const_cast<Bytef*>(body.data());  // zlib reads only, but says so only with ZLIB_CONST.
    zlib_.avail_in = static_cast<uInt>(body.size());
    for (;;) {
      if (output.room() == 0 && !output.grow()) return Errc::too_large;
      const auto room = static_cast<uInt>(std::min<std::size_t>(output.room(), 1U << 30));
      zlib_.next_out = output.position();
      zlib_.avail_out = room;
      const int result = inflate(&zlib_, Z_NO_FLUSH);
      output.use(room - zlib_.avail_out);
      if (result == Z_STREAM_END) return Errc::ok;
      // Input used up with room left, or no progress at all: the stream is cut off or none.
      if (result != Z_OK || (zlib_.avail_in == 0 && zlib_.avail_out != 0)) {
        return damaged_unless(result == Z_MEM_ERROR);
      }
    }
  }

  Errc read_lz4(ByteView body, GrowingOutput& output) {
    if (lz4_ == nullptr) {
      LZ4F_dctx* context = nullptr;
      // The version is right, so nothing else can be wrong.
      if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) != 0) throw std::bad_alloc();
      lz4_.reset(context);
    } else {
      LZ4F_resetDecompressionContext(lz4_.get());
    }
    ByteView rest = body;
    for (;;) {
      if (output.room() == 0 && !output.grow()) return Errc::too_large;
      std::size_t produced = output.room();
      std::size_t consumed = rest.size();
      const std::size_t hint =
          LZ4F_decompress(lz4_.get(), output.position(), &produced, rest.data(), &consumed, nullptr);
      if (LZ4F_isError(hint) != 0) {
        return damaged_unless(std::string_view(LZ4F_getErrorName(hint)) == "ERROR_allocation_failed");
      }
      output.use(produced);
      rest = rest.subspan(consumed);
      if (hint == 0) return Errc::ok;
      if (consumed == 0 && produced == 0 && output.room() != 0) return Errc::bad_compression;
    }
  }

  Errc read_zstd(ByteView body, GrowingOutput& output) {
    if (zstd_ == nullptr) {
      zstd_.reset(ZSTD_createDCtx());
      if (zstd_ == nullptr) throw std::bad_alloc();
      // 2^23 bytes is what every decoder must offer (RFC 8878); a larger window would be memory that an
      // input claims without giving anything for it.
      if (ZSTD_isError(ZSTD_DCtx_setParameter(zstd_.get(), ZSTD_d_windowLogMax, 23)) != 0) {
        return Errc::bad_compression;
      }
    } else if (ZSTD_isError(ZSTD_DCtx_reset(zstd_.get(), ZSTD_reset_session_only)) != 0) {
      return Errc::bad_compression;
    }
    ZSTD_inBuffer input{body.data(), body.size(), 0};
    for (;;) {
      if (output.room() == 0 && !output.grow()) return Errc::too_large;
      ZSTD_outBuffer target{output.position(), output.room(), 0};
      const std::size_t before = input.pos;
      const std::size_t hint = ZSTD_decompressStream(zstd_.get(), &target, &input);
      if (ZSTD_isError(hint) != 0) {
        return damaged_unless(ZSTD_getErrorCode(hint) == ZSTD_error_memory_allocation);
      }
      output.use(target.pos);
      if (hint == 0) return Errc::ok;
      if (input.pos == before && target.pos == 0 && output.room() != 0) return Errc::bad_compression;
    }
  }

  bool zlib_ready_ = false;
  z_stream zlib_{};
  std::unique_ptr<LZ4F_dctx, FreeLz4Decompressor> lz4_;
  std::unique_ptr<ZSTD_DCtx, FreeZstdDecompressor> zstd_;
};

Decompressor::Decompressor() : impl_(std::make_unique<Impl>()) {}
Decompressor::~Decompressor() = default;
Decompressor::Decompressor(Decompressor&&) noexcept = default;
Decompressor& Decompressor::operator=(Decompressor&&) noexcept = default;

Errc Decompressor::append(Compression compression, ByteView body, std::size_t max_bytes, std::string& out) {
  return impl_->append(compression, body, max_bytes, out);
}

Errc compress(Compression compression, int level, ByteView body, std::string& out) {
  return Compressor(compression, level).append(body, out);
}

Errc decompress(Compression compression, ByteView body, std::size_t max_bytes, std::string& out) {
  return Decompressor().append(compression, body, max_bytes, out);
}

}  // namespace rocketmq::wire
