#include "proxy/delay_line.h"

#include <asio/buffer.hpp>
#include <asio/write.hpp>
#include <utility>

namespace rocketmq::bench {

namespace {

constexpr std::size_t chunk_bytes = std::size_t{256} * 1024;
/// More than bandwidth times delay of anything that a loopback benchmark reaches.
constexpr std::size_t most_bytes_on_the_way = std::size_t{64} << 20;

}  // namespace

DelayLine::DelayLine(asio::ip::tcp::socket client, asio::ip::tcp::socket server,
                     std::chrono::microseconds delay)
    : client_(std::move(client)),
      server_(std::move(server)),
      delay_(delay),
      out_(client_, server_),
      back_(server_, client_) {}

void DelayLine::start() {
  const asio::ip::tcp::no_delay at_once(true);
  asio::error_code ignored;
  client_.set_option(at_once, ignored);
  server_.set_option(at_once, ignored);
  read(out_);
  read(back_);
}

void DelayLine::read(Lane& lane) {
  if (lane.reading || lane.bytes >= most_bytes_on_the_way) return;
  lane.reading = true;
  auto bytes = std::make_shared<std::vector<char>>(chunk_bytes);
  const auto buffer = asio::buffer(*bytes);
  lane.from.async_read_some(
      buffer, [self = shared_from_this(), &lane, bytes](asio::error_code error, std::size_t count) {
        lane.reading = false;
        if (error) return self->close();
        bytes->resize(count);
        lane.bytes += count;
        lane.chunks.push_back({std::chrono::steady_clock::now() + self->delay_, std::move(*bytes)});
        self->write(lane);
        self->read(lane);
      });
}

void DelayLine::write(Lane& lane) {
  if (lane.writing || lane.chunks.empty()) return;
  lane.writing = true;
  lane.timer.expires_at(lane.chunks.front().due);
  lane.timer.async_wait([self = shared_from_this(), &lane](asio::error_code error) {
    if (error) return;
    asio::async_write(lane.to, asio::buffer(lane.chunks.front().bytes),
                      [self, &lane](asio::error_code failure, std::size_t) {
                        lane.writing = false;
                        if (failure) return self->close();
                        lane.bytes -= lane.chunks.front().bytes.size();
                        lane.chunks.pop_front();
                        self->write(lane);
                        self->read(lane);
                      });
  });
}

void DelayLine::close() {
  asio::error_code ignored;
  client_.close(ignored);
  server_.close(ignored);
  out_.timer.cancel();
  back_.timer.cancel();
}

}  // namespace rocketmq::bench
