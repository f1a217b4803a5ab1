#pragma once

#include <cstdint>

namespace rocketmq::wire {

/// What a request asks for. Source: org.apache.rocketmq.remoting.protocol.RequestCode.
enum class RequestCode : std::int32_t {
  send_message = 10,                      ///< A message with long field names; old clients send it.
  pull_message = 11,                      ///< Messages of a queue from an offset on; may be held (long poll).
  query_message = 12,                     ///< Messages of a topic by a key, or by the client's message id.
  query_consumer_offset = 14,             ///< A group's progress in a queue.
  update_consumer_offset = 15,            ///< Stores a group's progress in a queue.
  search_offset_by_timestamp = 29,        ///< The first message of a queue from a time on.
  get_broker_config = 26,                 ///< All of a broker's settings, as text.
  get_max_offset = 30,                    ///< One past the last message of a queue.
  get_min_offset = 31,                    ///< The first stored message of a queue.
  get_earliest_msg_store_time = 32,       ///< When the first stored message of a queue was stored.
  view_message_by_id = 33,                ///< The message at a place of a broker's commit log.
  heart_beat = 34,                        ///< The client's groups and subscriptions.
  unregister_client = 35,                 ///< The client leaves a group.
  consumer_send_msg_back = 36,            ///< A failed message is to be delivered again later.
  get_consumer_list_by_group = 38,        ///< The clientIds of a group.
  notify_consumer_ids_changed = 40,       ///< From the broker: the members of a group changed.
  check_client_config = 46,               ///< Asks the broker to check a subscription (SQL92).
  get_route_info_by_topic = 105,          ///< Where the queues of a topic are; asked of name servers.
  get_broker_cluster_info = 106,          ///< All brokers of all clusters; asked of name servers.
  get_topic_stats_info = 202,             ///< The offsets of all queues of a topic at one broker.
  get_consumer_connection_list = 203,     ///< The members of a group and what the broker takes them to want.
  get_all_topic_list = 206,               ///< The names of all topics; asked of name servers.
  get_consume_stats = 208,                ///< A group's progress in all queues of one broker.
  invoke_broker_to_reset_offset = 222,    ///< Moves a group's progress, and tells its members.
  reset_consumer_client_offset = 220,     ///< From the broker: start again at these offsets.
  get_consumer_status_from_client = 221,  ///< From the broker: how far is each queue?
  query_topic_consume_by_who = 300,       ///< The groups that consume a topic.
  get_consumer_running_info = 307,        ///< The state of a consumer, for an operator; brokers pass it on.
  send_message_v2 = 310,                  ///< A message with one-letter field names.
  send_batch_message = 320,               ///< Several messages in one body.
};

[[nodiscard]] constexpr std::int32_t to_int(RequestCode code) noexcept {
  return static_cast<std::int32_t>(code);
}

}  // namespace rocketmq::wire
