#include "rmq/json_message.h"

#include <gmock/gmock.h>

#include "rmq/base64.h"
#include "rmq/usage_error.h"
#include "thrown_text.h"

namespace rocketmq::rmq {
namespace {

using testing::HasSubstr;

TEST(JsonMessages, HaveABodyAndMore) {
  JsonMessage message;
  message.tag = "of the message before";
  read_json_message(
      R"({"body":"b\n","tag":"red","keys":["k1","k2"],"properties":{"a":"x"},"orderKey":"o","delayTimeLevel":3})",
      message);
  EXPECT_EQ(message.body, "b\n");
  EXPECT_EQ(message.tag, "red");
  EXPECT_EQ(message.keys, "k1 k2");
  EXPECT_EQ(message.properties, "a\x01x\x02");
  EXPECT_EQ(message.order_key, "o");
  EXPECT_EQ(message.delay_level, 3);
  read_json_message(R"({"bodyBase64":"/wA=","keys":"a b","deliverTimestamp":1800000000000,"tag":null})",
                    message);
  EXPECT_EQ(message.body, std::string("\xff\0", 2));
  EXPECT_EQ(message.keys, "a b");
  EXPECT_EQ(message.tag, "");
  EXPECT_EQ(message.properties, "");
  EXPECT_EQ(message.order_key, std::nullopt);
  EXPECT_EQ(message.delay_level, 0);
  EXPECT_EQ(message.deliver_time_ms, 1'800'000'000'000);
}

TEST(JsonMessages, WhatReadWritesBesidesIsPassedOver) {
  JsonMessage message;
  read_json_message(
      R"({"topic":"t","brokerName":"b","queueId":1,"queueOffset":2,"msgId":"I","bornTimestamp":1,)"
      R"("storeTimestamp":2,"bornHost":"h","reconsumeTimes":0,"systemProperties":{"WAIT":"true"},"body":"b"})",
      message);
  EXPECT_EQ(message.body, "b");
  EXPECT_EQ(message.properties, "");
}

TEST(JsonMessages, WhatIsWrongIsNamed) {
  const auto said = [](const char* text) {
    JsonMessage message;
    return thrown_text<CommandError>([&] { read_json_message(text, message); });
  };
  EXPECT_THAT(said("hello"), HasSubstr("it is no JSON: "));
  EXPECT_THAT(said(R"({"body":"b"} x)"), HasSubstr("it is no JSON: "));
  EXPECT_THAT(said("{\"body\":\"\xff\"}"), HasSubstr("it is no JSON: "));
  EXPECT_EQ(said(R"(["b"])"), "it is no JSON object");
  EXPECT_EQ(said("{}"), "there is no 'body' and no 'bodyBase64'");
  EXPECT_EQ(said(R"({"body":1})"), "'body' is no text");
  EXPECT_EQ(said(R"({"body":"a","bodyBase64":"YQ=="})"),
            "there are 'body' and 'bodyBase64'; give one of them");
  EXPECT_EQ(said(R"({"bodyBase64":"Y"})"), "'bodyBase64' is no base64 text");
  EXPECT_EQ(said(R"({"body":"b","tags":"t"})"), "'tags' is no member of a message; did you mean 'tag'?");
  EXPECT_EQ(said(R"({"body":"b","keys":["a b"]})"), "'keys' has a key with a blank in it, which parts keys");
  EXPECT_EQ(said(R"({"body":"b","keys":[1]})"), "'keys' is no text");
  EXPECT_EQ(said(R"({"body":"b","properties":["x"]})"), "'properties' is no object");
  EXPECT_THAT(said(R"({"body":"b","properties":{"TAGS":"x"}})"),
              HasSubstr("'TAGS' is one of RocketMQ's own"));
  EXPECT_EQ(said(R"({"body":"b","delayTimeLevel":19})"), "'delayTimeLevel' is no integer from 0 to 18");
  EXPECT_EQ(said(R"({"body":"b","delayTimeLevel":1.5})"), "'delayTimeLevel' is no integer from 0 to 18");
}

TEST(Base64, ComesBackAsItWas) {
  for (const std::string bytes : {"", "a", "ab", "abc", "abcd", "\xff\xfe\xfd"}) {
    std::string text;
    append_base64(text, bytes);
    EXPECT_EQ(read_base64(text), bytes) << text;
  }
  for (const char* text : {"a", "ab=", "a===", "====", "ab=c", "a b=", "YQ==YQ=="})
    EXPECT_EQ(read_base64(text), std::nullopt) << text;
}

}  // namespace
}  // namespace rocketmq::rmq
