#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <mutex>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "integration/consumer_fixture.h"
#include "rocketmq/consumer.h"
#include "rocketmq/producer.h"
#include "support/real_broker.h"

namespace rocketmq::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* topic = "access_topic";
constexpr const char* group = "access_group";
constexpr const char* secret = "a-secret-that-is-never-shown";
constexpr const char* wrong_secret = "a-wrong-secret-never-shown-either";

Credentials credentials_of(const std::string& user, const std::string& key = secret) {
  return {user, key, ""};
}

/// The broker's words for each refusal; they differ between access control 2.0 and 1.0.
struct Words {
  const char* wrong_secret;
  const char* unknown_user;
  const char* no_credentials;
  const char* no_right;
  bool new_groups_have_no_offset;
};

/// A cluster that demands signed requests, with its administrator, "publisher" and "subscriber".
class AccessCluster {
 public:
  explicit AccessCluster(const std::string& version) {
    RealBroker::Options options;
    options.extra = {"--acl"};
    if (!version.empty()) {
      options.extra.emplace_back("--version");
      options.extra.push_back(version);
    }
    broker = std::make_unique<RealBroker>(options);
    std::ifstream file(broker->directory() + "/credentials.json");
    std::stringstream text;
    text << file.rdbuf();
    const std::string json = text.str();
    std::smatch found;
    if (!std::regex_search(json, found, std::regex(R"x("accessKey": "([^"]+)", "secretKey": "([^"]+)")x"))) {
      throw std::runtime_error("credentials.json cannot be understood");
    }
    administrator = {found[1], found[2], ""};
    broker->create_topic(topic, 4);
  }

  std::unique_ptr<RealBroker> broker;
  Credentials administrator;
};

class AccessClients : public testing::Test {
 protected:
  AccessClients(AccessCluster* cluster, const Words& words) : cluster_(cluster), words_(words) {}
  void TearDown() override {
    if (cluster_ != nullptr) expect_no_secret(log_text());
  }

  [[nodiscard]] ClientConfig client(const Credentials& credentials) {
    ClientConfig config;
    config.name_server_addresses = cluster_->broker->name_servers();
    config.credentials = credentials;
    config.connect_timeout_ms = 30'000;
    config.log = [this](LogLevel, std::string_view line) {
      const std::lock_guard lock(mutex_);
      log_ += std::string(line) + '\n';
    };
    return config;
  }

  [[nodiscard]] std::string log_text() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

  void send(const Credentials& credentials, const std::string& body) {
    ProducerConfig config;
    config.client = client(credentials);
    config.group = "access_producer";
    const std::string_view bodies[] = {body};
    Producer::start(config)->send(topic, "", bodies);
  }

  [[nodiscard]] ConsumerConfig consumer_config(const Credentials& credentials) {
    ConsumerConfig config;
    config.client = client(credentials);
    config.group = group;
    config.subscriptions = {{topic}};
    config.consume_from_where = ConsumeFromWhere::first_offset;
    return config;
  }

  /// Whether a message arrives at a consumer of the group.
  void expect_received(const Credentials& credentials, const std::string& body) {
    const auto consumer = Consumer::start(consumer_config(credentials));
    const auto deadline = steady_clock::now() + seconds(60);
    while (steady_clock::now() < deadline) {
      for (const Received& message : receive(*consumer, 1, seconds(5))) {
        if (message.body == body) return;
      }
    }
    ADD_FAILURE() << body << " did not arrive";
  }

  void expect_send_refused(const Credentials& credentials, const char* words) {
    try {
      send(credentials, "must not be stored");
      ADD_FAILURE() << "the broker took it";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), AllOf(HasSubstr(words), HasSubstr(topic), HasSubstr("127.0.0.1:"),
                                      HasSubstr("check sessionCredentials"), HasSubstr(" 1 queue tried")));
      expect_no_secret(error.what());
    }
  }

  void expect_consumer_refused(const Credentials& credentials, const char* words) {
    try {
      (void)Consumer::start(consumer_config(credentials));
      ADD_FAILURE() << "the consumer started";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::server_refused);
      EXPECT_THAT(error.what(), AllOf(HasSubstr(words),
                                      HasSubstr("group 'access_group' may not consume topic 'access_topic'"),
                                      HasSubstr("127.0.0.1:"), HasSubstr("check sessionCredentials")));
      expect_no_secret(error.what());
    }
    EXPECT_THAT(log_text(), HasSubstr(words));
  }

  void expect_no_secret(const std::string& text) const {
    EXPECT_THAT(text, AllOf(Not(HasSubstr(secret)), Not(HasSubstr(wrong_secret)),
                            Not(HasSubstr(cluster_->administrator.secret_key))));
  }

  // What holds for both kinds of access control.

  void the_right_credentials_serve_both() {
    send(cluster_->administrator, "of the administrator");
    expect_received(cluster_->administrator, "of the administrator");
  }
  void an_access_channel_is_signed_too() {
    Credentials credentials = cluster_->administrator;
    credentials.access_channel = "CLOUD";
    send(credentials, "by a channel");
    expect_received(credentials, "by a channel");
  }
  void a_wrong_secret_is_refused_at_once() {
    const Credentials credentials = credentials_of(cluster_->administrator.access_key, wrong_secret);
    expect_send_refused(credentials, words_.wrong_secret);
    expect_consumer_refused(credentials, words_.wrong_secret);
  }
  void an_unknown_user_is_refused_at_once() {
    expect_send_refused(credentials_of("nobody123"), words_.unknown_user);
    expect_consumer_refused(credentials_of("nobody123"), words_.unknown_user);
  }
  void missing_credentials_are_refused_at_once() {
    expect_send_refused({}, words_.no_credentials);
    expect_consumer_refused({}, words_.no_credentials);
  }
  /// Nobody is asked for a topic that is not there, so nobody would refuse it.
  void a_wrong_secret_is_refused_also_where_the_topic_does_not_exist() {
    ConsumerConfig config = consumer_config(credentials_of(cluster_->administrator.access_key, wrong_secret));
    config.subscriptions = {{"access_no_topic_yet"}};
    try {
      (void)Consumer::start(config);
      ADD_FAILURE() << "the consumer started";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::server_refused);
      EXPECT_THAT(error.what(), AllOf(HasSubstr(words_.wrong_secret), HasSubstr("access_no_topic_yet"),
                                      HasSubstr("check sessionCredentials")));
      expect_no_secret(error.what());
    }
    // Who has few rights and the right key waits for the topic.
    config.client = client(credentials_of("subscriber"));
    EXPECT_NO_THROW((void)Consumer::start(config));
  }
  void who_may_publish_only_may_not_consume() {
    send(credentials_of("publisher"), "published");
    expect_consumer_refused(credentials_of("publisher"), words_.no_right);
  }
  void who_may_subscribe_only_may_not_send() {
    expect_send_refused(credentials_of("subscriber"), words_.no_right);
    send(cluster_->administrator, "for the subscriber");
    expect_received(credentials_of("subscriber"), "for the subscriber");
  }

  /// Where a new group starts is asked with what belongs to the right to subscribe.
  void who_may_subscribe_only_may_start_a_new_group() {
    ConsumerConfig config = consumer_config(credentials_of("subscriber"));
    config.group = "access_first";
    const auto from_first = Consumer::start(config);
    config.group = "access_last";
    config.consume_from_where = ConsumeFromWhere::last_offset;
    send(cluster_->administrator, "before the start");
    const auto from_last = Consumer::start(config);
    send(cluster_->administrator, "after the start");
    const auto first = bodies_of(receive(*from_first, 1000, seconds(5)));
    EXPECT_TRUE(first.contains("before the start") && first.contains("after the start"));
    const auto last = bodies_of(receive(*from_last, 1));
    EXPECT_TRUE(last.contains("after the start"));
    // Brokers before 5 tell a new group of a young topic that it is at offset 0.
    if (words_.new_groups_have_no_offset) {
      EXPECT_EQ(last.size(), 1U);
    }
  }

  AccessCluster* cluster_;  // Null where the tests skip themselves.
  Words words_;

 private:
  std::mutex mutex_;
  std::string log_;
};

/// Access control 2.0: users and rights are kept by the brokers.
class AccessControl2 : public AccessClients {
 protected:
  AccessControl2()
      : AccessClients(shared_.get(), {"check signature failed", "User:nobody123 is not found",
                                      "username cannot be null", "has no permission to access", true}) {}
  static bool has_it() { return RealBroker::is_at_least(5, 3); }
  static void SetUpTestSuite() {
    if (!has_it()) return;
    shared_ = std::make_unique<AccessCluster>("");
    const std::string all = "DefaultCluster";
    RealBroker& broker = *shared_->broker;
    for (const char* user : {"publisher", "subscriber"})
      broker.admin({"createUser", "-c", all, "-u", user, "-p", secret});
    broker.admin({"createAcl", "-c", all, "-s", "User:publisher", "-r", std::string("Topic:") + topic, "-a",
                  "Pub", "-d", "Allow"});
    broker.admin({"createAcl", "-c", all, "-s", "User:subscriber", "-r",
                  std::string("Topic:") + topic + ",Group:" + group + ",Group:access_first,Group:access_last",
                  "-a", "Sub", "-d", "Allow"});
  }
  static void TearDownTestSuite() { shared_.reset(); }
  void SetUp() override {
    if (!has_it()) GTEST_SKIP() << "access control 2.0 came with RocketMQ 5.3.0";
  }

 private:
  static inline std::unique_ptr<AccessCluster> shared_;
};

TEST_F(AccessControl2, TheRightCredentialsServeBoth) {
  the_right_credentials_serve_both();
}
TEST_F(AccessControl2, AnAccessChannelIsSignedToo) {
  an_access_channel_is_signed_too();
}
TEST_F(AccessControl2, AWrongSecretIsRefusedAtOnce) {
  a_wrong_secret_is_refused_at_once();
}
TEST_F(AccessControl2, AWrongSecretIsRefusedAlsoWhereTheTopicDoesNotExist) {
  a_wrong_secret_is_refused_also_where_the_topic_does_not_exist();
}
TEST_F(AccessControl2, AnUnknownUserIsRefusedAtOnce) {
  an_unknown_user_is_refused_at_once();
}
TEST_F(AccessControl2, MissingCredentialsAreRefusedAtOnce) {
  missing_credentials_are_refused_at_once();
}
TEST_F(AccessControl2, WhoMayPublishOnlyMayNotConsume) {
  who_may_publish_only_may_not_consume();
}
TEST_F(AccessControl2, WhoMaySubscribeOnlyMayStartANewGroup) {
  who_may_subscribe_only_may_start_a_new_group();
}
TEST_F(AccessControl2, WhoMaySubscribeOnlyMayNotSend) {
  who_may_subscribe_only_may_not_send();
}

/// Full: a broker may remember a right for half a minute.
class AccessControl2Full : public AccessControl2 {};

TEST_F(AccessControl2Full, ARightThatIsTakenAwayIsATroubleUntilItIsGivenBack) {
  const std::string all = "DefaultCluster";
  const std::string resources = std::string("Topic:") + topic + ",Group:access_revoked";
  RealBroker& broker = *cluster_->broker;
  broker.admin({"createUser", "-c", all, "-u", "revoked", "-p", secret});
  const auto grant = [&] {
    broker.admin({"createAcl", "-c", all, "-s", "User:revoked", "-r", resources, "-a", "Sub", "-d", "Allow"});
  };
  grant();
  ConsumerConfig config = consumer_config(credentials_of("revoked"));
  config.group = "access_revoked";
  config.consume_from_where = ConsumeFromWhere::last_offset;
  const auto consumer = Consumer::start(config);
  send(cluster_->administrator, "before");
  ASSERT_EQ(receive(*consumer, 1).size(), 1U);
  const auto troubles = [&] { return consumer->status().troubles; };
  EXPECT_TRUE(troubles().empty());

  broker.admin({"deleteAcl", "-c", all, "-s", "User:revoked"});
  ASSERT_TRUE(eventually([&] { return !troubles().empty(); })) << log_text();
  EXPECT_TRUE(troubles()[0].lasting) << "somebody has to do something";
  EXPECT_THAT(troubles()[0].cause, HasSubstr("has no permission to access"));

  grant();
  send(cluster_->administrator, "after");
  EXPECT_EQ(receive(*consumer, 1, seconds(60)).size(), 1U) << log_text();
  EXPECT_TRUE(eventually([&] { return troubles().empty(); })) << troubles()[0].cause;
}

/// Access control 1.0: accounts in plain_acl.yml.
class AccessControl1Full : public AccessClients {
 protected:
  AccessControl1Full()
      : AccessClients(shared_.get(), {"Check signature failed", "No acl config for nobody123",
                                      "No accessKey is configured", "No default permission for", false}) {}
  static void SetUpTestSuite() {
    shared_ = std::make_unique<AccessCluster>("4.9.7");
    const std::string all = "DefaultCluster";
    RealBroker& broker = *shared_->broker;
    broker.admin(
        {"updateAclConfig", "-c", all, "-a", "publisher", "-s", secret, "-t", std::string(topic) + "=PUB"});
    broker.admin({"updateAclConfig", "-c", all, "-a", "subscriber", "-s", secret, "-t",
                  std::string(topic) + "=SUB", "-g",
                  std::string(group) + "=SUB,access_first=SUB,access_last=SUB"});
  }
  static void TearDownTestSuite() { shared_.reset(); }

 private:
  static inline std::unique_ptr<AccessCluster> shared_;
};

TEST_F(AccessControl1Full, TheRightCredentialsServeBoth) {
  the_right_credentials_serve_both();
}
TEST_F(AccessControl1Full, AnAccessChannelIsSignedToo) {
  an_access_channel_is_signed_too();
}
TEST_F(AccessControl1Full, AWrongSecretIsRefusedAtOnce) {
  a_wrong_secret_is_refused_at_once();
}
TEST_F(AccessControl1Full, AWrongSecretIsRefusedAlsoWhereTheTopicDoesNotExist) {
  a_wrong_secret_is_refused_also_where_the_topic_does_not_exist();
}
TEST_F(AccessControl1Full, AnUnknownUserIsRefusedAtOnce) {
  an_unknown_user_is_refused_at_once();
}
TEST_F(AccessControl1Full, MissingCredentialsAreRefusedAtOnce) {
  missing_credentials_are_refused_at_once();
}
TEST_F(AccessControl1Full, WhoMayPublishOnlyMayNotConsume) {
  who_may_publish_only_may_not_consume();
}
TEST_F(AccessControl1Full, WhoMaySubscribeOnlyMayStartANewGroup) {
  who_may_subscribe_only_may_start_a_new_group();
}
TEST_F(AccessControl1Full, WhoMaySubscribeOnlyMayNotSend) {
  who_may_subscribe_only_may_not_send();
}

}  // namespace
}  // namespace rocketmq::test
