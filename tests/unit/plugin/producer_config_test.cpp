#include "plugin/producer_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin/argument_error.h"
#include "script_values.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::HasSubstr;

ProducerConfig read(const ConstantSP& dictionary, const std::string& address = "127.0.0.1:9876") {
  return read_producer_config(address, "group1", dictionary);
}

TEST(ProducerConfigKeys, AreThoseOfTheManualAndOfTls) {
  ProducerConfig target;
  ConfigReader reader("producerConfig");
  add_producer_keys(reader, target);
  std::vector<std::string> names;
  for (const ConfigKey& key : reader.keys())
    names.push_back(key.name);
  EXPECT_THAT(names, ::testing::UnorderedElementsAre(
                         "sessionCredentials", "namesrvDomain", "nameSpace", "instanceName", "unitName",
                         "sendMsgTimeout", "retryTimes", "compressMsgBodyOverHowmuch", "compressLevel",
                         "maxMessageSize", "tcpTransportConnectTimeout", "useTLS", "tlsCaFile", "tlsCertFile",
                         "tlsKeyFile", "tlsKeyPassword", "tlsVerify", "tlsVerifyHost"));
}

TEST(ProducerConfigKeys, DefaultsAreThoseOfTheManual) {
  const ProducerConfig result = read(ConstantSP());
  EXPECT_EQ(result.client.name_server_addresses, "127.0.0.1:9876");
  EXPECT_EQ(result.group, "group1");
  EXPECT_EQ(result.send_timeout_ms, 3000);
  EXPECT_EQ(result.max_attempts, 5);
  EXPECT_EQ(result.compress_over_bytes, 4096);
  EXPECT_EQ(result.compress_level, 4);
  EXPECT_EQ(result.max_message_bytes, 133632);
  EXPECT_EQ(result.client.connect_timeout_ms, 3000);
  EXPECT_TRUE(result.client.credentials.empty());
  EXPECT_EQ(result.client.instance_name, "");
  EXPECT_FALSE(result.client.tls.enabled);
  EXPECT_EQ(result.client.tls.ca_file, "");
  EXPECT_TRUE(result.client.tls.verify);
  EXPECT_TRUE(result.client.tls.verify_host);
}

TEST(ProducerConfigKeys, EachReachesItsField) {
  const ProducerConfig result = read(config({{"sessionCredentials", texts({"ak", "sk", "ch"})},
                                             {"namesrvDomain", text("names.example:8080")},
                                             {"nameSpace", text("space")},
                                             {"instanceName", text("instance")},
                                             {"unitName", text("unit")},
                                             {"sendMsgTimeout", integer(1000)},
                                             {"retryTimes", integer(2)},
                                             {"compressMsgBodyOverHowmuch", integer(100)},
                                             {"compressLevel", integer(9)},
                                             {"maxMessageSize", integer(4096)},
                                             {"tcpTransportConnectTimeout", integer(500)}}),
                                     "");
  EXPECT_EQ(result.client.credentials.access_key, "ak");
  EXPECT_EQ(result.client.credentials.secret_key, "sk");
  EXPECT_EQ(result.client.credentials.access_channel, "ch");
  EXPECT_EQ(result.client.name_server_domain, "names.example:8080");
  EXPECT_EQ(result.client.name_space, "space");
  EXPECT_EQ(result.client.instance_name, "instance");
  EXPECT_EQ(result.client.unit_name, "unit");
  EXPECT_EQ(result.send_timeout_ms, 1000);
  EXPECT_EQ(result.max_attempts, 2);
  EXPECT_EQ(result.compress_over_bytes, 100);
  EXPECT_EQ(result.compress_level, 9);
  EXPECT_EQ(result.max_message_bytes, 4096);
  EXPECT_EQ(result.client.connect_timeout_ms, 500);
}

TEST(ProducerConfigKeys, ThoseOfTlsReachTheirFields) {
  const TlsConfig tls = read(config({{"useTLS", boolean(true)},
                                     {"tlsCaFile", text("ca.pem")},
                                     {"tlsCertFile", text("client.pem")},
                                     {"tlsKeyFile", text("client.key")},
                                     {"tlsKeyPassword", text("password")},
                                     {"tlsVerify", boolean(false)},
                                     {"tlsVerifyHost", boolean(false)}}))
                            .client.tls;
  EXPECT_TRUE(tls.enabled);
  EXPECT_EQ(tls.ca_file, "ca.pem");
  EXPECT_EQ(tls.cert_file, "client.pem");
  EXPECT_EQ(tls.key_file, "client.key");
  EXPECT_EQ(tls.key_password, "password");
  EXPECT_FALSE(tls.verify);
  EXPECT_FALSE(tls.verify_host);
}

TEST(ProducerConfigKeys, ThoseOfTlsRefuseWrongTypesAndNeverShowAPassword) {
  const auto error = [](const std::string& key, const ConstantSP& value) {
    return error_of([&] { static_cast<void>(read(config({{key, value}}))); });
  };
  EXPECT_THAT(error("useTLS", text("yes")), HasSubstr("useTLS must be a BOOL scalar; given: the STRING"));
  EXPECT_THAT(error("tlsVerify", null_value()), HasSubstr("tlsVerify must be a BOOL scalar; given: NULL"));
  EXPECT_THAT(error("tlsCaFile", integer(1)), HasSubstr("tlsCaFile must be a STRING scalar"));
  EXPECT_THAT(error("tlsCaFile", text("")), HasSubstr("that is not empty"));
  EXPECT_THAT(error("tlsKeyPassword", texts({"never", "shown"})),
              ::testing::AllOf(HasSubstr("tlsKeyPassword must be a STRING scalar"),
                               ::testing::Not(HasSubstr("never"))));
  EXPECT_THAT(error("tlsCAFile", text("ca.pem")), HasSubstr("Did you mean \"tlsCaFile\"?"));
}

class ProducerNumber : public ::testing::TestWithParam<const char*> {};

TEST_P(ProducerNumber, MustBeAnIntegerGreaterThanZero) {
  const std::string key = GetParam();
  for (const ConstantSP& wrong : {integer(0), integer(-1), number(1.5), text("1"), null_value(),
                                  boolean(true), long_integer(1LL << 40), texts({"1"})}) {
    EXPECT_THAT(error_of([&] {
                  static_cast<void>(read(config({{key, wrong}})));
                }),
                HasSubstr("producerConfig: " + key + " must be an INT scalar "));
  }
  EXPECT_EQ(error_of([&] { static_cast<void>(read(config({{key, integer(1)}}))); }), "");
}

INSTANTIATE_TEST_SUITE_P(Keys, ProducerNumber,
                         ::testing::Values("sendMsgTimeout", "retryTimes", "compressMsgBodyOverHowmuch",
                                           "compressLevel", "maxMessageSize", "tcpTransportConnectTimeout"));

TEST(ProducerConfigKeys, CompressLevelEndsAtNine) {
  EXPECT_EQ(read(config({{"compressLevel", integer(9)}})).compress_level, 9);
  EXPECT_THAT(error_of([] {
                static_cast<void>(read(config({{"compressLevel", integer(10)}})));
              }),
              HasSubstr("from 1 to 9; given: the INT scalar 10."));
}

TEST(ProducerConfigKeys, SendSpinTimeIsNoKeyAnyMore) {
  EXPECT_THAT(error_of([] {
                static_cast<void>(read(config({{"sendSpinTime", integer(0)}})));
              }),
              HasSubstr("sendSpinTime"));
}

TEST(ProducerConfigKeys, EmptyAddressNeedsADomain) {
  EXPECT_THAT(error_of([] { static_cast<void>(read(ConstantSP(), "")); }),
              HasSubstr("namesrvAddr must be \"host:port\""));
  EXPECT_EQ(error_of([] {
              static_cast<void>(read(config({{"namesrvDomain", text("names.example")}}), ""));
            }),
            "");
}

}  // namespace
}  // namespace rocketmq::plugin::test
