#include "wire/admin.h"

#include "wire/field_reader.h"
#include "wire/request_fields.h"

namespace rocketmq::wire {

Command UpdateAndCreateTopicRequest::to_command() const {
  Command command = make_request(RequestCode::update_and_create_topic);
  ExtFields& fields = command.ext_fields;
  fields.set("topic", topic);
  fields.set("defaultTopic", default_topic);
  fields.set("readQueueNums", read_queue_nums);
  fields.set("writeQueueNums", write_queue_nums);
  fields.set("perm", perm);
  fields.set("topicFilterType", topic_filter_type);
  fields.set("topicSysFlag", topic_sys_flag);
  fields.set("order", order);
  set_unless_empty(fields, "attributes", attributes);
  return command;
}

Errc UpdateAndCreateTopicRequest::decode(const Command& command, UpdateAndCreateTopicRequest& out) {
  out = {};
  return FieldReader(command)
      .required("topic", out.topic)
      .required("defaultTopic", out.default_topic)
      .required("readQueueNums", out.read_queue_nums)
      .required("writeQueueNums", out.write_queue_nums)
      .required("perm", out.perm)
      .required("topicFilterType", out.topic_filter_type)
      .optional("topicSysFlag", out.topic_sys_flag)
      .optional("order", out.order)
      .optional("attributes", out.attributes)
      .error();
}

Command ViewMessageRequest::to_command() const {
  Command command = make_request(RequestCode::view_message_by_id);
  command.ext_fields.set("offset", offset);
  set_unless_empty(command.ext_fields, "topic", topic);
  return command;
}

Errc ViewMessageRequest::decode(const Command& command, ViewMessageRequest& out) {
  out = {};
  return FieldReader(command).required("offset", out.offset).optional("topic", out.topic).error();
}

}  // namespace rocketmq::wire
