#include "client/producer.h"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <utility>

#include "client/core/client_id.h"
#include "client/core/heartbeat.h"
#include "client/producer/producer_session.h"
#include "wire/heartbeat.h"
#include "wire/names.h"

namespace rocketmq {
namespace {

/// Taking leave is a courtesy: the brokers forget a producer by themselves.
constexpr std::chrono::milliseconds leave_time{1000};

void check_positive(int value, const char* name) {
  if (value > 0) return;
  throw Error(Errc::invalid_argument,
              std::string(name) + " must be greater than 0, not " + std::to_string(value));
}

/// A connection that died without a word would swallow one try after the other; nothing that a producer asks
/// is held by a broker, so what has been silent for longer than a try is dead.
std::chrono::milliseconds silence_limit(const ProducerConfig& config) {
  return std::chrono::milliseconds(config.send_timeout_ms) + std::chrono::seconds(1);
}

wire::UniqueIdGenerator::Identity make_identity() {
  wire::UniqueIdGenerator::Identity identity;
  const auto ip = client::local_ipv4();
  identity.ip.assign(ip.begin(), ip.end());
  identity.pid = static_cast<std::uint16_t>(getpid() & 0xFFFF);
  identity.hash = std::random_device{}();
  return identity;
}

}  // namespace

void Producer::Session::check(const ProducerConfig& config) {
  throw_if(wire::check_producer_group(wire::wrap_namespace(config.client.name_space, config.group)));
  check_positive(config.send_timeout_ms, "send_timeout_ms");
  check_positive(config.max_attempts, "max_attempts");
  check_positive(config.compress_over_bytes, "compress_over_bytes");
  check_positive(config.max_message_bytes, "max_message_bytes");
  if (config.compress_level < 1 || config.compress_level > 9) {
    throw Error(Errc::invalid_argument,
                "compress_level must be from 1 to 9, not " + std::to_string(config.compress_level));
  }
}

Failure client::producer_closed_failure() {
  return Failure{Errc::closed, "the producer is closed", std::nullopt};
}

bool Producer::Session::has_ended() {
  // What an exception has broken off may be what somebody waits for.
  if (core_->failed() && !core_->ended()) close(std::chrono::milliseconds(0));
  return core_->ended();
}

Failure Producer::Session::end_failure() const {
  if (!core_->failed()) return client::producer_closed_failure();
  return {Errc::client_failed,
          std::string(describe(Errc::client_failed)) +
              ", mostly for want of memory; its log names it, and the next send starts another client",
          std::nullopt};
}

Producer::Session::Session(ProducerConfig config)
    : config_(std::move(config)),
      core_(client::ClientCore::create(config_.client, true, silence_limit(config_))),
      group_(core_->wrap_name(config_.group)),
      ids_(make_identity()),
      shared_{*core_, {}, {}, client::QueueSelector(std::random_device{}() % 1024U), {}},
      linger_timer_(core_->context(), core_->strand()) {
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
void Producer::Session::on_heartbeat(const std::string& address, const Failure& failure) {
  if (failure.failed()) {
    silent_.insert(address);
    return;
  }
  if (silent_.erase(address) == 0) return;
  const auto running = running_;
  for (const auto& operation : running)
    operation->on_broker_back(address);
}

void Producer::Session::close(std::chrono::milliseconds deadline) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  if (!closed_.exchange(true) && !core_->closing()) {
    struct Leave {
      std::mutex mutex;
      std::condition_variable changed;
      bool done = false;
    };
    const auto leave = std::make_shared<Leave>();
    const auto time = std::min(leave_time, deadline / 2);
    core_->post([this, leave, time] {
      const auto running = running_;
      for (const auto& operation : running)
        operation->abort(end_failure());
      core_->heartbeats().unregister(group_, "", time, [leave] {
        const std::lock_guard lock(leave->mutex);
        leave->done = true;
        leave->changed.notify_all();
      });
    });
    std::unique_lock lock(leave->mutex);
    leave->changed.wait_for(lock, time, [&] { return leave->done; });
  }
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  core_->close(std::max(left, std::chrono::milliseconds(0)));
}

}  // namespace rocketmq
