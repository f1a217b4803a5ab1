// A line with a round trip: connections to --listen go on to --to, and every byte takes half the round trip
// each way. It ends when its standard input does, so that it never outlives who started it.
#include <unistd.h>

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "common/main.h"
#include "proxy/delay_line.h"
#include "reference/broker_address.h"

namespace {

using asio::ip::tcp;

tcp::endpoint endpoint_of(const std::string& text) {
  const auto address = rocketmq::bench::parse_address(text);
  return {asio::ip::make_address_v4(address.host), address.port};
}

class Proxy {
 public:
  Proxy(asio::io_context& context, const tcp::endpoint& listen, tcp::endpoint target,
        std::chrono::microseconds delay)
      : context_(context), acceptor_(context, listen), target_(std::move(target)), delay_(delay) {}

  void accept() {
    acceptor_.async_accept([this](asio::error_code error, tcp::socket client) {
      if (error) return;
      auto server = std::make_shared<tcp::socket>(context_);
      auto held = std::make_shared<tcp::socket>(std::move(client));
      server->async_connect(target_, [this, server, held](asio::error_code failure) {
        if (failure) return;
        std::make_shared<rocketmq::bench::DelayLine>(std::move(*held), std::move(*server), delay_)->start();
      });
      accept();
    });
  }

 private:
  asio::io_context& context_;
  tcp::acceptor acceptor_;
  tcp::endpoint target_;
  std::chrono::microseconds delay_;
};

int run(int argc, char** argv) {
  CLI::App app("A TCP proxy that delays", "delay_proxy");
  std::string listen;
  std::string target;
  int rtt_us = 1000;
  app.add_option("--listen", listen, "host:port")->required();
  app.add_option("--to", target, "host:port")->required();
  app.add_option("--rtt-us", rtt_us, "round trip, in microseconds")
      ->check(CLI::Range(0, 10'000'000))
      ->required();
  app.callback([&] {
    asio::io_context context;
    Proxy proxy(context, endpoint_of(listen), endpoint_of(target), std::chrono::microseconds(rtt_us / 2));
    proxy.accept();
    asio::posix::stream_descriptor input(context, ::dup(STDIN_FILENO));
    char byte = 0;
    input.async_read_some(asio::buffer(&byte, 1), [&](asio::error_code, std::size_t) { context.stop(); });
    std::cout << "listening" << std::endl;
    context.run();
  });
  return rocketmq::bench::run_app(app, argc, argv);
}

}  // namespace

int main(int argc, char** argv) {
  return rocketmq::bench::guarded("delay_proxy", [&] { return run(argc, argv); });
}
