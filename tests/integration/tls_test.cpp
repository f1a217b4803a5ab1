#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "integration/consumer_fixture.h"
#include "rocketmq/consumer.h"
#include "rocketmq/producer.h"
#include "support/real_broker.h"
#include "support/test_certificates.h"

namespace rocketmq::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::UnorderedElementsAreArray;

/// What a client logs, for all clients of a test.
class Log {
 public:
  LogSink sink() {
    return [this](LogLevel level, std::string_view line) {
      const std::lock_guard lock(mutex_);
      if (level == LogLevel::warning) warnings_ += std::string(line) + '\n';
      all_ += std::string(line) + '\n';
    };
  }
  std::string all() {
    const std::lock_guard lock(mutex_);
    return all_;
  }
  std::string warnings() {
    const std::lock_guard lock(mutex_);
    return warnings_;
  }

 private:
  std::mutex mutex_;
  std::string all_;
  std::string warnings_;
};

/// Clients of a cluster, with or without TLS.
class TlsClients : public testing::Test {
 protected:
  explicit TlsClients(RealBroker& cluster) : cluster_(cluster) {
    client_.name_server_addresses = cluster.name_servers();
    client_.connect_timeout_ms = 30'000;
    client_.log = log_.sink();
  }

  void use_tls() {
    client_.tls.enabled = true;
    client_.tls.ca_file = cluster_.directory() + "/tls/ca.pem";
  }
  void use_certificate() {
    client_.tls.cert_file = cluster_.directory() + "/tls/client.pem";
    client_.tls.key_file = cluster_.directory() + "/tls/client.key";
  }
  void trust_another_ca() {
    const TestCa other;
    client_.tls.ca_file = files_.write("other.pem", other.certificate());
  }

  [[nodiscard]] ProducerConfig producer_config() const {
    ProducerConfig config;
    config.client = client_;
    config.group = "tls_producer";
    return config;
  }

  [[nodiscard]] ConsumerConfig consumer_config(const std::string& topic) const {
    ConsumerConfig config;
    config.client = client_;
    config.group = "g_" + topic;
    config.subscriptions = {{topic}};
    config.consume_from_where = ConsumeFromWhere::first_offset;
    return config;
  }

  /// Sends and receives; the bodies must come back byte for byte.
  void expect_round_trip(const std::string& topic, const std::vector<std::string>& bodies) {
    cluster_.create_topic(topic, 4);
    auto config = producer_config();
    config.max_message_bytes = 4 << 20;
    config.send_timeout_ms = 60'000;  // A busy machine must not make it send anything twice.
    const auto producer = Producer::start(config);
    producer->send(topic, "", std::vector<std::string_view>(bodies.begin(), bodies.end()));
    const auto consumer = Consumer::start(consumer_config(topic));
    std::vector<std::string> received;
    for (const Received& message : receive(*consumer, bodies.size()))
      received.push_back(message.body);
    EXPECT_TRUE(std::multiset<std::string>(received.begin(), received.end()) ==
                std::multiset<std::string>(bodies.begin(), bodies.end()));
  }

  /// How a producer, and a consumer likewise, is refused at its start.
  std::string refusal() {
    std::string text;
    try {
      (void)Producer::start(producer_config());
      ADD_FAILURE() << "the producer started";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::no_name_server);
      text = error.what();
    }
    try {
      (void)Consumer::start(consumer_config("tls_refused"));
      ADD_FAILURE() << "the consumer started";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::no_name_server);
      EXPECT_EQ(text, error.what());
    }
    return text;
  }

  RealBroker& cluster_;
  TemporaryFiles files_;
  Log log_;
  ClientConfig client_;
};

std::vector<std::string> numbered(int count) {
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i)
    texts.push_back("message " + std::to_string(i));
  return texts;
}

/// Bytes that no compression makes smaller.
std::string random_bytes(std::size_t size) {
  std::mt19937 random(42);
  std::string bytes(size, '\0');
  for (char& c : bytes)
    c = static_cast<char>(random());
  return bytes;
}

class TlsCluster : public TlsClients {
 protected:
  TlsCluster() : TlsClients(*shared_) {}
  static void SetUpTestSuite() {
    RealBroker::Options options;
    options.extra = {"--tls"};
    shared_ = std::make_unique<RealBroker>(options);
  }
  static void TearDownTestSuite() { shared_.reset(); }

 private:
  static inline std::unique_ptr<RealBroker> shared_;
};

TEST_F(TlsCluster, MessagesArriveAndEveryConnectionIsEncrypted) {
  use_tls();
  expect_round_trip("tls_small", numbered(20'000));
  std::istringstream lines(log_.all());
  int connections = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("connected to ") == std::string::npos) continue;
    ++connections;
    EXPECT_THAT(line, HasSubstr(" with TLSv1."));
  }
  EXPECT_GE(connections, 4) << "a name server and a broker, of two clients";
}

TEST_F(TlsCluster, LargeMessagesArriveByteForByte) {
  use_tls();
  const std::string bytes = random_bytes(std::size_t{7} << 19);
  expect_round_trip("tls_large", {bytes, bytes.substr(1), bytes.substr(100), bytes.substr(1000), bytes});
}

TEST_F(TlsCluster, AServerOfAnotherCaIsRefused) {
  use_tls();
  trust_another_ca();
  EXPECT_THAT(refusal(), AllOf(HasSubstr("the TLS handshake with " + cluster_.name_servers() + " failed"),
                               HasSubstr("its certificate is not trusted"), HasSubstr(client_.tls.ca_file)));
}

TEST_F(TlsCluster, WithoutVerificationItWorksWithAnyCaAndAWarning) {
  use_tls();
  trust_another_ca();
  client_.tls.verify = false;
  expect_round_trip("tls_unverified", numbered(100));
  EXPECT_THAT(log_.warnings(), HasSubstr("TLS without verification (tlsVerify=false)"));
}

TEST_F(TlsCluster, APlainClientIsToldToUseTls) {
  EXPECT_THAT(refusal(), AllOf(HasSubstr(cluster_.name_servers()),
                               HasSubstr("the server may demand TLS (then set useTLS)")));
}

TEST_F(TlsCluster, FilesThatCannotBeReadAreAnErrorBeforeAnythingIsStarted) {
  use_tls();
  client_.tls.ca_file = "/nowhere/ca.pem";
  try {
    (void)Producer::start(producer_config());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::invalid_argument);
    EXPECT_THAT(error.what(), HasSubstr("tlsCaFile '/nowhere/ca.pem' cannot be read"));
  }
  EXPECT_EQ(log_.all(), "");
}

class TlsClusterWithClientCertificatesFull : public TlsClients {
 protected:
  TlsClusterWithClientCertificatesFull() : TlsClients(*shared_) {}
  static void SetUpTestSuite() {
    RealBroker::Options options;
    options.extra = {"--tls-client-auth"};
    shared_ = std::make_unique<RealBroker>(options);
  }
  static void TearDownTestSuite() { shared_.reset(); }

 private:
  static inline std::unique_ptr<RealBroker> shared_;
};

TEST_F(TlsClusterWithClientCertificatesFull, AClientWithItsCertificateIsServed) {
  use_tls();
  use_certificate();
  expect_round_trip("tls_mutual", numbered(1000));
}

TEST_F(TlsClusterWithClientCertificatesFull, AClientWithoutOneIsToldSo) {
  use_tls();
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr(cluster_.name_servers()), HasSubstr("set tlsCertFile and tlsKeyFile")));
}

TEST_F(TlsClusterWithClientCertificatesFull, ACertificateOfAnotherCaIsRefused) {
  use_tls();
  const TestCa other;
  const Identity client = other.issue({});
  client_.tls.cert_file = files_.write("client.pem", client.certificate);
  client_.tls.key_file = files_.write("client.key", client.key);
  EXPECT_THAT(refusal(), AllOf(HasSubstr(cluster_.name_servers()), HasSubstr("tlsCertFile")));
}

class PlainClusterFull : public TlsClients {
 protected:
  PlainClusterFull() : TlsClients(*shared_) {}
  static void SetUpTestSuite() { shared_ = std::make_unique<RealBroker>(); }
  static void TearDownTestSuite() { shared_.reset(); }

 private:
  static inline std::unique_ptr<RealBroker> shared_;
};

TEST_F(PlainClusterFull, ATlsClientIsToldThatTheServerSpeaksNone) {
  client_.tls.enabled = true;
  trust_another_ca();
  EXPECT_THAT(refusal(), AllOf(HasSubstr("the TLS handshake with " + cluster_.name_servers() + " failed"),
                               HasSubstr("leave useTLS out")));
}

}  // namespace
}  // namespace rocketmq::test
