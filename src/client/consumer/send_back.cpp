#include "client/consumer/send_back.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "client/core/route_table.h"
#include "wire/host_address.h"
#include "wire/message_id.h"
#include "wire/names.h"
#include "wire/properties.h"
#include "wire/response_code.h"

namespace rocketmq::client {

namespace {

// The delay level of a first failure; each further one is delayed one level more.
constexpr std::int32_t first_delay_level = 3;

std::string id_of(const wire::StoredMessageView& message) {
  if (const auto origin = wire::find_property(message.properties, wire::property::origin_message_id)) {
    return std::string(*origin);
  }
  return wire::encode_offset_message_id(message.store_host, message.physical_offset);
}

std::string origin_topic_of(const wire::StoredMessageView& message) {
  const auto origin = wire::find_property(message.properties, wire::property::retry_topic);
  return std::string(origin ? *origin : message.topic);
}

}  // namespace

wire::ConsumerSendMsgBackRequest make_send_back(const wire::StoredMessageView& message,
                                                const FailedMessage& failed) {
  wire::ConsumerSendMsgBackRequest request;
  request.offset = message.physical_offset;
  request.group = failed.group;
  request.delay_level = 0;
  request.origin_msg_id = wire::encode_offset_message_id(message.store_host, message.physical_offset);
  request.origin_topic = std::string(message.topic);
  request.max_reconsume_times = failed.max_reconsume_times;
  request.broker_name = failed.broker_name;
  return request;
}

Errc make_retry_message(const wire::StoredMessageView& message, const FailedMessage& failed,
                        std::int64_t now_ms, wire::SendMessageRequest& out) {
  // Nobody sends a message back so often, but anybody may have stored one that says so.
  const std::int32_t times =
      std::clamp(message.reconsume_times, 0, std::numeric_limits<std::int32_t>::max() - first_delay_level);
  std::string properties;
  wire::PropertyReader reader(message.properties);
  std::string_view name;
  std::string_view value;
  while (reader.next(name, value)) {
    // What is written anew below, and what would make the broker take it for a half message.
    if (name == wire::property::retry_topic || name == wire::property::origin_message_id ||
        name == wire::property::delay_level || name == wire::property::transaction_prepared ||
        name == wire::property::reconsume_time || name == wire::property::max_reconsume_times) {
      continue;
    }
    if (const Errc error = wire::append_property(properties, name, value); error != Errc::ok) return error;
  }
  const auto add = [&properties](std::string_view key, const std::string& text) {
    return wire::append_property(properties, key, text);
  };
  Errc error = add(wire::property::retry_topic, origin_topic_of(message));
  if (error == Errc::ok) error = add(wire::property::origin_message_id, id_of(message));
  if (error == Errc::ok) {
    error = add(wire::property::delay_level, std::to_string(first_delay_level + times));
  }
  if (error == Errc::ok) {
    error = add(wire::property::reconsume_time, std::to_string(times + 1));
  }
  if (error == Errc::ok) {
    error = add(wire::property::max_reconsume_times, std::to_string(failed.max_reconsume_times));
  }
  if (error != Errc::ok) return error;

  out.producer_group = failed.group;
  out.topic = wire::retry_topic(failed.group);
  out.sys_flag = message.sys_flag & (wire::message_flag::compressed | wire::message_flag::compression_mask);
  out.born_timestamp = now_ms;
  out.flag = message.flag;
  out.properties = std::move(properties);
  out.reconsume_times = times + 1;
  out.max_reconsume_times = failed.max_reconsume_times;
  return Errc::ok;
}

struct SendBack::Task {
  Task(RejectedMessage rejected_, ConsumerContext& context)
      : rejected(std::move(rejected_)), timer(context.core->context(), context.core->strand()) {}
  RejectedMessage rejected;
  wire::StoredMessageView message;
  FailedMessage failed;
  Backoff backoff{{std::chrono::milliseconds(200), std::chrono::milliseconds(10'000)}};
  StrandTimer timer;
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

void SendBack::stop() {
  stopped_ = true;
  waiting_.clear();
  pausing_.clear();
}

void SendBack::start_next() {
  while (!stopped_ && in_flight_ < max_in_flight && !waiting_.empty()) {
    const auto task = std::make_shared<Task>(std::move(waiting_.front()), context_);
    waiting_.pop_front();
    ++in_flight_;
    wire::StoredMessageReader reader(task->rejected.record.view, wire::CrcCheck::skip);
    bool found = false;
    if (reader.next(task->message, found) != Errc::ok || !found) {
      // Cannot be: the taker has read it. To be safe it is not lost silently, and not kept for ever.
      log(LogLevel::error, "cannot be sent back, because it cannot be read any more", task->rejected);
      finish(task);
      continue;
    }
    task->failed = {context_.group, task->rejected.queue->queue.broker_name, max_reconsume_times_};
    to_broker(task);
  }
}

void SendBack::to_broker(const TaskPtr& task) {
  if (stopped_) return;
  const MessageQueue& queue = task->rejected.queue->queue;
  const RoutePtr route = context_.core->routes().cached(queue.topic);
  const std::string* address = route == nullptr ? nullptr : route->master_address(queue.broker_name);
  if (address == nullptr) {
    to_retry_topic(task, "no master of broker '" + queue.broker_name + "' is known");
    return;
  }
  context_.core->request(
      *address, make_send_back(task->message, task->failed).to_command(), nullptr, request_timeout,
      [this, task, address = *address](const Failure& transport, const wire::ReceivedCommand& reply) {
        const Failure failure = failure_of(transport, reply, address, "sending a message back");
        if (failure.failed()) {
          to_retry_topic(task, to_string(failure));
        } else {
          finish(task);
        }
      });
}

void SendBack::to_retry_topic(const TaskPtr& task, const std::string& problem) {
  if (stopped_) return;
  wire::SendMessageRequest request;
  const RoutePtr route = context_.core->routes().cached(context_.retry_topic);
  if (route == nullptr || route->publish_queues.empty()) {
    again_later(task,
                problem + "; and topic '" + context_.retry_topic + "' has no queue that may be written");
    return;
  }
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  if (const Errc error = make_retry_message(task->message, task->failed, now, request); error != Errc::ok) {
    again_later(task,
                problem + "; and it makes no message to " + context_.retry_topic + ": " + describe(error));
    return;
  }
  const MessageQueue& target = route->publish_queues[next_queue_++ % route->publish_queues.size()];
  request.queue_id = target.queue_id;
  request.broker_name = target.broker_name;
  const std::string address = *route->master_address(target.broker_name);
  context_.core->request(
      address, request.to_command(), std::make_shared<const std::string>(as_text(task->message.body)),
      request_timeout,
      [this, task, address, problem](const Failure& transport, wire::ReceivedCommand&& reply) {
        // Stored with weaker durability is stored: sending it again would only double it.
        if (!transport.failed() && (reply.header.code == wire::ResponseCode::flush_disk_timeout ||
                                    reply.header.code == wire::ResponseCode::flush_slave_timeout ||
                                    reply.header.code == wire::ResponseCode::slave_not_available)) {
          reply.header.code = wire::to_int(wire::ResponseCode::success);
        }
        const Failure failure =
            failure_of(transport, reply, address, "sending a failed message to " + context_.retry_topic);
        if (failure.failed()) {
          again_later(task, problem + "; " + to_string(failure));
        } else {
          finish(task);
        }
      });
}

void SendBack::again_later(const TaskPtr& task, const std::string& problem) {
  if (stopped_) return;
  std::string left_out;
  if (limiter_.pass(std::chrono::steady_clock::now(), left_out)) {
    log(LogLevel::warning, "could not be sent back and is tried again: " + problem + left_out,
        task->rejected);
  }
  context_.core->routes().mark_stale(task->rejected.queue->queue.topic);
  pausing_.insert(task);
  task->timer.start(task->backoff.next(context_.core->random()), [this, weak = std::weak_ptr<Task>(task)] {
    const TaskPtr due = weak.lock();
    if (!due) return;
    pausing_.erase(due);
    to_broker(due);
  });
}

void SendBack::finish(const TaskPtr& task) {
  --in_flight_;
  limiter_.reset();
  context_.ready->sent_back(task->rejected);
  if (on_done_) on_done_();
  // Later, so that messages which all end at once do not call each other.
  if (!waiting_.empty()) {
    context_.core->post([this, alive = std::weak_ptr<bool>(alive_)] {
      if (!alive.expired()) start_next();
    });
  }
}

void SendBack::log(LogLevel level, const std::string& what, const RejectedMessage& message) {
  context_.core->log(level, "a rejected message of group '" + context_.group + "' (" +
                                to_string(message.queue->queue) + ", offset " +
                                std::to_string(message.queue_offset) + ") " + what);
}

}  // namespace rocketmq::client
