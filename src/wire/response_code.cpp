#include "wire/response_code.h"

namespace rocketmq::wire {

std::string_view response_code_name(std::int32_t code) noexcept {
  switch (static_cast<ResponseCode>(code)) {
    case ResponseCode::success:
      return "SUCCESS";
    case ResponseCode::system_error:
      return "SYSTEM_ERROR";
    case ResponseCode::system_busy:
      return "SYSTEM_BUSY";
    case ResponseCode::request_code_not_supported:
      return "REQUEST_CODE_NOT_SUPPORTED";
    case ResponseCode::transaction_failed:
      return "TRANSACTION_FAILED";
    case ResponseCode::flush_disk_timeout:
      return "FLUSH_DISK_TIMEOUT";
    case ResponseCode::slave_not_available:
      return "SLAVE_NOT_AVAILABLE";
    case ResponseCode::flush_slave_timeout:
      return "FLUSH_SLAVE_TIMEOUT";
    case ResponseCode::message_illegal:
      return "MESSAGE_ILLEGAL";
    case ResponseCode::service_not_available:
      return "SERVICE_NOT_AVAILABLE";
    case ResponseCode::version_not_supported:
      return "VERSION_NOT_SUPPORTED";
    case ResponseCode::no_permission:
      return "NO_PERMISSION";
    case ResponseCode::topic_not_exist:
      return "TOPIC_NOT_EXIST";
    case ResponseCode::topic_exist_already:
      return "TOPIC_EXIST_ALREADY";
    case ResponseCode::pull_not_found:
      return "PULL_NOT_FOUND";
    case ResponseCode::pull_retry_immediately:
      return "PULL_RETRY_IMMEDIATELY";
    case ResponseCode::pull_offset_moved:
      return "PULL_OFFSET_MOVED";
    case ResponseCode::query_not_found:
      return "QUERY_NOT_FOUND";
    case ResponseCode::subscription_parse_failed:
      return "SUBSCRIPTION_PARSE_FAILED";
    case ResponseCode::subscription_not_exist:
      return "SUBSCRIPTION_NOT_EXIST";
    case ResponseCode::subscription_not_latest:
      return "SUBSCRIPTION_NOT_LATEST";
    case ResponseCode::subscription_group_not_exist:
      return "SUBSCRIPTION_GROUP_NOT_EXIST";
    case ResponseCode::filter_data_not_exist:
      return "FILTER_DATA_NOT_EXIST";
    case ResponseCode::filter_data_not_latest:
      return "FILTER_DATA_NOT_LATEST";
    case ResponseCode::invalid_parameter:
      return "INVALID_PARAMETER";
    case ResponseCode::no_buyer_id:
      return "NO_BUYER_ID";
    case ResponseCode::not_in_current_unit:
      return "NOT_IN_CURRENT_UNIT";
    case ResponseCode::consumer_not_online:
      return "CONSUMER_NOT_ONLINE";
    case ResponseCode::consume_msg_timeout:
      return "CONSUME_MSG_TIMEOUT";
    case ResponseCode::no_message:
      return "NO_MESSAGE";
    case ResponseCode::flow_control:
      return "FLOW_CONTROL";
    case ResponseCode::not_leader_for_queue:
      return "NOT_LEADER_FOR_QUEUE";
    case ResponseCode::go_away:
      return "GO_AWAY";
  }
  return "response code";
}

}  // namespace rocketmq::wire
