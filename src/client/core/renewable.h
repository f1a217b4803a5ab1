#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"

namespace rocketmq::client {

/// The session of a client, and another one in its place when it has failed inside: an exception, mostly
/// because memory ran out, has broken off something that nothing would resume, so that a queue might stand
/// still or a broker hear of us no more. What the first one left undone is delivered, or has failed, again.
///
/// A session has `failed()`, `start()`, `close(deadline)`, `client_id()` and `instance_name()`. Thread-safe.
template <class Session, class Config>
class Renewable {
 public:
  /// What the close_time of a failed session may take.
  static constexpr std::chrono::seconds close_time{3};

  /// Starts the first session. Throws what that throws.
  explicit Renewable(Config config)
      : config_(std::move(config)), session_(make()), client_id_(session_->client_id()) {
    // So that brokers, operators and the other members of a group meet the same client again.
    config_.client.default_instance_name = session_->instance_name();
  }

  [[nodiscard]] std::shared_ptr<Session> current() const {
    const std::lock_guard lock(mutex_);
    return session_;
  }

  /// The session to work with. Throws what the start of another one throws; the next call tries again.
  [[nodiscard]] std::shared_ptr<Session> usable() {
    auto session = current();
    if (!session->failed() || ended_) return session;
    const std::lock_guard lock(renewal_);
    session = current();  // Somebody else may have been quicker.
    if (!session->failed() || ended_) return session;
    tell("the client is made anew, because an exception broke off its work");
    session->close(close_time);
    auto next = make();
    {
      const std::lock_guard session_lock(mutex_);
      session_ = next;
    }
    // The thread that ends it either finds the new session, or is found here.
    if (ended_) next->close(std::chrono::milliseconds(0));
    return next;
  }

  /// From now on no session follows another. Gives the last one, to be closed.
  [[nodiscard]] std::shared_ptr<Session> end() {
    ended_ = true;
    return current();
  }

  /// Of all sessions.
  [[nodiscard]] const std::string& client_id() const noexcept { return client_id_; }

 private:
  [[nodiscard]] std::shared_ptr<Session> make() const {
    auto session = std::make_shared<Session>(config_);
    session->start();
    return session;
  }

  void tell(std::string_view line) const {
    if (config_.client.log) config_.client.log(LogLevel::warning, line);
  }

  Config config_;
  std::atomic<bool> ended_{false};
  std::mutex renewal_;        // Held while a thread makes the next session.
  mutable std::mutex mutex_;  // Threads that use the client meet the one that makes the next session here.
  std::shared_ptr<Session> session_;  // Guarded by mutex_.
  const std::string client_id_;
};

}  // namespace rocketmq::client
