#include "rmq/message_template.h"

#include <gmock/gmock.h>

#include "rmq/message_text.h"
#include "rmq/usage_error.h"
#include "thrown_text.h"

namespace rocketmq::rmq {
namespace {

using testing::HasSubstr;

ReceivedMessage message(std::string_view body = "the body") {
  ReceivedMessage message;
  message.topic = "t";
  message.broker_name = "broker-a";
  message.queue_id = 3;
  message.queue_offset = 42;
  message.body = as_bytes(body);
  message.tag = "red";
  message.message_id = "ID";
  message.properties =
      "KEYS\x01k1 k2\x02TAGS\x01red\x02"
      "a\x01one\x02WAIT\x01true\x02"
      "a\x01two\x02"
      "b\"\x01x\x02";
  message.born_time_ms = 1'000;
  message.store_time_ms = 1'001;
  message.reconsume_times = 2;
  return message;
}

std::string shown(std::string_view text, const ReceivedMessage& of, bool raw = false) {
  std::string out;
  MessageTemplate(text).append(out, of, raw);
  return out;
}

TEST(Templates, HaveAPlaceForEachPartOfAMessage) {
  EXPECT_EQ(shown("%{topic} %{broker}:%{queue}@%{offset} [%{tag}] %{keys} %{id}", message()),
            "t broker-a:3@42 [red] k1 k2 ID");
  EXPECT_EQ(shown("%{bornMs} %{storedMs} %{retries} %{size} %{base64}", message("abcd")),
            "1000 1001 2 4 YWJjZA==");
  EXPECT_EQ(shown("%{properties}", message()), R"({"a":"two","b\"":"x"})");
  EXPECT_EQ(shown("%{property:a}|%{property:WAIT}|%{property:none}", message()), "two|true|");
  EXPECT_EQ(shown("", message()), "");
  EXPECT_EQ(shown("100%% of it", message()), "100% of it");
}

TEST(Templates, EscapesAreBytes) {
  EXPECT_EQ(shown(R"(a\tb\\c\x41\r\n)", message()), "a\tb\\cA\r\n");
  EXPECT_EQ(shown(R"(\0)", message()), std::string(1, '\0'));
}

TEST(Templates, ARecordStaysOneLineUnlessItIsRaw) {
  const ReceivedMessage lines = message("one\ntwo\t\x1b[31m\x7f");
  EXPECT_EQ(shown("%{body}\n", lines), "one\\ntwo\\t\\x1b[31m\\x7f\n");
  EXPECT_EQ(shown("%{body}", lines, true), "one\ntwo\t\x1b[31m\x7f");
}

TEST(Templates, WhatIsWrongIsNamed) {
  const auto said = [](const char* text) { return thrown_text<UsageError>([&] { MessageTemplate{text}; }); };
  EXPECT_EQ(said("%{ofset}"), "the format: there is no %{ofset}; did you mean 'offset'?");
  EXPECT_EQ(said("%{}"), "the format: there is no %{}");
  EXPECT_EQ(said("%{property:}"), "the format: there is no %{property:}; did you mean 'properties'?");
  EXPECT_THAT(said("%{body"), HasSubstr("a % is followed by {NAME}"));
  EXPECT_THAT(said("50%"), HasSubstr("a % is followed by {NAME}"));
  EXPECT_THAT(said("%d"), HasSubstr("a % is followed by {NAME}"));
  EXPECT_THAT(said("\\q"), HasSubstr("a backslash is followed by"));
  EXPECT_THAT(said("\\"), HasSubstr("a backslash is followed by"));
  EXPECT_THAT(said("\\x4"), HasSubstr("two hexadecimal digits"));
  EXPECT_THAT(said("\\xg0"), HasSubstr("two hexadecimal digits"));
}

std::string json(const ReceivedMessage& of) {
  std::string out;
  append_message_json(out, of);
  return out;
}

TEST(MessagesInJson, KeepTheUsersPropertiesApartFromRocketMQs) {
  EXPECT_EQ(json(message("a \"quoted\"\nline \\ \x01")),
            R"({"topic":"t","brokerName":"broker-a","queueId":3,"queueOffset":42,"msgId":"ID","tag":"red",)"
            R"("keys":"k1 k2","bornTimestamp":1000,"storeTimestamp":1001,"bornHost":"","reconsumeTimes":2,)"
            R"("properties":{"a":"two","b\"":"x"},"systemProperties":{"WAIT":"true"},)"
            R"("body":"a \"quoted\"\nline \\ \u0001"})");
}

TEST(MessagesInJson, ABodyThatIsNoTextIsBase64) {
  EXPECT_THAT(json(message("caf\xc3\xa9")), HasSubstr("\"body\":\"caf\xc3\xa9\"}"));
  EXPECT_THAT(json(message("caf\xe9")), HasSubstr(R"("bodyBase64":"Y2Fm6Q=="})"));
}

}  // namespace
}  // namespace rocketmq::rmq
