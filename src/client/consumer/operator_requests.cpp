#include "client/consumer/operator_requests.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/wall_clock.h"
#include "client/core/name_servers.h"
#include "wire/consumer_status.h"
#include "wire/group.h"
#include "wire/request_code.h"
#include "wire/response_code.h"

namespace rocketmq::client {

namespace {

transport::Response text_answer(wire::ResponseCode code, std::string remark) {
  transport::Response answer;
  answer.header.code = wire::to_int(code);
  answer.header.remark = std::move(remark);
  return answer;
}

transport::Response body_answer(std::string body) {
  transport::Response answer;
  answer.body = std::make_shared<const std::string>(std::move(body));
  return answer;
}

}  // namespace

void OperatorRequests::answer(const std::string& address, wire::ReceivedCommand&& request,
                              const transport::Responder& respond) {
  switch (static_cast<wire::RequestCode>(request.header.code)) {
    case wire::RequestCode::notify_consumer_ids_changed: {
      wire::NotifyConsumerIdsChangedRequest fields;
      const Errc error = wire::NotifyConsumerIdsChangedRequest::decode(request.header, fields);
      if (error == Errc::ok && fields.consumer_group != context_.group) return;
      context_.core->post([this] { consumer_.on_members_changed(); });
      return;
    }
    case wire::RequestCode::reset_consumer_client_offset: {
      wire::ResetOffsetRequest fields;
      wire::ResetOffsetBody body;
      Errc error = wire::ResetOffsetRequest::decode(request.header, fields);
      if (error == Errc::ok) error = wire::ResetOffsetBody::decode_body(request.body.view, body);
      if (error != Errc::ok) {
        context_.core->log(LogLevel::warning, "an offset reset from " + address +
                                                  " cannot be read and is not obeyed: " + describe(error));
        return;
      }
      if (fields.group != context_.group) return;
      context_.core->post([this, address, body = std::move(body)] { reset_offsets(address, body); });
      return;
    }
    case wire::RequestCode::get_consumer_status_from_client: {
      wire::GetConsumerStatusRequest fields;
      const Errc error = wire::GetConsumerStatusRequest::decode(request.header, fields);
      if (refuses(error, fields.group, respond)) return;
      context_.core->post([this, respond, fields] { respond(status(fields)); });
      return;
    }
    case wire::RequestCode::get_consumer_running_info: {
      wire::GetConsumerRunningInfoRequest fields;
      const Errc error = wire::GetConsumerRunningInfoRequest::decode(request.header, fields);
      if (refuses(error, fields.consumer_group, respond)) return;
      context_.core->post([this, respond, fields] { respond(running_info(fields)); });
      return;
    }
    default:
      break;
  }
  if (respond) {
    respond(
        text_answer(wire::ResponseCode::request_code_not_supported,
                    "request " + std::to_string(request.header.code) + " is not supported by this client"));
  }
}

void OperatorRequests::reset_offsets(const std::string& address, const wire::ResetOffsetBody& body) {
  for (const wire::QueueOffset& wanted : body.offsets) {
    const MessageQueue queue{wanted.queue.topic, wanted.queue.broker_name, wanted.queue.queue_id};
    const auto found = consumer_.loops.find(queue);
    if (found == consumer_.loops.end() || wanted.offset < 0) continue;
    context_.core->log(LogLevel::warning, "consumer of group '" + context_.group + "': " + address +
                                              " moved " + to_string(queue) + " to offset " +
                                              std::to_string(wanted.offset) + " for an operator");
    found->second->reset(wanted.offset);
  }
}

// Nobody waits for the answer to a one-way request, and a question about another group has no answer here.
bool OperatorRequests::refuses(Errc error, const std::string& group, const transport::Responder& respond) {
  if (!respond) return true;
  if (error == Errc::ok && group == context_.group) return false;
  respond(text_answer(wire::ResponseCode::system_error,
                      error == Errc::ok
                          ? "this consumer is in group '" + context_.group + "' and not in '" + group + "'"
                          : std::string("the request cannot be read: ") + describe(error)));
  return true;
}

transport::Response OperatorRequests::status(const wire::GetConsumerStatusRequest& request) const {
  wire::ConsumerStatusBody body;
  for (const auto& [queue, loop] : consumer_.loops) {
    if (queue.topic != request.topic || !loop->has_offset()) continue;
    body.offsets.push_back(
        {{queue.topic, queue.broker_name, queue.queue_id}, context_.queues->commit_offset(loop->queue())});
  }
  return body_answer(body.encode_body());
}

OperatorRequests::Sample OperatorRequests::sample(TimePoint now) const {
  Sample sample{now, {}};
  for (const SubscribedTopic& topic : context_.topics)
    sample.counts.push_back(context_.queues->counts(topic));
  return sample;
}

void OperatorRequests::remember_counts(TimePoint now) {
  if (now - samples_.back().at < sample_interval) return;
  samples_.push_back(sample(now));
  while (now - samples_[1].at >= std::chrono::hours(1))
    samples_.pop_front();
}

// The last one that is as old, or the oldest.
const OperatorRequests::Sample& OperatorRequests::sample_of(TimePoint time) const {
  const auto younger =
      std::upper_bound(samples_.begin(), samples_.end(), time,
                       [](TimePoint wanted, const Sample& sample) { return wanted < sample.at; });
  return younger == samples_.begin() ? *younger : *std::prev(younger);
}

wire::ConsumeStatus OperatorRequests::achieved_in(std::size_t topic, TimePoint now) const {
  const ConsumeCounts present = context_.queues->counts(context_.topics[topic]);
  const Sample& minute = sample_of(now - std::chrono::minutes(1));
  const ConsumeCounts& before = minute.counts[topic];
  const double seconds = std::max(std::chrono::duration<double>(now - minute.at).count(), 1.0);
  const auto average = [](ConsumeCounts::Milliseconds sum, std::size_t count) {
    return count == 0 ? 0 : sum.count() / static_cast<double>(count);
  };
  wire::ConsumeStatus status;
  status.topic = context_.topics[topic].name();
  status.pull_rt = average(present.pulling - before.pulling, present.pulls - before.pulls);
  status.pull_tps = static_cast<double>(present.pulled - before.pulled) / seconds;
  status.consume_rt = average(present.handling - before.handling, present.calls - before.calls);
  status.consume_ok_tps = static_cast<double>(present.taken - before.taken) / seconds;
  status.consume_failed_tps = static_cast<double>(present.failed - before.failed) / seconds;
  status.consume_failed_msgs =
      static_cast<std::int64_t>(present.failed - sample_of(now - std::chrono::hours(1)).counts[topic].failed);
  return status;
}

transport::Response OperatorRequests::running_info(const wire::GetConsumerRunningInfoRequest& request) const {
  wire::ConsumerRunningInfo info;
  std::string servers;
  for (const std::string& server : context_.core->name_servers().addresses()) {
    servers += (servers.empty() ? "" : ";") + server;
  }
  info.properties = {{"PROP_NAMESERVER_ADDR", servers},
                     {"PROP_CONSUME_TYPE", "CONSUME_PASSIVELY"},
                     {"PROP_CONSUMEORDERLY", "false"},
                     {"PROP_THREADPOOL_CORE_SIZE", std::to_string(consumer_.poll_threads)},
                     {"PROP_CLIENT_VERSION", "V5_3_3"},
                     {"PROP_CONSUMER_START_TIMESTAMP", std::to_string(to_ms(start_time_))}};
  for (const auto& [queue, loop] : consumer_.loops) {
    const AssignedQueues::QueueCounts counts = context_.queues->counts(loop->queue());
    wire::ProcessQueueInfo process;
    process.queue = {queue.topic, queue.broker_name, queue.queue_id};
    process.commit_offset = counts.commit_offset;
    if (counts.messages > 0) {
      process.cached_msg_min_offset = counts.commit_offset;
      process.cached_msg_max_offset = counts.next_offset - 1;
    }
    process.cached_msg_count = static_cast<std::int32_t>(counts.messages);
    process.cached_msg_size_mib = static_cast<std::int32_t>(counts.bytes >> 20);
    process.last_pull_timestamp = to_ms(loop->last_pull());
    process.last_consume_timestamp = to_ms(counts.last_consumed);
    info.queues.push_back(std::move(process));
  }
  for (std::size_t topic = 0; topic < context_.topics.size(); ++topic) {
    info.subscriptions.push_back(*context_.topics[topic].subscription);
    info.statuses.push_back(achieved_in(topic, TimePoint::clock::now()));
  }
  if (request.jstack_enable) {
    info.jstack =
        "This client is not a Java program and has no Java stacks. Threads that wait for messages: " +
        std::to_string(context_.queues->waiting()) +
        "; queues whose messages are with a handler: " + std::to_string(context_.queues->delivered()) + ".\n";
  }
  return body_answer(info.encode_body());
}

}  // namespace rocketmq::client
