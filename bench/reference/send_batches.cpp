#include <poll.h>

#include <iterator>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "common/measurement.h"
#include "reference/frames.h"
#include "reference/reply_reader.h"
#include "reference/sending.h"
#include "reference/socket.h"
#include "wire/response_code.h"

namespace rocketmq::bench {

namespace {

/// A queue's frames on the queue's own connection.
class Lane {
 public:
  Lane(const QueueTarget& queue, std::vector<Frame> frames)
      : socket_(queue.broker), frames_(std::move(frames)) {}

  [[nodiscard]] bool done() const noexcept { return next_ == frames_.size() && !waiting_; }
  [[nodiscard]] std::size_t busy() const noexcept { return busy_; }
  [[nodiscard]] pollfd wanted() const noexcept {
    const bool writing = !rest_.empty();
    return {socket_.descriptor(), static_cast<short>(writing ? POLLOUT : POLLIN), 0};
  }

  /// Goes as far as it can without waiting.
  void step() {
    while (true) {
      if (!waiting_) {
        if (next_ == frames_.size()) return;
        rest_ = frames_[next_++].bytes;
        waiting_ = true;
      }
      if (!rest_.empty()) {
        // When all is written, the answer takes the broker its time: to look at once would be a call for
        // nothing.
        rest_.remove_prefix(socket_.write_some(rest_));
        return;
      }
      Reply reply;
      if (!replies_.receive(socket_) || !replies_.next(reply)) return;
      // Busy means not stored: the same frame goes out again, at once. All else ends the run.
      if (reply.code == wire::ResponseCode::system_busy) {
        ++busy_;
        --next_;
      } else {
        require_success(reply);
      }
      waiting_ = false;
    }
  }

 private:
  Socket socket_;
  ReplyReader replies_;
  std::vector<Frame> frames_;
  std::size_t next_ = 0;
  std::size_t busy_ = 0;   // Frames that the broker was too busy for.
  std::string_view rest_;  // What is not written yet of the frame in flight.
  bool waiting_ = false;   // A frame is in flight.
};

void run(std::vector<Lane>& lanes) {
  for (Lane& lane : lanes)
    lane.step();
  const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(socket_patience);
  while (true) {
    std::vector<pollfd> wanted;
    std::vector<Lane*> waiting;
    for (Lane& lane : lanes) {
      if (lane.done()) continue;
      wanted.push_back(lane.wanted());
      waiting.push_back(&lane);
    }
    if (wanted.empty()) return;
    if (::poll(wanted.data(), wanted.size(), static_cast<int>(patience.count())) == 0) {
      throw std::runtime_error("no broker answered in time");
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i].revents != 0) waiting[i]->step();
    }
  }
}

std::vector<Lane> make_lanes(const Target& target, FrameMaker& maker, std::size_t messages,
                             std::size_t batch_bytes) {
  const std::vector<QueueTarget> queues = queues_of(target);
  std::vector<Lane> lanes;
  lanes.reserve(queues.size());
  for (std::size_t i = 0; i < queues.size(); ++i) {
    const std::size_t share = messages / queues.size() + (i < messages % queues.size() ? 1 : 0);
    lanes.emplace_back(queues[i], maker.batches(queues[i], share, batch_bytes));
  }
  return lanes;
}

}  // namespace

void send_batches(const SendWork& work, std::size_t batch_bytes) {
  FrameMaker maker(work.target.topic, work.body);
  if (work.warmup > 0) {
    std::vector<Lane> warmup = make_lanes(work.target, maker, work.warmup, batch_bytes);
    run(warmup);
  }
  std::vector<Lane> lanes = make_lanes(work.target, maker, work.messages, batch_bytes);
  Measurement measurement;
  measurement.begin();
  run(lanes);
  measurement.end();
  std::size_t busy = 0;
  for (const Lane& lane : lanes)
    busy += lane.busy();
  measurement.set("busy", busy);
  measurement.print(work.messages);
}

}  // namespace rocketmq::bench
