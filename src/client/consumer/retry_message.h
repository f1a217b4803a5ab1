#pragma once

#include <cstdint>
#include <string>

#include "rocketmq/errc.h"
#include "rocketmq/error.h"
#include "wire/group.h"
#include "wire/send.h"
#include "wire/stored_message.h"

namespace rocketmq::client {

/// What of a failed message is needed to have it delivered again.
struct FailedMessage {
  std::string group;        ///< On the wire.
  std::string broker_name;  ///< Where it is stored.
  std::int32_t max_reconsume_times = 16;
  bool for_good = false;  ///< It goes to the dead-letter queue, whatever the number of failures.
};

/// Asks the storing broker to deliver a message again later. Pure.
[[nodiscard]] wire::ConsumerSendMsgBackRequest make_send_back(const wire::StoredMessageView& message,
                                                              const FailedMessage& failed);

/// The same as a normal message to %RETRY%group, for when the storing broker cannot: the properties say where
/// it comes from and how often it failed, as brokers and other clients expect. `queue_id` and `broker_name`
/// are where it goes. Pure. Fails with too_large if the properties would become longer than they may be.
[[nodiscard]] Errc make_retry_message(const wire::StoredMessageView& message, const FailedMessage& failed,
                                      std::int64_t now_ms, wire::SendMessageRequest& out);

/// What a broker's answer, or a missing one, says about having a message delivered again.
enum class SendBackOutcome {
  stored,   ///< It will be delivered again.
  passing,  ///< Not now: another try may succeed.
  final,    ///< However often it is asked for, the answer stays the same.
};

/// The outcome of request 36 and of a message to %RETRY%group alike. Pure.
[[nodiscard]] SendBackOutcome send_back_outcome(const Failure& failure);

/// The topic that the message was first sent to; on the wire.
[[nodiscard]] std::string origin_topic_of(const wire::StoredMessageView& message);

/// The id that operators find the message by, also after it was sent back.
[[nodiscard]] std::string offset_id_of(const wire::StoredMessageView& message);

}  // namespace rocketmq::client
