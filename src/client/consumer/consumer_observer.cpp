#include "client/consumer/consumer_observer.h"

#include <chrono>

#include "base/wall_clock.h"
#include "client/core/route_table.h"

namespace rocketmq::client {

namespace {

TroubleStatus in_words(const std::string& subject, const Troubles::Present& trouble,
                       Troubles::TimePoint now) {
  const auto lasted = std::chrono::duration_cast<std::chrono::milliseconds>(now - trouble.first);
  return {subject, trouble.cause, trouble.kind == Troubles::Kind::lasting, now_in_ms() - lasted.count()};
}

TopicStatus status_of(const SubscribedTopic& topic, const ConsumerContext& context, const Shares& shares) {
  TopicStatus status;
  status.topic = context.core->unwrap_name(topic.name());
  const RoutePtr route = context.core->routes().cached(topic.name());
  if (route != nullptr) status.queues = route->subscribe_queues.size();
  const auto share = shares.find(topic.name());
  if (share == shares.end()) return status;
  status.own_queues = share->second.queues.size();
  status.members = share->second.members.size();
  if (status.own_queues > 0) return status;
  // The first ones have a queue each; see allocate_average.
  for (const std::string& member : share->second.members) {
    if (status.owners.size() < status.queues) status.owners.push_back(member);
  }
  return status;
}

}  // namespace

LoopStatus look_around(const ConsumerContext& context, const PullLoops& loops, const Shares& shares) {
  LoopStatus status;
  const auto now = std::chrono::steady_clock::now();
  const auto troubles = context.troubles.present(now);
  for (const auto& [subject, trouble] : troubles)
    status.troubles.push_back(in_words(subject, trouble, now));
  status.queues.reserve(loops.size());
  for (const auto& [queue, loop] : loops) {
    LoopStatus::Queue& row = status.queues.emplace_back(loop->status());
    if (troubles.empty()) continue;
    const auto found = troubles.find(to_string(queue));
    if (found != troubles.end()) row.trouble = in_words(found->first, found->second, now);
  }
  for (const SubscribedTopic& topic : context.user_topics())
    status.topics.push_back(status_of(topic, context, shares));
  return status;
}

}  // namespace rocketmq::client
