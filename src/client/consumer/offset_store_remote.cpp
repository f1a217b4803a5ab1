#include "client/consumer/offset_store_remote.h"

#include <utility>

#include "client/core/client_core.h"
#include "client/core/route_table.h"
#include "wire/offsets.h"
#include "wire/response_code.h"

namespace rocketmq::client {

const std::string* RemoteOffsetStore::address_of(const MessageQueue& queue, std::string& text) const {
  const RoutePtr route = core_.routes().cached(queue.topic);
  const std::string* address =
      route == nullptr ? nullptr : route->readable_address(queue.broker_name, master_id);
  if (address == nullptr) return nullptr;
  text = *address;
  return &text;
}

namespace {

Failure no_broker(const MessageQueue& queue) {
  return {Errc::no_queue, "no address of the broker is known that holds " + to_string(queue), {}};
}

}  // namespace

void RemoteOffsetStore::load(const MessageQueue& queue, LoadHandler handler) {
  std::string address;
  if (address_of(queue, address) == nullptr) {
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
  core_.request(address, request.to_command(), nullptr, request_timeout,
                [address, queue, handler = std::move(handler)](const Failure& transport,
                                                               wire::ReceivedCommand&& reply) {
                  if (!transport.failed() && reply.header.code == wire::ResponseCode::query_not_found) {
                    handler({}, std::nullopt);
                    return;
                  }
                  Failure failure =
                      failure_of(transport, reply, address, "the offset of " + to_string(queue));
                  wire::OffsetReply offset;
                  if (!failure.failed()) {
                    const Errc error = wire::OffsetReply::decode(reply.header, offset);
                    if (error != Errc::ok || offset.offset < 0) {
                      failure = {error == Errc::ok ? Errc::bad_field : error,
                                 address + " answered without a usable offset of " + to_string(queue),
                                 {}};
                    }
                  }
                  if (failure.failed()) {
                    handler(failure, std::nullopt);
                  } else {
                    handler({}, offset.offset);
                  }
                });
}

void RemoteOffsetStore::store(const MessageQueue& queue, std::int64_t offset, StoreHandler handler) {
  std::string address;
  if (address_of(queue, address) == nullptr) {
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
                [address, queue, handler = std::move(handler)](const Failure& transport,
                                                               const wire::ReceivedCommand& reply) {
                  handler(failure_of(transport, reply, address, "storing the offset of " + to_string(queue)));
                });
}

}  // namespace rocketmq::client
