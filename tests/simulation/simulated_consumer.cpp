#include "simulation/simulated_consumer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "client/consumer/decode_rows.h"
#include "client/consumer/offset_store_remote.h"
#include "simulation/virtual_time.h"
#include "wire/names.h"
#include "wire/subscription.h"

namespace rocketmq::simulation {

using std::chrono::milliseconds;

SimulatedConsumer::SimulatedConsumer(const std::string& name, ConsumerConfig config, LogSink log)
    : client_(name, log), config_(std::move(config)) {
  context_.core = client_.core_ptr();
  context_.on_notice = config_.on_notice;
  context_.group = config_.group;
  wire::SubscriptionData subscription;
  subscription.topic = config_.subscriptions.front().topic;
  context_.retry_topic = wire::retry_topic(config_.group);
  context_.topics = {client::subscribe(std::move(subscription)),
                     client::subscribe_to_retries(context_.retry_topic, 0)};
  context_.queues = std::make_shared<client::AssignedQueues>(
      client::AssignedQueues::Limits{config_.max_cached_messages, config_.max_cached_bytes});
  context_.store = std::make_unique<client::RemoteOffsetStore>(*context_.core, context_.group);
  loop_ = std::make_unique<client::ConsumerLoop>(context_, config_);
  loop_->set_handlers();
  context_.queues->set_wake([loop = loop_.get()] { loop->wake(); });
}

SimulatedConsumer::~SimulatedConsumer() {
  kill();
}

void SimulatedConsumer::start() {
  client_.start([this] { loop_->start([](const Failure&) {}); });
}

SimulatedConsumer::DeliveryPtr SimulatedConsumer::poll(std::size_t max_rows) {
  client::AssignedQueues::Wanted wanted;
  wanted.max_messages = max_rows;
  wanted.max_bytes = config_.max_cached_bytes;
  // The deadline has passed: only what is ready is taken.
  std::vector<client::DeliveryPart> parts = context_.queues->poll(wanted, {});
  if (parts.empty()) return nullptr;
  auto delivery = std::make_unique<Delivery::Impl>(context_.queues, config_.max_reconsume_times.has_value());
  client::DecodeOptions options;
  options.max_rows = max_rows;
  options.max_bytes = config_.max_cached_bytes;
  options.unwrap_topic = [](std::string_view topic) { return std::string(topic); };
  for (client::DeliveryPart& part : parts) {
    delivery->parts().push_back(std::move(part));
    context_.queues->decoded(delivery->parts().back(),
                             client::decode_rows(*delivery, delivery->parts().size() - 1, options));
  }
  if (!delivery->rows().empty()) return delivery;
  delivery->acknowledge();
  return nullptr;
}

void SimulatedConsumer::seek(std::int64_t time_ms) {
  context_.core->post([loop = loop_.get(), time_ms] {
    loop->seek({.kind = SeekTarget::Kind::time, .time_ms = time_ms, .offsets = {}},
               [](const Failure&, const std::vector<SeekResult>&) {});
  });
}

void SimulatedConsumer::close(milliseconds deadline, std::function<void(bool)> done) {
  deadline_ = VirtualTime::now() + deadline;
  closed_ = std::move(done);
  context_.queues->interrupt();
  context_.core->post([loop = loop_.get()] { loop->stop_receiving(); });
  VirtualTime::after(deadline, [this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) end(false);
  });
  wait_for_deliveries();
}

void SimulatedConsumer::wait_for_deliveries() {
  const auto left = std::chrono::duration_cast<milliseconds>(deadline_ - VirtualTime::now());
  const milliseconds reserve = std::min(left / 3, milliseconds(1000));
  if (context_.queues->wait_until_idle({}) || left <= reserve + milliseconds(10)) {
    unregister();
    return;
  }
  VirtualTime::after(milliseconds(10), [this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired() && closed_) wait_for_deliveries();
  });
}

void SimulatedConsumer::unregister() {
  const auto left = std::chrono::duration_cast<milliseconds>(deadline_ - VirtualTime::now());
  context_.core->post([this, left] {
    loop_->unregister(left, [this] {
      // Not on the strand, which is about to be closed.
      VirtualTime::after({}, [this, alive = std::weak_ptr(alive_)] {
        if (!alive.expired()) end(true);
      });
    });
  });
}

void SimulatedConsumer::end(bool in_order) {
  if (!closed_) return;
  const auto done = std::exchange(closed_, nullptr);
  context_.queues->set_wake({});
  context_.core->close({});
  done(in_order);
}

void SimulatedConsumer::kill() {
  *alive_ = false;
  closed_ = nullptr;
  context_.queues->set_wake({});
  context_.core->close({});
}

}  // namespace rocketmq::simulation
