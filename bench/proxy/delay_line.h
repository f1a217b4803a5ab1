#pragma once

#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

namespace rocketmq::bench {

/// Two sockets, and what one receives is written to the other after a fixed delay, both ways. It never drops
/// or reorders. Bytes on their way are bounded, so that a sender is slowed down as by a real line.
class DelayLine : public std::enable_shared_from_this<DelayLine> {
 public:
  DelayLine(asio::ip::tcp::socket client, asio::ip::tcp::socket server, std::chrono::microseconds delay);

  void start();

 private:
  struct Chunk {
    std::chrono::steady_clock::time_point due;
    std::vector<char> bytes;
  };
  /// One way.
  struct Lane {
    Lane(asio::ip::tcp::socket& source, asio::ip::tcp::socket& sink)
        : from(source), to(sink), timer(source.get_executor()) {}

    asio::ip::tcp::socket& from;
    asio::ip::tcp::socket& to;
    asio::steady_timer timer;
    std::deque<Chunk> chunks;
    std::size_t bytes = 0;
    bool reading = false;
    bool writing = false;
  };

  void read(Lane& lane);
  void write(Lane& lane);
  void close();

  asio::ip::tcp::socket client_;
  asio::ip::tcp::socket server_;
  std::chrono::microseconds delay_;
  Lane out_;
  Lane back_;
};

}  // namespace rocketmq::bench
