#pragma once

#include <cstdint>
#include <string_view>

namespace rocketmq::wire {

/// What a server answered. Source: RemotingSysResponseCode and ResponseCode of
/// org.apache.rocketmq.remoting.protocol.
enum class ResponseCode : std::int32_t {
  success = 0,                        ///< Done. For a pull: messages were found.
  system_error = 1,                   ///< Overloaded meaning: access refused, batch too large, disk ...
  system_busy = 2,                    ///< Not stored: back off and try again.
  request_code_not_supported = 3,     ///< The server does not know this request.
  transaction_failed = 4,             ///< A transactional operation failed.
  flush_disk_timeout = 10,            ///< Stored, but not yet on disk.
  slave_not_available = 11,           ///< Stored, but there is no slave.
  flush_slave_timeout = 12,           ///< Stored, but not yet at the slave.
  message_illegal = 13,               ///< The message breaks the broker's rules; final.
  service_not_available = 14,         ///< The broker is starting, stopping or read-only.
  version_not_supported = 15,         ///< The feature is off at this broker.
  no_permission = 16,                 ///< The topic, group or user has no such right.
  topic_not_exist = 17,               ///< No such topic here.
  topic_exist_already = 18,           ///< The topic is there already.
  pull_not_found = 19,                ///< No message at this offset yet.
  pull_retry_immediately = 20,        ///< Everything was filtered out: go on at nextBeginOffset.
  pull_offset_moved = 21,             ///< The offset is outside the queue: go on at nextBeginOffset.
  query_not_found = 22,               ///< The group has no offset in this queue, or there is no such message.
  subscription_parse_failed = 23,     ///< The subscription expression is wrong; final.
  subscription_not_exist = 24,        ///< The broker lost the subscription: heartbeat, then again.
  subscription_not_latest = 25,       ///< The broker has an older subscription: heartbeat, then again.
  subscription_group_not_exist = 26,  ///< No such group, and groups are not created automatically.
  filter_data_not_exist = 27,         ///< The broker has no filter data: heartbeat, then again.
  filter_data_not_latest = 28,        ///< The broker has older filter data: heartbeat, then again.
  invalid_parameter = 29,             ///< A field is wrong; final.
  no_buyer_id = 204,                  ///< In RocketMQ's send-retry set.
  not_in_current_unit = 205,          ///< In RocketMQ's send-retry set.
  consumer_not_online = 206,          ///< No member of the group is connected.
  no_message = 208,                   ///< There is no such message.
  flow_control = 215,                 ///< The broker slows this client down.
  not_leader_for_queue = 501,         ///< Static topic: the queue moved; refresh the route.
  go_away = 1500,                     ///< The server shuts down: reconnect and send once more.
};

[[nodiscard]] constexpr std::int32_t to_int(ResponseCode code) noexcept {
  return static_cast<std::int32_t>(code);
}

[[nodiscard]] constexpr bool operator==(std::int32_t value, ResponseCode code) noexcept {
  return value == to_int(code);
}

/// RocketMQ's own name of a code, e.g. "TOPIC_NOT_EXIST", or "response code" if it is unknown. It is
/// for error messages: people search for that name.
[[nodiscard]] std::string_view response_code_name(std::int32_t code) noexcept;

}  // namespace rocketmq::wire
