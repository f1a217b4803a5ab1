#pragma once

#include <string>
#include <vector>

#include "rocketmq/consumer.h"
#include "rocketmq/producer.h"
#include "support/real_broker.h"

namespace rocketmq::test {

/// The cluster that all tests of this program share: two name servers, and a broker whose delays between
/// deliveries of a failed message are a second each. Started by the first test, stopped after the last one.
[[nodiscard]] RealBroker& naming_cluster();

/// What mqadmin prints, or what it says where it fails: a group that is not there yet is one of its failures.
[[nodiscard]] std::string admin_text(const std::vector<std::string>& arguments);

/// Asks mqadmin until its answer holds all of the words; gives the last answer.
[[nodiscard]] std::string admin_until(const std::vector<std::string>& arguments,
                                      const std::vector<std::string>& words);

[[nodiscard]] ProducerConfig named_producer(const std::string& group);
[[nodiscard]] ConsumerConfig named_consumer(const std::string& group, const std::string& topic);

void send_one(Producer& producer, std::string_view topic, std::string_view body);

}  // namespace rocketmq::test
