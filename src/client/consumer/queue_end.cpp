#include "client/consumer/queue_end.h"

#include "base/wall_clock.h"
#include "client/consumer/offset_query.h"
#include "client/consumer/pull_request.h"

namespace rocketmq::client {

void QueueEnd::hear(const PullAnswer& answer, const PullResult& result) {
  if (answer.transport.failed()) return;
  on_reply();
  if (result.has_bounds && answer.broker_id == master_id) offset_ = result.max_offset;
}

void QueueEnd::on_reply() {
  last_reply_ms_ = now_in_ms();
  heard_ = std::chrono::steady_clock::now();
}

void QueueEnd::look() {
  const auto now = std::chrono::steady_clock::now();
  if (asking_ || refused_ || now - heard_ < interval) return;
  const auto* const target = pull_server(context_, queue_, master_id);
  if (target == nullptr || target->first != master_id) return;
  heard_ = now;
  asking_ = true;
  query_offset(*context_.core, target->second, end_request(queue_), "the end of " + to_string(queue_),
               [weak = weak_from_this()](const Failure& failure, std::int64_t offset) {
                 const auto self = weak.lock();
                 if (!self) return;
                 self->asking_ = false;
                 // What keeps a broker from answering shows at the pulls, too.
                 if (failure.failed()) {
                   self->refused_ = failure.server.has_value();
                   self->context_.core->log(LogLevel::debug, to_string(failure));
                   return;
                 }
                 self->on_reply();
                 self->offset_ = offset;
               });
}

}  // namespace rocketmq::client
