#include "wire/pull.h"

#include "wire/field_reader.h"
#include "wire/queue_offset.h"
#include "wire/request_fields.h"
#include "wire/response_code.h"

namespace rocketmq::wire {

bool is_pull_result(std::int32_t code) noexcept {
  return code == ResponseCode::success || code == ResponseCode::pull_not_found ||
         code == ResponseCode::pull_retry_immediately || code == ResponseCode::pull_offset_moved;
}

Command PullMessageRequest::to_command() const {
  Command command = make_request(lite ? RequestCode::lite_pull_message : RequestCode::pull_message);
  ExtFields& fields = command.ext_fields;
  fields.reserve(18);  // Room for what signing adds.
  fields.set("consumerGroup", consumer_group);
  fields.set("topic", topic);
  fields.set("queueId", queue_id);
  fields.set("queueOffset", queue_offset);
  fields.set("maxMsgNums", max_msg_nums);
  fields.set("sysFlag", sys_flag);
  fields.set("commitOffset", commit_offset);
  fields.set("suspendTimeoutMillis", suspend_timeout_millis);
  if (subscription) fields.set("subscription", *subscription);
  fields.set("subVersion", sub_version);
  set_unless_empty(fields, "expressionType", expression_type);
  if (max_msg_bytes) fields.set("maxMsgBytes", *max_msg_bytes);
  set_unless_empty(fields, broker_name_field, broker_name);
  return command;
}

Errc PullMessageRequest::decode(const Command& command, PullMessageRequest& out) {
  out = {};
  out.lite = command.code == to_int(RequestCode::lite_pull_message);
  out.expression_type.clear();
  return FieldReader(command)
      .required("consumerGroup", out.consumer_group)
      .required("topic", out.topic)
      .required("queueId", out.queue_id)
      .required("queueOffset", out.queue_offset)
      .required("maxMsgNums", out.max_msg_nums)
      .required("sysFlag", out.sys_flag)
      .required("commitOffset", out.commit_offset)
      .required("suspendTimeoutMillis", out.suspend_timeout_millis)
      .optional("subscription", out.subscription)
      .required("subVersion", out.sub_version)
      .optional("expressionType", out.expression_type)
      .optional("maxMsgBytes", out.max_msg_bytes)
      .optional(broker_name_field, out.broker_name)
      .error();
}

Command PullMessageReply::to_command() const {
  Command command = success_reply();
  ExtFields& fields = command.ext_fields;
  fields.set("suggestWhichBrokerId", suggest_which_broker_id);
  fields.set("nextBeginOffset", next_begin_offset);
  fields.set("minOffset", min_offset);
  fields.set("maxOffset", max_offset);
  fields.set("offsetDelta", offset_delta);
  fields.set("topicSysFlag", topic_sys_flag);
  fields.set("groupSysFlag", group_sys_flag);
  fields.set("forbiddenType", forbidden_type);
  return command;
}

Errc PullMessageReply::decode(const Command& command, PullMessageReply& out) {
  out = {};
  const Errc error = FieldReader(command)
                         .required("suggestWhichBrokerId", out.suggest_which_broker_id)
                         .required("nextBeginOffset", out.next_begin_offset)
                         .required("minOffset", out.min_offset)
                         .required("maxOffset", out.max_offset)
                         .optional("offsetDelta", out.offset_delta)
                         .optional("topicSysFlag", out.topic_sys_flag)
                         .optional("groupSysFlag", out.group_sys_flag)
                         .optional("forbiddenType", out.forbidden_type)
                         .error();
  if (error != Errc::ok) return error;
  const bool sane = is_offset_distance(out.next_begin_offset) && is_offset_distance(out.min_offset) &&
                    is_offset_distance(out.max_offset) && is_offset_distance(out.offset_delta);
  return sane ? Errc::ok : Errc::bad_field;
}

}  // namespace rocketmq::wire
