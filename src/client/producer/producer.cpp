#include "rocketmq/producer.h"

#include <memory>
#include <utility>

#include "client/core/restarting_client.h"
#include "client/producer/producer_check.h"
#include "client/producer/producer_client.h"

namespace rocketmq {

class Producer::Impl : public client::RestartingClient<client::ProducerClient, ProducerConfig> {
  using RestartingClient::RestartingClient;
};

Producer::Producer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Producer::~Producer() = default;

std::unique_ptr<Producer> Producer::start(ProducerConfig config) {
  client::check_producer_config(config);
  return std::unique_ptr<Producer>(new Producer(std::make_unique<Impl>(std::move(config))));
}

void Producer::send(std::string_view topic, std::string_view tag, std::span<const std::string_view> bodies) {
  send(topic, {.bodies = bodies, .tags = {&tag, 1}});
}

void Producer::send(std::string_view topic, const OutgoingMessages& messages,
                    const IsCancelled& is_cancelled) {
  impl_->usable()->send(topic, messages, is_cancelled);
}

void Producer::close(std::chrono::milliseconds deadline) {
  impl_->end()->close(deadline);
}

std::uint64_t Producer::retries() const noexcept {
  return impl_->current()->retries();
}

const std::string& Producer::client_id() const noexcept {
  return impl_->client_id();
}

}  // namespace rocketmq
