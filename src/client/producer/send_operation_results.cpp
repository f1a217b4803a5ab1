#include <algorithm>
#include <utility>

#include "client/producer/send_operation.h"
#include "wire/response_code.h"

namespace rocketmq::client {

void SendOperation::on_result(std::size_t index, const MessageQueue& queue, const Failure& failure,
                              const wire::ReceivedCommand& reply, const std::string& address) {
  SendResult result{failure.code, reply.header.code, reply.header.remark, 1};
  release(queue, window_outcome(result));
  if (ended_) return;
  auto& slice = slices_[index];
  auto& batch = slice.ready.front();
  slice.state = SliceState::idle;
  result.messages = batch.encoded.count;
  const SendDecision decision = decide_send(result, batch.attempts, options_.max_attempts);
  batch.possibly_stored = batch.possibly_stored || decision.possibly_stored;
  if (decision.refresh_route) shared_.core.routes().mark_stale(topic_);
  if (broker_answered(result)) {
    shared_.selector.accept(queue.broker_name);
  } else {
    shared_.selector.avoid(queue.broker_name, std::chrono::steady_clock::now());
  }
  if (decision.step == SendStep::stored) {
    if (reply.header.code != wire::ResponseCode::success) log_weak(queue, reply);
    on_stored(index);
    return;
  }
  batch.failure = describe_try(queue, address, failure, reply);
  if (decision.step == SendStep::fail || cause_.failed()) {
    fail_head(index);
  } else if (decision.step == SendStep::split) {
    split_head(index);
  } else {
    log_limited(LogLevel::warning, "Sending again, try " + std::to_string(batch.attempts + 1) + " of " +
                                       std::to_string(options_.max_attempts) + ": " +
                                       to_string(batch.failure));
    try_again(index, queue, decision, broker_answered(result) ? std::string() : address);
  }
}

Failure SendOperation::describe_try(const MessageQueue& queue, const std::string& address,
                                    const Failure& transport, const wire::ReceivedCommand& reply) const {
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

void SendOperation::log_weak(const MessageQueue& queue, const wire::ReceivedCommand& reply) {
  log_limited(LogLevel::warning,
              "Stored, so not sent again, but not as safely as the broker is configured to: " +
                  std::string(wire::response_code_name(reply.header.code)) + " from broker " +
                  queue.broker_name + " for topic '" + shared_.core.unwrap_name(topic_) + "'");
}

void SendOperation::log_limited(LogLevel level, const std::string& line) {
  std::string left_out;
  if (shared_.limiter.pass(std::chrono::steady_clock::now(), line, left_out))
    shared_.core.log(level, line + left_out);
}

void SendOperation::on_stored(std::size_t index) {
  auto& slice = slices_[index];
  record(slice.ready.front(), SendOutcome::stored);
  const bool planned = slice.ready.front().ends_planned;
  slice.ready.pop_front();
  // The topic exists from now on; its real route tells how many queues it has.
  const auto route = shared_.core.routes().cached(topic_);
  if (route != nullptr && route->auto_created) shared_.core.routes().mark_stale(topic_);
  if (planned) {
    --slice.left;
    progress_->batch_ended(index);
  }
  if (slice.left == 0) lanes_->end(index);
  if (cause_.failed()) {
    end_if_idle();
  } else if (slice.left > 0) {
    step(index);
  } else if (std::all_of(slices_.begin(), slices_.end(), [](const Slice& each) { return each.left == 0; })) {
    end();
  } else {
    step_heads();
  }
}

void SendOperation::try_again(std::size_t index, const MessageQueue& queue, const SendDecision& decision,
                              const std::string& unreachable) {
  bool moved = false;
  if (decision.step == SendStep::retry_other) {
    const auto route = shared_.core.routes().cached(topic_);
    const auto now = std::chrono::steady_clock::now();
    const auto candidates =
        route == nullptr ? std::vector<MessageQueue>{} : interleave_brokers(route->publish_queues);
    const auto usable = [&](const std::string& broker_name) {
      return route != nullptr && route->master_address(broker_name) != nullptr &&
             !shared_.selector.is_avoided(broker_name, now);
    };
    moved = lanes_->move(index, candidates, usable);
    if (moved) {
      shared_.core.log(LogLevel::info, "Sending what was meant for " + to_string(queue) + " to " +
                                           to_string(lanes_->queue_of(index)));
    }
  }
  // A broker that refuses, and then another one: both want a moment.
  const bool first_move = moved && (!unreachable.empty() || slices_[index].ready.front().attempts == 1);
  if (!first_move) pause(index, unreachable);
  step_heads();
}

void SendOperation::pause(std::size_t index, const std::string& unreachable) {
  auto& slice = slices_[index];
  auto& batch = slice.ready.front();
  auto& backoff = unreachable.empty() ? batch.busy : batch.unreachable;
  slice.state = SliceState::pausing;
  slice.awaits = unreachable;
  if (slice.timer == nullptr) {
    slice.timer = std::make_unique<StrandTimer>(shared_.core.context(), shared_.core.strand());
  }
  slice.timer->start(backoff.next(shared_.core.random()), [weak = weak_from_this(), index] {
    const auto self = weak.lock();
    if (self != nullptr) self->end_pause(index);
  });
}

void SendOperation::end_pause(std::size_t index) {
  auto& slice = slices_[index];
  if (ended_ || slice.state != SliceState::pausing) return;
  slice.timer->cancel();
  slice.state = SliceState::idle;
  step(index);
}

void SendOperation::on_broker_back(const std::string& address) {
  for (std::size_t i = 0; i < slices_.size(); ++i) {
    if (slices_[i].state == SliceState::pausing && slices_[i].awaits == address) end_pause(i);
  }
}

void SendOperation::split_head(std::size_t index) {
  auto& slice = slices_[index];
  Batch front;
  Batch back;
  auto& whole = slice.ready.front();
  if (!split_batch(whole.encoded, front.encoded, back.encoded)) {
    fail_head(index);
    return;
  }
  front.ends_planned = false;
  back.ends_planned = whole.ends_planned;
  front.possibly_stored = back.possibly_stored = whole.possibly_stored;
  front.attempts = back.attempts = whole.attempts - 1;
  front.failure = back.failure = whole.failure;
  log_limited(LogLevel::info, "A batch of " + std::to_string(whole.encoded.count) +
                                  " messages is sent in halves: " + to_string(whole.failure));
  slice.ready.pop_front();
  slice.ready.push_front(std::move(back));
  slice.ready.push_front(std::move(front));
  step(index);
}

void SendOperation::fail_head(std::size_t index) {
  auto& slice = slices_[index];
  const Batch& batch = slice.ready.front();
  const Failure cause = batch.failure;
  record_given_up(batch);
  slice.ready.pop_front();
  stop(cause);
  end_if_idle();
}

void SendOperation::record_given_up(const Batch& batch) {
  record(batch, batch.possibly_stored ? SendOutcome::possibly_stored : SendOutcome::not_stored);
}

void SendOperation::record(const Batch& batch, SendOutcome outcome) {
  SendRange range;
  range.first = batch.encoded.first;
  range.count = batch.encoded.count;
  range.outcome = outcome;
  if (outcome != SendOutcome::stored) range.failure = batch.failure.failed() ? batch.failure : cause_;
  ranges_.push_back(std::move(range));
}

}  // namespace rocketmq::client
