#include "client/producer/producer_client.h"

#include <unistd.h>

#include <algorithm>
#include <future>
#include <random>
#include <utility>

#include "base/deadline.h"
#include "client/core/client_id.h"
#include "client/core/heartbeat.h"
#include "client/producer/batch_packing.h"
#include "client/producer/producer_check.h"
#include "client/producer/send_report.h"
#include "client/producer/vector_send.h"
#include "wire/heartbeat.h"
#include "wire/names.h"

namespace rocketmq::client {
namespace {

/// Unregistering is a courtesy: the brokers forget a producer by themselves.
constexpr std::chrono::milliseconds unregister_time{1000};

/// A connection that died without a word would swallow one try after the other. Nothing that a producer asks
/// is held by a broker, so what has been silent for longer than a try is dead.
std::chrono::milliseconds silence_limit(const ProducerConfig& config) {
  return std::chrono::milliseconds(config.send_timeout_ms) + std::chrono::seconds(1);
}

wire::UniqueIdGenerator::Identity make_identity() {
  wire::UniqueIdGenerator::Identity identity;
  const auto ip = local_ipv4();
  identity.ip.assign(ip.begin(), ip.end());
  identity.pid = static_cast<std::uint16_t>(getpid() & 0xFFFF);
  identity.hash = std::random_device{}();
  return identity;
}

Failure producer_closed_failure() {
  return Failure{Errc::closed, "the producer is closed", std::nullopt};
}

/// How long a sender's thread runs the loop's handlers. After that the loop's own thread does, and the
/// sender's looks from time to time whether the producer was closed.
constexpr std::chrono::milliseconds longest_help{200};

/// Sends of this size tell how much the line and the brokers take.
constexpr std::size_t large_send_bytes = std::size_t{4} << 20;

/// What a send of `bytes` that took `taken` would have sent within `timeout`.
std::size_t bytes_within(std::chrono::duration<double, std::milli> timeout, std::size_t bytes,
                         std::chrono::duration<double, std::milli> taken) {
  const double times = std::min(timeout.count() / std::max(taken.count(), 1e-3), 1e6);
  return static_cast<std::size_t>(static_cast<double>(bytes) * times);
}

/// Null if the messages have no order.
std::shared_ptr<KeyOrder> order_of(const OutgoingMessages& messages) {
  if (messages.order_keys.empty()) return nullptr;
  return std::make_shared<KeyOrder>(messages.order_keys, messages.bodies.size());
}

/// In company it goes on with the others.
void cancel(SendTicket& ticket) {
  if (const auto operation = ticket.operation.lock()) return operation->cancel();
  ticket.progress.end({SendRange{0, ticket.count, SendOutcome::possibly_stored, cancelled_failure()}}, 0);
}

bool all_stored(const SendProgress::Result& result) {
  return std::all_of(result.ranges.begin(), result.ranges.end(),
                     [](const SendRange& range) { return range.outcome == SendOutcome::stored; });
}

}  // namespace

ProducerClient::ProducerClient(ProducerConfig config)
    : config_(std::move(config)),
      core_(ClientCore::create(config_.client, silence_limit(config_))),
      group_(core_->wrap_name(config_.group)),
      ids_(make_identity()),
      shared_{*core_, SendQueues(std::random_device{}() % 1024U)},
      accumulator_(core_->loop(),
                   [this](const std::string& topic, EncodedBatch request, ProduceAccumulator::Ended ended) {
                     send_request(topic, std::move(request), std::move(ended));
                   }) {
  core_->heartbeats().set_source(
      [this] {
        wire::HeartbeatData data;
        data.client_id = core_->client_id();
        data.producer_groups.push_back(group_);
        return data;
      },
      false);
  core_->heartbeats().set_result_handler(
      [this](const std::string& address, const Failure& failure, bool) { on_heartbeat(address, failure); });
}

// Sends that wait for a dead broker pause for up to 5 s, so that five tries survive its restart. Heartbeats
// try more often, and so they are the first to know that it is back.
void ProducerClient::on_heartbeat(const std::string& address, const Failure& failure) {
  if (failure.failed()) {
    silent_.insert(address);
    return;
  }
  if (silent_.erase(address) == 0) return;
  const auto running = running_;
  for (const auto& operation : running)
    operation->on_broker_back(address);
}

bool ProducerClient::has_ended() {
  // What an exception has broken off may be what somebody waits for.
  if (core_->failed() && !core_->ended()) close(std::chrono::milliseconds(0));
  return core_->ended();
}

Failure ProducerClient::end_failure() const {
  if (!core_->failed()) return producer_closed_failure();
  return {Errc::client_failed,
          std::string(describe(Errc::client_failed)) +
              ", mostly because memory ran out; its log names it, and the next send starts another client",
          std::nullopt};
}

void ProducerClient::send(std::string_view topic, const OutgoingMessages& messages,
                          const IsCancelled& is_cancelled) {
  const std::string wire_topic = core_->wrap_name(topic);
  throw_if(wire::check_topic(topic));
  throw_if(wire::check_send_topic(wire_topic));
  throw_if(wire::check_topic(wire_topic));
  const std::span<const std::string_view> bodies = messages.bodies;
  MessageEncoder encoder(ids_, messages, config_.compress_level);
  check_bodies(bodies, config_);
  if (closed_) throw Error(producer_closed_failure());
  if (bodies.empty()) return;
  if (is_cancelled && is_cancelled()) {
    const std::vector<SendRange> unsent{{0, bodies.size(), SendOutcome::not_stored, cancelled_failure()}};
    throw SendError(describe_send(topic, unsent, 0), unsent);
  }

  PackingOptions packing;
  packing.properties_bytes = encoder.properties_bytes();
  packing.own_properties_bytes = encoder.properties().own_bytes();
  packing.alone = encoder.properties().alone();
  const std::size_t bytes = encoded_bytes(bodies, 0, bodies.size(), packing);
  packing.target_bytes = batch_bytes_for(bytes, bytes_per_timeout_);
  packing.compress_over_bytes = static_cast<std::size_t>(config_.compress_over_bytes);
  // Brokers refuse batches there.
  if (wire::is_retry_topic(wire_topic)) packing.max_messages = 1;
  transport::EventLoop::Waiter waiter(core_->loop());
  // Delayed messages travel one by one.
  const std::size_t queues = packing.alone.empty() ? queues_worth_using(bodies.size(), bytes) : bodies.size();
  const auto batches =
      queues > 1 ? std::vector<BatchRange>{} : pack_batches(bodies, 0, bodies.size(), packing);
  const bool one_queue = messages.order_keys.size() <= 1;
  SendProgress::ResultPtr result;
  if (batches.size() == 1 && one_queue) {
    const auto ticket = std::make_shared<SendTicket>(wire_topic, encoder.encode(bodies, batches.front()));
    ticket->order = order_of(messages);
    ticket->needs_timers = encoder.properties().needs_timers();
    const bool may_join = bodies.size() == 1 && packing.max_messages > 1 && ticket->request.sys_flag == 0 &&
                          bytes <= ProduceAccumulator::max_message_bytes && ticket->order == nullptr &&
                          packing.alone.empty();
    result = send_one(ticket, may_join, waiter, is_cancelled);
  } else {
    const auto begin = std::chrono::steady_clock::now();
    const auto operation =
        make_operation(wire_topic, bodies.size(), queues, std::make_shared<SendProgress>());
    operation->follow(order_of(messages));
    if (encoder.properties().all_alone()) operation->let_overtake();
    if (encoder.properties().needs_timers()) operation->need_timers();
    start_vector(operation, waiter);
    result = send_vector(*core_, operation, bodies, encoder, packing, [&] {
      if (has_ended()) {
        // Once no handler runs any more, nobody but this thread can end the send.
        operation->abort(end_failure());
      } else if (is_cancelled && is_cancelled()) {
        core_->post([operation] { operation->cancel(); });
      }
    });
    if (bytes >= large_send_bytes) {
      const std::chrono::milliseconds timeout(config_.send_timeout_ms);
      bytes_per_timeout_ =
          all_stored(*result) ? bytes_within(timeout, bytes, std::chrono::steady_clock::now() - begin) : 0;
    }
    if (const KeyOrder* const order = operation->order(); order != nullptr && !all_stored(*result))
      result = SendProgress::make_result(order->restore(result->ranges), result->queues_tried);
  }
  if (all_stored(*result)) return;
  throw SendError(describe_send(topic, result->ranges, result->queues_tried), result->ranges);
}

SendProgress::ResultPtr ProducerClient::send_one(const SendTicketPtr& ticket, bool may_join,
                                                 transport::EventLoop::Waiter& waiter,
                                                 const IsCancelled& is_cancelled) {
  core_->post([this, ticket, may_join] {
    if (may_join) {
      accumulator_.add(ticket);
      return;
    }
    ticket->sent = true;
    const auto operation =
        make_operation(ticket->topic, ticket->count, 1,
                       std::make_shared<SendProgress>([ticket](const SendProgress::Result& result) {
                         ticket->progress.end(result.ranges, result.queues_tried);
                       }));
    operation->follow(ticket->order);
    if (ticket->needs_timers) operation->need_timers();
    ticket->operation = operation;
    run(operation, ticket->request);
  });
  waiter.run_until([&] { return ticket->progress.has_ended(); },
                   std::chrono::steady_clock::now() + longest_help);
  return ticket->progress.wait_for_end([&] {
    if (has_ended()) {
      ticket->give_up(end_failure());
    } else if (is_cancelled && is_cancelled()) {
      core_->post([ticket] { cancel(*ticket); });
    }
  });
}

void ProducerClient::start_vector(const std::shared_ptr<SendOperation>& operation,
                                  transport::EventLoop::Waiter& waiter) {
  core_->post([this, operation] { run(operation, std::nullopt); });
  const SendProgress& progress = *operation->progress();
  waiter.run_until([&] { return progress.has_ended() || !progress.plan().empty(); },
                   std::chrono::steady_clock::now() + longest_help);
  // While this thread encodes, another one must send what is encoded.
  waiter.call_thread();
}

std::shared_ptr<SendOperation> ProducerClient::make_operation(const std::string& wire_topic,
                                                              std::size_t messages, std::size_t queues,
                                                              std::shared_ptr<SendProgress> progress) {
  SendOptions options;
  options.producer_group = group_;
  options.timeout = std::chrono::milliseconds(config_.send_timeout_ms);
  options.max_attempts = config_.max_attempts;
  return std::make_shared<SendOperation>(shared_, options, wire_topic, messages, queues, std::move(progress));
}

void ProducerClient::send_request(const std::string& topic, EncodedBatch request,
                                  ProduceAccumulator::Ended ended) {
  const std::size_t count = request.count;
  run(make_operation(topic, count, 1, std::make_shared<SendProgress>(std::move(ended))), std::move(request));
}

void ProducerClient::run(const std::shared_ptr<SendOperation>& operation, std::optional<EncodedBatch> only) {
  if (closed_) {
    // Later, since nobody expects the end of what has just begun.
    core_->post([operation] { operation->abort(producer_closed_failure()); });
    return;
  }
  running_.insert(operation);
  operation->start(std::move(only), [this, raw = operation.get()] {
    // If no handler runs any more, several senders' threads may come here at a time.
    if (!core_->ended()) running_.erase(raw->shared_from_this());
  });
}

void ProducerClient::close(std::chrono::milliseconds deadline) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  if (!closed_.exchange(true) && !core_->closing()) {
    const auto left = std::make_shared<std::promise<void>>();
    std::future<void> done = left->get_future();
    const auto time = std::min(unregister_time, deadline / 2);
    core_->post([this, left, time] {
      accumulator_.abort(end_failure());
      const auto running = running_;
      for (const auto& operation : running)
        operation->abort(end_failure());
      core_->heartbeats().unregister(group_, "", time, [left] { left->set_value(); });
    });
    (void)done.wait_for(time);
  }
  core_->close(time_left(until));
}

}  // namespace rocketmq::client
