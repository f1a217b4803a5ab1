#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/backoff.h"
#include "client/consumer/consumer_context.h"
#include "client/core/topic_route.h"
#include "transport/loop_timer.h"

namespace rocketmq::client {

/// Where a queue without a committed offset begins.
enum class StartFrom {
  end,    ///< Behind the last stored message.
  first,  ///< At the first stored message.
  time,   ///< At the first message that was stored at ConsumerContext::start_time_ms or later.
};

/// Finds out where an assigned queue begins: where the user says, or else where the group has come to, or, if
/// it has no offset there, where StartFrom says. That is stored first, so that a restart does not compute
/// another one. What fails is asked again after a pause, and what was found out before stays true. All
/// functions: loop.
class FirstOffset : public std::enable_shared_from_this<FirstOffset> {
 public:
  static constexpr Backoff::Options pauses{std::chrono::milliseconds(50), std::chrono::milliseconds(1000)};

  struct Handlers {
    std::function<void(std::int64_t offset)> found;      ///< Called once.
    std::function<void(const Failure& failure)> failed;  ///< It goes on trying.
  };

  FirstOffset(ConsumerContext& context, AssignedQueuePtr queue, StartFrom start_from, Handlers handlers);

  void start(std::chrono::milliseconds delay);
  /// No handler is called any more.
  void stop();
  /// Ends the present pause, once: a broker accepted our heartbeat, or a route changed.
  void retry_now();

 private:
  using Step = void (FirstOffset::*)();
  void ask_user();
  void ask_store();
  void ask_broker();
  void tell(const std::string& what) const;
  void ask_by_pull(const BrokerAddresses::value_type& server);
  void store();
  void on_answer(const Failure& failure, std::int64_t offset);
  void failed(const Failure& failure);
  void try_again(const Failure& failure);
  void found(std::int64_t offset);
  void take_step();
  void wait(std::chrono::milliseconds delay);

  ConsumerContext& context_;
  const AssignedQueuePtr queue_;
  const StartFrom start_from_;
  Handlers handlers_;
  transport::LoopTimer timer_;
  Backoff backoff_{pauses};
  Step step_ = &FirstOffset::ask_store;  // The one that is under way, or comes after the pause.
  std::int64_t offset_ = 0;              // To be stored.
  bool started_ = false;
  bool retried_now_ = false;
  bool stopped_ = false;
};

}  // namespace rocketmq::client
