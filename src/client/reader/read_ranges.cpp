#include "client/reader/read_ranges.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "client/consumer/offset_query.h"
#include "client/consumer/pull_request.h"
#include "client/consumer/time_search.h"
#include "client/core/access_refusal.h"

namespace rocketmq::client {

namespace {

using OnOffset = std::function<void(const Failure& failure, std::int64_t offset)>;

/// One queue's way from its positions to its offsets.
class RangeSearch : public std::enable_shared_from_this<RangeSearch> {
 public:
  using Done = std::function<void(const Failure& failure, const QueueRange& range)>;

  RangeSearch(ConsumerContext& context, QueuePositions positions, Done done)
      : context_(context), positions_(std::move(positions)), done_(std::move(done)) {}

  void start() {
    const auto* const server = pull_server(context_, queue());
    if (server == nullptr) {
      return fail_later(
          {Errc::no_queue, "no address of the broker is known that holds " + to_string(queue()), {}});
    }
    server_.emplace(*server);
    query_offset(*context_.core, server_->second, first_request(queue()), offsets_of(queue()),
                 [self = shared_from_this()](const Failure& failure, std::int64_t first) {
                   if (is_access_refusal(failure)) return self->ask_by_pull();
                   if (failure.failed()) return self->fail(failure);
                   self->bounds_.first = first;
                   self->ask_for_end();
                 });
  }

 private:
  [[nodiscard]] const MessageQueue& queue() const { return positions_.queue->queue; }

  void ask_for_end() {
    query_offset(*context_.core, server_->second, end_request(queue()), offsets_of(queue()),
                 [self = shared_from_this()](const Failure& failure, std::int64_t end) {
                   if (failure.failed()) return self->fail(failure);
                   self->bounds_.end = std::max(end, self->bounds_.first);
                   self->find_begin();
                 });
  }

  void ask_by_pull() {
    query_ends_by_pull(
        context_, *positions_.queue, *server_, offsets_of(queue()),
        [self = shared_from_this()](const Failure& failure, const QueueEnds& ends) {
          if (failure.failed()) return self->fail(failure);
          self->bounds_ = {std::max<std::int64_t>(ends.first, 0), std::max(ends.end, ends.first)};
          self->find_begin();
        });
  }

  void find_begin() {
    find(positions_.begin, [self = shared_from_this()](const Failure& failure, std::int64_t begin) {
      if (failure.failed()) return self->fail(failure);
      self->begin_ = begin;
      self->find(self->positions_.end, [self](const Failure& end_failure, std::int64_t end) {
        if (end_failure.failed()) return self->fail(end_failure);
        self->done_({}, {self->queue().broker_name, self->queue().queue_id, self->begin_,
                         std::max(self->begin_, end)});
      });
    });
  }

  void find(const ReadPosition& position, const OnOffset& found) {
    switch (position.kind) {
      case ReadPosition::Kind::first:
        return found({}, bounds_.first);
      case ReadPosition::Kind::last:
        return found({}, bounds_.end);
      case ReadPosition::Kind::offset:
        if (position.value >= bounds_.first && position.value <= bounds_.end)
          return found({}, position.value);
        return found({Errc::invalid_argument,
                      to_string(queue()) + " has the offsets from " + std::to_string(bounds_.first) + " to " +
                          std::to_string(bounds_.end) + ", and not " + std::to_string(position.value),
                      {}},
                     0);
      case ReadPosition::Kind::time:
        break;
    }
    if (bounds_.first == bounds_.end) return found({}, bounds_.end);
    // What was stored since it asked for the end does not count.
    search_time(context_, positions_.queue, *server_, position.value,
                [self = shared_from_this(), found](const Failure& failure, std::int64_t offset) {
                  found(failure, std::clamp(offset, self->bounds_.first, self->bounds_.end));
                });
  }

  void fail(Failure failure) {
    if (!failure.server && failure.code != Errc::invalid_argument)
      failure.message = "where " + to_string(queue()) + " begins and ends is not known: " + failure.message;
    done_(failure, {});
  }
  void fail_later(const Failure& failure) {
    context_.core->post([self = shared_from_this(), failure] { self->fail(failure); });
  }

  ConsumerContext& context_;
  const QueuePositions positions_;
  const Done done_;
  std::optional<BrokerAddresses::value_type> server_;
  QueueEnds bounds_;
  std::int64_t begin_ = 0;
};

}  // namespace

void find_ranges(ConsumerContext& context, const std::vector<QueuePositions>& queues,
                 const std::function<void(const Failure& failure, std::vector<QueueRange> ranges)>& handler) {
  struct Found {
    std::vector<QueueRange> ranges;
    Failure failure;
    std::size_t open = 0;
  };
  const auto all = std::make_shared<Found>();
  all->ranges.resize(queues.size());
  all->open = queues.size();
  for (std::size_t i = 0; i < queues.size(); ++i) {
    std::make_shared<RangeSearch>(context, queues[i],
                                  [all, handler, i](const Failure& failure, const QueueRange& range) {
                                    all->ranges[i] = range;
                                    if (failure.failed() && !all->failure.failed()) all->failure = failure;
                                    if (--all->open == 0) handler(all->failure, std::move(all->ranges));
                                  })
        ->start();
  }
}

}  // namespace rocketmq::client
