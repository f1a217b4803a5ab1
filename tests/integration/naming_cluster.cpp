#include "integration/naming_cluster.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>

namespace rocketmq::test {
namespace {

std::unique_ptr<RealBroker> cluster;

class StopAtTheEnd : public testing::Environment {
 public:
  void TearDown() override { cluster.reset(); }
};

[[maybe_unused]] const auto* const stop_at_the_end = testing::AddGlobalTestEnvironment(new StopAtTheEnd);

}  // namespace

RealBroker& naming_cluster() {
  if (!cluster) {
    cluster = std::make_unique<RealBroker>(RealBroker::Options{
        .name_servers = 2, .extra = {"--set", "messageDelayLevel=1s 1s 1s 1s 1s 1s 1s 1s 1s"}});
  }
  return *cluster;
}

std::string admin_text(const std::vector<std::string>& arguments) {
  try {
    return naming_cluster().admin(arguments);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

std::string admin_until(const std::vector<std::string>& arguments, const std::vector<std::string>& words) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  for (;;) {
    std::string text = admin_text(arguments);
    const bool all = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
      return text.find(word) != std::string::npos;
    });
    if (all || std::chrono::steady_clock::now() > deadline) return text;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
}

ProducerConfig named_producer(const std::string& group) {
  ProducerConfig config;
  config.client.name_server_addresses = naming_cluster().name_servers();
  config.client.connect_timeout_ms = 10'000;
  config.group = group;
  return config;
}

ConsumerConfig named_consumer(const std::string& group, const std::string& topic) {
  ConsumerConfig config;
  config.client.name_server_addresses = naming_cluster().name_servers();
  config.client.connect_timeout_ms = 10'000;
  config.group = group;
  config.subscriptions = {{topic}};
  config.consume_from_where = ConsumeFromWhere::first_offset;
  return config;
}

void send_one(Producer& producer, std::string_view topic, std::string_view body) {
  const std::string_view bodies[] = {body};
  producer.send(topic, "", bodies);
}

}  // namespace rocketmq::test
