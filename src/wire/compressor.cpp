#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include "wire/compression.h"
#include "wire/compression_bytes.h"

namespace rocketmq::wire {

namespace {

struct FreeZstdCompressor {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};

}  // namespace

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

Errc compress(Compression compression, int level, ByteView body, std::string& out) {
  return Compressor(compression, level).append(body, out);
}

}  // namespace rocketmq::wire
