#include "client/consumer/retry_message.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "client/core/access_refusal.h"
#include "wire/host_address.h"
#include "wire/message_id.h"
#include "wire/names.h"
#include "wire/properties.h"
#include "wire/response_code.h"

namespace rocketmq::client {

namespace {

// The delay level of a first failure; each further one is delayed one level more.
constexpr std::int32_t first_delay_level = 3;

}  // namespace

std::string origin_topic_of(const wire::StoredMessageView& message) {
  const auto origin = wire::find_property(message.properties, wire::property::retry_topic);
  return std::string(origin ? *origin : message.topic);
}

std::string offset_id_of(const wire::StoredMessageView& message) {
  if (const auto origin = wire::find_property(message.properties, wire::property::origin_message_id)) {
    return std::string(*origin);
  }
  return wire::encode_offset_message_id(message.store_host, message.physical_offset);
}

wire::ConsumerSendMsgBackRequest make_send_back(const wire::StoredMessageView& message,
                                                const FailedMessage& failed) {
  wire::ConsumerSendMsgBackRequest request;
  request.offset = message.physical_offset;
  request.group = failed.group;
  request.delay_level = failed.for_good ? -1 : 0;
  request.origin_msg_id = wire::encode_offset_message_id(message.store_host, message.physical_offset);
  request.origin_topic = std::string(message.topic);
  request.max_reconsume_times = failed.max_reconsume_times;
  request.broker_name = failed.broker_name;
  return request;
}

Errc make_retry_message(const wire::StoredMessageView& message, const FailedMessage& failed,
                        std::int64_t now_ms, wire::SendMessageRequest& out) {
  // No client sends a message back that often, but one that says so may be stored.
  constexpr std::int32_t most = std::numeric_limits<std::int32_t>::max() - first_delay_level;
  const std::int32_t times = std::clamp(message.reconsume_times, 0, most);
  // A broker puts what failed more often than it may into the dead-letter queue.
  const std::int32_t times_now =
      failed.for_good ? std::max(times, std::min(failed.max_reconsume_times, most)) + 1 : times + 1;
  std::string properties;
  wire::PropertyReader reader(message.properties);
  std::string_view name;
  std::string_view value;
  while (reader.next(name, value)) {
    // What is written below, and what would make the broker take it for a half message.
    if (name == wire::property::retry_topic || name == wire::property::origin_message_id ||
        name == wire::property::delay_level || name == wire::property::transaction_prepared ||
        name == wire::property::reconsume_time || name == wire::property::max_reconsume_times) {
      continue;
    }
    properties.append(name).append(1, wire::property_name_end);
    properties.append(value).append(1, wire::property_value_end);
  }
  const auto add = [&properties](std::string_view key, const std::string& text) {
    const Errc problem = wire::append_property(properties, key, text);
    return problem == Errc::bad_properties ? Errc::too_large : problem;
  };
  Errc error = add(wire::property::retry_topic, origin_topic_of(message));
  if (error == Errc::ok) error = add(wire::property::origin_message_id, offset_id_of(message));
  if (error == Errc::ok) {
    error = add(wire::property::delay_level, std::to_string(first_delay_level + times));
  }
  if (error == Errc::ok) {
    error = add(wire::property::reconsume_time, std::to_string(times_now));
  }
  if (error == Errc::ok) {
    error = add(wire::property::max_reconsume_times, std::to_string(failed.max_reconsume_times));
  }
  if (error != Errc::ok) return error;

  out.producer_group = failed.group;
  out.topic = wire::retry_topic(failed.group);
  out.sys_flag = message.sys_flag & (wire::message_flag::compressed | wire::message_flag::compression_mask);
  out.born_timestamp = now_ms;
  out.flag = message.flag;
  out.properties = std::move(properties);
  out.reconsume_times = times_now;
  out.max_reconsume_times = failed.max_reconsume_times;
  return Errc::ok;
}

SendBackOutcome send_back_outcome(const Failure& failure) {
  if (!failure.failed()) return SendBackOutcome::stored;
  // The message, or the retry topic's permissions, and no broker's state.
  if (failure.code == Errc::too_large || failure.code == Errc::no_queue) return SendBackOutcome::final;
  if (!failure.server) return SendBackOutcome::passing;  // No answer: the broker may be there again soon.
  const auto says = [&remark = failure.server->remark](std::string_view words) {
    return remark.find(words) != std::string::npos;
  };
  switch (static_cast<wire::ResponseCode>(failure.server->code)) {
    case wire::ResponseCode::flush_disk_timeout:
    case wire::ResponseCode::flush_slave_timeout:
    case wire::ResponseCode::slave_not_available:
      return SendBackOutcome::stored;  // With weaker durability; once more would only double it.
    case wire::ResponseCode::request_code_not_supported:
    case wire::ResponseCode::message_illegal:
    case wire::ResponseCode::version_not_supported:
    case wire::ResponseCode::no_permission:  // The broker, the retry topic or the user has none.
    case wire::ResponseCode::invalid_parameter:
      return SendBackOutcome::final;
    case wire::ResponseCode::system_error:
      break;
    default:
      return SendBackOutcome::passing;
  }
  // Request 36 is answered with SYSTEM_ERROR whatever is the matter, and its remark is the store's status.
  if (says("FLUSH_DISK_TIMEOUT") || says("FLUSH_SLAVE_TIMEOUT") || says("SLAVE_NOT_AVAILABLE")) {
    return SendBackOutcome::stored;
  }
  const bool final = is_access_refusal(failure) || says("MESSAGE_ILLEGAL") ||
                     says("PROPERTIES_SIZE_EXCEEDED") || says("look message by offset failed");
  return final ? SendBackOutcome::final : SendBackOutcome::passing;
}

}  // namespace rocketmq::client
