#include "client/consumer/renewed_queue.h"

#include <chrono>
#include <utility>

#include "client/core/client_core.h"
#include "wire/offsets.h"
#include "wire/response_code.h"

namespace rocketmq::client {

namespace {

constexpr std::chrono::milliseconds query_timeout{3000};

}  // namespace

void query_earliest_store_time(ClientCore& core, const std::string& address, const wire::MessageQueue& queue,
                               std::function<void(std::optional<std::int64_t>)> handler) {
  wire::GetEarliestStoreTimeRequest request;
  request.topic = queue.topic;
  request.queue_id = queue.queue_id;
  request.broker_name = queue.broker_name;
  core.request(address, request.to_command(), nullptr, query_timeout,
               [handler = std::move(handler)](const Failure& transport, const wire::ReceivedCommand& reply) {
                 wire::TimestampReply time;
                 const bool known = !transport.failed() && reply.header.code == wire::ResponseCode::success &&
                                    wire::TimestampReply::decode(reply.header, time) == Errc::ok &&
                                    time.timestamp > 0;
                 handler(known ? std::optional<std::int64_t>(time.timestamp) : std::nullopt);
               });
}

}  // namespace rocketmq::client
