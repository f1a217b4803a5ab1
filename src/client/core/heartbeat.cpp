#include "client/core/heartbeat.h"

#include <utility>

#include "client/core/client_core.h"
#include "client/core/route_table.h"
#include "wire/heartbeat.h"

namespace rocketmq::client {

Heartbeats::Heartbeats(ClientCore& core)
    : core_(core), timer_(core.loop()), retry_timer_(core.loop()), leave_timer_(core.loop()) {}

Heartbeats::~Heartbeats() = default;

void Heartbeats::set_source(std::function<wire::HeartbeatData()> source, bool slaves_too) {
  source_ = std::move(source);
  slaves_too_ = slaves_too;
}

void Heartbeats::set_result_handler(ResultHandler handler) {
  result_handler_ = std::move(handler);
}

void Heartbeats::start() {
  beat_later();
}

void Heartbeats::beat_later() {
  if (closed_) return;
  timer_.start(interval, [this] {
    send_now();
    beat_later();
  });
}

void Heartbeats::retry_later() {
  if (closed_ || retry_timer_.pending()) return;
  retry_timer_.start(retry_interval, [this] { beat_unknown(); });
}

void Heartbeats::beat_unknown() {
  for (const auto& address : targets()) {
    const auto state = states_.find(address);
    if (state == states_.end() || state->second == State::unknown) beat(address, nullptr);
  }
}

void Heartbeats::send_now() {
  for (const auto& address : targets())
    beat(address, nullptr);
}

void Heartbeats::send_to(const std::string& address, std::function<void(const Failure&)> done) {
  beat(address, std::move(done));
}

bool Heartbeats::known_to(const std::string& address) const {
  const auto state = states_.find(address);
  return state != states_.end() && state->second == State::known;
}

bool Heartbeats::is_introducing_to(const std::string& address) const {
  const auto state = states_.find(address);
  return state != states_.end() && state->second == State::pending;
}

std::set<std::string> Heartbeats::targets() const {
  std::set<std::string> result;
  for (const auto& [name, addresses] : core_.routes().brokers()) {
    for (const auto& [id, address] : addresses) {
      if (id == master_id || slaves_too_) result.insert(address);
    }
  }
  return result;
}

void Heartbeats::beat(const std::string& address, std::function<void(const Failure&)> done) {
  if (closed_ || !source_) {
    if (done) {
      core_.post([done = std::move(done)] {
        done(Failure{Errc::closed, describe(Errc::closed), std::nullopt});
      });
    }
    return;
  }
  auto& state = states_[address];
  if (state == State::unknown) state = State::pending;
  core_.request(
      address, wire::HeartbeatRequest{}.to_command(),
      std::make_shared<const std::string>(source_().encode_body()), request_timeout,
      [this, address, done = std::move(done)](const Failure& transport, const wire::ReceivedCommand& reply) {
        const Failure failure = failure_of(transport, reply, address, "the heartbeat");
        if (closed_) {
          if (done) done(failure);
          return;
        }
        State& told = states_[address];
        const bool first = !failure.failed() && told != State::known;
        told = failure.failed() ? State::unknown : State::known;
        if (failure.failed()) {
          if (!failing_.contains(address) &&
              core_.log_limited(limiter_, LogLevel::warning,
                                "No heartbeat to broker " + address + ": " + to_string(failure))) {
            failing_.insert(address);
          }
          retry_later();
        } else if (failing_.erase(address) != 0) {
          core_.log_limited(limiter_, LogLevel::info, "Broker " + address + " accepts heartbeats again");
        }
        if (done) done(failure);
        if (result_handler_) result_handler_(address, failure, first);
      });
}

void Heartbeats::on_disconnect(const std::string& address) {
  const auto state = states_.find(address);
  if (closed_ || state == states_.end()) return;
  if (targets().count(address) == 0) {
    states_.erase(state);
    failing_.erase(address);
    return;
  }
  if (state->second == State::pending) return;  // Its own failure is on its way.
  state->second = State::unknown;
  beat(address, nullptr);
}

void Heartbeats::on_routes_changed() {
  if (!closed_) beat_unknown();
}

void Heartbeats::unregister(const std::string& producer_group, const std::string& consumer_group,
                            std::chrono::milliseconds deadline, std::function<void()> done) {
  closed_ = true;
  timer_.cancel();
  retry_timer_.cancel();
  const auto open = std::make_shared<std::size_t>(0);
  const auto ended = std::make_shared<std::function<void()>>(std::move(done));
  const auto end = [this, ended] {
    leave_timer_.cancel();
    if (*ended) std::exchange(*ended, nullptr)();
  };
  for (const auto& [address, state] : states_) {
    if (state != State::unknown) ++*open;
  }
  if (*open == 0) {
    core_.post(end);
    return;
  }
  leave_timer_.start(deadline, end);
  wire::UnregisterClientRequest request;
  request.client_id = core_.client_id();
  request.producer_group = producer_group;
  request.consumer_group = consumer_group;
  for (const auto& [address, state] : states_) {
    if (state == State::unknown) continue;
    core_.request(
        address, request.to_command(), nullptr, deadline,
        [this, address = address, open, end](const Failure& transport, const wire::ReceivedCommand& reply) {
          const Failure failure = failure_of(transport, reply, address, "taking leave");
          if (failure.failed()) {
            core_.log(LogLevel::warning, "Broker " + address + " was left without its consent: " +
                                             to_string(failure) + "; it forgets us by itself");
          }
          if (--*open == 0) end();
        });
  }
}

void Heartbeats::close() {
  closed_ = true;
  timer_.cancel();
  retry_timer_.cancel();
  leave_timer_.cancel();
}

}  // namespace rocketmq::client
