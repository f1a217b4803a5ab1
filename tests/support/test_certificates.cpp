#include "support/test_certificates.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace rocketmq::test {

namespace {

template <auto function>
struct Deleter {
  template <class T>
  void operator()(T* object) const {
    function(object);
  }
};

using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;

void check(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("OpenSSL cannot ") + what);
}

Key make_key() {
  Key key(EVP_EC_gen("P-256"));
  check(key != nullptr, "make a key");
  return key;
}

std::string text_of(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string to_pem(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  check(PEM_write_bio_X509(bio.get(), certificate) == 1, "write a certificate");
  return text_of(bio);
}

std::string to_pem(EVP_PKEY* key, const std::string& password) {
  const Bio bio(BIO_new(BIO_s_mem()));
  const EVP_CIPHER* cipher = password.empty() ? nullptr : EVP_aes_256_cbc();
  check(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, cipher, password.empty() ? nullptr : password.data(),
                                      static_cast<int>(password.size()), nullptr, nullptr) == 1,
        "write a key");
  return text_of(bio);
}

void add_extension(X509* certificate, int nid, const std::string& value) {
  const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()));
  check(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1, "add an extension");
}

/// Everything but the issuer and the signature.
Certificate make_certificate(EVP_PKEY* key, const CertificateOptions& options) {
  static std::atomic<long> serial{1};
  Certificate certificate(X509_new());
  check(X509_set_version(certificate.get(), 2) == 1, "set a version");
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), options.valid_from_s);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), options.valid_to_s);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(options.common_name.c_str()), -1, -1, 0);
  if (!options.alternative_names.empty()) {
    add_extension(certificate.get(), NID_subject_alt_name, options.alternative_names);
  }
  return certificate;
}

}  // namespace

struct TestCa::Impl {
  Key key;
  Certificate certificate;
};

TestCa::TestCa(const std::string& name) : impl_(std::make_unique<Impl>()) {
  impl_->key = make_key();
  CertificateOptions options;
  options.common_name = name;
  impl_->certificate = make_certificate(impl_->key.get(), options);
  X509* const own = impl_->certificate.get();
  add_extension(own, NID_basic_constraints, "critical,CA:TRUE");
  X509_set_issuer_name(own, X509_get_subject_name(own));
  check(X509_sign(own, impl_->key.get(), EVP_sha256()) != 0, "sign a certificate");
  certificate_ = to_pem(own);
}

TestCa::~TestCa() = default;

Identity TestCa::issue(const CertificateOptions& options) const {
  const Key key = make_key();
  const Certificate certificate = make_certificate(key.get(), options);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(impl_->certificate.get()));
  check(X509_sign(certificate.get(), impl_->key.get(), EVP_sha256()) != 0, "sign a certificate");
  return {to_pem(certificate.get()), to_pem(key.get(), "")};
}

Identity TestCa::issue_for_loopback() const {
  CertificateOptions options;
  options.alternative_names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  return issue(options);
}

std::string encrypt_key(const std::string& key, const std::string& password) {
  const Bio bio(BIO_new_mem_buf(key.data(), static_cast<int>(key.size())));
  const Key read(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  check(read != nullptr, "read a key");
  return to_pem(read.get(), password);
}

TemporaryFiles::TemporaryFiles() {
  std::string path = (std::filesystem::temp_directory_path() / "rocketmq-files-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("no directory " + path);
  directory_ = path;
}

TemporaryFiles::~TemporaryFiles() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

std::string TemporaryFiles::write(const std::string& name, const std::string& text) const {
  const std::string path = directory_ + "/" + name;
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw std::runtime_error("cannot write " + path);
  return path;
}

}  // namespace rocketmq::test
