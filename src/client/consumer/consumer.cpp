#include "rocketmq/consumer.h"

#include <memory>
#include <utility>

#include "base/guarded.h"
#include "client/consumer/consumer_client.h"
#include "client/core/restarting_client.h"

namespace rocketmq {

Delivery::Delivery() = default;
Delivery::Delivery(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Delivery::~Delivery() = default;
Delivery::Delivery(Delivery&&) noexcept = default;
Delivery& Delivery::operator=(Delivery&&) noexcept = default;

std::size_t Delivery::size() const noexcept {
  return impl_ ? impl_->rows().size() : 0;
}

std::size_t Delivery::bytes() const noexcept {
  return impl_ ? impl_->bytes() : 0;
}

const ReceivedMessage& Delivery::operator[](std::size_t index) const noexcept {
  return impl_->rows()[index];
}

std::span<const ReceivedMessage> Delivery::messages() const noexcept {
  return impl_ ? std::span<const ReceivedMessage>(impl_->rows()) : std::span<const ReceivedMessage>();
}

void Delivery::reject(std::span<const std::size_t> indexes) {
  if (!impl_) return;
  for (const std::size_t index : indexes)
    impl_->reject(index, false);
}

void Delivery::reject_for_good(std::span<const std::size_t> indexes) {
  if (!impl_) return;
  for (const std::size_t index : indexes)
    impl_->reject(index, true);
}

std::size_t Delivery::queue_end(std::size_t index) const noexcept {
  return impl_ ? impl_->queue_end(index) : 0;
}

void Delivery::postpone(std::size_t index, std::chrono::milliseconds first_pause) {
  if (impl_) impl_->postpone(index, first_pause);
}

bool Delivery::is_postponed(std::size_t index) const noexcept {
  return impl_ && impl_->is_postponed(index);
}

bool Delivery::is_repeated() const noexcept {
  return impl_ && impl_->is_repeated();
}

void Delivery::acknowledge() {
  if (!impl_) return;
  impl_->acknowledge();
  impl_.reset();
}

void Delivery::acknowledge_first(std::size_t rows) {
  if (!impl_) return;
  impl_->acknowledge_first(rows);
  impl_.reset();
}

class Consumer::Impl : public client::RestartingClient<client::ConsumerClient, ConsumerConfig> {
  using RestartingClient::RestartingClient;
};

Consumer::Consumer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

std::unique_ptr<Consumer> Consumer::start(ConsumerConfig config) {
  return std::unique_ptr<Consumer>(new Consumer(std::make_shared<Impl>(std::move(config))));
}

Consumer::~Consumer() {
  // What breaks off here the client's own destructor tries again.
  if (impl_) (void)guarded([this] { close(std::chrono::milliseconds(3000)); }, [](const char*) {});
}

Delivery Consumer::poll(const PollLimits& limits) {
  return Delivery(impl_->usable()->poll(limits));
}

void Consumer::interrupt() {
  impl_->end()->interrupt();
}

void Consumer::close(std::chrono::milliseconds deadline) {
  impl_->end()->close(deadline);
}

std::vector<SeekResult> Consumer::seek(const SeekTarget& target, std::chrono::milliseconds deadline) {
  return impl_->usable()->seek(target, deadline);
}

void Consumer::commit(std::chrono::milliseconds deadline) {
  impl_->usable()->commit(deadline);
}

void Consumer::rewind(std::chrono::milliseconds deadline) {
  impl_->usable()->rewind(deadline);
}

ConsumerStatus Consumer::status() const {
  return impl_->current()->status();
}

const std::string& Consumer::client_id() const noexcept {
  return impl_->client_id();
}

}  // namespace rocketmq
