#include <chrono>
#include <exception>
#include <future>
#include <stdexcept>
#include <utility>
#include <vector>

#include "common/measurement.h"
#include "common/pace.h"
#include "reference/caller.h"
#include "reference/frames.h"
#include "reference/reply_reader.h"
#include "reference/sending.h"
#include "reference/socket.h"

namespace rocketmq::bench {

namespace {

using Clock = std::chrono::steady_clock;

/// Frames that go round the queues of one broker.
std::vector<Frame> make_frames(const SendWork& work, FrameMaker& maker, const BrokerAddress& broker,
                               std::size_t count) {
  std::vector<Frame> frames;
  frames.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto queue = static_cast<std::int32_t>(i % static_cast<std::size_t>(work.target.queues));
    frames.push_back(maker.single({broker, queue}, static_cast<std::int32_t>(i)));
  }
  return frames;
}

void call_all(Caller& caller, const std::vector<Frame>& frames) {
  for (const Frame& frame : frames)
    caller.call(frame);
}

/// Frames that were written and await their answers in one connection.
void pipeline(Socket& socket, ReplyReader& replies, const std::vector<Frame>& frames, std::size_t in_flight) {
  std::size_t sent = 0;
  std::size_t answered = 0;
  while (answered < frames.size()) {
    std::string burst;
    for (; sent < frames.size() && sent - answered < in_flight; ++sent)
      burst += frames[sent].bytes;
    if (!burst.empty()) socket.write_all(burst);
    socket.wait_readable();
    replies.receive(socket);
    for (Reply reply; replies.next(reply); ++answered)
      require_success(reply);
  }
}

}  // namespace

void send_singles(const SendWork& work, std::size_t threads) {
  FrameMaker maker(work.target.topic, work.body);
  std::vector<Caller> callers;
  std::vector<std::vector<Frame>> frames;
  for (std::size_t i = 0; i < threads; ++i) {
    const BrokerAddress& broker = work.target.brokers[i % work.target.brokers.size()];
    callers.emplace_back(broker);
    call_all(callers.back(), make_frames(work, maker, broker, work.warmup / threads));
    frames.push_back(make_frames(work, maker, broker, work.messages / threads));
  }
  Measurement measurement;
  measurement.begin();
  std::vector<std::future<void>> running;
  for (std::size_t i = 0; i < threads; ++i) {
    running.push_back(std::async(std::launch::async,
                                 [&caller = callers[i], &mine = frames[i]] { call_all(caller, mine); }));
  }
  for (std::future<void>& thread : running)
    thread.get();
  measurement.end();
  measurement.print(work.messages / threads * threads);
}

void send_pipelined(const SendWork& work, std::size_t in_flight) {
  if (work.target.brokers.size() != 1) throw std::invalid_argument("send-async goes to one broker");
  const BrokerAddress& broker = work.target.brokers.front();
  FrameMaker maker(work.target.topic, work.body);
  Socket socket(broker);
  ReplyReader replies;
  pipeline(socket, replies, make_frames(work, maker, broker, work.warmup), in_flight);
  const std::vector<Frame> frames = make_frames(work, maker, broker, work.messages);
  Measurement measurement;
  measurement.begin();
  pipeline(socket, replies, frames, in_flight);
  measurement.end();
  measurement.print(work.messages);
}

void send_paced(const SendWork& work, std::size_t interval_us) {
  const BrokerAddress& broker = work.target.brokers.front();
  FrameMaker maker(work.target.topic, work.body);
  Caller caller(broker);
  call_all(caller, make_frames(work, maker, broker, work.warmup));
  const std::vector<Frame> frames = make_frames(work, maker, broker, work.messages);
  std::vector<std::int64_t> latencies;
  latencies.reserve(frames.size());
  Measurement measurement;
  measurement.begin();
  Pace pace(interval_us);
  for (const Frame& frame : frames) {
    pace.wait();
    const Clock::time_point began = Clock::now();
    caller.call(frame);
    latencies.push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - began).count());
  }
  measurement.end();
  measurement.set_latencies(std::move(latencies));
  measurement.print(work.messages);
}

}  // namespace rocketmq::bench
