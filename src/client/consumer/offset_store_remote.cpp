#include "client/consumer/offset_store_remote.h"

#include <utility>

#include "client/consumer/offset_query.h"
#include "client/core/client_core.h"
#include "client/core/route_table.h"
#include "wire/offsets.h"
#include "wire/response_code.h"

namespace rocketmq::client {

std::string RemoteOffsetStore::address_of(const MessageQueue& queue) const {
  const RoutePtr route = core_.routes().cached(queue.topic);
  const auto* const server = route == nullptr ? nullptr : route->readable(route->holder(queue), master_id);
  return server == nullptr ? std::string() : server->second;
}

namespace {

Failure no_broker(const MessageQueue& queue) {
  return {Errc::no_queue, "no address of the broker is known that holds " + to_string(queue), {}};
}

}  // namespace

void RemoteOffsetStore::load(const MessageQueue& queue, LoadHandler handler) {
  const std::string address = address_of(queue);
  if (address.empty()) {
    core_.post(
        [failure = no_broker(queue), handler = std::move(handler)] { handler(failure, std::nullopt); });
    return;
  }
  wire::QueryConsumerOffsetRequest request;
  request.consumer_group = group_;
  request.topic = queue.topic;
  request.queue_id = queue.queue_id;
  request.set_zero_if_not_found = false;
  request.broker_name = queue.broker_name;
  query_offset(core_, address, request.to_command(), "the offset of " + to_string(queue),
               [handler = std::move(handler)](const Failure& failure, std::int64_t offset) {
                 if (failure.server && failure.server->code == wire::ResponseCode::query_not_found) {
                   handler({}, std::nullopt);
                 } else if (failure.failed()) {
                   handler(failure, std::nullopt);
                 } else {
                   handler({}, offset);
                 }
               });
}

void RemoteOffsetStore::store(const MessageQueue& queue, std::int64_t offset, StoreHandler handler) {
  const std::string address = address_of(queue);
  if (address.empty()) {
    core_.post([failure = no_broker(queue), handler = std::move(handler)] { handler(failure); });
    return;
  }
  wire::UpdateConsumerOffsetRequest request;
  request.consumer_group = group_;
  request.topic = queue.topic;
  request.queue_id = queue.queue_id;
  request.commit_offset = offset;
  request.broker_name = queue.broker_name;
  core_.request(address, request.to_command(), nullptr, request_timeout,
                [this, address, queue, handler = std::move(handler)](const Failure& transport,
                                                                     const wire::ReceivedCommand& reply) {
                  // Pulls may go on at a slave meanwhile, so nobody else finds out that the master is gone.
                  if (transport.failed()) {
                    core_.routes().mark_stale(queue.topic);
                  } else if (reply.header.code == wire::ResponseCode::success) {
                    stored_at_[queue] = address;
                  }
                  handler(failure_of(transport, reply, address, "storing the offset of " + to_string(queue)));
                });
}

bool RemoteOffsetStore::is_up_to_date(const MessageQueue& queue) const {
  const auto told = stored_at_.find(queue);
  return told == stored_at_.end() || told->second == address_of(queue);
}

}  // namespace rocketmq::client
