#pragma once

#include <cstdint>
#include <string>

#include "wire/field_list.h"

namespace rocketmq::wire {

/// What a broker replies to a send that was stored: codes 0, 10, 11 and 12. Source:
/// SendMessageResponseHeader.
struct SendMessageReply {
  std::string msg_id;  ///< offsetMsgId; of a batch one per message, separated by ','.
  std::int32_t queue_id = 0;
  std::int64_t queue_offset = 0;  ///< Of the first message.
  std::string transaction_id;
  std::string batch_uniq_id;
  std::string recall_handle;
  std::string region;
  bool trace_on = true;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("msgId", self.msg_id)
        .required("queueId", self.queue_id)
        .required("queueOffset", self.queue_offset)
        .unless_empty("transactionId", self.transaction_id)
        .unless_empty("batchUniqId", self.batch_uniq_id)
        .unless_empty("recallHandle", self.recall_handle)
        .unless_empty("MSG_REGION", self.region)
        .optional("TRACE_ON", self.trace_on);
  }
  [[nodiscard]] Command to_command() const { return encode_reply(*this); }
  [[nodiscard]] static Errc decode(const Command& from, SendMessageReply& out) {
    return decode_fields(from, out);
  }
  bool operator==(const SendMessageReply&) const = default;
};

}  // namespace rocketmq::wire
