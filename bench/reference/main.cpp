// The ceiling of the benchmarks: what bare sockets reach that write requests prepared in advance and count
// what they receive, with no client logic at all.
#include <string>

#include "common/main.h"
#include "reference/pulling.h"
#include "reference/sending.h"

namespace {

using rocketmq::bench::PullWork;
using rocketmq::bench::SendWork;

void add_target(CLI::App& app, std::string& brokers, rocketmq::bench::Target& target) {
  app.add_option("--brokers", brokers, "name=host:port, several with commas")->required();
  app.add_option("--topic", target.topic)->required();
  app.add_option("--queues", target.queues, "on each broker")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
}

CLI::App& add_send(CLI::App& app, const char* name, const char* text, SendWork& work, std::string& brokers) {
  CLI::App& sub = *app.add_subcommand(name, text);
  add_target(sub, brokers, work.target);
  sub.add_option("--messages", work.messages)->required()->check(CLI::Range(1, 100'000'000));
  sub.add_option("--warmup", work.warmup)->check(CLI::Range(0, 100'000'000));
  add_body_options(sub, work.body);
  return sub;
}

int run(int argc, char** argv) {
  CLI::App app("Bare sockets against a RocketMQ broker", "reference");
  app.require_subcommand(1);
  std::string brokers;
  SendWork send;
  PullWork pull;
  std::size_t batch_bytes = 0;
  std::size_t threads = 1;
  std::size_t in_flight = 1000;
  std::size_t interval_us = 1000;

  CLI::App& batch = add_send(app, "send-batch", "batches, one in flight a queue", send, brokers);
  batch.add_option("--batch-bytes", batch_bytes, "of encoded messages; 0: as much as the broker takes");
  batch.callback([&] {
    send.target.brokers = rocketmq::bench::parse_brokers(brokers);
    rocketmq::bench::send_batches(send, batch_bytes);
  });

  CLI::App& one = add_send(app, "send-one", "one message per call", send, brokers);
  one.add_option("--threads", threads)->check(CLI::Range(1, 64));
  one.callback([&] {
    send.target.brokers = rocketmq::bench::parse_brokers(brokers);
    rocketmq::bench::send_singles(send, threads);
  });

  CLI::App& async = add_send(app, "send-async", "one message per request, many in flight", send, brokers);
  async.add_option("--in-flight", in_flight)->check(CLI::Range(1, 10'000));
  async.callback([&] {
    send.target.brokers = rocketmq::bench::parse_brokers(brokers);
    rocketmq::bench::send_pipelined(send, in_flight);
  });

  CLI::App& paced = add_send(app, "send-paced", "one message at fixed times", send, brokers);
  paced.add_option("--interval-us", interval_us)->check(CLI::Range(1, 1'000'000));
  paced.callback([&] {
    send.target.brokers = rocketmq::bench::parse_brokers(brokers);
    rocketmq::bench::send_paced(send, interval_us);
  });

  CLI::App& both =
      add_send(app, "end-to-end", "from a message's request to its arrival in a held pull", send, brokers);
  both.add_option("--interval-us", interval_us)->check(CLI::Range(1, 1'000'000));
  both.callback([&] {
    send.target.brokers = rocketmq::bench::parse_brokers(brokers);
    rocketmq::bench::send_end_to_end(send, interval_us);
  });

  CLI::App& consume = *app.add_subcommand("consume", "pull a backlog");
  add_target(consume, brokers, pull.target);
  consume.add_option("--group", pull.group)->required();
  consume.add_option("--messages", pull.messages)->required();
  consume.add_option("--warmup", pull.warmup);
  consume.add_option("--in-flight", pull.in_flight, "pulls per queue")->check(CLI::Range(1, 1024));
  consume.callback([&] {
    pull.target.brokers = rocketmq::bench::parse_brokers(brokers);
    rocketmq::bench::pull_backlog(pull);
  });
  return rocketmq::bench::run_app(app, argc, argv);
}

}  // namespace

int main(int argc, char** argv) {
  return rocketmq::bench::guarded("reference", [&] { return run(argc, argv); });
}
