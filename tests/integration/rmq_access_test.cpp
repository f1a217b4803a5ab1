// rmq at brokers that demand signed requests and TLS, of both kinds of access control.

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <regex>
#include <sstream>

#include "integration/consumer_fixture.h"
#include "support/program.h"
#include "support/real_broker.h"

namespace rocketmq::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* topic = "secured";

/// A cluster with access control and TLS.
class SecuredCluster {
 public:
  explicit SecuredCluster(const std::string& version) {
    RealBroker::Options options;
    options.extra = {"--acl", "--tls"};
    if (!version.empty()) options.extra.insert(options.extra.end(), {"--version", version});
    broker = std::make_unique<RealBroker>(options);
    std::ifstream file(broker->directory() + "/credentials.json");
    std::stringstream text;
    text << file.rdbuf();
    const std::string json = text.str();
    std::smatch found;
    if (!std::regex_search(json, found, std::regex(R"x("accessKey": "([^"]+)", "secretKey": "([^"]+)")x")))
      throw std::runtime_error("credentials.json cannot be understood");
    access_key = found[1];
    secret_key = found[2];
    broker->create_topic(topic, 2);
  }

  std::unique_ptr<RealBroker> broker;
  std::string access_key;
  std::string secret_key;
};

class RmqSecured : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!RealBroker::version().empty()) GTEST_SKIP() << "both versions are started whatever the others are";
    auto& cluster = clusters_[GetParam()];
    if (!cluster) cluster = std::make_unique<SecuredCluster>(GetParam());
    cluster_ = cluster.get();
  }
  static void TearDownTestSuite() { clusters_.clear(); }

  static std::map<std::string, std::string> keys() {
    return {{"ROCKETMQ_ACCESS_KEY", cluster_->access_key}, {"ROCKETMQ_SECRET_KEY", cluster_->secret_key}};
  }
  static Program::Result rmq(std::vector<std::string> arguments,
                             std::map<std::string, std::string> environment, const std::string& input = "") {
    arguments.insert(arguments.begin(), ROCKETMQ_RMQ);
    environment["NAMESRV_ADDR"] = cluster_->broker->name_servers();
    environment.try_emplace("ROCKETMQ_ACCESS_KEY", "");
    environment.try_emplace("ROCKETMQ_SECRET_KEY", "");
    Program::Result result = run_program(arguments, input, environment);
    EXPECT_THAT(result.output + result.errors, Not(HasSubstr(cluster_->secret_key)));
    return result;
  }
  static std::string ca() { return cluster_->broker->directory() + "/tls/ca.pem"; }

  static inline std::map<std::string, std::unique_ptr<SecuredCluster>> clusters_;  // By version.
  static inline SecuredCluster* cluster_ = nullptr;
};

INSTANTIATE_TEST_SUITE_P(Versions, RmqSecured, testing::Values("", "4.9.7"), [](const auto& version) {
  return std::string(*version.param == '\0' ? "Newest" : "V4");
});

TEST_P(RmqSecured, EveryCommandWorksWithTheRightKeysAndCertificates) {
  const std::vector<std::string> tls{"--tls-ca", ca()};
  const auto run = [&](std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.end(), tls.begin(), tls.end());
    const Program::Result result = rmq(arguments, keys(), input);
    EXPECT_EQ(result.exit_code, 0) << testing::PrintToString(arguments) << result.errors;
    return result.output;
  };
  EXPECT_THAT(run({"topics"}), HasSubstr(topic));
  EXPECT_EQ(run({"send", topic, "--keys", "key1"}, "hello\n"), "");
  // Brokers list a message a moment after they have acknowledged it.
  EXPECT_TRUE(eventually([&] { return run({"read", topic, "--raw"}).find("hello\n") != std::string::npos; }));
  EXPECT_THAT(run({"topic", topic}), HasSubstr("broker-a\t0\t"));
  EXPECT_THAT(run({"topic", topic, "--json", "--groups"}), HasSubstr("\"groups\":["));
  (void)run({"groups", "-l"});
  const std::string id = run({"read", topic, "--format", "%{placeId}", "-c", "1"});
  EXPECT_THAT(run({"message", topic, id.substr(0, id.find('\n')), "--raw"}), HasSubstr("hello\n"));
}

TEST_P(RmqSecured, CredentialsOfAFileCount) {
  const std::string file = cluster_->broker->directory() + "/rmq-keys";
  std::ofstream(file) << "accessKey: " << cluster_->access_key << "\nsecretKey: " << cluster_->secret_key
                      << "\n";
  chmod(file.c_str(), 0600);
  Program::Result result = rmq({"send", topic, "--tls-ca", ca(), "--credentials", file}, {}, "of a file\n");
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_TRUE(eventually([&] {
    result = rmq({"read", topic, "--raw", "--tls-ca", ca()}, {{"ROCKETMQ_CREDENTIALS", file}});
    return result.output.find("of a file\n") != std::string::npos;
  })) << result.errors;
  chmod(file.c_str(), 0644);
  result = rmq({"read", topic, "--tls-ca", ca(), "--credentials", file}, keys());
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("may be used by others"));
}

TEST_P(RmqSecured, WrongKeysAndCertificatesAreNamed) {
  auto wrong = keys();
  wrong["ROCKETMQ_SECRET_KEY"] = "a-wrong-secret-key";
  for (const std::string command : {"read", "send", "topic"}) {
    const Program::Result result = rmq({command, topic, "--tls-ca", ca()}, wrong, "x\n");
    EXPECT_EQ(result.exit_code, 1) << command;
    EXPECT_EQ(std::count(result.errors.begin(), result.errors.end(), '\n'), 1) << result.errors;
    EXPECT_THAT(result.errors, AllOf(HasSubstr("ROCKETMQ_ACCESS_KEY"), Not(HasSubstr("a-wrong-secret-key")),
                                     Not(HasSubstr("sessionCredentials"))));
  }
  const Program::Result untrusted = rmq({"topics", "--tls"}, keys());
  EXPECT_EQ(untrusted.exit_code, 1);
  EXPECT_THAT(untrusted.errors, HasSubstr("certificate"));
  const Program::Result insecure = rmq({"topics", "--tls-insecure"}, keys());
  EXPECT_EQ(insecure.exit_code, 0) << insecure.errors;
  EXPECT_EQ(rmq({"topics"}, keys()).exit_code, 1) << "without TLS";
}

}  // namespace
}  // namespace rocketmq::test
