#include "client/consumer/direct_requests.h"

#include <utility>

#include "wire/consumer_status.h"
#include "wire/response_code.h"

namespace rocketmq::client {

using std::chrono::steady_clock;

namespace {

void refuse(const transport::Responder& respond, wire::ResponseCode code, std::string remark) {
  if (!respond) return;
  transport::Answer answer;
  answer.header.code = wire::to_int(code);
  answer.header.remark = std::move(remark);
  respond(std::move(answer));
}

}  // namespace

DirectRequests::DirectRequests(ConsumerContext& context)
    : context_(context), timer_(context.core->context(), context.core->strand()) {}

DirectRequests::~DirectRequests() {
  for (const Open& open : open_)
    open.way_back->cut();
}

void DirectRequests::add(const std::string& address, const wire::ReceivedCommand& request,
                         const transport::Responder& respond) {
  wire::ConsumeMessageDirectlyRequest fields;
  Errc error = wire::ConsumeMessageDirectlyRequest::decode(request.header, fields);
  if (error == Errc::ok && fields.consumer_group != context_.group) {
    refuse(respond, wire::ResponseCode::system_error,
           "this consumer is in group '" + context_.group + "' and not in '" + fields.consumer_group + "'");
    return;
  }
  DirectMessagePtr message;
  if (error == Errc::ok) error = make_direct_message(fields, request.body, respond, message);
  if (error != Errc::ok) {
    refuse(respond, wire::ResponseCode::system_error,
           std::string("the message cannot be read: ") + describe(error));
    return;
  }
  context_.core->log(LogLevel::info, "consumer of group '" + context_.group + "': " + address +
                                         " hands over message " + fields.msg_id + " of " +
                                         to_string(message->queue()) + " for an operator");
  // Offered first: it may be answered before this returns, and then the deadline finds nothing to do.
  switch (context_.ready->offer(message)) {
    case ReadyQueues::Offered::accepted:
      open_.push_back({message, message->way_back(), steady_clock::now() + patience});
      if (!timer_.pending()) wait();
      break;
    case ReadyQueues::Offered::too_many:
      message->refuse(wire::ResponseCode::system_busy,
                      "too many messages that were handed over wait for the handler already");
      break;
    case ReadyQueues::Offered::closing:
      message->refuse(wire::ResponseCode::system_error, "the consumer is closing");
      break;
  }
}

void DirectRequests::stop() {
  stopped_ = true;
  timer_.cancel();
}

void DirectRequests::wait() {
  if (open_.empty() || stopped_) return;
  timer_.start(open_.front().deadline - steady_clock::now(), [this] { expire(); });
}

void DirectRequests::expire() {
  const auto now = steady_clock::now();
  const std::string after = " within " + std::to_string(patience.count()) + " ms";
  while (!open_.empty() && open_.front().deadline <= now) {
    const DirectMessagePtr message = open_.front().message.lock();
    open_.pop_front();
    if (!message) continue;
    if (context_.ready->withdraw(message)) {
      message->refuse(wire::ResponseCode::consume_msg_timeout,
                      "no handler thread was free" + after + "; the message was not handled");
    } else {
      // No effect where it has been answered.
      message->refuse(wire::ResponseCode::consume_msg_timeout,
                      "the handler has not returned" + after + "; it goes on with the message");
    }
  }
  wait();
}

}  // namespace rocketmq::client
