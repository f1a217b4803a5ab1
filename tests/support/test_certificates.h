#pragma once

#include <memory>
#include <string>

namespace rocketmq::test {

/// A certificate and its private key, as PEM.
struct Identity {
  std::string certificate;
  std::string key;
};

/// What a certificate says.
struct CertificateOptions {
  /// As OpenSSL writes it: "DNS:localhost,IP:127.0.0.1"; empty: none.
  std::string alternative_names = {};
  std::string common_name = "test";
  int valid_from_s = -3600;  ///< From now.
  int valid_to_s = 3600;
};

/// A certificate authority of a test's own. All functions throw std::runtime_error.
class TestCa {
 public:
  explicit TestCa(const std::string& name = "test CA");
  ~TestCa();
  TestCa(const TestCa&) = delete;
  TestCa& operator=(const TestCa&) = delete;

  [[nodiscard]] const std::string& certificate() const noexcept { return certificate_; }  ///< PEM
  [[nodiscard]] Identity issue(const CertificateOptions& options) const;
  /// A server's on this machine: localhost, 127.0.0.1, ::1.
  [[nodiscard]] Identity issue_for_loopback() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  std::string certificate_;
};

/// The private key encrypted with a password, as PEM.
[[nodiscard]] std::string encrypt_key(const std::string& key, const std::string& password);

/// Files in a temporary directory that goes with this object.
class TemporaryFiles {
 public:
  TemporaryFiles();
  ~TemporaryFiles();
  TemporaryFiles(const TemporaryFiles&) = delete;
  TemporaryFiles& operator=(const TemporaryFiles&) = delete;

  [[nodiscard]] const std::string& directory() const noexcept { return directory_; }
  /// Writes a file and gives its path.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::string directory_;
};

}  // namespace rocketmq::test
