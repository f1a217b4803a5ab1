#include "client/consumer/first_offset.h"

#include <utility>

#include "client/consumer/offset_query.h"
#include "client/consumer/pull_request.h"
#include "client/consumer/start_offsets.h"
#include "client/consumer/time_search.h"
#include "client/core/access_refusal.h"
#include "client/core/route_table.h"

namespace rocketmq::client {

FirstOffset::FirstOffset(ConsumerContext& context, AssignedQueuePtr queue, StartFrom start_from,
                         Handlers handlers)
    : context_(context),
      queue_(std::move(queue)),
      start_from_(start_from),
      handlers_(std::move(handlers)),
      timer_(context.core->loop()) {
  if (context.start_offsets != nullptr && !queue_->is_retry) step_ = &FirstOffset::ask_user;
}

void FirstOffset::start(std::chrono::milliseconds delay) {
  wait(delay);
}

void FirstOffset::stop() {
  stopped_ = true;
  timer_.cancel();
}

void FirstOffset::retry_now() {
  if (!started_ || stopped_ || retried_now_ || !timer_.pending()) return;
  retried_now_ = true;
  timer_.cancel();
  take_step();
}

void FirstOffset::take_step() {
  started_ = true;
  (this->*step_)();
}

void FirstOffset::wait(std::chrono::milliseconds delay) {
  timer_.start(delay, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self && !self->stopped_) self->take_step();
  });
}

void FirstOffset::ask_user() {
  context_.start_offsets->find(
      queue_->queue, [weak = weak_from_this()](const Failure& failure, std::optional<std::int64_t> offset) {
        const auto self = weak.lock();
        if (!self || self->stopped_) return;
        if (failure.failed()) {
          self->handlers_.failed(failure);
          if (!self->stopped_) self->ask_user();
          return;
        }
        if (offset) {
          self->tell("starts at offset " + std::to_string(*offset) + ", as its user says");
          return self->on_answer({}, *offset);
        }
        self->step_ = &FirstOffset::ask_store;
        self->ask_store();
      });
}

// Only "there is none" means none. Taking a failure for it would move the group to the end of the queue.
void FirstOffset::ask_store() {
  context_.store->load(queue_->queue,
                       [weak = weak_from_this()](const Failure& failure, std::optional<std::int64_t> offset) {
                         const auto self = weak.lock();
                         if (!self || self->stopped_) return;
                         if (failure.failed()) return self->failed(failure);
                         if (offset) return self->found(*offset);
                         self->step_ = &FirstOffset::ask_broker;
                         self->ask_broker();
                       });
}

void FirstOffset::ask_broker() {
  const MessageQueue& queue = queue_->queue;
  const auto* const server = pull_server(context_, queue);
  if (server == nullptr) return failed({});
  if (start_from_ == StartFrom::time) {
    search_time(context_, queue_, *server, context_.start_time_ms,
                [weak = weak_from_this()](const Failure& failure, std::int64_t offset) {
                  const auto self = weak.lock();
                  if (!self || self->stopped_) return;
                  if (!failure.failed()) {
                    self->tell("starts at offset " + std::to_string(offset) +
                               "; what is before it was stored before " +
                               std::to_string(self->context_.start_time_ms) + " ms since 1970");
                  }
                  self->on_answer(failure, offset);
                });
    return;
  }
  const bool from_end = start_from_ == StartFrom::end;
  query_offset(*context_.core, server->second, from_end ? end_request(queue) : first_request(queue),
               std::string("the ") + (from_end ? "end" : "first offset") + " of " + to_string(queue),
               [weak = weak_from_this(), server = *server](const Failure& failure, std::int64_t offset) {
                 const auto self = weak.lock();
                 if (!self || self->stopped_) return;
                 if (is_access_refusal(failure)) return self->ask_by_pull(server);
                 self->on_answer(failure, offset);
               });
}

void FirstOffset::tell(const std::string& what) const {
  context_.core->log(LogLevel::info,
                     "consumer of group '" + context_.group + "': " + to_string(queue_->queue) + ' ' + what);
}

void FirstOffset::ask_by_pull(const BrokerAddresses::value_type& server) {
  query_ends_by_pull(context_, *queue_, server,
                     "a pull to find out where " + to_string(queue_->queue) + " starts",
                     [weak = weak_from_this()](const Failure& failure, const QueueEnds& ends) {
                       const auto self = weak.lock();
                       if (!self || self->stopped_) return;
                       self->on_answer(failure, self->start_from_ == StartFrom::end ? ends.end : ends.first);
                     });
}

void FirstOffset::on_answer(const Failure& failure, std::int64_t offset) {
  if (failure.failed()) return failed(failure);
  offset_ = offset;
  step_ = &FirstOffset::store;
  store();
}

void FirstOffset::store() {
  context_.store->store(queue_->queue, offset_, [weak = weak_from_this()](const Failure& failure) {
    const auto self = weak.lock();
    if (!self || self->stopped_) return;
    if (failure.failed()) return self->failed(failure);
    self->found(self->offset_);
  });
}

void FirstOffset::failed(const Failure& failure) {
  context_.core->routes().mark_stale(queue_->queue.topic);
  try_again(failure);
}

void FirstOffset::try_again(const Failure& failure) {
  wait(backoff_.next(context_.core->random()));
  if (failure.failed()) handlers_.failed(failure);
}

void FirstOffset::found(std::int64_t offset) {
  stop();
  handlers_.found(offset);
}

}  // namespace rocketmq::client
