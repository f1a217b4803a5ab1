#include "client/consumer/offset_query.h"

#include <algorithm>
#include <utility>

#include "client/core/client_core.h"
#include "wire/offsets.h"
#include "wire/request_code.h"

namespace rocketmq::client {

namespace {

constexpr std::chrono::milliseconds offset_timeout{3000};

template <class Request>
wire::Command request_about(const wire::MessageQueue& queue) {
  Request request;
  request.topic = queue.topic;
  request.queue_id = queue.queue_id;
  request.broker_name = queue.broker_name;
  return request.to_command();
}

}  // namespace

void query_offset(ClientCore& core, const std::string& address, wire::Command request,
                  const std::string& what, std::function<void(const Failure&, std::int64_t offset)> handler) {
  const bool asks_for_first = request.code == wire::to_int(wire::RequestCode::get_min_offset);
  core.request(address, std::move(request), nullptr, offset_timeout,
               [address, what, asks_for_first, handler = std::move(handler)](
                   const Failure& transport, const wire::ReceivedCommand& reply) {
                 Failure failure = failure_of(transport, reply, address, what);
                 wire::OffsetReply answer;
                 if (!failure.failed()) {
                   Errc error = wire::OffsetReply::decode(reply.header, answer);
                   // An empty queue of a BatchCQ topic has none. What may have been there before is left to
                   // the pull, which is told where to go on.
                   if (asks_for_first && answer.offset == -1) answer.offset = 0;
                   if (error == Errc::ok && answer.offset < 0) error = Errc::bad_field;
                   if (error != Errc::ok)
                     failure = {error, address + " answered without a usable offset: " + what, {}};
                 }
                 handler(failure, answer.offset);
               });
}

void query_nearest_offset(ClientCore& core, const std::string& address, const wire::MessageQueue& queue,
                          std::int64_t offset,
                          std::function<void(const Failure&, std::int64_t offset)> handler) {
  query_offset(core, address, first_request(queue), offsets_of(queue),
               [&core, address, queue, offset, handler = std::move(handler)](const Failure& failure,
                                                                             std::int64_t first) mutable {
                 if (failure.failed()) return handler(failure, 0);
                 query_offset(core, address, end_request(queue), offsets_of(queue),
                              [offset, first, handler = std::move(handler)](const Failure& end_failure,
                                                                            std::int64_t end) {
                                handler(end_failure, std::clamp(offset, first, std::max(first, end)));
                              });
               });
}

std::string offsets_of(const wire::MessageQueue& queue) {
  return "the offsets of " + to_string(queue);
}

wire::Command end_request(const wire::MessageQueue& queue) {
  return request_about<wire::GetMaxOffsetRequest>(queue);
}

wire::Command first_request(const wire::MessageQueue& queue) {
  return request_about<wire::GetMinOffsetRequest>(queue);
}

}  // namespace rocketmq::client
