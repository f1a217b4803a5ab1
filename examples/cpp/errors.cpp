// What can go wrong with a send, and what to do about each:  errors NAMESRV TOPIC

#include <rocketmq/errc.h>
#include <rocketmq/error.h>
#include <rocketmq/producer.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using rocketmq::Errc;
using rocketmq::Error;
using rocketmq::Producer;
using rocketmq::SendError;
using rocketmq::SendOutcome;
using rocketmq::SendRange;

std::unique_ptr<Producer> start(const std::string& name_servers) {
  rocketmq::ProducerConfig config;
  config.client.name_server_addresses = name_servers;
  config.client.connect_timeout_ms = 1000;
  config.group = "cpp_example_senders";
  return Producer::start(config);
}

/// Sends what no broker has got once more, and says which messages a broker may have: to send those again
/// would store them twice if it has.
void send_all(Producer& producer, const std::string& topic, const std::vector<std::string_view>& bodies) {
  constexpr int rounds = 3;
  std::vector<std::string_view> open = bodies;
  for (int round = 1; !open.empty(); ++round) {
    try {
      producer.send(topic, "", open);
      return;
    } catch (const SendError& error) {
      std::vector<std::string_view> again;
      for (const SendRange& range : error.ranges()) {
        if (range.outcome == SendOutcome::not_stored) {
          again.insert(again.end(), open.begin() + static_cast<std::ptrdiff_t>(range.first),
                       open.begin() + static_cast<std::ptrdiff_t>(range.first + range.count));
        } else if (range.outcome == SendOutcome::possibly_stored) {
          std::cout << "possibly stored: " << range.count << " messages from number " << range.first << ": "
                    << range.failure.message << '\n';
        }
      }
      if (round == rounds && !again.empty()) throw;
      open = again;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: errors NAMESRV TOPIC\n";
    return 2;
  }
  const std::string topic = argv[2];

  // Nobody listens there. A client that cannot start says so at once.
  try {
    start("127.0.0.1:1");
  } catch (const Error& error) {
    std::cout << "start: " << (error.code() == Errc::no_name_server ? "no name server" : "?") << ": "
              << error.what() << '\n';
  }

  try {
    const std::unique_ptr<Producer> producer = start(argv[1]);

    // Wrong arguments are found before anything is sent.
    const std::vector<std::string_view> with_empty_one{"a", "", "c"};
    try {
      producer->send(topic, "", with_empty_one);
    } catch (const Error& error) {
      std::cout << "check: " << rocketmq::describe(error.code()) << ": " << error.what() << '\n';
    }

    // A call that waits can be cancelled: by a deadline here, by a button elsewhere.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    rocketmq::OutgoingMessages messages;
    const std::vector<std::string_view> bodies{"one", "two"};
    messages.bodies = bodies;
    producer->send(topic, messages, [&] { return std::chrono::steady_clock::now() > deadline; });

    send_all(*producer, topic, {"three", "four", "five"});
    std::cout << "5 messages stored\n";

    producer->close(std::chrono::seconds(1));
    try {
      producer->send(topic, "", bodies);
    } catch (const SendError& error) {
      std::cout << "after close: " << rocketmq::describe(error.code()) << ", " << error.stored_count()
                << " stored\n";
    } catch (const Error& error) {
      std::cout << "after close: " << rocketmq::describe(error.code()) << '\n';
    }
    return 0;
  } catch (const Error& error) {
    std::cerr << "errors: " << error.what() << '\n';
    // What a server said stands apart from what this library says.
    if (const auto& server = error.failure().server)
      std::cerr << "the server " << server->address << " said " << server->code << ": " << server->remark
                << '\n';
    return 1;
  }
}
