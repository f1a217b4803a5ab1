#include "transport/request.h"

#include <utility>

#include "base/guarded.h"

namespace rocketmq::transport {

RequestPtr make_request(const wire::Command& command, RequestBody body, wire::SerializeType type) {
  auto request = std::make_shared<Request>();
  request->code = command.code;
  request->opaque = command.opaque;
  wire::append_frame_head(request->head, command, type, body ? body->size() : 0);
  request->body = std::move(body);
  return request;
}

void finish(Request& request, const Failure& failure, wire::ReceivedCommand&& reply, const LogSink& log) {
  if (request.finished) return;
  request.finished = true;
  // Moved out, because a handler often owns what owns the request.
  const ReplyHandler handler = std::exchange(request.handler, nullptr);
  if (!handler) return;
  const auto problem = thrown_by([&] { handler(failure, std::move(reply)); });
  if (problem && log) {
    log(LogLevel::error,
        "the handler of the reply to request " + std::to_string(request.code) + " threw: " + *problem);
  }
}

}  // namespace rocketmq::transport
