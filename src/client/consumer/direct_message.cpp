#include "client/consumer/direct_message.h"

#include <limits>
#include <utility>

#include "client/core/guarded.h"
#include "wire/stored_message.h"

namespace rocketmq::client {

namespace {

/// A result in the words of request 309.
transport::Answer answer_of(const DirectResult& result) {
  using Kind = DirectResult::Kind;
  transport::Answer answer;
  if (result.kind == Kind::refused) {
    answer.header.code = wire::to_int(result.code);
    answer.header.remark = result.text;
    return answer;
  }
  wire::ConsumeMessageDirectlyResult body;
  body.consume_result = result.kind == Kind::succeeded ? "CR_SUCCESS"
                        : result.kind == Kind::failed  ? "CR_THROW_EXCEPTION"
                                                       : "CR_LATER";
  body.remark = result.text;
  body.spent_time_ms = result.spent.count();
  answer.body = std::make_shared<const std::string>(body.encode_body());
  return answer;
}

}  // namespace

void WayBack::send(const DirectResult& result) {
  const std::lock_guard lock(mutex_);
  if (const Receiver receive = std::exchange(receive_, nullptr)) receive(result);
}

void WayBack::cut() noexcept {
  const std::lock_guard lock(mutex_);
  receive_ = nullptr;
}

// Without memory for the answer whoever asked finds out by his own time-out.
DirectMessage::~DirectMessage() {
  (void)guarded([this] { given_up(); }, [this](const char*) { way_back_->cut(); });
}

void DirectMessage::succeeded() {
  end(DirectResult::Kind::succeeded);
}

void DirectMessage::failed(std::string_view reason) {
  end(DirectResult::Kind::failed, reason);
}

void DirectMessage::given_up() {
  end(DirectResult::Kind::given_up, "the consumer ended before the message was dealt with");
}

void DirectMessage::refuse(wire::ResponseCode code, std::string_view remark) {
  end(DirectResult::Kind::refused, remark, code);
}

void DirectMessage::end(DirectResult::Kind kind, std::string_view text, wire::ResponseCode code) {
  using std::chrono::milliseconds;
  using std::chrono::steady_clock;
  DirectResult result{kind, std::string(text), code, {}};
  if (taken_at_ != steady_clock::time_point{}) {
    result.spent = std::chrono::duration_cast<milliseconds>(steady_clock::now() - taken_at_);
  }
  way_back_->send(result);
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
      std::move(segment), [respond = std::move(respond)](const DirectResult& result) {
        if (respond) respond(answer_of(result));
      });
  return Errc::ok;
}

}  // namespace rocketmq::client
