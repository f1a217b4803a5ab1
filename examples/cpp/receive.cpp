// Receives a topic as a member of a group, and prints the bodies:  receive NAMESRV GROUP TOPIC [COUNT]
// Ends after COUNT messages, or with Ctrl-C. Started again, it goes on where it ended.

#include <rocketmq/consumer.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

namespace {

volatile std::sig_atomic_t stopped = 0;

void stop(int /*signal*/) {
  stopped = 1;
}

bool read_count(std::string_view text, long long& count) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  return error == std::errc() && end == text.data() + text.size() && count > 0;
}

}  // namespace

int main(int argc, char** argv) {
  long long wanted = -1;
  if ((argc != 4 && argc != 5) || (argc == 5 && !read_count(argv[4], wanted))) {
    std::cerr << "usage: receive NAMESRV GROUP TOPIC [COUNT]; COUNT is a number > 0\n";
    return 2;
  }
  std::signal(SIGINT, stop);
  std::signal(SIGTERM, stop);

  try {
    rocketmq::ConsumerConfig config;
    config.client.name_server_addresses = argv[1];
    config.client.log = [](rocketmq::LogLevel level, std::string_view line) {
      if (level >= rocketmq::LogLevel::warning) std::cerr << line << '\n';
    };
    config.group = argv[2];
    config.subscriptions = {{argv[3], "*"}};
    config.consume_from_where = rocketmq::ConsumeFromWhere::first_offset;
    // What is rejected comes again, and goes to the dead-letter queue in the end.
    config.max_reconsume_times = 16;
    const std::unique_ptr<rocketmq::Consumer> consumer = rocketmq::Consumer::start(config);

    long long received = 0;
    while (stopped == 0 && received != wanted) {
      rocketmq::PollLimits limits;
      limits.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
      if (wanted > 0) limits.max_rows = static_cast<std::size_t>(wanted - received);
      rocketmq::Delivery delivery = consumer->poll(limits);
      for (const rocketmq::ReceivedMessage& message : delivery.messages())
        std::cout << rocketmq::as_text(message.body) << '\n';
      received += static_cast<long long>(delivery.size());
      // Only now do they count as done. Without it they come again: here, or at another member of the group.
      delivery.acknowledge();
    }
    std::cout.flush();
    consumer->close(std::chrono::seconds(5));  // Stores the progress.
    return 0;
  } catch (const rocketmq::Error& error) {
    std::cerr << "receive: " << error.what() << '\n';
    return 1;
  }
}
