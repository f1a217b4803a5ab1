#include <poll.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>
#include <vector>

#include "common/measurement.h"
#include "reference/frames.h"
#include "reference/pulling.h"
#include "reference/reply_reader.h"
#include "reference/socket.h"
#include "wire/frame.h"
#include "wire/offsets.h"

namespace rocketmq::bench {

namespace {

/// What a broker returns for a pull at most, with its default configuration.
constexpr std::int32_t messages_a_pull = 32;

std::int64_t max_offset_of(const Socket& socket, const std::string& topic, const QueueTarget& queue) {
  wire::GetMaxOffsetRequest request;
  request.topic = topic;
  request.queue_id = queue.queue_id;
  request.broker_name = queue.broker.name;
  std::string bytes;
  wire::append_frame_head(bytes, request.to_command(), wire::SerializeType::json, 0);
  socket.write_all(bytes);
  ReplyReader replies;
  const Reply reply = replies.wait(socket);
  require_success(reply);
  wire::Command command;
  wire::OffsetReply offset;
  if (wire::decode_header(reply.header, wire::SerializeType::json, command) != Errc::ok ||
      wire::OffsetReply::decode(command, offset) != Errc::ok) {
    throw std::runtime_error("the broker's answer about the end of a queue cannot be read");
  }
  return offset.offset;
}

/// A queue with a fixed number of pulls in flight; each slot asks for what no other slot has asked for.
class Lane {
 public:
  Lane(const PullWork& work, const QueueTarget& queue)
      : socket_(queue.broker),
        frame_(work.target.topic, work.group, queue, messages_a_pull),
        slots_(work.in_flight),
        end_(max_offset_of(socket_, work.target.topic, queue)) {}

  [[nodiscard]] const Socket& socket() const noexcept { return socket_; }
  [[nodiscard]] std::int64_t end() const noexcept { return end_; }
  [[nodiscard]] bool done() const noexcept { return open_ == 0; }

  void start() {
    for (std::size_t i = 0; i < slots_.size(); ++i)
      take_next(i);
    flush();
  }

  /// Takes what has arrived and asks for more; returns the messages received.
  std::size_t step() {
    std::size_t count = 0;
    replies_.receive(socket_);
    for (Reply reply; replies_.next(reply);) {
      require_success(reply);
      const std::size_t messages = count_messages(reply.body);
      if (messages == 0) throw std::runtime_error("the broker answered a pull with nothing");
      count += messages;
      const auto index = static_cast<std::size_t>(reply.opaque);
      Slot& slot = slots_.at(index);
      slot.begin += static_cast<std::int64_t>(messages);
      if (slot.begin < slot.end) {
        ask(index);  // The broker gave less than it may: the rest of the slot's range is asked for again.
      } else {
        --open_;
        take_next(index);
      }
    }
    flush();
    return count;
  }

 private:
  struct Slot {
    std::int64_t begin = 0;
    std::int64_t end = 0;
  };

  void take_next(std::size_t index) {
    if (next_ >= end_) return;
    slots_[index] = {next_, std::min(next_ + messages_a_pull, end_)};
    next_ = slots_[index].end;
    ++open_;
    ask(index);
  }

  void ask(std::size_t index) {
    requests_ += frame_.at(slots_[index].begin, static_cast<std::int32_t>(index));
  }

  void flush() {
    if (requests_.empty()) return;
    socket_.write_all(requests_);
    requests_.clear();
  }

  Socket socket_;
  PullFrame frame_;
  ReplyReader replies_;
  std::vector<Slot> slots_;
  std::string requests_;
  std::int64_t end_;
  std::int64_t next_ = 0;
  std::size_t open_ = 0;
};

}  // namespace

void pull_backlog(const PullWork& work) {
  std::vector<Lane> lanes;
  std::size_t there = 0;
  for (const QueueTarget& queue : queues_of(work.target)) {
    lanes.emplace_back(work, queue);
    there += static_cast<std::size_t>(lanes.back().end());
  }
  if (there < work.messages) {
    throw std::runtime_error("the topic holds " + std::to_string(there) + " messages and not " +
                             std::to_string(work.messages));
  }
  Measurement measurement;
  const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(socket_patience);
  std::size_t received = 0;
  std::size_t before = 0;
  bool begun = false;
  for (Lane& lane : lanes)
    lane.start();
  while (received < there) {
    if (!begun && received >= work.warmup) {
      before = received;
      begun = true;
      measurement.begin();
    }
    std::vector<pollfd> wanted;
    std::vector<Lane*> waiting;
    for (Lane& lane : lanes) {
      if (lane.done()) continue;
      wanted.push_back({lane.socket().descriptor(), POLLIN, 0});
      waiting.push_back(&lane);
    }
    if (::poll(wanted.data(), wanted.size(), static_cast<int>(patience.count())) == 0) {
      throw std::runtime_error("no broker answered in time");
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i].revents != 0) received += waiting[i]->step();
    }
  }
  if (!begun) throw std::invalid_argument("the warm-up is as long as the backlog");
  measurement.end();
  measurement.print(received - before);
}

}  // namespace rocketmq::bench
