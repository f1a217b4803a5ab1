#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "rocketmq/consumer.h"
#include "rocketmq/producer.h"
#include "support/real_broker.h"
#include "support/sanitizer_cost.h"

namespace rocketmq::test {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

/// A message that outlives its delivery.
struct Received {
  std::string topic;
  std::string queue;  ///< broker:queue id
  std::int64_t offset = 0;
  std::string body;
  std::string tag;
  std::string message_id;
  int reconsume_times = 0;
};

inline std::vector<Received> copy_of(const Delivery& delivery) {
  std::vector<Received> out;
  for (std::size_t i = 0; i < delivery.size(); ++i) {
    const ReceivedMessage& row = delivery[i];
    out.push_back({std::string(row.topic), std::string(row.broker_name) + ':' + std::to_string(row.queue_id),
                   row.queue_offset, std::string(as_text(row.body)), std::string(row.tag),
                   std::string(row.message_id), row.reconsume_times});
  }
  return out;
}

inline PollLimits limits_until(milliseconds wait) {
  PollLimits limits;
  limits.deadline = steady_clock::now() + wait;
  return limits;
}

/// Takes and acknowledges until `count` messages came, or nothing came for `patience`.
inline std::vector<Received> receive(Consumer& consumer, std::size_t count,
                                     milliseconds patience = seconds(20)) {
  std::vector<Received> all;
  patience *= time_factor;
  auto deadline = steady_clock::now() + patience;
  while (all.size() < count && steady_clock::now() < deadline) {
    Delivery delivery = consumer.poll(limits_until(milliseconds(500)));
    if (delivery.empty()) continue;
    const std::vector<Received> some = copy_of(delivery);
    all.insert(all.end(), some.begin(), some.end());
    delivery.acknowledge();
    deadline = steady_clock::now() + patience;
  }
  return all;
}

/// A consumer with a thread that takes and acknowledges everything.
class RunningConsumer {
 public:
  explicit RunningConsumer(ConsumerConfig config) : consumer_(Consumer::start(std::move(config))) {
    thread_ = std::thread([this] {
      while (!stop_) {
        Delivery delivery = consumer_->poll(limits_until(milliseconds(500)));
        if (delivery.empty()) continue;
        const std::vector<Received> some = copy_of(delivery);
        delivery.acknowledge();  // What is counted is done.
        const std::lock_guard lock(mutex_);
        all_.insert(all_.end(), some.begin(), some.end());
      }
    });
  }
  ~RunningConsumer() { leave(); }
  RunningConsumer(const RunningConsumer&) = delete;
  RunningConsumer& operator=(const RunningConsumer&) = delete;

  void leave() {
    if (!thread_.joinable()) return;
    stop_ = true;
    consumer_->interrupt();
    thread_.join();
    consumer_->close(seconds(5));
  }
  [[nodiscard]] Consumer& consumer() { return *consumer_; }
  [[nodiscard]] std::vector<Received> all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }
  [[nodiscard]] std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return all_.size();
  }

 private:
  std::unique_ptr<Consumer> consumer_;
  mutable std::mutex mutex_;
  std::vector<Received> all_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

inline bool eventually(const std::function<bool()>& condition, milliseconds patience = seconds(90)) {
  const auto deadline = steady_clock::now() + patience * time_factor;
  while (!condition()) {
    if (steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(milliseconds(20));
  }
  return true;
}

inline std::set<std::string> bodies_of(const std::vector<Received>& messages) {
  std::set<std::string> out;
  for (const Received& message : messages)
    out.insert(message.body);
  return out;
}

/// Fails where two messages of a queue are not in order of their offsets.
inline void expect_order_within_queues(const std::vector<Received>& messages) {
  std::map<std::string, std::int64_t> last;
  for (const Received& message : messages) {
    const auto [found, fresh] = last.try_emplace(message.queue, message.offset);
    if (fresh) continue;
    ASSERT_LT(found->second, message.offset) << message.queue;
    found->second = message.offset;
  }
}

}  // namespace rocketmq::test
