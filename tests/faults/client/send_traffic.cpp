#include <atomic>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "faults/client/event_log.h"
#include "faults/client/traffic.h"
#include "rocketmq/producer.h"

namespace rocketmq::faults {
namespace {

const char* name_of(SendOutcome outcome) {
  switch (outcome) {
    case SendOutcome::stored:
      return "stored";
    case SendOutcome::not_stored:
      return "not_stored";
    case SendOutcome::possibly_stored:
      return "possibly_stored";
  }
  return "unknown";
}

ProducerConfig producer_config(const Options& options) {
  ProducerConfig config;
  config.client.name_server_addresses = options.text("namesrv");
  config.client.log = log_events();
  config.group = "faults_sender";
  config.send_timeout_ms = options.number("timeout_ms", config.send_timeout_ms);
  config.max_attempts = options.number("attempts", config.max_attempts);
  return config;
}

/// What one thread sends, one send after the other.
class Stream {
 public:
  Stream(Producer& producer, const Options& options, int thread, int rows)
      : producer_(producer),
        topic_(options.text("topic")),
        prefix_(options.text("prefix") + std::to_string(thread)),
        rows_(rows),
        padding_(static_cast<std::size_t>(options.number("bytes", 0)), '.'),
        pause_(options.number("pause_ms", 10)) {}

  void run(const std::atomic<bool>& stop) {
    while (!stop) {
      send();
      std::this_thread::sleep_for(pause_);
    }
  }

 private:
  void send() {
    std::vector<std::string> bodies;
    const long long first = next_;
    for (int i = 0; i < rows_; ++i)
      bodies.push_back(prefix_ + ':' + std::to_string(next_++) + ':' + padding_);
    const std::vector<std::string_view> views(bodies.begin(), bodies.end());
    const std::int64_t begin = now_us();
    try {
      producer_.send(topic_, "", views);
      report(begin, first, rows_, SendOutcome::stored, "");
    } catch (const SendError& error) {
      for (const SendRange& range : error.ranges())
        report(begin, first + static_cast<long long>(range.first), static_cast<long long>(range.count),
               range.outcome, range.outcome == SendOutcome::stored ? "" : error.what());
    } catch (const Error& error) {  // Before anything was sent.
      report(begin, first, rows_, SendOutcome::not_stored, error.what());
    }
  }

  void report(std::int64_t begin, long long first, long long count, SendOutcome outcome,
              const std::string& text) const {
    write_event({"send", std::to_string(begin), std::to_string(now_us()), prefix_, std::to_string(first),
                 std::to_string(count), name_of(outcome), text});
  }

  Producer& producer_;
  const std::string topic_;
  const std::string prefix_;
  const int rows_;
  const std::string padding_;
  const std::chrono::milliseconds pause_;
  long long next_ = 0;
};

}  // namespace

void send_traffic(const Options& options) {
  const auto producer = Producer::start(producer_config(options));
  write_event({"started", std::to_string(now_us())});
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  const int singles = options.number("singles", 1);
  const int vectors = options.number("vectors", 1);
  const int rows = options.number("rows", 10);
  for (int i = 0; i < singles + vectors; ++i) {
    threads.emplace_back([&, i] { Stream(*producer, options, i, i < singles ? 1 : rows).run(stop); });
  }
  wait_for_sigterm();
  const std::int64_t begin = now_us();
  stop = true;
  producer->close(close_deadline);
  for (std::thread& thread : threads)
    thread.join();
  write_event({"closed", std::to_string(now_us()), std::to_string(now_us() - begin)});
}

}  // namespace rocketmq::faults
