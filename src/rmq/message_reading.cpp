#include "rmq/message_reading.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <limits>
#include <map>
#include <utility>

#include "base/wall_clock.h"
#include "rmq/interrupt.h"
#include "rmq/position.h"
#include "rmq/queue_names.h"
#include "rmq/usage_error.h"

namespace rocketmq::rmq {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// An interrupt is noticed after at most this time.
constexpr milliseconds patience{100};

constexpr std::int64_t no_bound = std::numeric_limits<std::int64_t>::max();

/// What was received of one queue and is not given yet.
class QueueLine {
 public:
  void add(Delivery delivery) { deliveries_.push_back(std::move(delivery)); }
  [[nodiscard]] bool empty() const noexcept { return deliveries_.empty(); }
  [[nodiscard]] const ReceivedMessage& front() const { return deliveries_.front()[next_]; }
  [[nodiscard]] std::int64_t time() const { return front().store_time_ms; }
  void pop() {
    if (++next_ < deliveries_.front().size()) return;
    deliveries_.pop_front();
    next_ = 0;
  }

 private:
  std::deque<Delivery> deliveries_;
  std::size_t next_ = 0;
};

/// Merges queues by the time when their messages were stored.
class Merge {
 public:
  void add(Delivery delivery) {
    const ReceivedMessage& first = delivery[0];
    lines_[{std::string(first.broker_name), first.queue_id}].add(std::move(delivery));
  }

  /// Gives what was stored up to `bound_ms`. False if `each` wants no more.
  template <class Each>
  bool give(std::int64_t bound_ms, const Each& each) {
    while (true) {
      QueueLine* oldest = nullptr;
      std::int64_t next_ms = bound_ms;  // Up to here the oldest queue is the oldest one.
      for (auto& [queue, line] : lines_) {
        if (line.empty()) continue;
        if (oldest == nullptr || line.time() < oldest->time()) {
          if (oldest != nullptr) next_ms = std::min(next_ms, oldest->time());
          oldest = &line;
        } else {
          next_ms = std::min(next_ms, line.time());
        }
      }
      if (oldest == nullptr || oldest->time() > bound_ms) return true;
      do {
        if (!each(oldest->front())) return false;
        oldest->pop();
      } while (!oldest->empty() && oldest->time() < next_ms);
    }
  }

 private:
  std::map<std::pair<std::string, std::int32_t>, QueueLine> lines_;  // By broker and queue.
};

/// Counts what is given.
class Sink {
 public:
  Sink(std::int64_t limit, const std::function<bool(const ReceivedMessage&)>& each)
      : limit_(limit), each_(each) {}
  /// False if nothing more is wanted.
  bool operator()(const ReceivedMessage& message) {
    const bool goes_on = each_(message);
    ++given_;
    return goes_on && given_ < limit_ && !interrupted();
  }
  [[nodiscard]] std::int64_t given() const noexcept { return given_; }

 private:
  const std::int64_t limit_;
  const std::function<bool(const ReceivedMessage&)>& each_;
  std::int64_t given_ = 0;
};

/// False if nothing more is wanted. Before it throws it gives what the other queues had until then.
bool read_range(Reader& reader, Sink& sink) {
  Merge merge;
  const auto give = [&sink](const ReceivedMessage& message) { return sink(message); };
  while (!reader.finished()) {
    Delivery delivery;
    try {
      delivery = reader.read(steady_clock::now() + patience);
    } catch (const Error&) {
      merge.give(no_bound, give);
      throw;
    }
    if (interrupted()) return false;
    if (!delivery.empty()) merge.add(std::move(delivery));
    const auto bound = reader.oldest_to_come_ms();
    if (bound && !reader.finished() && !merge.give(*bound, give)) return false;
  }
  return merge.give(no_bound, give);
}

void read_on(const ReadingPlan& plan, const std::vector<QueueRange>* ranges, Sink& sink,
             const std::function<void()>& idle) {
  ReaderConfig config = plan.config;
  config.follow = true;
  config.oldest_first = false;
  config.begin = {ReadPosition::Kind::last, 0};
  for (QueueToRead& queue : config.queues)
    queue.begin = config.begin;
  if (ranges != nullptr) {
    config.queues.clear();
    for (const QueueRange& range : *ranges)
      config.queues.push_back(
          {range.broker_name, range.queue_id, {ReadPosition::Kind::offset, range.end}, {}});
  }
  const auto reader = Reader::start(config);
  idle();
  while (!interrupted()) {
    const Delivery delivery = reader->read(steady_clock::now() + patience);
    for (const ReceivedMessage& message : delivery.messages()) {
      if (!sink(message)) return;
    }
    if (!delivery.empty()) idle();
  }
}

}  // namespace

ReadingPlan plan_reading(Session& session, const std::string& topic, const RangeOptions& range,
                         const std::vector<std::string>& queues) {
  const std::int64_t now_ms = now_in_ms();
  ReadingPlan plan;
  plan.count = range.count;
  plan.config.client = session.client;
  plan.config.topic = topic;
  plan.config.oldest_first = true;
  plan.config.is_cancelled = interrupted;
  if (!range.since.empty()) plan.config.begin = read_position(range.since, now_ms);
  if (!range.until.empty()) plan.config.end = read_position(range.until, now_ms);
  const ReadPosition& begin = plan.config.begin;
  const ReadPosition& end = plan.config.end;
  const bool has_value = begin.kind == ReadPosition::Kind::time || begin.kind == ReadPosition::Kind::offset;
  if (has_value && begin.kind == end.kind && end.value < begin.value)
    throw UsageError("--until " + range.until + " lies before --since " + range.since);
  QueueNames names(queues);
  const bool has_offset = begin.kind == ReadPosition::Kind::offset || end.kind == ReadPosition::Kind::offset;
  if (names.empty() && !has_offset) return plan;

  ReaderConfig everything;
  everything.client = session.client;
  everything.topic = topic;
  everything.only_readable = true;  // Those that are wanted may be.
  everything.is_cancelled = interrupted;
  const std::vector<QueueRange> ranges = Reader::start(everything)->ranges();
  std::int64_t furthest = 0;
  for (const QueueRange& queue : ranges) {
    if (!names.contains(queue.broker_name, queue.queue_id)) continue;
    furthest = std::max(furthest, queue.end);
    const auto within = [&queue](ReadPosition position) {
      if (position.kind == ReadPosition::Kind::offset)
        position.value = std::clamp(position.value, queue.begin, queue.end);
      return position;
    };
    plan.config.queues.push_back(
        {queue.broker_name, queue.queue_id, within(plan.config.begin), within(plan.config.end)});
  }
  names.check_all_found(topic);
  if (begin.kind == ReadPosition::Kind::offset) check_within("--since", begin.value, furthest, topic);
  return plan;
}

std::int64_t read_messages(const ReadingPlan& plan, const std::function<bool(const ReceivedMessage&)>& each,
                           const std::function<void()>& idle) {
  catch_interrupts();
  Sink sink(plan.count, each);
  if (plan.from_end) {
    read_on(plan, nullptr, sink, idle);
    return sink.given();
  }
  std::vector<QueueRange> ranges;
  {
    const auto reader = Reader::start(plan.config);
    const bool goes_on = read_range(*reader, sink);
    idle();  // Ending a reader takes some milliseconds.
    if (!goes_on || !plan.follow) return sink.given();
    ranges = reader->ranges();
  }
  read_on(plan, &ranges, sink, idle);
  return sink.given();
}

}  // namespace rocketmq::rmq
