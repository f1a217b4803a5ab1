#include "client/consumer/topic_search.h"

#include <algorithm>

#include "client/core/route_table.h"

namespace rocketmq::client {

void TopicSearch::stop() {
  stopped_ = true;
  timer_.cancel();
}

void TopicSearch::look() {
  if (stopped_) return;
  look_for(context_.topic);
  if (!context_.retry_topic.empty()) look_for(context_.retry_topic);
  timer_.start(interval, [this] { look(); });
}

void TopicSearch::look_for(const std::string& topic) {
  const RoutePtr route = context_.core->routes().cached(topic);
  if (route != nullptr) check_readable(*route);
  if (route != nullptr && !route->subscribe_queues.empty()) {
    // While a slave stands in, the return of its master is noticed soon: offsets belong there.
    const bool complete = std::all_of(route->brokers.begin(), route->brokers.end(),
                                      [](const auto& broker) { return broker.second.contains(master_id); });
    if (!complete) context_.core->routes().mark_stale(topic);
    return;
  }
  context_.core->routes().refresh(topic, [this, topic](const Failure& failure, const RoutePtr&) {
    if (stopped_) return;
    const std::string subject = "the route of topic '" + topic + "'";
    if (failure.failed() && failure.code != Errc::topic_not_found) {
      context_.note_failure(subject, failure);
    } else {
      context_.troubles.end(subject);
    }
  });
}

// A topic that may not be read has no queues for us, so nothing is asked that could be refused.
void TopicSearch::check_readable(const TopicRoute& route) {
  const std::string subject = "topic '" + route.topic + "'";
  if (!route.unreadable_brokers.empty()) {
    std::string names;
    for (const std::string& name : route.unreadable_brokers)
      names += (names.empty() ? "" : ", ") + name;
    (void)context_.note_trouble(subject,
                                "NO_PERMISSION: it may not be read at " + names +
                                    "; allow it (mqadmin updateTopicPerm -t " + route.topic + " -p 6)",
                                Troubles::Kind::lasting);
  } else if (route.subscribe_queues.empty()) {
    (void)context_.note_trouble(subject, "no broker has a queue of it to receive from",
                                Troubles::Kind::may_pass);
  } else {
    context_.troubles.end(subject);
  }
}

}  // namespace rocketmq::client
