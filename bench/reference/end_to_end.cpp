#include <poll.h>

#include <charconv>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "common/measurement.h"
#include "common/pace.h"
#include "reference/caller.h"
#include "reference/frames.h"
#include "reference/reply_reader.h"
#include "reference/sending.h"
#include "reference/socket.h"
#include "rocketmq/bytes.h"
#include "wire/pull.h"
#include "wire/response_code.h"
#include "wire/stored_message.h"

namespace rocketmq::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds hold{15'000};
constexpr std::int32_t messages_a_pull = 32;

/// When each message was sent and had been read, by its number, which begins its body.
struct Times {
  explicit Times(std::size_t messages) : sent(messages), read(messages) {}
  std::vector<Clock::rep> sent;
  std::vector<Clock::rep> read;
};

/// A queue with one pull that the broker holds while nothing is there.
class HeldPull {
 public:
  HeldPull(const SendWork& work, const QueueTarget& queue)
      : socket_(queue.broker),
        frame_(work.target.topic, "reference_end_to_end", queue, messages_a_pull, hold) {
    ask();
  }

  [[nodiscard]] const Socket& socket() const noexcept { return socket_; }

  /// Takes what has arrived; returns the number of messages.
  std::size_t step(Times& times) {
    std::size_t count = 0;
    replies_.receive(socket_);
    for (Reply reply; replies_.next(reply);) {
      if (reply.code != wire::to_int(wire::ResponseCode::pull_not_found)) {
        require_success(reply);
        count += take(reply.body, times);
      }
      ask();
    }
    return count;
  }

 private:
  void ask() { socket_.write_all(frame_.at(offset_, 1)); }

  std::size_t take(ByteView body, Times& times) {
    std::size_t count = 0;
    wire::StoredMessageReader reader(body, wire::CrcCheck::skip);
    wire::StoredMessageView message;
    bool found = true;
    while (reader.next(message, found) == Errc::ok && found) {
      const std::string_view text = as_text(message.body);
      std::size_t number = 0;
      std::from_chars(text.data(), text.data() + text.size(), number);
      times.read.at(number) = Clock::now().time_since_epoch().count();
      ++offset_;
      ++count;
    }
    return count;
  }

  Socket socket_;
  PullFrame frame_;
  ReplyReader replies_;
  std::int64_t offset_ = 0;
};

void receive_all(std::vector<HeldPull>& pulls, Times& times) {
  const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(socket_patience);
  std::vector<pollfd> wanted;
  wanted.reserve(pulls.size());
  for (const HeldPull& pull : pulls)
    wanted.push_back({pull.socket().descriptor(), POLLIN, 0});
  for (std::size_t received = 0; received < times.read.size();) {
    if (::poll(wanted.data(), wanted.size(), static_cast<int>(patience.count())) == 0) {
      throw std::runtime_error("no message arrived in time");
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i].revents != 0) received += pulls[i].step(times);
    }
  }
}

}  // namespace

void send_end_to_end(const SendWork& work, std::size_t interval_us) {
  const std::size_t messages = work.warmup + work.messages;
  FrameMaker maker(work.target.topic, work.body);
  const std::vector<QueueTarget> queues = queues_of(work.target);
  std::vector<HeldPull> pulls;
  std::vector<Caller> callers;  // By the order of the queues.
  for (const QueueTarget& queue : queues) {
    pulls.emplace_back(work, queue);
    callers.emplace_back(queue.broker);
  }
  Times times(messages);
  std::future<void> receiver =
      std::async(std::launch::async, [&pulls, &times] { receive_all(pulls, times); });
  Measurement measurement;
  Pace pace(interval_us);
  for (std::size_t i = 0; i < messages; ++i) {
    if (i == work.warmup) measurement.begin();
    const std::size_t queue = i % queues.size();
    const Frame frame = maker.single(queues[queue], static_cast<std::int32_t>(i));
    pace.wait();
    times.sent[i] = Clock::now().time_since_epoch().count();
    callers[queue].call(frame);
  }
  receiver.get();
  measurement.end();
  std::vector<std::int64_t> latencies;
  for (std::size_t i = work.warmup; i < messages; ++i)
    latencies.push_back(times.read[i] - times.sent[i]);
  measurement.set_latencies(std::move(latencies));
  measurement.print(work.messages);
}

}  // namespace rocketmq::bench
