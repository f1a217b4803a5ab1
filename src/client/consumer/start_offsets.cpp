#include "client/consumer/start_offsets.h"

#include <memory>
#include <set>
#include <string>

#include "client/core/route_table.h"

namespace rocketmq::client {

void StartOffsets::find(const MessageQueue& queue, Handler handler) {
  waiting_.emplace_back(queue, std::move(handler));
  if (!asking_ && !timer_.pending()) ask_soon();
}

// Not at once: other queues of the same assignment are about to wait, too.
void StartOffsets::ask_soon() {
  asking_ = true;
  context_.core->post([this] { ask(); });
}

void StartOffsets::ask() {
  asking_ = true;
  auto asked_for = std::make_shared<const Waiting>(std::exchange(waiting_, {}));
  ask_([this, weak = std::weak_ptr(context_.core), asked_for](const Failure& failure,
                                                              const std::vector<QueueStart>& starts) {
    const auto core = weak.lock();
    if (!core) return;
    core->post([this, asked_for, failure, starts] { on_answer(*asked_for, failure, starts); });
  });
}

void StartOffsets::on_answer(const Waiting& asked_for, const Failure& failure,
                             const std::vector<QueueStart>& starts) {
  asking_ = false;
  if (failure.failed()) {
    timer_.start(pauses_.next(context_.core->random()), [this] {
      if (!waiting_.empty()) ask();
    });
  } else {
    pauses_.reset();
    if (!waiting_.empty()) ask_soon();
  }
  std::map<MessageQueue, std::int64_t> offsets;
  for (const QueueStart& start : starts) {
    const MessageQueue queue{context_.core->wrap_name(start.topic), start.broker_name, start.queue_id};
    offsets[queue] = start.queue_offset;
  }
  warn_of_unknown(offsets);
  for (const auto& [queue, handler] : asked_for) {
    const auto found = offsets.find(queue);
    handler(failure, found == offsets.end() ? std::nullopt : std::optional(found->second));
  }
}

// One of them may be another member's, so it is only looked for among all queues that there are.
void StartOffsets::warn_of_unknown(const std::map<MessageQueue, std::int64_t>& offsets) const {
  constexpr int most_named = 5;
  std::set<MessageQueue> known;
  for (const SubscribedTopic& topic : context_.user_topics()) {
    const RoutePtr route = context_.core->routes().cached(topic.name());
    if (route != nullptr) known.insert(route->subscribe_queues.begin(), route->subscribe_queues.end());
  }
  std::string names;
  int unknown = 0;
  for (const auto& [queue, offset] : offsets) {
    if (known.contains(queue)) continue;
    if (++unknown <= most_named) names += (names.empty() ? "" : ", ") + to_string(queue);
  }
  if (unknown == 0) return;
  context_.core->log(LogLevel::warning,
                     "consumer of group '" + context_.group + "': " + std::to_string(unknown) +
                         " of the queues with a start offset do not exist at present: " + names +
                         (unknown > most_named ? ", ..." : ""));
}

}  // namespace rocketmq::client
