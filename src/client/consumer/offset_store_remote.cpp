#include "client/consumer/offset_store_remote.h"

#include <algorithm>
#include <utility>

#include "client/consumer/offset_query.h"
#include "client/core/client_core.h"
#include "client/core/route_table.h"
#include "wire/consume_stats.h"
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
               [this, address, topic = queue.topic, handler = std::move(handler)](
                   const Failure& failure, std::int64_t offset) mutable {
                 if (!failure.failed() && offset == 0) {
                   tell_zero_from_none(address, topic, std::move(handler));
                 } else if (failure.server && failure.server->code == wire::ResponseCode::query_not_found) {
                   progress_[{address, topic}].known = false;  // It may have lost what it was told.
                   handler({}, std::nullopt);
                 } else if (failure.failed()) {
                   handler(failure, std::nullopt);
                 } else {
                   handler({}, offset);
                 }
               });
}

// Brokers before 5.0 say 0 as well if a group has no progress in a young queue. Asked for all of the
// group's progress, they tell just the topics in which there is some. If they refuse that, 0 is the answer
// that loses nothing.
void RemoteOffsetStore::tell_zero_from_none(const std::string& address, const std::string& topic,
                                            LoadHandler handler) {
  const wire::GetConsumeStatsRequest request{group_, {}};
  core_.request(address, request.to_command(), nullptr, request_timeout,
                [this, address, topic, handler = std::move(handler)](const Failure& transport,
                                                                     const wire::ReceivedCommand& reply) {
                  if (transport.failed()) return handler(transport, std::nullopt);
                  wire::ConsumeStats stats;
                  const bool told = reply.header.code == wire::ResponseCode::success &&
                                    wire::ConsumeStats::decode_body(reply.body.view, stats) == Errc::ok;
                  const bool has_progress = std::any_of(
                      stats.consumer_offsets.begin(), stats.consumer_offsets.end(),
                      [&](const wire::QueueProgress& entry) { return entry.queue.topic == topic; });
                  const bool none = told && !has_progress;
                  if (none) progress_[{address, topic}].known = false;
                  handler({}, none ? std::nullopt : std::optional<std::int64_t>(0));
                });
}

void RemoteOffsetStore::store(const MessageQueue& queue, std::int64_t offset, StoreHandler handler) {
  const std::string address = address_of(queue);
  if (address.empty()) {
    core_.post([failure = no_broker(queue), handler = std::move(handler)] { handler(failure); });
    return;
  }
  Progress& progress = progress_[{address, queue.topic}];
  if (progress.storing) {
    progress.waiting.emplace_back([this, address, queue, offset, handler = std::move(handler)]() mutable {
      send_store(address, queue, offset, std::move(handler));
    });
    return;
  }
  if (progress.known) return send_store(address, queue, offset, std::move(handler));
  progress.storing = true;
  // If it fails, the others go all the same: they would wait long for one that does not answer.
  send_store(address, queue, offset, [&progress, handler = std::move(handler)](const Failure& failure) {
    progress.known = !failure.failed();
    progress.storing = false;
    handler(failure);
    for (const auto& go : std::exchange(progress.waiting, {}))
      go();
  });
}

void RemoteOffsetStore::send_store(const std::string& address, const MessageQueue& queue, std::int64_t offset,
                                   StoreHandler handler) {
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
