#include <atomic>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "faults/client/event_log.h"
#include "faults/client/traffic.h"
#include "rocketmq/consumer.h"

namespace rocketmq::faults {
namespace {

using std::chrono::milliseconds;

ConsumerConfig consumer_config(const Options& options) {
  ConsumerConfig config;
  config.client.name_server_addresses = options.text("namesrv");
  config.client.log = log_events();
  config.group = options.text("group");
  config.subscriptions = {{options.text("topic")}};
  config.consume_from_where = ConsumeFromWhere::first_offset;
  if (const int retries = options.number("retries", 0); retries > 0) config.max_reconsume_times = retries;
  return config;
}

/// The number in a body `PREFIX:NUMBER:PADDING`.
long long number_of(std::string_view body) {
  const std::size_t colon = body.find(':');
  if (colon == std::string_view::npos) return -1;
  return std::atoll(std::string(body.substr(colon + 1)).c_str());
}

/// A handler: writes down what it is handed, takes its time, fails where it is told to, acknowledges.
class Handler {
 public:
  explicit Handler(const Options& options)
      : hold_(options.number("hold_ms", 0)),
        fail_every_(options.number("fail_every", 0)),
        max_rows_(static_cast<std::size_t>(options.number("max_rows", 10'000))) {}

  void run(Consumer& consumer, const std::atomic<bool>& stop) const {
    while (!stop) {
      PollLimits limits;
      limits.max_rows = max_rows_;
      limits.deadline = std::chrono::steady_clock::now() + milliseconds(500);
      Delivery delivery = consumer.poll(limits);
      if (!delivery.empty()) handle(delivery);
    }
  }

 private:
  void handle(Delivery& delivery) const {
    std::string lines;
    std::vector<std::size_t> failed;
    const std::string at = std::to_string(now_us());
    for (std::size_t i = 0; i < delivery.size(); ++i) {
      const ReceivedMessage& message = delivery[i];
      const std::string_view body = as_text(message.body);
      const bool fails = fail_every_ > 0 && number_of(body) % fail_every_ == 0;
      if (fails) failed.push_back(i);
      lines += "receive\t" + at + '\t' + std::string(message.broker_name) + ':' +
               std::to_string(message.queue_id) + '\t' + std::to_string(message.queue_offset) + '\t' +
               std::string(body.substr(0, body.rfind(':'))) + '\t' + std::to_string(message.reconsume_times) +
               '\t' + (fails ? "1" : "0") + '\n';
    }
    write_lines(lines);
    if (hold_.count() > 0) std::this_thread::sleep_for(hold_);
    if (!failed.empty()) delivery.reject(failed);
    delivery.acknowledge();
  }

  const milliseconds hold_;
  const int fail_every_;
  const std::size_t max_rows_;
};

}  // namespace

void receive_traffic(const Options& options) {
  const auto consumer = Consumer::start(consumer_config(options));
  write_event({"started", std::to_string(now_us())});
  std::atomic<bool> stop{false};
  const Handler handler(options);
  std::vector<std::thread> threads;
  for (int i = 0; i < options.number("threads", 1); ++i)
    threads.emplace_back([&] { handler.run(*consumer, stop); });
  wait_for_sigterm();
  const std::int64_t begin = now_us();
  stop = true;
  consumer->interrupt();
  for (std::thread& thread : threads)
    thread.join();
  consumer->close(close_deadline);
  write_event({"closed", std::to_string(now_us()), std::to_string(now_us() - begin)});
}

}  // namespace rocketmq::faults
