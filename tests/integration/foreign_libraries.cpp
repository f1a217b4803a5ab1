// A library that a database might carry: it has functions of the names that the plugin's own OpenSSL, zlib,
// lz4 and zstd use, of another version. A plugin that called them would not work, and the counter would tell.
#include <atomic>

namespace {

std::atomic<int> calls{0};

}  // namespace

extern "C" {

int foreign_calls();
int foreign_calls() {
  return calls;
}

const char* zlibVersion();
const char* zlibVersion() {
  return "0.9.foreign";
}

unsigned long OpenSSL_version_num();
unsigned long OpenSSL_version_num() {
  return 0x0090800FUL;
}

// A function of a foreign library: whoever calls it is counted and told that it failed.
#define FOREIGN(name) \
  long name();        \
  long name() {       \
    ++calls;          \
    return 0;         \
  }

FOREIGN(deflateInit_)
FOREIGN(deflateInit2_)
FOREIGN(deflate)
FOREIGN(deflateEnd)
FOREIGN(inflateInit_)
FOREIGN(inflateInit2_)
FOREIGN(inflate)
FOREIGN(inflateEnd)
FOREIGN(compress2)
FOREIGN(uncompress)
FOREIGN(crc32)
FOREIGN(adler32)
FOREIGN(LZ4F_compressFrame)
FOREIGN(LZ4F_decompress)
FOREIGN(LZ4F_createDecompressionContext)
FOREIGN(ZSTD_compress)
FOREIGN(ZSTD_decompress)
FOREIGN(ZSTD_decompressStream)
FOREIGN(ZSTD_createDCtx)
FOREIGN(ZSTD_trace_compress_begin)
FOREIGN(ZSTD_trace_compress_end)
FOREIGN(ZSTD_trace_decompress_begin)
FOREIGN(ZSTD_trace_decompress_end)
FOREIGN(OPENSSL_init_crypto)
FOREIGN(OPENSSL_init_ssl)
FOREIGN(CRYPTO_malloc)
FOREIGN(CRYPTO_free)
FOREIGN(EVP_sha1)
FOREIGN(EVP_sha256)
FOREIGN(EVP_md5)
FOREIGN(EVP_Digest)
FOREIGN(EVP_MD_fetch)
FOREIGN(EVP_DigestInit_ex)
FOREIGN(HMAC)
FOREIGN(MD5)
FOREIGN(SHA1)
FOREIGN(SHA256)
FOREIGN(RAND_bytes)
FOREIGN(ERR_get_error)
FOREIGN(ERR_clear_error)
FOREIGN(TLS_client_method)
FOREIGN(TLS_method)
FOREIGN(SSL_CTX_new)
FOREIGN(SSL_new)
FOREIGN(SSL_connect)
FOREIGN(SSL_read)
FOREIGN(SSL_write)
}
