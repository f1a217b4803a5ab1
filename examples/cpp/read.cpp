// Prints what a topic holds at present, with place, tag and properties:  read NAMESRV TOPIC
// A reader is a member of no group: it stores no progress and disturbs nobody.

#include <rocketmq/message_fields.h>
#include <rocketmq/reader.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: read NAMESRV TOPIC\n";
    return 2;
  }
  try {
    rocketmq::ReaderConfig config;
    config.client.name_server_addresses = argv[1];
    config.topic = argv[2];
    const std::unique_ptr<rocketmq::Reader> reader = rocketmq::Reader::start(config);
    std::cerr << reader->messages() << " messages in " << reader->ranges().size() << " queues\n";

    while (!reader->finished()) {
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
      const rocketmq::Delivery delivery = reader->read(deadline);
      if (delivery.empty() && !reader->finished()) {
        std::cerr << "read: no answer for 30 s\n";
        return 1;
      }
      for (const rocketmq::ReceivedMessage& message : delivery.messages()) {
        std::string properties;
        rocketmq::append_properties_json(properties, message);
        std::cout << message.broker_name << '/' << message.queue_id << '/' << message.queue_offset << ' '
                  << message.tag << ' ' << properties << ' ' << rocketmq::as_text(message.body) << '\n';
      }
    }
    return 0;
  } catch (const rocketmq::Error& error) {
    std::cerr << "read: " << error.what() << '\n';
    return 1;
  }
}
