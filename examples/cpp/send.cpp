// Sends each line of standard input as a message:  send NAMESRV TOPIC [TAG] < lines.txt
// Lines travel in vectors, which the producer spreads over all queues of the topic.

#include <rocketmq/producer.h>

#include <cstddef>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::cerr << "usage: send NAMESRV TOPIC [TAG] < lines.txt\n";
    return 2;
  }
  const std::string topic = argv[2];
  const std::string tag = argc == 4 ? argv[3] : "";
  constexpr std::size_t lines_per_vector = 10'000;

  try {
    rocketmq::ProducerConfig config;
    config.client.name_server_addresses = argv[1];
    config.group = "cpp_example_senders";
    const std::unique_ptr<rocketmq::Producer> producer = rocketmq::Producer::start(config);

    std::size_t stored = 0;
    std::vector<std::string> lines;
    // Returns when brokers have acknowledged all of them.
    const auto send = [&] {
      producer->send(topic, tag, std::vector<std::string_view>(lines.begin(), lines.end()));
      stored += lines.size();
      lines.clear();
    };
    for (std::string line; std::getline(std::cin, line);) {
      if (line.empty()) continue;  // RocketMQ stores no message without a body.
      lines.push_back(line);
      if (lines.size() == lines_per_vector) send();
    }
    send();
    std::cout << stored << " messages stored\n";
    return 0;
  } catch (const rocketmq::Error& error) {
    std::cerr << "send: " << error.what() << '\n';
    return 1;
  }
}
