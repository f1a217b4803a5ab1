#include "client/producer/send_slice.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "base/wall_clock.h"
#include "client/producer/send_operation.h"
#include "wire/response_code.h"
#include "wire/send.h"

namespace rocketmq::client {
namespace {

wire::SendMessageRequest make_request(const SendOperation& send, const MessageQueue& queue,
                                      const EncodedBatch& batch) {
  wire::SendMessageRequest request;
  request.producer_group = send.options().producer_group;
  request.topic = send.topic();
  request.default_topic_queue_nums = auto_created_queues;
  request.queue_id = queue.queue_id;
  request.sys_flag = batch.sys_flag;
  request.born_timestamp = now_in_ms();
  request.properties = batch.properties;
  request.batch = batch.batch;
  request.broker_name = queue.broker_name;
  return request;
}

Failure describe_try(const MessageQueue& queue, const std::string& address, const Failure& transport,
                     const wire::ReceivedCommand& reply) {
  const std::string what = "queue " + std::to_string(queue.queue_id) + " of broker " + queue.broker_name;
  Failure failure = failure_of(transport, reply, address, "the send to " + what);
  if (transport.failed()) {
    failure.message = what + ": " + (failure.message.empty() ? describe(failure.code) : failure.message);
  } else if (reply.header.code == wire::ResponseCode::topic_not_exist) {
    failure.code = Errc::topic_not_found;
    failure.message = "broker " + queue.broker_name +
                      " does not have the topic: create it there (mqadmin "
                      "updateTopic), or set autoCreateTopicEnable=true";
  }
  return failure;
}

}  // namespace

void SendSlice::add(EncodedBatch batch) {
  ready_.emplace_back();
  ready_.back().encoded = std::move(batch);
  step();
}

bool SendSlice::may_send() const {
  return !send_.stopped() && !ready_.empty() && send_.lanes().may_send(index_);
}

void SendSlice::step() {
  if (state_ != State::idle || !may_send()) return;
  state_ = State::waiting;
  const MessageQueue queue = send_.lanes().queue_of(index_);
  send_.shared().queues.acquire(send_.permit_of(queue, index_),
                                [this, keep = send_.shared_from_this(), queue] { on_permit(queue); });
}

// Meanwhile the send may have ended, or an earlier slice may have moved here.
void SendSlice::on_permit(const MessageQueue& queue) {
  state_ = State::idle;
  if (may_send()) {
    send_head(queue);
  } else {
    release(queue, SendQueues::Outcome::not_sent);
  }
}

void SendSlice::release(const MessageQueue& queue, SendQueues::Outcome outcome) {
  for (auto& next : send_.shared().queues.release(send_.permit_of(queue, index_), outcome,
                                                  std::chrono::steady_clock::now()))
    send_.shared().core.post(std::move(next));
}

void SendSlice::send_head(const MessageQueue& queue) {
  auto& batch = ready_.front();
  state_ = State::in_flight;
  ++batch.attempts;
  send_.tried(queue);
  RoutePtr route;
  const std::string* const address = send_.address_of(queue, route);
  if (address == nullptr) {
    send_.shared().core.post([this, keep = send_.shared_from_this(), queue] {
      const Failure gone{Errc::connect_failed,
                         "broker '" + queue.broker_name + "' is not in the route any more", std::nullopt};
      on_result(queue, gone, {}, queue.broker_name);
    });
    return;
  }
  send_.lanes().mark_started(index_);
  send_.shared().core.request(*address, make_request(send_, queue, batch.encoded).to_command(),
                              batch.encoded.body, send_.options().timeout,
                              [this, keep = send_.shared_from_this(), queue, at = *address](
                                  const Failure& failure, const wire::ReceivedCommand& reply) {
                                on_result(queue, failure, reply, at);
                              });
}

void SendSlice::on_result(const MessageQueue& queue, const Failure& failure,
                          const wire::ReceivedCommand& reply, const std::string& address) {
  SendResult result{failure.code, reply.header.code, reply.header.remark, 1};
  release(queue, permit_outcome(result));
  if (send_.ended()) return;
  SendShared& shared = send_.shared();
  auto& batch = ready_.front();
  state_ = State::idle;
  result.messages = batch.encoded.count;
  const SendDecision decision = decide_send(result, batch.attempts, send_.options().max_attempts);
  batch.possibly_stored = batch.possibly_stored || decision.possibly_stored;
  if (decision.refresh_route) shared.core.routes().mark_stale(send_.topic());
  if (decision.step == SendStep::stored) {
    if (reply.header.code != wire::ResponseCode::success) {
      send_.log_limited(LogLevel::warning,
                        "Stored, so not sent again, but not as safely as the broker is configured to: " +
                            std::string(wire::response_code_name(reply.header.code)) + " from broker " +
                            queue.broker_name + " for topic '" + shared.core.unwrap_name(send_.topic()) +
                            "'");
    }
    on_stored();
    return;
  }
  batch.failure = describe_try(queue, address, failure, reply);
  if (decision.step == SendStep::fail || send_.stopped()) {
    fail_head();
  } else if (decision.step == SendStep::split) {
    split_head();
  } else {
    send_.log_limited(LogLevel::warning, "Sending again, try " + std::to_string(batch.attempts + 1) + " of " +
                                             std::to_string(send_.options().max_attempts) + ": " +
                                             to_string(batch.failure));
    ++shared.retries;
    try_again(queue, decision, broker_answered(result) ? std::string() : address);
  }
}

void SendSlice::on_stored() {
  const Batch batch = std::move(ready_.front());
  ready_.pop_front();
  send_.record(batch.encoded, SendOutcome::stored, {});
  if (batch.ends_planned) {
    --left_;
    send_.batch_ended(index_);
  }
  if (left_ == 0) send_.lanes().end(index_);
  send_.go_on(index_);
}

void SendSlice::try_again(const MessageQueue& queue, const SendDecision& decision,
                          const std::string& unreachable) {
  SendShared& shared = send_.shared();
  bool moved = false;
  if (decision.step == SendStep::retry_other && send_.order() == nullptr) {
    const auto route = shared.core.routes().cached(send_.topic());
    const auto now = std::chrono::steady_clock::now();
    const auto candidates =
        route == nullptr ? std::vector<MessageQueue>{} : interleave_brokers(route->publish_queues);
    const auto usable = [&](const std::string& broker_name) {
      return route != nullptr && route->master_address(broker_name) != nullptr &&
             !shared.queues.is_avoided(broker_name, now);
    };
    moved = send_.lanes().move(index_, candidates, usable);
    if (moved) {
      shared.core.log(LogLevel::info, "Sending what was meant for " + to_string(queue) + " to " +
                                          to_string(send_.lanes().queue_of(index_)));
    }
  }
  // A broker that refuses, and then another one: both want a moment.
  const bool first_move = moved && (!unreachable.empty() || ready_.front().attempts == 1);
  if (!first_move) pause(unreachable);
  send_.step_heads();
}

void SendSlice::pause(const std::string& unreachable) {
  auto& batch = ready_.front();
  auto& backoff = unreachable.empty() ? batch.busy : batch.unreachable;
  state_ = State::pausing;
  awaits_ = unreachable;
  if (!timer_) timer_.emplace(send_.shared().core.loop());
  timer_->start(backoff.next(send_.shared().core.random()), [this, weak = send_.weak_from_this()] {
    if (const auto keep = weak.lock()) end_pause();
  });
}

void SendSlice::end_pause() {
  if (send_.ended() || state_ != State::pausing) return;
  timer_->cancel();
  state_ = State::idle;
  step();
}

void SendSlice::on_broker_back(const std::string& address) {
  if (state_ == State::pausing && awaits_ == address) end_pause();
}

void SendSlice::split_head() {
  Batch front;
  Batch back;
  auto& whole = ready_.front();
  if (!split_batch(whole.encoded, front.encoded, back.encoded)) {
    fail_head();
    return;
  }
  front.ends_planned = false;
  back.ends_planned = whole.ends_planned;
  front.possibly_stored = back.possibly_stored = whole.possibly_stored;
  front.attempts = back.attempts = whole.attempts - 1;
  front.failure = back.failure = whole.failure;
  send_.log_limited(LogLevel::info, "A batch of " + std::to_string(whole.encoded.count) +
                                        " messages is sent in halves: " + to_string(whole.failure));
  ready_.pop_front();
  ready_.push_front(std::move(back));
  ready_.push_front(std::move(front));
  step();
}

void SendSlice::fail_head() {
  const Batch batch = std::move(ready_.front());
  ready_.pop_front();
  give_up(batch);
  send_.fail(batch.failure);
}

// Whether a batch may be stored follows from its tries.
void SendSlice::give_up(const Batch& batch) {
  send_.record(batch.encoded, batch.possibly_stored ? SendOutcome::possibly_stored : SendOutcome::not_stored,
               batch.failure);
}

void SendSlice::stop() {
  if (timer_) timer_->cancel();
  if (state_ == State::pausing) state_ = State::idle;
  const auto first = ready_.begin() + (in_flight() ? 1 : 0);
  // A batch that was split leaves several batches that have been tried, as parts of it.
  std::for_each(first, ready_.end(), [this](const Batch& waiting) {
    if (waiting.attempts > 0) give_up(waiting);
  });
  ready_.erase(first, ready_.end());
}

void SendSlice::abort(const Failure& failure) {
  if (in_flight()) send_.record(ready_.front().encoded, SendOutcome::possibly_stored, failure);
}

}  // namespace rocketmq::client
