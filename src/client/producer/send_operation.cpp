#include "client/producer/send_operation.h"

#include <algorithm>
#include <utility>

#include "client/producer/send_report.h"

namespace rocketmq::client {
namespace {

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
  only_ = std::move(only);
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
  if (!needs_timers_) return choose_queues(*route);
  shared_.timers.check(*route, [self = shared_from_this(), route](const Failure& failure) {
    if (self->ended_) return;
    failure.failed() ? self->abort(failure) : self->choose_queues(*route);
  });
}

void SendOperation::choose_queues(const TopicRoute& route) {
  const auto& all = route.publish_queues;
  if (order_ != nullptr) {
    order_->divide(all);
    return begin(order_->queues(), false, [this] { return order_->slices(); });
  }
  const std::size_t wanted = std::min({queues_wanted_, all.size(), max_lanes});
  auto queues = shared_.queues.choose(all, wanted, std::chrono::steady_clock::now());
  if (may_overtake_) {
    const std::size_t lanes = std::min(messages_, max_lanes);
    for (std::size_t i = 0; queues.size() < lanes; ++i)
      queues.push_back(MessageQueue(queues[i]));
    return begin(queues, false, [&] { return slice_messages(messages_, queues.size(), false); });
  }
  // If every queue is used at once, the last one waits for the first slice, so that this one too could move
  // to another broker without overtaking; see SendLanes.
  bool gate_last = false;
  if (queues.size() > 1 && queues.size() == all.size() && count_brokers(queues) > 1) {
    const auto other = std::find_if(queues.rbegin(), queues.rend(), [&](const MessageQueue& queue) {
      return queue.broker_name != queues.front().broker_name;
    });
    std::iter_swap(other, queues.rbegin());
    gate_last = true;
  }
  begin(queues, gate_last, [&] { return slice_messages(messages_, queues.size(), gate_last); });
}

void SendOperation::begin(const std::vector<MessageQueue>& queues, bool gate_last,
                          const std::function<std::vector<SliceRange>()>& plan) {
  lanes_.emplace(queues, gate_last);
  for (std::size_t i = 0; i < queues.size(); ++i)
    slices_.emplace_back(*this, i);
  if (!only_) {
    progress_->set_plan(plan());
    return;
  }
  slices_.front().expect(1);
  slices_.front().add(*std::exchange(only_, std::nullopt));
}

void SendOperation::set_batches(const std::vector<std::size_t>& counts) {
  if (ended_ || stopped()) return;
  for (std::size_t i = 0; i < counts.size(); ++i)
    slices_[i].expect(counts[i]);
}

void SendOperation::add(std::size_t slice, EncodedBatch batch) {
  if (!ended_ && !stopped()) slices_[slice].add(std::move(batch));
}

void SendOperation::on_broker_back(const std::string& address) {
  for (auto& slice : slices_)
    slice.on_broker_back(address);
}

void SendOperation::step_heads() {
  for (const auto head : lanes_->heads())
    slices_[head].step();
}

const std::string* SendOperation::address_of(const MessageQueue& queue, RoutePtr& route) const {
  route = shared_.core.routes().cached(topic_);
  if (route == nullptr) return nullptr;
  const auto& queues = route->publish_queues;
  if (!std::binary_search(queues.begin(), queues.end(), queue)) return nullptr;
  return route->master_address(route->holder(queue));
}

void SendOperation::record(const EncodedBatch& batch, SendOutcome outcome, const Failure& failure) {
  SendRange range{batch.first, batch.count, outcome, {}};
  if (outcome != SendOutcome::stored) {
    range.failure = failure.failed() ? failure : cause_;
    if (cause_.code == Errc::cancelled && range.failure.code != Errc::cancelled)
      range.failure.message = cause_.message + "; the last try: " + failure.message;
  }
  ranges_.push_back(std::move(range));
}

void SendOperation::go_on(std::size_t slice) {
  // The topic exists from now on; its real route tells how many queues it has.
  const auto route = shared_.core.routes().cached(topic_);
  if (route != nullptr && route->auto_created) shared_.core.routes().mark_stale(topic_);
  if (stopped()) {
    end_if_idle();
  } else if (!slices_[slice].ended()) {
    slices_[slice].step();
  } else if (std::all_of(slices_.begin(), slices_.end(),
                         [](const SendSlice& each) { return each.ended(); })) {
    end();
  } else {
    step_heads();
  }
}

void SendOperation::fail(const Failure& cause) {
  stop(cause);
  end_if_idle();
}

void SendOperation::stop(const Failure& cause) {
  if (stopped()) return;
  cause_ = cause;
  for (auto& slice : slices_)
    slice.stop();
}

Failure cancelled_failure() {
  return {Errc::cancelled, describe(Errc::cancelled), std::nullopt};
}

void SendOperation::cancel() {
  if (ended_) return;
  const auto now = std::chrono::steady_clock::now();
  if (!stopped()) {
    cancelled_at_ = now;
    fail(cancelled_failure());
  } else if (now - cancelled_at_ >= cancel_grace) {
    abort(cause_);
  }
}

void SendOperation::abort(const Failure& failure) {
  if (ended_) return;
  stop(failure);
  for (auto& slice : slices_)
    slice.abort(failure);
  end();
}

void SendOperation::end_if_idle() {
  const bool idle =
      std::none_of(slices_.begin(), slices_.end(), [](const SendSlice& slice) { return slice.in_flight(); });
  if (idle) end();
}

void SendOperation::end() {
  if (ended_) return;
  // What may throw comes before anything that is done once only, and the senders are told in any case.
  const auto result =
      SendProgress::make_result(complete_ranges(ranges_, messages_, cause_), queues_tried_.size());
  ended_ = true;
  for (auto& slice : slices_)
    slice.end();
  const auto ended = std::exchange(ended_handler_, nullptr);
  try {
    if (ended) ended();
  } catch (...) {
    progress_->end(result);
    throw;
  }
  progress_->end(result);
}

}  // namespace rocketmq::client
