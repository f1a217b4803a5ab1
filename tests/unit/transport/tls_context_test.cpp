#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "rocketmq/error.h"
#include "support/test_certificates.h"
#include "transport/tls_context.h"

namespace rocketmq::transport {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class TlsContextTest : public ::testing::Test {
 protected:
  TlsContextTest() {
    config_.enabled = true;
    config_.ca_file = files_.write("ca.pem", ca_.certificate());
  }

  /// What the error says; fails where there is none.
  std::string refusal() {
    try {
      (void)TlsContext::create(config_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::invalid_argument);
      return error.what();
    }
    ADD_FAILURE() << "no error";
    return {};
  }

  void use_identity(const test::Identity& identity) {
    config_.cert_file = files_.write("client.pem", identity.certificate);
    config_.key_file = files_.write("client.key", identity.key);
  }

  test::TemporaryFiles files_;
  test::TestCa ca_;
  TlsConfig config_;
};

TEST_F(TlsContextTest, ReadsAListOfCasAndAClientCertificateWithItsChain) {
  const test::TestCa second;
  config_.ca_file = files_.write("both.pem", "# two CAs\n" + ca_.certificate() + second.certificate());
  const test::Identity client = ca_.issue({});
  use_identity({client.certificate + ca_.certificate(), client.key});
  const auto context = TlsContext::create(config_);
  EXPECT_TRUE(context->verifies());
  EXPECT_TRUE(context->verifies_host());
  EXPECT_TRUE(context->has_certificate());
  EXPECT_EQ(context->ca_source(), "tlsCaFile '" + config_.ca_file + "'");
}

TEST_F(TlsContextTest, AnEncryptedKeyOpensWithItsPasswordOnly) {
  const test::Identity client = ca_.issue({});
  use_identity({client.certificate, test::encrypt_key(client.key, "open sesame")});
  EXPECT_THAT(refusal(), AllOf(HasSubstr("tlsKeyFile '" + config_.key_file + "' is encrypted"),
                               HasSubstr("tlsKeyPassword")));
  config_.key_password = "guessed wrong";
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr("cannot be decrypted; check tlsKeyPassword"), Not(HasSubstr("guessed"))));
  config_.key_password = std::string(5000, 'x');
  EXPECT_THAT(refusal(), HasSubstr("cannot be decrypted"));
  config_.key_password = "open sesame";
  EXPECT_TRUE(TlsContext::create(config_)->has_certificate());
}

TEST_F(TlsContextTest, AMissingOrUnreadableFileIsNamed) {
  config_.ca_file = "/nowhere/ca.pem";
  EXPECT_THAT(refusal(),
              HasSubstr("tlsCaFile '/nowhere/ca.pem' cannot be read (No such file or directory); check"));
  config_.ca_file = files_.directory();
  EXPECT_THAT(refusal(), HasSubstr("cannot be read (Is a directory)"));
}

TEST_F(TlsContextTest, AFileThatHoldsSomethingElseIsNamed) {
  config_.ca_file = files_.write("text", "not a certificate");
  EXPECT_THAT(refusal(), HasSubstr("tlsCaFile '" + config_.ca_file + "' holds no certificate"));
  config_.ca_file = files_.write(
      "damaged", ca_.certificate() + "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
  EXPECT_THAT(refusal(), HasSubstr("certificate 2 cannot be read"));
  config_.ca_file = files_.write("ca.pem", ca_.certificate());
  const test::Identity client = ca_.issue({});
  use_identity({client.key, client.key});
  EXPECT_THAT(refusal(), HasSubstr("tlsCertFile '" + config_.cert_file + "' holds no certificate"));
  use_identity({client.certificate, client.certificate});
  EXPECT_THAT(refusal(), HasSubstr("tlsKeyFile '" + config_.key_file + "' holds no private key"));
}

TEST_F(TlsContextTest, AKeyThatDoesNotBelongToTheCertificateIsSaid) {
  use_identity({ca_.issue({}).certificate, ca_.issue({}).key});
  EXPECT_THAT(refusal(), AllOf(HasSubstr("tlsKeyFile '" + config_.key_file + "' is not the private key of"),
                               HasSubstr("tlsCertFile '" + config_.cert_file + "'")));
}

TEST_F(TlsContextTest, ACertificateWithoutItsKeyIsSaid) {
  use_identity(ca_.issue({}));
  const std::string key = std::exchange(config_.key_file, "");
  EXPECT_THAT(refusal(), HasSubstr("tlsCertFile is given alone"));
  config_.cert_file.clear();
  config_.key_file = key;
  EXPECT_THAT(refusal(), HasSubstr("tlsKeyFile is given alone"));
  config_.key_file.clear();
  config_.key_password = "secret word";
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr("tlsKeyPassword is given, but no tlsKeyFile"), Not(HasSubstr("secret word"))));
}

TEST_F(TlsContextTest, WithoutVerificationNoCaIsNeeded) {
  config_.ca_file.clear();
  config_.verify = false;
  const auto context = TlsContext::create(config_);
  EXPECT_FALSE(context->verifies());
  EXPECT_FALSE(context->verifies_host());
}

}  // namespace
}  // namespace rocketmq::transport
