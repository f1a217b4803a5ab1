#include "wire/send.h"

#include "wire/field_reader.h"
#include "wire/request_fields.h"

namespace rocketmq::wire {

Command SendMessageRequest::to_command() const {
  Command command = make_request(batch ? RequestCode::send_batch_message : RequestCode::send_message_v2);
  ExtFields& fields = command.ext_fields;
  fields.reserve(20);  // Room for what signing adds.
  fields.set("a", producer_group);
  fields.set("b", topic);
  fields.set("c", default_topic);
  fields.set("d", default_topic_queue_nums);
  fields.set("e", queue_id);
  fields.set("f", sys_flag);
  fields.set("g", born_timestamp);
  fields.set("h", flag);
  set_unless_empty(fields, "i", properties);
  fields.set("j", reconsume_times);
  fields.set("k", unit_mode);
  if (max_reconsume_times) fields.set("l", *max_reconsume_times);
  fields.set("m", batch);
  set_unless_empty(fields, "n", broker_name);
  return command;
}

Errc SendMessageRequest::decode(const Command& command, SendMessageRequest& out) {
  out = {};
  return FieldReader(command)
      .required("a", out.producer_group)
      .required("b", out.topic)
      .required("c", out.default_topic)
      .required("d", out.default_topic_queue_nums)
      .required("e", out.queue_id)
      .required("f", out.sys_flag)
      .required("g", out.born_timestamp)
      .required("h", out.flag)
      .optional("i", out.properties)
      .optional("j", out.reconsume_times)
      .optional("k", out.unit_mode)
      .optional("l", out.max_reconsume_times)
      .optional("m", out.batch)
      .optional("n", out.broker_name)
      .error();
}

Command SendMessageReply::to_command() const {
  Command command = success_reply();
  ExtFields& fields = command.ext_fields;
  fields.set("msgId", msg_id);
  fields.set("queueId", queue_id);
  fields.set("queueOffset", queue_offset);
  set_unless_empty(fields, "transactionId", transaction_id);
  set_unless_empty(fields, "batchUniqId", batch_uniq_id);
  set_unless_empty(fields, "recallHandle", recall_handle);
  set_unless_empty(fields, "MSG_REGION", region);
  fields.set("TRACE_ON", trace_on);
  return command;
}

Errc SendMessageReply::decode(const Command& command, SendMessageReply& out) {
  out = {};
  return FieldReader(command)
      .required("msgId", out.msg_id)
      .required("queueId", out.queue_id)
      .required("queueOffset", out.queue_offset)
      .optional("transactionId", out.transaction_id)
      .optional("batchUniqId", out.batch_uniq_id)
      .optional("recallHandle", out.recall_handle)
      .optional("MSG_REGION", out.region)
      .optional("TRACE_ON", out.trace_on)
      .error();
}

}  // namespace rocketmq::wire
