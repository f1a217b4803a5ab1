#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>

#include "client/consumer/consumer_context.h"
#include "client/consumer/direct_message.h"
#include "client/core/strand_timer.h"
#include "wire/frame.h"

namespace rocketmq::client {

/// Requests 309 from an operator: offers their messages to the takers and sees to it that each is answered in
/// time, whatever the takers do. All functions: strand.
class DirectRequests {
 public:
  /// A broker waits 10 s for us; the operator shall read our words and not the broker's.
  static constexpr std::chrono::milliseconds patience{9000};

  explicit DirectRequests(ConsumerContext& context);
  /// Once the client's threads have ended. Messages that takers still have are answered no more.
  ~DirectRequests();
  DirectRequests(const DirectRequests&) = delete;
  DirectRequests& operator=(const DirectRequests&) = delete;

  void add(const std::string& address, const wire::ReceivedCommand& request,
           const transport::Responder& respond);

  /// The connections are about to close: whoever is not answered by then will not be.
  void stop();

 private:
  struct Open {
    std::weak_ptr<DirectMessage> message;  // Gone once it was dealt with, and its body with it.
    std::shared_ptr<WayBack> way_back;
    std::chrono::steady_clock::time_point deadline;
  };
  void wait();
  void expire();

  ConsumerContext& context_;
  StrandTimer timer_;
  bool stopped_ = false;
  std::deque<Open> open_;  // In the order of their deadlines.
};

}  // namespace rocketmq::client
