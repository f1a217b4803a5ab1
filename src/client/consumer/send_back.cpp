#include "client/consumer/send_back.h"

#include <algorithm>
#include <utility>

#include "base/wall_clock.h"
#include "client/core/route_table.h"
#include "wire/names.h"
#include "wire/properties.h"

namespace rocketmq::client {

struct SendBack::Task {
  Task(std::uint64_t number_, RejectedMessage rejected_, ConsumerContext& context)
      : number(number_), rejected(std::move(rejected_)), timer(context.core->loop()) {}
  const std::uint64_t number;
  RejectedMessage rejected;
  wire::StoredMessageView message;
  FailedMessage failed;
  Backoff backoff{{std::chrono::milliseconds(200), std::chrono::milliseconds(10'000)}};
  std::string why_here;               // Why it is dealt with here; empty while it is not.
  std::int32_t times_handed_out = 0;  // From here.
  transport::LoopTimer timer;
};

SendBack::SendBack(ConsumerContext& context, std::int32_t max_reconsume_times, std::function<void()> on_done)
    : context_(context),
      max_reconsume_times_(max_reconsume_times),
      on_done_(std::move(on_done)),
      alive_(std::make_shared<bool>(true)) {}

void SendBack::add(RejectedMessage message) {
  waiting_.push_back(std::move(message));
  start_next();
}

// A queue whose broker is gone has no next owner: until that is back, only another broker can have its
// messages delivered.
bool SendBack::leave(const RejectedMessage& message) {
  const MessageQueue& queue = message.queue->queue;
  const RoutePtr route = context_.core->routes().cached(queue.topic);
  if (route != nullptr && route->readable(route->holder(queue), master_id) == nullptr) return false;
  return context_.queues->leave_rejected(message);
}

void SendBack::on_drop() {
  std::erase_if(waiting_, [this](const RejectedMessage& message) { return leave(message); });
  std::erase_if(held_, [this](const auto& held) {
    const auto& [number, task] = held;
    if (!leave(task->rejected)) return false;
    if (task->why_here.empty()) --in_flight_;
    context_.queues->withdraw(number);
    return true;
  });
  start_next_later();
}

void SendBack::stop() {
  stopped_ = true;
  waiting_.clear();
  held_.clear();
}

void SendBack::start_next() {
  while (!stopped_ && in_flight_ < max_in_flight && !waiting_.empty()) {
    const auto task = std::make_shared<Task>(++last_number_, std::move(waiting_.front()), context_);
    waiting_.pop_front();
    ++in_flight_;
    wire::StoredMessageReader reader(task->rejected.record.view, wire::CrcCheck::skip);
    bool found = false;
    if (reader.next(task->message, found) != Errc::ok || !found) {
      // Cannot be: the poller has read it. To be safe it is not lost silently, and not kept for ever.
      give_up(task, "it cannot be read any more");
      continue;
    }
    task->failed = {context_.group, task->rejected.queue->queue.broker_name, max_reconsume_times_,
                    task->rejected.for_good};
    to_broker(task);
  }
}

// Later, so that messages which all end at once do not call each other.
void SendBack::start_next_later() {
  if (waiting_.empty()) return;
  context_.core->post([this, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) start_next();
  });
}

void SendBack::to_broker(const TaskPtr& task) {
  if (stopped_) return;
  const MessageQueue& queue = task->rejected.queue->queue;
  const RoutePtr route = context_.core->routes().cached(queue.topic);
  const std::string* address = route == nullptr ? nullptr : route->master_address(queue.broker_name);
  if (address == nullptr) {
    to_retry_topic(task,
                   {Errc::connect_failed, "no master of broker '" + queue.broker_name + "' is known", {}});
    return;
  }
  context_.core->request(
      *address, make_send_back(task->message, task->failed).to_command(), nullptr, request_timeout,
      [this, task, address = *address](const Failure& transport, const wire::ReceivedCommand& reply) {
        const Failure failure = failure_of(transport, reply, address, "sending a message back");
        if (send_back_outcome(failure) == SendBackOutcome::stored) {
          finish(task);
        } else {
          to_retry_topic(task, failure);
        }
      });
}

void SendBack::to_retry_topic(const TaskPtr& task, const Failure& by_broker) {
  if (stopped_) return;
  wire::SendMessageRequest request;
  if (const Errc error = make_retry_message(task->message, task->failed, now_in_ms(), request);
      error != Errc::ok) {
    take_refusals(task, by_broker,
                  {error,
                   "as a message to " + context_.retry_topic + " its properties would be longer than the " +
                       std::to_string(wire::max_properties_bytes) + " bytes that RocketMQ allows",
                   {}});
    return;
  }
  const RoutePtr route = context_.core->routes().cached(context_.retry_topic);
  if (route == nullptr || route->publish_queues.empty()) {
    // With all masters there, only its permissions are in the way.
    const bool complete = route != nullptr && !route->brokers.empty() &&
                          std::all_of(route->brokers.begin(), route->brokers.end(),
                                      [](const auto& broker) { return broker.second.contains(master_id); });
    take_refusals(task, by_broker,
                  {complete ? Errc::no_queue : Errc::topic_not_found,
                   "topic '" + context_.retry_topic + "' has no queue that may be written",
                   {}});
    return;
  }
  const MessageQueue& target = route->publish_queues[next_queue_++ % route->publish_queues.size()];
  request.queue_id = target.queue_id;
  request.broker_name = target.broker_name;
  const std::string address = *route->master_address(target.broker_name);
  context_.core->request(
      address, request.to_command(), std::make_shared<const std::string>(as_text(task->message.body)),
      request_timeout,
      [this, task, address, by_broker](const Failure& transport, const wire::ReceivedCommand& reply) {
        const Failure failure =
            failure_of(transport, reply, address, "sending a failed message to " + context_.retry_topic);
        if (send_back_outcome(failure) == SendBackOutcome::stored) {
          finish(task);
        } else {
          take_refusals(task, by_broker, failure);
        }
      });
}

void SendBack::take_refusals(const TaskPtr& task, const Failure& by_broker, const Failure& by_retry_topic) {
  if (stopped_) return;
  if (leave(task->rejected)) {
    finish(task);
    return;
  }
  const std::string problem = to_string(by_broker) + "; " + to_string(by_retry_topic);
  if (send_back_outcome(by_broker) != SendBackOutcome::final ||
      send_back_outcome(by_retry_topic) != SendBackOutcome::final) {
    again_later(task, problem);
    return;
  }
  task->why_here = problem;
  task->backoff = Backoff({std::chrono::milliseconds(1000), std::chrono::milliseconds(60'000)});
  --in_flight_;  // The brokers have nothing more to do with it.
  start_next_later();
  hand_out_later(task);
}

void SendBack::again_later(const TaskPtr& task, const std::string& problem) {
  std::string left_out;
  if (limiter_.pass(std::chrono::steady_clock::now(), problem, left_out)) {
    log(LogLevel::warning, "could not be sent back and is tried again: " + problem + left_out,
        task->rejected);
  }
  context_.core->routes().mark_stale(task->rejected.queue->queue.topic);
  held_.emplace(task->number, task);
  task->timer.start(task->backoff.next(context_.core->random()), [this, weak = std::weak_ptr<Task>(task)] {
    const TaskPtr due = weak.lock();
    if (!due) return;
    held_.erase(due->number);
    to_broker(due);
  });
}

// As often as a broker would have delivered it, and with pauses as brokers make them.
void SendBack::hand_out_later(const TaskPtr& task) {
  held_.emplace(task->number, task);
  if (task->rejected.for_good ||
      std::int64_t{task->message.reconsume_times} + task->times_handed_out >= max_reconsume_times_) {
    const std::int64_t times = std::int64_t{task->message.reconsume_times} + 1 + task->times_handed_out;
    const std::string failed = task->rejected.for_good
                                   ? "it was rejected for good"
                                   : "the handler failed on it " + std::to_string(times) + " times";
    give_up(task, failed + ", and it cannot be sent back (" + task->why_here +
                      "); `mqadmin queryMsgById -i " + offset_id_of(task->message) +
                      "` shows it until its broker deletes it");
    return;
  }
  std::string left_out;
  if (limiter_.pass(std::chrono::steady_clock::now(), task->why_here, left_out)) {
    log(LogLevel::warning,
        "cannot be sent back, so it is handed out again here: " + task->why_here + left_out, task->rejected);
  }
  task->timer.start(task->backoff.next(context_.core->random()), [this, weak = std::weak_ptr<Task>(task)] {
    if (const TaskPtr due = weak.lock()) hand_out(due);
  });
}

void SendBack::hand_out(const TaskPtr& task) {
  if (stopped_) return;
  const RejectedMessage& rejected = task->rejected;
  if (leave(rejected)) {
    finish(task);
    return;
  }
  Segment segment;
  segment.begin = rejected.queue_offset;
  segment.next_begin = rejected.queue_offset + 1;
  segment.body = rejected.record;
  segment.messages = 1;
  segment.pulled_again = true;
  segment.failed_here = 1 + task->times_handed_out;
  if (!task->message.is_inner_batch()) {
    segment.offset_delta = rejected.queue_offset - task->message.queue_offset;
  }
  if (!context_.queues->hand_out_again(task->number, rejected.queue, std::move(segment)))
    hand_out_later(task);
}

void SendBack::on_handed_out(const ReturnedMessage& message) {
  const auto found = held_.find(message.part.returned);
  if (stopped_ || found == held_.end()) return;
  const TaskPtr task = found->second;
  if (message.end == ReturnedMessage::End::handled) {
    finish(task);
    return;
  }
  if (context_.queues->interrupted()) return;  // The consumer ends; its successor gets the message.
  if (message.end == ReturnedMessage::End::failed) ++task->times_handed_out;
  hand_out_later(task);
}

void SendBack::give_up(const TaskPtr& task, const std::string& why) {
  const RejectedMessage& rejected = task->rejected;
  const MessageQueue& queue = rejected.queue->queue;
  context_.notify({1,
                   "the message at offset " + std::to_string(rejected.queue_offset) + " of " +
                       to_string(queue) + " is given up: " + why,
                   MessagePlace{context_.core->unwrap_name(origin_topic_of(task->message)), queue.broker_name,
                                queue.queue_id, rejected.queue_offset},
                   true});
  finish(task);
}

void SendBack::finish(const TaskPtr& task) {
  held_.erase(task->number);
  if (task->why_here.empty()) --in_flight_;
  context_.queues->sent_back(task->rejected);
  if (on_done_) on_done_();
  start_next_later();
}

void SendBack::log(LogLevel level, const std::string& what, const RejectedMessage& message) {
  context_.core->log(level, "a rejected message of group '" + context_.group + "' (" +
                                to_string(message.queue->queue) + ", offset " +
                                std::to_string(message.queue_offset) + ") " + what);
}

}  // namespace rocketmq::client
