#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <limits>
#include <new>
#include <string_view>

#include "wire/compression.h"
#include "wire/compression_bytes.h"

namespace rocketmq::wire {

namespace {

struct FreeZstdDecompressor {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};
struct FreeLz4Decompressor {
  void operator()(LZ4F_dctx* context) const noexcept { LZ4F_freeDecompressionContext(context); }
};

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

  /// Makes room for more; false if the limit is reached.
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

Errc decompress(Compression compression, ByteView body, std::size_t max_bytes, std::string& out) {
  return Decompressor().append(compression, body, max_bytes, out);
}

}  // namespace rocketmq::wire
