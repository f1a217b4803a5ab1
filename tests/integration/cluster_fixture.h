#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "client/consumer/offset_file.h"
#include "integration/client_of.h"
#include "integration/consumer_fixture.h"

namespace rocketmq::test {

class TemporaryDirectory {
 public:
  TemporaryDirectory() : path_((std::filesystem::temp_directory_path() / "cluster-test-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary directory");
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

/// Sends 20 numbered messages a step from a thread of its own, until it is stopped. What fails is sent again
/// under another number, so all that counts was acknowledged.
class SteadySender {
 public:
  SteadySender(const RealBroker& cluster, std::string topic, std::string prefix = "m")
      : topic_(std::move(topic)), prefix_(std::move(prefix)) {
    ProducerConfig config;
    config.client = client_of(cluster);
    config.group = "steady";
    producer_ = Producer::start(std::move(config));
    thread_ = std::thread([this] { run(); });
  }
  ~SteadySender() { (void)stop(); }
  SteadySender(const SteadySender&) = delete;
  SteadySender& operator=(const SteadySender&) = delete;

  [[nodiscard]] std::size_t sent() const noexcept { return count_; }
  /// Everything that was acknowledged.
  [[nodiscard]] std::set<std::string> stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    return bodies_;
  }
  /// How many sends failed; what they held may have been stored all the same.
  [[nodiscard]] int failures() const noexcept { return failures_; }

 private:
  void run() {
    for (int number = 0; !stop_;) {
      std::vector<std::string> bodies;
      for (int i = 0; i < 20; ++i)
        bodies.push_back(prefix_ + std::to_string(number++));
      const std::vector<std::string_view> views(bodies.begin(), bodies.end());
      try {
        producer_->send(topic_, "", views);
        bodies_.insert(bodies.begin(), bodies.end());
        count_ += bodies.size();
      } catch (const Error&) {
        ++failures_;
      }
      std::this_thread::sleep_for(milliseconds(10));
    }
  }

  const std::string topic_;
  const std::string prefix_;
  std::unique_ptr<Producer> producer_;
  std::atomic<bool> stop_{false};
  std::atomic<std::size_t> count_{0};
  std::atomic<int> failures_{0};
  std::set<std::string> bodies_;
  std::thread thread_;
};

/// A cluster for the tests of a suite, and what they do with it.
class ClusterFixture : public testing::Test {
 protected:
  static void start_cluster(const RealBroker::Options& options) {
    cluster_ = std::make_unique<RealBroker>(options);
  }
  static void stop_cluster() { cluster_.reset(); }
  static RealBroker& cluster() { return *cluster_; }

  /// A name that no other test uses.
  static std::string name(const std::string& what) {
    const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
    return test.substr(0, 80) + "_" + what;
  }

  static std::map<std::string, std::string> child_options(const std::string& topic,
                                                          const std::string& group) {
    return {{"namesrv", cluster().name_servers()}, {"topic", topic}, {"group", group}, {"from", "first"}};
  }

  static ConsumerConfig config(const std::string& topic, const std::string& group,
                               ConsumeFromWhere from = ConsumeFromWhere::first_offset) {
    ConsumerConfig config;
    config.client = client_of(cluster());
    config.client.log = [](LogLevel level, std::string_view line) {
      if (level >= LogLevel::info) std::fprintf(stderr, "  [log] %.*s\n", int(line.size()), line.data());
    };
    config.group = group;
    config.subscriptions = {{topic}};
    config.consume_from_where = from;
    return config;
  }

  static std::unique_ptr<Producer> producer() {
    ProducerConfig config;
    config.client = client_of(cluster());
    config.group = "sender";
    config.send_timeout_ms = patient_send_timeout_ms;
    return Producer::start(std::move(config));
  }

  static void send(const std::string& topic, const std::vector<std::string>& bodies) {
    producer()->send(topic, "", std::vector<std::string_view>(bodies.begin(), bodies.end()));
  }

  /// In many small sends, so that every queue gets some.
  static void send_spread(const std::string& topic, const std::vector<std::string>& bodies) {
    const auto sender = producer();
    const std::vector<std::string_view> views(bodies.begin(), bodies.end());
    constexpr std::size_t step = 20;
    for (std::size_t i = 0; i < views.size(); i += step)
      sender->send(topic, "", std::span(views).subspan(i, std::min(step, views.size() - i)));
  }

  static std::vector<std::string> numbered(const std::string& prefix, int count) {
    std::vector<std::string> bodies;
    for (int i = 0; i < count; ++i)
      bodies.push_back(prefix + std::to_string(i));
    return bodies;
  }

  /// Of an offset file: how many messages its consumer has done, where all queues began at 0. -1 where it
  /// cannot be read.
  static std::int64_t sum_of_offsets(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    client::QueueOffsets offsets;
    if (client::decode_offsets(text.str(), offsets) != Errc::ok) return -1;
    std::int64_t sum = 0;
    for (const auto& [queue, offset] : offsets)
      sum += offset;
    return sum;
  }

 private:
  static inline std::unique_ptr<RealBroker> cluster_;
};

}  // namespace rocketmq::test
