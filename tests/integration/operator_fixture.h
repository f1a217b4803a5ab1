#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "integration/client_of.h"
#include "integration/consumer_fixture.h"
#include "rocketmq/consumer.h"
#include "rocketmq/producer.h"
#include "support/real_broker.h"

namespace rocketmq::test {

/// Collects what a client logs.
class LogCollector {
 public:
  [[nodiscard]] LogSink sink() {
    return [state = state_](LogLevel level, std::string_view line) {
      const std::lock_guard lock(state->mutex);
      if (level >= LogLevel::warning) state->lines.emplace_back(line);
    };
  }
  /// The warnings and errors that contain `part`.
  [[nodiscard]] std::vector<std::string> with(const std::string& part) const {
    const std::lock_guard lock(state_->mutex);
    std::vector<std::string> found;
    for (const std::string& line : state_->lines) {
      if (line.find(part) != std::string::npos) found.push_back(line);
    }
    return found;
  }
  [[nodiscard]] std::string text() const {
    std::string all;
    for (const std::string& line : with(""))
      all += line + '\n';
    return all;
  }

 private:
  struct State {
    std::mutex mutex;
    std::vector<std::string> lines;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

/// A consumer with a thread that handles what comes, as a job's handler thread does: bodies that begin with
/// "poison" fail, and while it is held no call of the handler returns.
class HandlingConsumer {
 public:
  explicit HandlingConsumer(ConsumerConfig config) {
    config.client.log = log.sink();
    consumer_ = Consumer::start(std::move(config));
    thread_ = std::thread([this] { work(); });
  }
  ~HandlingConsumer() { leave(); }
  HandlingConsumer(const HandlingConsumer&) = delete;
  HandlingConsumer& operator=(const HandlingConsumer&) = delete;

  void leave() {
    if (!thread_.joinable()) return;
    hold(false);
    stop_ = true;
    consumer_->interrupt();
    thread_.join();
    consumer_->close(seconds(5));
  }

  /// From now on the next call of the handler does not return until it is let go.
  void hold(bool on) {
    const std::lock_guard lock(mutex_);
    held_ = on;
    changed_.notify_all();
  }
  /// Whether a call of the handler is being held.
  [[nodiscard]] bool is_held() const {
    const std::lock_guard lock(mutex_);
    return inside_;
  }

  [[nodiscard]] const std::string& client_id() const { return consumer_->client_id(); }
  [[nodiscard]] ConsumerStatus status() const { return consumer_->status(); }
  [[nodiscard]] std::vector<Received> all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }
  [[nodiscard]] std::size_t count() const { return all().size(); }
  /// How often a body has come.
  [[nodiscard]] std::size_t times(const std::string& body) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::count_if(all_.begin(), all_.end(), [&](const Received& one) { return one.body == body; }));
  }

  LogCollector log;

 private:
  void work() {
    while (!stop_) {
      Delivery delivery = consumer_->poll(limits_until(milliseconds(500)));
      if (delivery.empty()) continue;
      const std::vector<Received> some = copy_of(delivery);
      {
        std::unique_lock lock(mutex_);
        all_.insert(all_.end(), some.begin(), some.end());
        inside_ = held_;
        changed_.wait(lock, [this] { return !held_; });
        inside_ = false;
      }
      for (std::size_t i = 0; i < some.size(); ++i) {
        if (some[i].body.starts_with("poison")) delivery.reject(std::span(&i, 1));
      }
      delivery.acknowledge();
    }
  }

  std::unique_ptr<Consumer> consumer_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Received> all_;
  bool held_ = false;
  bool inside_ = false;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

/// One broker, started by the first test of the program and shared by all its suites.
class OperatorTest : public testing::Test {
 protected:
  static RealBroker& cluster() {
    if (!cluster_) {
      static const testing::Environment* const at_the_end =
          testing::AddGlobalTestEnvironment(new StopsCluster());
      static_cast<void>(at_the_end);
      cluster_ = std::make_unique<RealBroker>();
    }
    return *cluster_;
  }

  /// A name that no other test uses.
  static std::string name(const std::string& what) {
    return std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + "_" + what;
  }

  static ConsumerConfig config(const std::string& topic, const std::string& group,
                               ConsumeFromWhere from = ConsumeFromWhere::first_offset) {
    ConsumerConfig config;
    config.client = client_of(cluster());
    config.group = group;
    config.subscriptions = {{topic}};
    config.consume_from_where = from;
    return config;
  }

  static std::unique_ptr<Producer> producer(const std::string& group = "sender") {
    ProducerConfig config;
    config.client = client_of(cluster());
    config.group = group;
    config.send_timeout_ms = patient_send_timeout_ms;
    return Producer::start(std::move(config));
  }

  /// One by one, so that every queue gets some.
  static void send_spread(const std::string& topic, const std::vector<std::string>& bodies) {
    const auto sender = producer();
    for (const std::string& body : bodies) {
      const std::string_view view = body;
      sender->send(topic, "", std::span(&view, 1));
    }
  }

  /// The group's progress is stored, and no consumer of it runs: the next one receives only what is new.
  static void expect_a_restart_repeats_nothing(const std::string& topic, const std::string& group) {
    send_spread(topic, {"last"});
    HandlingConsumer next(config(topic, group));
    ASSERT_TRUE(eventually([&] { return next.times("last") == 1; })) << next.log.text();
    EXPECT_EQ(next.count(), 1U);
  }

  static std::vector<std::string> numbered(const std::string& prefix, int count) {
    std::vector<std::string> bodies;
    for (int i = 0; i < count; ++i)
      bodies.push_back(prefix + std::to_string(i));
    return bodies;
  }

 private:
  static inline std::unique_ptr<RealBroker> cluster_;

  class StopsCluster : public testing::Environment {
   public:
    void TearDown() override { cluster_.reset(); }
  };
};

}  // namespace rocketmq::test
