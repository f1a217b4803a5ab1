#include "client/producer/timer_support.h"

#include <chrono>
#include <memory>
#include <utility>

#include "wire/broker_config.h"

namespace rocketmq::client {

namespace {

constexpr std::chrono::milliseconds timeout{3000};
constexpr std::int32_t version_5_0_0 = 413;  // Source: MQVersion.

Failure failure_of_reply(const std::string& address, const wire::ReceivedCommand& reply) {
  const std::string broker = "the broker at " + address;
  if (reply.header.version < version_5_0_0) {
    return {Errc::invalid_argument,
            broker +
                " is older than 5.0 and has no timers, so it would deliver the message at once; use a "
                "delay level (delayTimeLevel)",
            std::nullopt};
  }
  if (reply.header.code == 0 && wire::setting(reply.body.view, "timerWheelEnable") == "false") {
    return {Errc::invalid_argument,
            broker +
                " has its timers switched off (timerWheelEnable=false); use a delay level "
                "(delayTimeLevel)",
            std::nullopt};
  }
  return {};
}

}  // namespace

void TimerSupport::check(const TopicRoute& route, std::function<void(const Failure&)> done) {
  struct Asked {
    std::size_t open = 1;
    Failure failure;
    std::function<void(const Failure&)> done;
    void one_less() {
      if (--open == 0) done(failure);
    }
  };
  const auto asked = std::make_shared<Asked>();
  asked->done = std::move(done);
  std::set<std::string> addresses;
  for (const MessageQueue& queue : route.publish_queues) {
    const std::string* const address = route.master_address(route.holder(queue));
    if (address != nullptr && !have_it_.contains(*address)) addresses.insert(*address);
  }
  for (const std::string& address : addresses) {
    ++asked->open;
    core_.request(address, wire::GetBrokerConfigRequest{}.to_command(), nullptr, timeout,
                  [this, asked, address](const Failure& transport, const wire::ReceivedCommand& reply) {
                    if (!transport.failed()) {
                      const Failure failure = failure_of_reply(address, reply);
                      if (failure.failed()) {
                        asked->failure = failure;
                      } else {
                        have_it_.insert(address);
                      }
                    }
                    asked->one_less();
                  });
  }
  core_.post([asked] { asked->one_less(); });
}

}  // namespace rocketmq::client
