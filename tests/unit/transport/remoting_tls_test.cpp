#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include <string>

#include "remoting_fixture.h"
#include "support/test_certificates.h"
#include "support/tls_echo_server.h"
#include "transport/tls_context.h"

namespace rocketmq::transport {
namespace {

using test::TlsEchoServer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class RemotingTlsTest : public RemotingTest {
 protected:
  RemotingTlsTest() {
    tls_.enabled = true;
    tls_.ca_file = files_.write("ca.pem", ca_.certificate());
  }
  ~RemotingTlsTest() override { finish(); }

  TlsEchoServer::Options server_with(test::Identity identity) const { return {std::move(identity)}; }
  TlsEchoServer::Options loopback_server() const { return server_with(ca_.issue_for_loopback()); }

  void open_tls(std::chrono::milliseconds connect_timeout = patience) {
    RemotingOptions options;
    options.tls = TlsContext::create(tls_);
    options.connect_timeout = connect_timeout;
    open(std::move(options));
  }

  /// How the first request to an address fails.
  Failure refusal(const std::string& address) {
    open_tls();
    Outcome outcome = get(ask(address, 10));
    EXPECT_TRUE(outcome.failure.failed());
    return outcome.failure;
  }

  test::TemporaryFiles files_;
  test::TestCa ca_;
  TlsConfig tls_;
};

TEST_F(RemotingTlsTest, ARequestIsAnsweredAndTheLogNamesTheProtocol) {
  const TlsEchoServer server(loopback_server());
  open_tls();
  const Outcome outcome = get(ask(server.address(), 10, body("hello")));
  EXPECT_FALSE(outcome.failure.failed()) << outcome.failure.message;
  EXPECT_EQ(outcome.body, "hello");
  EXPECT_TRUE(wait_log("connected to " + server.address() + " with TLSv1.3"));
}

TEST_F(RemotingTlsTest, ServersOfTls12AreServed) {
  auto options = loopback_server();
  options.max_version = TLS1_2_VERSION;
  const TlsEchoServer server(options);
  open_tls();
  EXPECT_EQ(get(ask(server.address(), 10, body("hello"))).body, "hello");
  EXPECT_TRUE(wait_log("with TLSv1.2"));
}

TEST_F(RemotingTlsTest, ServersOfAnOlderTlsAreRefused) {
  auto options = loopback_server();
  options.max_version = TLS1_1_VERSION;
  const TlsEchoServer server(options);
  EXPECT_THAT(refusal(server.address()).message, HasSubstr("the TLS handshake with " + server.address()));
}

TEST_F(RemotingTlsTest, LargeBodiesAndManyRequestsAtOnceArriveWhole) {
  const TlsEchoServer server(loopback_server());
  open_tls();
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < 40; ++i)
    bodies.push_back(
        std::string(i % 4 == 0 ? std::size_t{3} << 20 : i * 997, static_cast<char>('a' + i % 26)));
  std::vector<std::future<Outcome>> answers;
  for (const std::string& text : bodies)
    answers.push_back(ask(server.address(), 10, body(text), 60s));
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    ASSERT_EQ(answers[i].wait_for(60s), std::future_status::ready) << i;
    const Outcome outcome = answers[i].get();
    ASSERT_FALSE(outcome.failure.failed()) << outcome.failure.message;
    ASSERT_TRUE(outcome.body == bodies[i]) << i;
  }
}

TEST_F(RemotingTlsTest, AServerOfAnUnknownCaIsRefused) {
  const test::TestCa other;
  const TlsEchoServer server(server_with(other.issue_for_loopback()));
  const Failure failure = refusal(server.address());
  EXPECT_EQ(failure.code, Errc::tls_failed);
  EXPECT_THAT(failure.message,
              MatchesRegex("the TLS handshake with " + server.address() +
                           " failed: its certificate is not trusted \\(.*\\) by tlsCaFile '" + tls_.ca_file +
                           "'; give the file of the CA that signed it as tlsCaFile, .*"));
}

TEST_F(RemotingTlsTest, AServerOfACaOfAnotherNameIsRefused) {
  const test::TestCa other("other CA");
  const TlsEchoServer server(server_with(other.issue_for_loopback()));
  EXPECT_THAT(refusal(server.address()).message,
              HasSubstr("its certificate is not trusted (unable to get local issuer certificate)"));
}

TEST_F(RemotingTlsTest, WithoutVerificationAnyServerWillDo) {
  const test::TestCa other;
  const TlsEchoServer server(server_with(other.issue({})));
  tls_.verify = false;
  open_tls();
  EXPECT_EQ(get(ask(server.address(), 10, body("hello"))).body, "hello");
}

TEST_F(RemotingTlsTest, AnExpiredCertificateIsRefused) {
  test::CertificateOptions options;
  options.alternative_names = "IP:127.0.0.1";
  options.valid_to_s = -60;
  const TlsEchoServer server(server_with(ca_.issue(options)));
  EXPECT_THAT(refusal(server.address()).message, HasSubstr("its certificate has expired; renew it"));
}

TEST_F(RemotingTlsTest, ACertificateThatIsNotValidYetIsRefused) {
  test::CertificateOptions options;
  options.alternative_names = "IP:127.0.0.1";
  options.valid_from_s = 600;
  const TlsEchoServer server(server_with(ca_.issue(options)));
  EXPECT_THAT(refusal(server.address()).message, HasSubstr("not valid yet; check this machine's clock"));
}

TEST_F(RemotingTlsTest, ACertificateOfAnotherAddressIsRefused) {
  test::CertificateOptions options;
  options.alternative_names = "DNS:127.0.0.1,DNS:localhost,IP:127.0.0.9";
  const TlsEchoServer server(server_with(ca_.issue(options)));
  const Failure failure = refusal(server.address());
  EXPECT_EQ(failure.code, Errc::tls_failed);
  EXPECT_THAT(failure.message, AllOf(HasSubstr("its certificate does not name '127.0.0.1'"),
                                     HasSubstr("tlsVerifyHost=false")));
}

TEST_F(RemotingTlsTest, ACertificateOfAnotherHostIsRefused) {
  test::CertificateOptions options;
  options.alternative_names = "DNS:broker.example,IP:127.0.0.1";
  options.common_name = "localhost";  // Does not count where there are names.
  const TlsEchoServer server(server_with(ca_.issue(options)));
  EXPECT_THAT(refusal("localhost:" + std::to_string(server.port())).message,
              HasSubstr("its certificate does not name 'localhost'"));
}

TEST_F(RemotingTlsTest, AHostIsFoundAmongTheNamesOrInTheCommonName) {
  const TlsEchoServer named(loopback_server());
  test::CertificateOptions options;
  options.common_name = "localhost";
  const TlsEchoServer common(server_with(ca_.issue(options)));
  open_tls();
  EXPECT_EQ(get(ask("localhost:" + std::to_string(named.port()), 10, body("a"))).body, "a");
  EXPECT_EQ(get(ask("localhost:" + std::to_string(common.port()), 10, body("b"))).body, "b");
}

TEST_F(RemotingTlsTest, WithoutHostVerificationTheCaIsStillVerified) {
  test::CertificateOptions options;
  options.alternative_names = "DNS:broker.example";
  const TlsEchoServer known(server_with(ca_.issue(options)));
  const test::TestCa other;
  const TlsEchoServer unknown(server_with(other.issue(options)));
  tls_.verify_host = false;
  open_tls();
  EXPECT_EQ(get(ask(known.address(), 10, body("a"))).body, "a");
  EXPECT_THAT(get(ask(unknown.address(), 10)).failure.message, HasSubstr("is not trusted"));
}

TEST_F(RemotingTlsTest, AServersOwnCertificateMayBeTrustedDirectly) {
  const test::Identity identity = ca_.issue_for_loopback();
  const TlsEchoServer server(server_with(identity));
  tls_.ca_file = files_.write("server.pem", identity.certificate);
  open_tls();
  EXPECT_EQ(get(ask(server.address(), 10, body("a"))).body, "a");
}

TEST_F(RemotingTlsTest, AServerThatDemandsACertificateGetsItOrSaysSo) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto options = loopback_server();
    options.client_ca = ca_.certificate();
    options.max_version = version;
    const TlsEchoServer server(options);
    for (const bool with_certificate : {false, true}) {
      TlsConfig config = tls_;
      if (with_certificate) {
        const test::Identity client = ca_.issue({});
        config.cert_file = files_.write("client.pem", client.certificate);
        config.key_file = files_.write("client.key", client.key);
      }
      RemotingOptions options_of_client;
      options_of_client.tls = TlsContext::create(config);
      finish();
      open(std::move(options_of_client));
      const Outcome outcome = get(ask(server.address(), 10, body("hello")));
      if (with_certificate) {
        EXPECT_EQ(outcome.body, "hello") << outcome.failure.message;
      } else {
        EXPECT_THAT(outcome.failure.message,
                    HasSubstr("the server may demand a client certificate; set tlsCertFile and tlsKeyFile"));
      }
    }
  }
}

TEST_F(RemotingTlsTest, ACertificateThatTheServerDoesNotTrustIsSaid) {
  auto options = loopback_server();
  options.client_ca = ca_.certificate();
  const TlsEchoServer server(options);
  const test::TestCa other;
  const test::Identity client = other.issue({});
  tls_.cert_file = files_.write("client.pem", client.certificate);
  tls_.key_file = files_.write("client.key", client.key);
  EXPECT_THAT(refusal(server.address()).message,
              HasSubstr("the server does not accept this client's certificate"));
}

TEST_F(RemotingTlsTest, AServerWithoutTlsIsSaid) {
  FakeServer server;
  const Failure failure = refusal(server.address());
  EXPECT_THAT(failure.message, AllOf(HasSubstr("the TLS handshake with " + server.address() + " failed"),
                                     HasSubstr("leave useTLS out")));
}

TEST_F(RemotingTlsTest, AServerThatNeverShakesHandsIsGivenUpInTime) {
  asio::io_context context;
  asio::ip::tcp::acceptor silent(context, asio::ip::tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0));
  const std::string address = "127.0.0.1:" + std::to_string(silent.local_endpoint().port());
  open_tls(300ms);
  const Outcome outcome = get(ask(address, 10));
  EXPECT_EQ(outcome.failure.code, Errc::connect_timeout);
  EXPECT_EQ(outcome.failure.message, "the TLS handshake with " + address +
                                         " was not over within 300 ms; check that the server is healthy and "
                                         "speaks TLS");
}

TEST_F(RemotingTlsTest, APlainClientOfATlsServerIsToldSo) {
  const TlsEchoServer server(loopback_server());
  open({});
  const Outcome outcome = get(ask(server.address(), 10));
  EXPECT_EQ(outcome.failure.code, Errc::connection_closed);
  EXPECT_THAT(outcome.failure.message,
              AllOf(HasSubstr(server.address()), HasSubstr("the server may demand TLS (then set useTLS)")));
}

TEST_F(RemotingTlsTest, ClosingSaysTheEndAndDoesNotWaitForTheServers) {
  const TlsEchoServer server(loopback_server());
  open_tls();
  EXPECT_EQ(get(ask(server.address(), 10, body("a"))).body, "a");
  finish(5s);
  const auto deadline = Clock::now() + patience;
  while (server.orderly_ends() == 0 && Clock::now() < deadline)
    std::this_thread::sleep_for(5ms);
  EXPECT_EQ(server.orderly_ends(), 1);
}

TEST_F(RemotingTlsTest, ALostServerIsReconnectedWithTls) {
  auto server = std::make_unique<TlsEchoServer>(loopback_server());
  const std::string address = server->address();
  open_tls();
  EXPECT_EQ(get(ask(address, 10, body("a"))).body, "a");
  auto options = loopback_server();
  options.port = server->port();
  server.reset();
  EXPECT_TRUE(wait_log(address + " closed the connection"));
  server = std::make_unique<TlsEchoServer>(options);
  Outcome outcome = get(ask(address, 10, body("b")));
  // The log tells of the end a moment before the connection is given up, and the pause after a failed connect
  // may still run.
  const auto not_yet = [&outcome] {
    return outcome.failure.code == Errc::connection_closed || outcome.failure.code == Errc::connect_failed;
  };
  for (int i = 0; i < 100 && not_yet(); ++i) {
    std::this_thread::sleep_for(50ms);
    outcome = get(ask(address, 10, body("b")));
  }
  EXPECT_EQ(outcome.body, "b") << outcome.failure.message;
}

}  // namespace
}  // namespace rocketmq::transport
