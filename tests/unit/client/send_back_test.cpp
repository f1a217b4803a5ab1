#include "client/consumer/send_back.h"

#include <gtest/gtest.h>

#include <limits>

#include "wire/properties.h"

namespace rocketmq::client {
namespace {

class SendBackTest : public testing::Test {
 protected:
  SendBackTest() {
    EXPECT_EQ(wire::append_property(properties_, wire::property::tags, "A"), Errc::ok);
    EXPECT_EQ(wire::append_property(properties_, wire::property::unique_key, "ID1"), Errc::ok);
    message_.topic = "orders";
    message_.physical_offset = 12'345;
    message_.reconsume_times = 2;
    message_.flag = 7;
    message_.store_host = {ByteView(ip_), 10911};
    message_.body = as_bytes("body");
    message_.properties = properties_;
    failed_ = {"ns%group", "broker-a", 5};
  }

  static std::string property_of(const wire::SendMessageRequest& request, std::string_view name) {
    const auto value = wire::find_property(request.properties, name);
    return value ? std::string(*value) : "(none)";
  }

  const Bytes ip_{127, 0, 0, 1};
  std::string properties_;
  wire::StoredMessageView message_;
  FailedMessage failed_;
};

TEST_F(SendBackTest, TheBrokerIsAskedByCommitLogOffsetAndChoosesTheDelay) {
  const auto request = make_send_back(message_, failed_);
  EXPECT_EQ(request.offset, 12'345);
  EXPECT_EQ(request.group, "ns%group");
  EXPECT_EQ(request.delay_level, 0);
  EXPECT_EQ(request.origin_topic, "orders");
  EXPECT_EQ(request.origin_msg_id, "7F00000100002A9F0000000000003039");
  EXPECT_EQ(request.max_reconsume_times, 5);
  EXPECT_EQ(request.broker_name, "broker-a");
}

TEST_F(SendBackTest, AMadeUpCountOfFailuresDoesNotOverflow) {
  message_.reconsume_times = std::numeric_limits<std::int32_t>::max();
  wire::SendMessageRequest request;
  ASSERT_EQ(make_retry_message(message_, failed_, 99, request), Errc::ok);
  EXPECT_EQ(request.reconsume_times, 2'147'483'645);
  EXPECT_EQ(property_of(request, wire::property::delay_level), "2147483647");
  EXPECT_EQ(property_of(request, wire::property::reconsume_time), "2147483645");
}

TEST_F(SendBackTest, ARetryMessageSaysWhereItComesFromAndHowOftenItFailed) {
  wire::SendMessageRequest request;
  ASSERT_EQ(make_retry_message(message_, failed_, 99, request), Errc::ok);
  EXPECT_EQ(request.topic, "%RETRY%ns%group");
  EXPECT_EQ(request.reconsume_times, 3);
  EXPECT_EQ(request.max_reconsume_times, 5);
  EXPECT_EQ(request.flag, 7);
  EXPECT_EQ(request.born_timestamp, 99);
  EXPECT_EQ(property_of(request, wire::property::retry_topic), "orders");
  EXPECT_EQ(property_of(request, wire::property::origin_message_id), "7F00000100002A9F0000000000003039");
  EXPECT_EQ(property_of(request, wire::property::delay_level), "5");
  EXPECT_EQ(property_of(request, wire::property::reconsume_time), "3");
  EXPECT_EQ(property_of(request, wire::property::max_reconsume_times), "5");
  EXPECT_EQ(property_of(request, wire::property::tags), "A");
  EXPECT_EQ(property_of(request, wire::property::unique_key), "ID1");
}

TEST_F(SendBackTest, AMessageThatFailedBeforeKeepsItsFirstTopicAndId) {
  ASSERT_EQ(wire::append_property(properties_, wire::property::retry_topic, "first-topic"), Errc::ok);
  ASSERT_EQ(wire::append_property(properties_, wire::property::origin_message_id, "FIRST"), Errc::ok);
  ASSERT_EQ(wire::append_property(properties_, wire::property::delay_level, "4"), Errc::ok);
  message_.topic = "%RETRY%ns%group";
  message_.properties = properties_;
  wire::SendMessageRequest request;
  ASSERT_EQ(make_retry_message(message_, failed_, 99, request), Errc::ok);
  EXPECT_EQ(property_of(request, wire::property::retry_topic), "first-topic");
  EXPECT_EQ(property_of(request, wire::property::origin_message_id), "FIRST");
  EXPECT_EQ(property_of(request, wire::property::delay_level), "5");
}

TEST_F(SendBackTest, ACompressedBodyStaysCompressedAndAHalfMessageBecomesAPlainOne) {
  message_.sys_flag = wire::message_flag::compressed | wire::message_flag::compression_zstd |
                      wire::message_flag::transaction_commit | wire::message_flag::born_host_v6;
  ASSERT_EQ(wire::append_property(properties_, wire::property::transaction_prepared, "true"), Errc::ok);
  message_.properties = properties_;
  wire::SendMessageRequest request;
  ASSERT_EQ(make_retry_message(message_, failed_, 99, request), Errc::ok);
  EXPECT_EQ(request.sys_flag, wire::message_flag::compressed | wire::message_flag::compression_zstd);
  EXPECT_EQ(property_of(request, wire::property::transaction_prepared), "(none)");
}

TEST_F(SendBackTest, PropertiesThatBecomeTooLongAreAnError) {
  const std::string full = "K\x01" + std::string(wire::max_properties_bytes - 10, 'x') + '\x02';
  message_.properties = full;
  wire::SendMessageRequest request;
  EXPECT_EQ(make_retry_message(message_, failed_, 99, request), Errc::bad_properties);
}

}  // namespace
}  // namespace rocketmq::client
