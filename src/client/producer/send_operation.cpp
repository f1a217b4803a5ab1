#include "client/producer/send_operation.h"

#include <algorithm>
#include <utility>

#include "client/producer/send_report.h"
#include "wire/response_code.h"
#include "wire/send.h"

namespace rocketmq::client {
namespace {

std::int64_t now_in_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::size_t count_brokers(const std::vector<MessageQueue>& queues) {
  std::set<std::string> names;
  for (const auto& queue : queues)
    names.insert(queue.broker_name);
  return names.size();
}

}  // namespace

SendOperation::SendOperation(SendShared& shared, const SendOptions& options, std::string topic,
                             std::size_t messages, std::size_t batches,
                             std::shared_ptr<SendProgress> progress)
    : shared_(shared),
      options_(options),
      topic_(std::move(topic)),
      messages_(messages),
      batches_(batches),
      progress_(std::move(progress)) {}

void SendOperation::start(EncodedBatch first, std::function<void()> ended) {
  ended_handler_ = std::move(ended);
  early_.emplace_back();
  early_.back().encoded = std::move(first);
  shared_.core.routes().get_for_publish(
      topic_, [self = shared_from_this()](const Failure& failure, const RoutePtr& route) {
        if (self->ended_) return;
        if (failure.failed()) {
          self->abort(failure);
        } else {
          self->on_route(route);
        }
      });
}

void SendOperation::on_route(const RoutePtr& route) {
  const auto& all = route->publish_queues;
  const auto now = std::chrono::steady_clock::now();
  const std::size_t wanted = std::min({batches_, all.size(), max_lanes});
  auto queues = shared_.selector.choose(
      all, wanted, now, [this](const MessageQueue& queue) { return shared_.slots.busy(queue); });
  // Where every queue is used at once, the last one waits for the first slice, so that this one too could
  // move to another broker without overtaking; see SendLanes.
  bool gate_last = false;
  if (queues.size() > 1 && queues.size() == all.size() && count_brokers(queues) > 1) {
    const auto other = std::find_if(queues.rbegin(), queues.rend(), [&](const MessageQueue& queue) {
      return queue.broker_name != queues.front().broker_name;
    });
    std::iter_swap(other, queues.rbegin());
    gate_last = true;
  }
  const auto plan = slice_batches(batches_, queues.size(), gate_last);
  lanes_.emplace(queues, gate_last);
  slices_.resize(plan.size());
  for (std::size_t i = 0; i < plan.size(); ++i)
    slices_[i].left = plan[i].count;
  slices_.front().ready = std::exchange(early_, {});
  progress_->set_plan(plan);
  step(0);
}

void SendOperation::add(std::size_t slice, EncodedBatch batch) {
  if (ended_ || cause_.failed()) return;
  slices_[slice].ready.emplace_back();
  slices_[slice].ready.back().encoded = std::move(batch);
  step(slice);
}

void SendOperation::step(std::size_t index) {
  auto& slice = slices_[index];
  if (cause_.failed() || slice.state != SliceState::idle || slice.ready.empty() || !lanes_->may_send(index)) {
    return;
  }
  slice.state = SliceState::waiting;
  const MessageQueue queue = lanes_->queue_of(index);
  shared_.slots.acquire(queue, [self = shared_from_this(), index, queue] { self->on_granted(index, queue); });
}

void SendOperation::step_heads() {
  for (const auto head : lanes_->heads())
    step(head);
}

void SendOperation::on_granted(std::size_t index, const MessageQueue& queue) {
  auto& slice = slices_[index];
  slice.state = SliceState::idle;
  // Meanwhile the send may have ended, or an earlier slice may have moved here.
  if (cause_.failed() || slice.ready.empty() || !lanes_->may_send(index)) {
    release(queue);
    return;
  }
  send_head(index, queue);
}

void SendOperation::release(const MessageQueue& queue) {
  auto next = shared_.slots.release(queue);
  if (next) shared_.core.post(std::move(next));
}

const std::string* SendOperation::address_of(const MessageQueue& queue, RoutePtr& route) const {
  route = shared_.core.routes().cached(topic_);
  if (route == nullptr) return nullptr;
  const auto& queues = route->publish_queues;
  if (!std::binary_search(queues.begin(), queues.end(), queue)) return nullptr;
  return route->master_address(route->holder(queue));
}

void SendOperation::send_head(std::size_t index, const MessageQueue& queue) {
  auto& slice = slices_[index];
  auto& batch = slice.ready.front();
  slice.state = SliceState::in_flight;
  ++batch.attempts;
  queues_tried_.insert(queue);
  RoutePtr route;
  const std::string* const address = address_of(queue, route);
  if (address == nullptr) {
    shared_.core.post([self = shared_from_this(), index, queue] {
      const Failure gone{Errc::connect_failed,
                         "broker '" + queue.broker_name + "' is not in the route any more", std::nullopt};
      self->on_result(index, queue, gone, {}, queue.broker_name);
    });
    return;
  }
  lanes_->mark_started(index);
  wire::SendMessageRequest request;
  request.producer_group = options_.producer_group;
  request.topic = topic_;
  request.default_topic_queue_nums = auto_created_queues;
  request.queue_id = queue.queue_id;
  request.sys_flag = batch.encoded.sys_flag;
  request.born_timestamp = now_in_ms();
  request.properties = batch.encoded.properties;
  request.batch = batch.encoded.batch;
  request.broker_name = queue.broker_name;
  shared_.core.request(*address, request.to_command(), batch.encoded.body, options_.timeout,
                       [self = shared_from_this(), index, queue, at = *address](
                           const Failure& failure, const wire::ReceivedCommand& reply) {
                         self->on_result(index, queue, failure, reply, at);
                       });
}

void SendOperation::on_result(std::size_t index, const MessageQueue& queue, const Failure& failure,
                              const wire::ReceivedCommand& reply, const std::string& address) {
  release(queue);
  if (ended_) return;
  auto& slice = slices_[index];
  auto& batch = slice.ready.front();
  slice.state = SliceState::idle;
  const SendResult result{failure.code, reply.header.code, reply.header.remark, batch.encoded.count};
  const SendDecision decision = decide_send(result, batch.attempts, options_.max_attempts);
  batch.possibly_stored = batch.possibly_stored || decision.possibly_stored;
  if (decision.refresh_route) shared_.core.routes().mark_stale(topic_);
  if (broker_answered(result)) {
    shared_.selector.accept(queue.broker_name);
  } else {
    shared_.selector.avoid(queue.broker_name, std::chrono::steady_clock::now());
  }
  if (decision.step == SendStep::stored) {
    on_stored(index);
    return;
  }
  batch.failure = describe_try(queue, address, failure, reply);
  if (decision.step == SendStep::fail || cause_.failed()) {
    fail_head(index);
  } else if (decision.step == SendStep::split) {
    split_head(index);
  } else {
    shared_.core.log(LogLevel::warning, "Sending again, try " + std::to_string(batch.attempts + 1) + " of " +
                                            std::to_string(options_.max_attempts) + ": " +
                                            to_string(batch.failure));
    try_again(index, queue, decision, broker_answered(result));
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
                              bool answered) {
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
  const bool first_move = moved && (!answered || slices_[index].ready.front().attempts == 1);
  if (!first_move) pause(index, answered);
  step_heads();
}

void SendOperation::pause(std::size_t index, bool answered) {
  auto& slice = slices_[index];
  auto& batch = slice.ready.front();
  auto& backoff = answered ? batch.busy : batch.unreachable;
  slice.state = SliceState::pausing;
  if (slice.timer == nullptr) {
    slice.timer = std::make_unique<StrandTimer>(shared_.core.context(), shared_.core.strand());
  }
  slice.timer->start(backoff.next(shared_.core.random()), [weak = weak_from_this(), index] {
    const auto self = weak.lock();
    if (self == nullptr || self->ended_) return;
    self->slices_[index].state = SliceState::idle;
    self->step(index);
  });
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
  shared_.core.log(LogLevel::info, "A batch of " + std::to_string(whole.encoded.count) +
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
  record(batch, batch.possibly_stored ? SendOutcome::possibly_stored : SendOutcome::not_stored);
  slice.ready.pop_front();
  stop(cause);
  end_if_idle();
}

void SendOperation::stop(const Failure& cause) {
  if (cause_.failed()) return;
  cause_ = cause;
  for (auto& slice : slices_) {
    if (slice.timer != nullptr) slice.timer->cancel();
    if (slice.state == SliceState::in_flight) continue;
    if (slice.state == SliceState::pausing) slice.state = SliceState::idle;
    if (!slice.ready.empty() && slice.ready.front().attempts > 0) {
      const auto& tried = slice.ready.front();
      record(tried, tried.possibly_stored ? SendOutcome::possibly_stored : SendOutcome::not_stored);
    }
    slice.ready.clear();
  }
}

void SendOperation::abort(const Failure& failure) {
  if (ended_) return;
  stop(failure);
  for (auto& slice : slices_) {
    if (slice.state != SliceState::in_flight) continue;
    slice.ready.front().failure = failure;
    record(slice.ready.front(), SendOutcome::possibly_stored);
  }
  end();
}

void SendOperation::record(const Batch& batch, SendOutcome outcome) {
  SendRange range;
  range.first = batch.encoded.first;
  range.count = batch.encoded.count;
  range.outcome = outcome;
  if (outcome != SendOutcome::stored) range.failure = batch.failure.failed() ? batch.failure : cause_;
  ranges_.push_back(std::move(range));
}

void SendOperation::end_if_idle() {
  const bool idle = std::none_of(slices_.begin(), slices_.end(),
                                 [](const Slice& slice) { return slice.state == SliceState::in_flight; });
  if (idle) end();
}

void SendOperation::end() {
  if (ended_) return;
  ended_ = true;
  progress_->end(complete_ranges(std::move(ranges_), messages_, cause_), queues_tried_.size());
  if (ended_handler_) std::exchange(ended_handler_, nullptr)();
}

}  // namespace rocketmq::client
