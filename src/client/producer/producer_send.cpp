#include <algorithm>
#include <new>
#include <numeric>
#include <utility>

#include "client/producer/batch_packing.h"
#include "client/producer/producer_session.h"
#include "client/producer/send_progress.h"
#include "client/producer/send_report.h"
#include "client/producer/send_retry.h"
#include "wire/batch.h"
#include "wire/frame.h"
#include "wire/names.h"

namespace rocketmq {
namespace {

using client::MessageEncoder;
using client::producer_closed_failure;
using client::SendGroup;
using client::SendGroups;
using client::SendOperation;
using client::SendProgress;

/// Room for a request's header and properties beside a body within one frame.
constexpr std::size_t max_body_bytes = wire::max_frame_bytes - (64U << 10);

/// After so long the I/O thread waits on, and this one looks from time to time whether the producer was
/// closed.
constexpr std::chrono::milliseconds longest_help{200};

/// How often who waits in a group looks the same way.
constexpr std::chrono::milliseconds check_interval{200};

/// Sends of so much tell how much the line and the brokers take.
constexpr std::size_t large_send_bytes = std::size_t{4} << 20;

void check_bodies(std::span<const std::string_view> bodies, std::size_t limit) {
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const std::size_t size = bodies[i].size();
    if (size == 0) {
      throw Error(Errc::empty_message,
                  "message " + std::to_string(i) + " is empty; RocketMQ stores no message without a body");
    }
    if (size > limit) {
      throw Error(Errc::message_too_large, "message " + std::to_string(i) + " has " + std::to_string(size) +
                                               " bytes, more than the limit of " + std::to_string(limit) +
                                               "; nothing was sent");
    }
  }
}

std::size_t encoded_bytes(std::span<const std::string_view> bodies, std::size_t properties_bytes) {
  return std::accumulate(bodies.begin(), bodies.end(), std::size_t{0},
                         [&](std::size_t sum, std::string_view body) {
                           return sum + wire::batch_item_size(body.size(), properties_bytes);
                         });
}

void throw_unless_stored(std::string_view topic, const SendProgress::Result& result) {
  const bool stored = std::all_of(result.ranges.begin(), result.ranges.end(), [](const SendRange& range) {
    return range.outcome == SendOutcome::stored;
  });
  if (stored) return;
  auto failure = client::describe_send(topic, result.ranges, result.queues_tried);
  throw SendError(std::move(failure), result.ranges);
}

/// What a broker said of the request that it makes no sense to send again, as it is.
client::SendStep step_after(const SendRange& range) {
  if (range.outcome != SendOutcome::not_stored || !range.failure.server) return client::SendStep::retry_other;
  const auto& reply = *range.failure.server;
  return client::decide_send({Errc::ok, reply.code, reply.remark, 2}, 1, client::max_unclear_attempts).step;
}

}  // namespace

void Producer::Session::send(std::string_view topic, std::string_view tag,
                             std::span<const std::string_view> bodies) {
  const std::string wire_topic = core_->wrap_name(topic);
  throw_if(wire::check_topic(topic));
  throw_if(wire::check_send_topic(wire_topic));
  throw_if(wire::check_topic(wire_topic));
  MessageEncoder encoder(ids_, tag, config_.compress_level);
  check_bodies(bodies, std::min(static_cast<std::size_t>(config_.max_message_bytes), max_body_bytes));
  if (closed_) throw Error(producer_closed_failure());
  if (bodies.empty()) return;

  client::PackingOptions packing;
  packing.properties_bytes = encoder.properties_bytes();
  const std::size_t bytes = encoded_bytes(bodies, packing.properties_bytes);
  packing.target_bytes = client::batch_bytes_for(bytes, bytes_per_timeout_);
  packing.compress_over_bytes = static_cast<std::size_t>(config_.compress_over_bytes);
  // Brokers refuse batches there.
  if (wire::is_retry_topic(wire_topic)) packing.max_messages = 1;
  client::IoThreads::Caller caller(core_->threads());
  const Call call{topic, wire_topic, bodies, encoder, caller, bytes};
  const std::size_t queues = client::queues_worth_using(bodies.size(), bytes);
  const auto batches = queues > 1 ? std::vector<client::BatchRange>{}
                                  : client::pack_batches(bodies, 0, bodies.size(), packing);
  const bool may_join = bodies.size() == 1 && packing.max_messages > 1 &&
                        bodies.front().size() <= SendGroups::max_message_bytes;
  if (batches.size() == 1 && may_join && !batches.front().compressed) {
    send_in_company(call, batches.front());
  } else if (batches.size() == 1) {
    send_alone(call, batches.front(), false);
  } else if (bytes >= large_send_bytes) {
    send_large(call, packing, queues);
  } else {
    send_batches(call, packing, queues);
  }
}

std::shared_ptr<SendOperation> Producer::Session::make_operation(const std::string& wire_topic,
                                                                 std::size_t messages, std::size_t queues,
                                                                 std::shared_ptr<SendProgress> progress) {
  client::SendOptions options;
  options.producer_group = group_;
  options.timeout = std::chrono::milliseconds(config_.send_timeout_ms);
  options.max_attempts = config_.max_attempts;
  return std::make_shared<SendOperation>(shared_, options, wire_topic, messages, queues, std::move(progress));
}

void Producer::Session::run(const std::shared_ptr<SendOperation>& operation,
                            std::optional<client::EncodedBatch> only, const std::string& counted_topic) {
  const bool counted = !counted_topic.empty();
  const auto ended = [this, raw = operation.get(), counted, counted_topic,
                      messages = only ? only->count : 0] {
    // Once no thread runs the strand any more, several senders' threads may come here at a time; who waits in
    // a group then sees to it himself.
    if (core_->ended()) return;
    if (counted) request_ended(counted_topic, messages);
    running_.erase(raw->shared_from_this());
  };
  running_.insert(operation);
  if (closed_) {
    ended();
    operation->abort(producer_closed_failure());
  } else {
    operation->start(std::move(only), ended);
  }
}

void Producer::Session::request_ended(const std::string& counted_topic, std::size_t messages) {
  const auto next = groups_.ended(counted_topic, messages);
  if (next.group != nullptr) core_->post([this, group = next.group] { run_group(group); });
  if (next.linger == 0) return;
  const auto until = std::chrono::steady_clock::now() + SendGroups::linger_time;
  lingers_.push_back(Linger{until, counted_topic, next.linger});
  if (!linger_timer_.pending()) linger_timer_.start(SendGroups::linger_time, [this] { end_lingers(); });
}

void Producer::Session::end_lingers() {
  const auto now = std::chrono::steady_clock::now();
  while (!lingers_.empty() && lingers_.front().until <= now) {
    const auto group = groups_.linger_over(lingers_.front().topic, lingers_.front().number);
    lingers_.pop_front();
    if (group != nullptr) run_group(group);
  }
  if (!lingers_.empty()) linger_timer_.start(lingers_.front().until - now, [this] { end_lingers(); });
}

void Producer::Session::run_group(const std::shared_ptr<SendGroup>& group) {
  client::EncodedBatch batch;
  try {
    batch = group->take_batch();
  } catch (const Error& error) {
    request_ended(group->topic(), group->count());
    group->progress()->end(client::complete_ranges({}, group->count(), error.failure()), 0);
    return;
  }
  run(make_operation(group->topic(), group->count(), 1, group->progress()), std::move(batch), group->topic());
}

void Producer::Session::send_in_company(const Call& call, const client::BatchRange& batch) {
  const std::string_view body = call.bodies.front();
  const auto joined = groups_.join(call.wire_topic, body.size() + call.encoder.properties_bytes(),
                                   std::chrono::steady_clock::now(),
                                   [&](std::string& items) { call.encoder.append_item(body, items); });
  if (joined.send_before != nullptr) core_->post([this, group = joined.send_before] { run_group(group); });
  const auto& place = joined.place;
  if (!place) {
    send_alone(call, batch, true);
    return;
  }
  const auto result = wait_in_group(*place);
  const auto mine = std::find_if(result->ranges.begin(), result->ranges.end(), [&](const SendRange& range) {
    return place->index < range.first + range.count;
  });
  if (mine->outcome == SendOutcome::stored) return;
  const auto step = place->group->count() > 1 ? step_after(*mine) : client::SendStep::retry_other;
  if (step != client::SendStep::fail && step != client::SendStep::split) {
    throw_unless_stored(call.topic, {{SendRange{0, 1, mine->outcome, mine->failure}}, result->queues_tried});
    return;
  }
  // It may be another's message, or the company, that the broker did not like.
  send_alone(call, batch, false);
  if (step == client::SendStep::fail) groups_.avoid(call.wire_topic, std::chrono::steady_clock::now());
}

std::shared_ptr<const SendProgress::Result> Producer::Session::wait_in_group(const SendGroups::Place& place) {
  const auto& group = place.group;
  bool run = place.complete;
  if (!run && place.index == 0 && !place.member->ends_within(SendGroups::longest_wait))
    run = groups_.take(group);
  if (run) core_->post([this, group] { run_group(group); });
  const auto progress = group->progress();
  while (!place.member->ends_within(check_interval)) {
    // Once no thread runs the strand any more, nobody but those who wait can end the send.
    if (!has_ended()) continue;
    // Nobody can tell how far a group had come that waited no more.
    const auto outcome = groups_.take(group) ? SendOutcome::not_stored : SendOutcome::possibly_stored;
    progress->end({SendRange{0, group->count(), outcome, end_failure()}}, 0);
  }
  return progress->result();
}

void Producer::Session::send_large(const Call& call, const client::PackingOptions& packing,
                                   std::size_t queues) {
  const auto begin = std::chrono::steady_clock::now();
  try {
    send_batches(call, packing, queues);
  } catch (...) {
    bytes_per_timeout_ = 0;
    throw;
  }
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
  const double times = std::min(config_.send_timeout_ms / std::max(taken.count(), 1e-3), 1e6);
  bytes_per_timeout_ = static_cast<std::size_t>(static_cast<double>(call.bytes) * times);
}

void Producer::Session::send_alone(const Call& call, const client::BatchRange& batch, bool counted) {
  const auto progress = std::make_shared<SendProgress>();
  const std::string counted_topic = counted ? call.wire_topic : std::string();
  std::shared_ptr<SendOperation> operation;
  try {
    operation = make_operation(call.wire_topic, call.bodies.size(), 1, progress);
    core_->post([this, operation, only = call.encoder.encode(call.bodies, batch), counted_topic]() mutable {
      run(operation, std::move(only), counted_topic);
    });
  } catch (...) {
    if (counted) core_->post([this, counted_topic] { request_ended(counted_topic, 0); });
    throw;
  }
  call.caller.help([&] { return progress->has_ended(); }, std::chrono::steady_clock::now() + longest_help);
  throw_unless_stored(call.topic, *progress->wait_for_end([&] { abort_if_ended(*operation); }));
}

void Producer::Session::send_batches(const Call& call, const client::PackingOptions& packing,
                                     std::size_t queues) {
  const auto progress = std::make_shared<SendProgress>();
  const auto operation = make_operation(call.wire_topic, call.bodies.size(), queues, progress);
  const auto check = [&] { abort_if_ended(*operation); };
  core_->post([this, operation] { run(operation, std::nullopt, {}); });
  call.caller.help([&] { return progress->has_ended() || !progress->plan().empty(); },
                   std::chrono::steady_clock::now() + longest_help);
  // While this thread encodes, another one must send what is encoded.
  call.caller.call_io_thread();
  Failure encoding;
  try {
    std::vector<std::vector<client::BatchRange>> batches;
    std::vector<std::size_t> counts;
    for (const auto& slice : progress->wait_for_plan(check)) {
      client::PackingOptions even = packing;
      even.enough_bytes = client::even_batch_bytes(
          slice.count, encoded_bytes(call.bodies.subspan(slice.first, slice.count), packing.properties_bytes),
          packing.target_bytes);
      batches.push_back(client::pack_batches(call.bodies, slice.first, slice.count, even));
      counts.push_back(batches.back().size());
    }
    progress->set_batches(counts);
    core_->post([operation, counts] { operation->set_batches(counts); });
    while (const auto next = progress->wait_for_room(check)) {
      core_->post([operation, slice = next->slice,
                   batch = call.encoder.encode(call.bodies, batches[next->slice][next->batch])]() mutable {
        operation->add(slice, std::move(batch));
      });
    }
  } catch (const Error& error) {
    encoding = error.failure();
  } catch (const std::bad_alloc&) {
    encoding = Failure{Errc::send_failed, "not enough memory to encode the messages", std::nullopt};
  }
  if (encoding.failed()) core_->post([operation, encoding] { operation->abort(encoding); });
  throw_unless_stored(call.topic, *progress->wait_for_end(check));
}

void Producer::Session::abort_if_ended(SendOperation& operation) {
  // Once no thread runs the strand any more, nobody but the sender's can end the send.
  if (has_ended()) operation.abort(end_failure());
}

}  // namespace rocketmq
