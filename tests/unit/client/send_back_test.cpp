#include "client/consumer/send_back.h"

#include <gtest/gtest.h>

#include <limits>

#include "wire/properties.h"
#include "wire/response_code.h"

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

TEST_F(SendBackTest, WhatIsRejectedForGoodGoesToTheDeadLettersInEitherWay) {
  failed_.for_good = true;
  EXPECT_EQ(make_send_back(message_, failed_).delay_level, -1);
  wire::SendMessageRequest request;
  ASSERT_EQ(make_retry_message(message_, failed_, 99, request), Errc::ok);
  EXPECT_EQ(request.reconsume_times, 6) << "more than max_reconsume_times";
  EXPECT_EQ(property_of(request, wire::property::reconsume_time), "6");
  EXPECT_EQ(request.max_reconsume_times, 5);
  failed_.max_reconsume_times = std::numeric_limits<std::int32_t>::max();
  ASSERT_EQ(make_retry_message(message_, failed_, 99, request), Errc::ok);
  EXPECT_EQ(request.reconsume_times, 2'147'483'645);
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
  EXPECT_EQ(make_retry_message(message_, failed_, 99, request), Errc::too_large);
}

TEST_F(SendBackTest, AForeignPropertyWhoseValueHoldsASeparatorIsCopiedAsItIs) {
  properties_ += "note\x01left\x01right\x02";
  message_.properties = properties_;
  wire::SendMessageRequest request;
  ASSERT_EQ(make_retry_message(message_, failed_, 99, request), Errc::ok);
  EXPECT_EQ(property_of(request, "note"), "left\x01right");
}

Failure refusal(wire::ResponseCode code, const std::string& remark = {}) {
  return {Errc::server_refused, "refused", ServerReply{wire::to_int(code), remark, "127.0.0.1:10911"}};
}

TEST(SendBackOutcome, WhatABrokerHasStoredIsDone) {
  using wire::ResponseCode;
  EXPECT_EQ(send_back_outcome({}), SendBackOutcome::stored);
  for (const auto code : {ResponseCode::flush_disk_timeout, ResponseCode::flush_slave_timeout,
                          ResponseCode::slave_not_available}) {
    EXPECT_EQ(send_back_outcome(refusal(code)), SendBackOutcome::stored);
    // Request 36 has one code for everything.
    EXPECT_EQ(send_back_outcome(refusal(ResponseCode::system_error,
                                        std::string(wire::response_code_name(wire::to_int(code))))),
              SendBackOutcome::stored);
  }
}

TEST(SendBackOutcome, WhatABrokerMayTakeLaterIsTriedAgain) {
  using wire::ResponseCode;
  for (const auto code :
       {ResponseCode::system_busy, ResponseCode::service_not_available, ResponseCode::topic_not_exist,
        ResponseCode::subscription_group_not_exist, ResponseCode::flow_control,
        ResponseCode::not_leader_for_queue, ResponseCode::go_away, static_cast<ResponseCode>(4711)}) {
    EXPECT_EQ(send_back_outcome(refusal(code)), SendBackOutcome::passing) << wire::to_int(code);
  }
  for (const char* remark :
       {"", "OS_PAGE_CACHE_BUSY", "CREATE_MAPPED_FILE_FAILED", "SERVICE_NOT_AVAILABLE", "UNKNOWN_ERROR",
        "IN_SYNC_REPLICAS_NOT_ENOUGH", "topic[%RETRY%group] not exist"}) {
    EXPECT_EQ(send_back_outcome(refusal(ResponseCode::system_error, remark)), SendBackOutcome::passing)
        << remark;
  }
  for (const Errc code : {Errc::connect_failed, Errc::connect_timeout, Errc::connection_closed,
                          Errc::request_timeout, Errc::too_many_requests, Errc::topic_not_found}) {
    EXPECT_EQ(send_back_outcome({code, "no answer", {}}), SendBackOutcome::passing);
  }
}

TEST(SendBackOutcome, WhatStaysRefusedHoweverOftenItIsAskedForIsFinal) {
  using wire::ResponseCode;
  for (const auto code :
       {ResponseCode::message_illegal, ResponseCode::no_permission, ResponseCode::invalid_parameter,
        ResponseCode::request_code_not_supported, ResponseCode::version_not_supported}) {
    EXPECT_EQ(send_back_outcome(refusal(code)), SendBackOutcome::final) << wire::to_int(code);
  }
  for (const char* remark : {"MESSAGE_ILLEGAL", "PROPERTIES_SIZE_EXCEEDED",
                             "look message by offset failed, 7", "No acl config for user"}) {
    EXPECT_EQ(send_back_outcome(refusal(ResponseCode::system_error, remark)), SendBackOutcome::final)
        << remark;
  }
  EXPECT_EQ(send_back_outcome({Errc::too_large, "properties", {}}), SendBackOutcome::final);
  EXPECT_EQ(send_back_outcome({Errc::no_queue, "not writable", {}}), SendBackOutcome::final);
}

}  // namespace
}  // namespace rocketmq::client
