#include "client/consumer/recreated_queue.h"

#include <chrono>
#include <utility>

#include "client/core/access_refusal.h"
#include "client/core/client_core.h"
#include "wire/offsets.h"
#include "wire/response_code.h"

namespace rocketmq::client {

namespace {

constexpr std::chrono::milliseconds query_timeout{3000};

}  // namespace

void query_earliest_store_time(
    ClientCore& core, const std::string& address, const wire::MessageQueue& queue,
    std::function<void(const Failure& failure, std::optional<std::int64_t> stored_ms)> handler) {
  wire::GetEarliestStoreTimeRequest request;
  request.topic = queue.topic;
  request.queue_id = queue.queue_id;
  request.broker_name = queue.broker_name;
  core.request(
      address, request.to_command(), nullptr, query_timeout,
      [handler = std::move(handler), address, queue](const Failure& transport,
                                                     const wire::ReceivedCommand& reply) {
        const Failure failure = failure_of(transport, reply, address,
                                           "asking for the time of the first message of " + to_string(queue));
        const bool final =
            is_access_refusal(failure) ||
            (failure.server && failure.server->code == wire::ResponseCode::request_code_not_supported);
        if (failure.failed() && !final) {
          handler(failure, std::nullopt);
          return;
        }
        wire::TimestampReply time;
        const bool known = !failure.failed() &&
                           wire::TimestampReply::decode(reply.header, time) == Errc::ok && time.timestamp > 0;
        handler({}, known ? std::optional<std::int64_t>(time.timestamp) : std::nullopt);
      });
}

}  // namespace rocketmq::client
