#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "integration/client_of.h"
#include "integration/consumer_fixture.h"
#include "support/host_process.h"

namespace rocketmq::test {

/// Scripts in processes of their own, and a broker for them.
class ProcessFixture : public testing::Test {
 protected:
  static void SetUpTestSuite() { cluster_ = std::make_unique<RealBroker>(); }
  static void TearDownTestSuite() { cluster_.reset(); }
  static RealBroker& cluster() { return *cluster_; }

  static std::string name(const std::string& what) {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    return std::string(info->name()) + "_" + what;
  }

  static std::unique_ptr<HostProcess> host(const std::string& script,
                                           const std::vector<std::string>& arguments = {}) {
    const std::string start = R"(
loadPlugin("RocketMQ")
go
namesrv = getEnv("ROCKETMQ_NAMESRV")
def appendData(table1, data){ table1.append!(data) }
def waitForRows(table1, rows){
    for(i in 0:6000){
        if(size(table1) >= rows) break
        sleep(20)
    }
    return size(table1)
}
)";
    return std::make_unique<HostProcess>(ROCKETMQ_HOST, cluster().name_servers(), start + script, arguments);
  }

  static std::unique_ptr<Producer> producer() {
    ProducerConfig config;
    config.client = client_of(cluster());
    config.group = "sender";
    config.send_timeout_ms = patient_send_timeout_ms;
    return Producer::start(std::move(config));
  }

  static void send(Producer& producer, const std::string& topic, const std::vector<std::string>& bodies) {
    producer.send(topic, "", std::vector<std::string_view>(bodies.begin(), bodies.end()));
  }

  static std::vector<std::string> numbered(int count) {
    std::vector<std::string> bodies;
    for (int i = 0; i < count; ++i)
      bodies.push_back("m" + std::to_string(i));
    return bodies;
  }

 private:
  static inline std::unique_ptr<RealBroker> cluster_;
};

}  // namespace rocketmq::test
