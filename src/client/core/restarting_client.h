#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "rocketmq/log.h"

namespace rocketmq::client {

/// Holds a client, and starts another one in its place when it has failed inside. It fails when an exception,
/// mostly because memory ran out, breaks off some of its work: nothing would resume that, so a queue might
/// stand still or a broker hear nothing of us. What the first one left undone is delivered, or has failed,
/// again.
///
/// A client has `failed()`, `start()`, `close(deadline)`, `client_id()` and `instance_name()`. Thread-safe.
template <class Client, class Config>
class RestartingClient {
 public:
  /// The time that closing a failed client may take.
  static constexpr std::chrono::seconds close_time{3};

  /// Starts the first client. Throws what that throws.
  explicit RestartingClient(Config config)
      : config_(std::move(config)), client_(make()), client_id_(client_->client_id()) {
    // So that brokers, operators and the other members of a group meet the same client again.
    config_.client.default_instance_name = client_->instance_name();
  }

  [[nodiscard]] std::shared_ptr<Client> current() const {
    const std::lock_guard lock(mutex_);
    return client_;
  }

  /// The client to work with. Throws what the start of another one throws; the next call tries again.
  [[nodiscard]] std::shared_ptr<Client> usable() {
    auto client = current();
    if (!client->failed() || ended_) return client;
    const std::lock_guard lock(restart_);
    client = current();  // Another thread may have been quicker.
    if (!client->failed() || ended_) return client;
    tell("an exception broke off the client's work, so another client is started in its place");
    client->close(close_time);
    auto next = make();
    {
      const std::lock_guard client_lock(mutex_);
      client_ = next;
    }
    // The thread that ends it either finds the new client, or is found here.
    if (ended_) next->close(std::chrono::milliseconds(0));
    return next;
  }

  /// From now on no client follows another. Gives the last one, to be closed.
  [[nodiscard]] std::shared_ptr<Client> end() {
    ended_ = true;
    return current();
  }

  /// Of all clients.
  [[nodiscard]] const std::string& client_id() const noexcept { return client_id_; }

 private:
  [[nodiscard]] std::shared_ptr<Client> make() const {
    auto client = std::make_shared<Client>(config_);
    client->start();
    return client;
  }

  void tell(std::string_view line) const {
    if (config_.client.log) config_.client.log(LogLevel::warning, line);
  }

  Config config_;
  std::atomic<bool> ended_{false};
  std::mutex restart_;              // Held while a thread starts the next client.
  mutable std::mutex mutex_;        // Threads that use the client meet the one that starts the next here.
  std::shared_ptr<Client> client_;  // Guarded by mutex_.
  const std::string client_id_;
};

}  // namespace rocketmq::client
