#include "client/producer/send_operation.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "client/producer/send_report.h"
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
                             std::size_t messages, std::size_t queues, std::shared_ptr<SendProgress> progress)
    : shared_(shared),
      options_(options),
      topic_(std::move(topic)),
      messages_(messages),
      queues_wanted_(queues),
      progress_(std::move(progress)) {}

void SendOperation::start(std::optional<EncodedBatch> only, std::function<void()> ended) {
  ended_handler_ = std::move(ended);
  if (only) {
    only_.emplace_back();
    only_.back().encoded = std::move(*only);
  }
  const RoutePtr known = shared_.core.routes().cached(topic_);
  if (known != nullptr && !known->publish_queues.empty()) {
    on_route(known);
    return;
  }
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
  const std::size_t wanted = std::min({queues_wanted_, all.size(), max_lanes});
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
  lanes_.emplace(queues, gate_last);
  slices_.resize(queues.size());
  if (only_.empty()) {
    progress_->set_plan(slice_messages(messages_, queues.size(), gate_last));
    return;
  }
  slices_.front().left = 1;
  slices_.front().ready = std::exchange(only_, {});
  step(0);
}

void SendOperation::set_batches(const std::vector<std::size_t>& counts) {
  if (ended_ || cause_.failed()) return;
  for (std::size_t i = 0; i < counts.size(); ++i)
    slices_[i].left = counts[i];
}

void SendOperation::add(std::size_t slice, EncodedBatch batch) {
  if (ended_ || cause_.failed()) return;
  slices_[slice].ready.emplace_back();
  slices_[slice].ready.back().encoded = std::move(batch);
  step(slice);
}

bool SendOperation::may_send(std::size_t index) const {
  return !cause_.failed() && !slices_[index].ready.empty() && lanes_->may_send(index);
}

void SendOperation::step(std::size_t index) {
  auto& slice = slices_[index];
  if (slice.state != SliceState::idle || !may_send(index)) return;
  slice.state = SliceState::waiting;
  const MessageQueue queue = lanes_->queue_of(index);
  shared_.slots.acquire(queue, [self = shared_from_this(), index, queue] { self->on_slot(index, queue); });
}

void SendOperation::step_heads() {
  for (const auto head : lanes_->heads())
    step(head);
}

// Meanwhile the send may have ended, or an earlier slice may have moved here; also while waiting for a place.
void SendOperation::on_slot(std::size_t index, const MessageQueue& queue) {
  if (!may_send(index)) {
    slices_[index].state = SliceState::idle;
    release_slot(queue);
    return;
  }
  shared_.windows.acquire(queue.broker_name,
                          [self = shared_from_this(), index, queue] { self->on_admitted(index, queue); });
}

void SendOperation::on_admitted(std::size_t index, const MessageQueue& queue) {
  slices_[index].state = SliceState::idle;
  if (!may_send(index)) {
    release(queue, SendWindows::Outcome::unanswered);
    return;
  }
  send_head(index, queue);
}

void SendOperation::release_slot(const MessageQueue& queue) {
  auto next = shared_.slots.release(queue);
  if (next) shared_.core.post(std::move(next));
}

void SendOperation::release(const MessageQueue& queue, SendWindows::Outcome outcome) {
  for (auto& next : shared_.windows.release(queue.broker_name, outcome))
    shared_.core.post(std::move(next));
  release_slot(queue);
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

void SendOperation::stop(const Failure& cause) {
  if (cause_.failed()) return;
  cause_ = cause;
  for (auto& slice : slices_) {
    if (slice.timer != nullptr) slice.timer->cancel();
    if (slice.state == SliceState::pausing) slice.state = SliceState::idle;
    const std::ptrdiff_t running = slice.state == SliceState::in_flight ? 1 : 0;
    // A batch that was split leaves several batches that have been tried, as parts of it.
    std::for_each(slice.ready.begin() + running, slice.ready.end(), [this](const Batch& waiting) {
      if (waiting.attempts > 0) record_given_up(waiting);
    });
    slice.ready.erase(slice.ready.begin() + running, slice.ready.end());
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

void SendOperation::end_if_idle() {
  const bool idle = std::none_of(slices_.begin(), slices_.end(),
                                 [](const Slice& slice) { return slice.state == SliceState::in_flight; });
  if (idle) end();
}

void SendOperation::end() {
  if (ended_) return;
  // What may throw comes before anything that is done once only, and the senders are told in any case.
  auto result = SendProgress::make_result(complete_ranges(ranges_, messages_, cause_), queues_tried_.size());
  ended_ = true;
  // The last to let go of this may be the sender's thread, and timers end on the strand only.
  for (auto& slice : slices_)
    slice.timer.reset();
  const auto ended = std::exchange(ended_handler_, nullptr);
  try {
    if (ended) ended();
  } catch (...) {
    progress_->end(std::move(result));
    throw;
  }
  progress_->end(std::move(result));
}

}  // namespace rocketmq::client
