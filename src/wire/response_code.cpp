#include "wire/response_code.h"

#include <algorithm>
#include <array>
#include <utility>

namespace rocketmq::wire {

namespace {

constexpr std::array<std::pair<ResponseCode, std::string_view>, 32> names = {{
    {ResponseCode::success, "SUCCESS"},
    {ResponseCode::system_error, "SYSTEM_ERROR"},
    {ResponseCode::system_busy, "SYSTEM_BUSY"},
    {ResponseCode::request_code_not_supported, "REQUEST_CODE_NOT_SUPPORTED"},
    {ResponseCode::transaction_failed, "TRANSACTION_FAILED"},
    {ResponseCode::flush_disk_timeout, "FLUSH_DISK_TIMEOUT"},
    {ResponseCode::slave_not_available, "SLAVE_NOT_AVAILABLE"},
    {ResponseCode::flush_slave_timeout, "FLUSH_SLAVE_TIMEOUT"},
    {ResponseCode::message_illegal, "MESSAGE_ILLEGAL"},
    {ResponseCode::service_not_available, "SERVICE_NOT_AVAILABLE"},
    {ResponseCode::version_not_supported, "VERSION_NOT_SUPPORTED"},
    {ResponseCode::no_permission, "NO_PERMISSION"},
    {ResponseCode::topic_not_exist, "TOPIC_NOT_EXIST"},
    {ResponseCode::topic_exist_already, "TOPIC_EXIST_ALREADY"},
    {ResponseCode::pull_not_found, "PULL_NOT_FOUND"},
    {ResponseCode::pull_retry_immediately, "PULL_RETRY_IMMEDIATELY"},
    {ResponseCode::pull_offset_moved, "PULL_OFFSET_MOVED"},
    {ResponseCode::query_not_found, "QUERY_NOT_FOUND"},
    {ResponseCode::subscription_parse_failed, "SUBSCRIPTION_PARSE_FAILED"},
    {ResponseCode::subscription_not_exist, "SUBSCRIPTION_NOT_EXIST"},
    {ResponseCode::subscription_not_latest, "SUBSCRIPTION_NOT_LATEST"},
    {ResponseCode::subscription_group_not_exist, "SUBSCRIPTION_GROUP_NOT_EXIST"},
    {ResponseCode::filter_data_not_exist, "FILTER_DATA_NOT_EXIST"},
    {ResponseCode::filter_data_not_latest, "FILTER_DATA_NOT_LATEST"},
    {ResponseCode::invalid_parameter, "INVALID_PARAMETER"},
    {ResponseCode::no_buyer_id, "NO_BUYER_ID"},
    {ResponseCode::not_in_current_unit, "NOT_IN_CURRENT_UNIT"},
    {ResponseCode::consumer_not_online, "CONSUMER_NOT_ONLINE"},
    {ResponseCode::no_message, "NO_MESSAGE"},
    {ResponseCode::flow_control, "FLOW_CONTROL"},
    {ResponseCode::not_leader_for_queue, "NOT_LEADER_FOR_QUEUE"},
    {ResponseCode::go_away, "GO_AWAY"},
}};

}  // namespace

std::string_view response_code_name(std::int32_t code) noexcept {
  const auto* const found =
      std::find_if(names.begin(), names.end(), [code](const auto& name) { return code == name.first; });
  return found == names.end() ? "response code" : found->second;
}

}  // namespace rocketmq::wire
