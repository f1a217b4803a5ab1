#include "transport/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <system_error>
#include <utility>

#include "rocketmq/error.h"
#include "wire/openssl_setup.h"

namespace rocketmq::transport {

namespace {

/// The CAs of a whole system are 0.3 MB; what is far larger is something else.
constexpr std::size_t max_file_bytes = std::size_t{16} << 20;

/// Where systems keep the CAs that they trust. OpenSSL's own default is a path of the machine that it was
/// compiled on.
constexpr std::array<const char*, 4> system_ca_files{
    "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu
    "/etc/pki/tls/certs/ca-bundle.crt",    // Red Hat, CentOS
    "/etc/ssl/ca-bundle.pem",              // SUSE
    "/etc/ssl/cert.pem",                   // Alpine
};

template <auto function>
struct Deleter {
  template <class T>
  void operator()(T* object) const {
    function(object);
  }
};

using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;

[[noreturn]] void refuse(const std::string& what) {
  ERR_clear_error();
  throw Error(Errc::invalid_argument, what);
}

/// "tlsCaFile '/etc/ca.pem'"
std::string named(const char* key, const std::string& path) {
  return std::string(key) + " '" + path + "'";
}

std::string last_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason != nullptr ? reason : "unknown reason";
}

std::string read_file(const char* key, const std::string& path) {
  const auto fail = [&](const std::string& why) {
    refuse(named(key, path) + " cannot be read (" + why + "); check the path and the rights of this process");
  };
  const std::unique_ptr<std::FILE, Deleter<std::fclose>> file(std::fopen(path.c_str(), "re"));
  if (!file) fail(std::generic_category().message(errno));
  std::string text;
  std::array<char, 16384> chunk{};
  while (const std::size_t count = std::fread(chunk.data(), 1, chunk.size(), file.get())) {
    text.append(chunk.data(), count);
    if (text.size() > max_file_bytes) fail("it is longer than any PEM file");
  }
  if (std::ferror(file.get()) != 0) fail(std::generic_category().message(errno));
  return text;
}

Bio memory_of(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// Reads certificates until none follows; `use` gets each.
template <class Use>
void read_certificates(const char* key, const std::string& path, Use use) {
  const std::string text = read_file(key, path);
  const Bio bio = memory_of(text);
  ERR_clear_error();
  std::size_t count = 0;
  while (Certificate certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    use(std::move(certificate), count++);
  }
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
    refuse(named(key, path) + ": certificate " + std::to_string(count + 1) + " cannot be read (" +
           last_reason() + ")");
  }
  ERR_clear_error();
  if (count == 0) {
    refuse(named(key, path) +
           " holds no certificate; it must be a PEM file with -----BEGIN CERTIFICATE-----");
  }
}

/// OpenSSL's own callback would ask on the terminal of the server process.
int give_password(char* buffer, int size, int, void* user) {
  const auto& password = *static_cast<const std::string*>(user);
  if (password.size() > static_cast<std::size_t>(size)) return -1;
  return static_cast<int>(password.copy(buffer, password.size()));
}

PrivateKey read_key(const TlsConfig& config) {
  const std::string name = named("tlsKeyFile", config.key_file);
  const std::string text = read_file("tlsKeyFile", config.key_file);
  const Bio bio = memory_of(text);
  std::string password = config.key_password;
  ERR_clear_error();
  PrivateKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_password, &password));
  if (key) return key;
  if (text.find("ENCRYPTED") != std::string::npos) {
    refuse(name + (config.key_password.empty() ? " is encrypted; give its password as tlsKeyPassword"
                                               : " cannot be decrypted; check tlsKeyPassword"));
  }
  refuse(name + " holds no private key that can be read (" + last_reason() +
         "); it must be a PEM file with -----BEGIN PRIVATE KEY-----");
}

void check_together(const TlsConfig& config) {
  if (config.cert_file.empty() != config.key_file.empty()) {
    refuse(std::string(config.cert_file.empty() ? "tlsKeyFile" : "tlsCertFile") +
           " is given alone; tlsCertFile and tlsKeyFile belong together");
  }
  if (!config.key_password.empty() && config.key_file.empty()) {
    refuse("tlsKeyPassword is given, but no tlsKeyFile that it belongs to");
  }
}

}  // namespace

std::shared_ptr<TlsContext> TlsContext::create(const TlsConfig& config) {
  check_together(config);
  wire::set_up_openssl();
  return std::shared_ptr<TlsContext>(new TlsContext(config));
}

TlsContext::TlsContext(const TlsConfig& config)
    : context_(asio::ssl::context::tls_client), verify_(config.verify), verify_host_(config.verify_host) {
  SSL_CTX* const native = context_.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(native, verify_ ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  // An intermediate CA, or a server's own certificate, is given to trust just that.
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(native), X509_V_FLAG_PARTIAL_CHAIN);
  load_cas(config);
  load_certificate(config);
}

void TlsContext::load_cas(const TlsConfig& config) {
  const char* key = "tlsCaFile";
  std::string path = config.ca_file;
  if (path.empty()) {
    if (!verify_) return;
    const auto* const found = std::find_if(system_ca_files.begin(), system_ca_files.end(),
                                           [](const char* file) { return ::access(file, R_OK) == 0; });
    if (found == system_ca_files.end()) {
      refuse(
          "useTLS is set, but tlsCaFile is not, and this system keeps no list of trusted CAs where it is "
          "looked for; give the file of the CA that signed the servers' certificates as tlsCaFile");
    }
    key = "the system's CA file";
    path = *found;
  }
  ca_source_ = named(key, path);
  X509_STORE* const store = SSL_CTX_get_cert_store(context_.native_handle());
  read_certificates(key, path, [&](const Certificate& certificate, std::size_t) {
    if (X509_STORE_add_cert(store, certificate.get()) != 1) {
      refuse(ca_source_ + ": a certificate cannot be used (" + last_reason() + ")");
    }
  });
}

void TlsContext::load_certificate(const TlsConfig& config) {
  if (config.cert_file.empty()) return;
  SSL_CTX* const native = context_.native_handle();
  read_certificates("tlsCertFile", config.cert_file, [&](const Certificate& certificate, std::size_t index) {
    const long done = index == 0 ? SSL_CTX_use_certificate(native, certificate.get())
                                 : SSL_CTX_add1_chain_cert(native, certificate.get());
    if (done != 1) {
      refuse(named("tlsCertFile", config.cert_file) + ": certificate " + std::to_string(index + 1) +
             " cannot be used (" + last_reason() + ")");
    }
  });
  const PrivateKey key = read_key(config);
  if (SSL_CTX_use_PrivateKey(native, key.get()) != 1 || SSL_CTX_check_private_key(native) != 1) {
    refuse(named("tlsKeyFile", config.key_file) + " is not the private key of " +
           named("tlsCertFile", config.cert_file) + " (" + last_reason() + ")");
  }
  has_certificate_ = true;
}

}  // namespace rocketmq::transport
