#include "client/consumer/direct_message.h"

#include <limits>
#include <utility>

#include "wire/stored_message.h"

namespace rocketmq::client {

void WayBack::send(transport::Answer answer) {
  const std::lock_guard lock(mutex_);
  if (const transport::Responder respond = std::exchange(respond_, nullptr)) respond(std::move(answer));
}

void WayBack::cut() noexcept {
  const std::lock_guard lock(mutex_);
  respond_ = nullptr;
}

DirectMessage::~DirectMessage() {
  given_up();
}

void DirectMessage::succeeded() {
  answer("CR_SUCCESS", {});
}

void DirectMessage::failed(std::string_view reason) {
  answer("CR_THROW_EXCEPTION", reason);
}

void DirectMessage::given_up() {
  answer("CR_LATER", "the consumer ended before the message was dealt with");
}

void DirectMessage::refuse(wire::ResponseCode code, std::string remark) {
  transport::Answer refusal;
  refusal.header.code = wire::to_int(code);
  refusal.header.remark = std::move(remark);
  way_back_->send(std::move(refusal));
}

void DirectMessage::answer(const char* result, std::string_view remark) {
  using std::chrono::milliseconds;
  using std::chrono::steady_clock;
  wire::ConsumeMessageDirectlyResult body;
  body.consume_result = result;
  body.remark = remark;
  if (taken_at_ != steady_clock::time_point{}) {
    body.spent_time_ms = std::chrono::duration_cast<milliseconds>(steady_clock::now() - taken_at_).count();
  }
  transport::Answer reply;
  reply.body = std::make_shared<const std::string>(body.encode_body());
  way_back_->send(std::move(reply));
}

Errc make_direct_message(const wire::ConsumeMessageDirectlyRequest& request, const SharedBytes& body,
                         transport::Responder respond, DirectMessagePtr& out) {
  wire::StoredMessageReader reader(body.view);
  wire::StoredMessageView message;
  bool found = false;
  if (const Errc error = reader.next(message, found); error != Errc::ok) return error;
  if (!found) return Errc::truncated;
  Segment segment;
  segment.begin = message.queue_offset;
  // An inner batch holds several messages, and all of them were asked for.
  segment.next_begin =
      message.is_inner_batch() ? std::numeric_limits<std::int64_t>::max() : message.queue_offset + 1;
  segment.body = body;
  segment.messages = 1;
  segment.pulled_again = true;  // There is nobody to ask for it once more.
  out = std::make_shared<DirectMessage>(
      wire::MessageQueue{std::string(message.topic), request.broker_name, message.queue_id},
      std::move(segment), std::move(respond));
  return Errc::ok;
}

}  // namespace rocketmq::client
