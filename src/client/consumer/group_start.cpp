#include "client/consumer/group_start.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "client/core/access_refusal.h"

namespace rocketmq::client {

GroupStart::GroupStart(ConsumerContext& context, ConsumeFromWhere from_where, std::function<void()> on_known)
    : context_(context),
      from_where_(from_where),
      on_known_(std::move(on_known)),
      timer_(context.core->loop()) {
  for (const SubscribedTopic& topic : context.user_topics())
    unknown_.insert(topic.name());
  untried_ = undivided_ = unknown_;
}

void GroupStart::begin(std::function<void(const Failure&)> on_started) {
  on_started_ = std::move(on_started);
  for (const SubscribedTopic& topic : context_.user_topics())
    find_route(topic.name());
}

void GroupStart::stop() {
  stopped_ = true;
  timer_.cancel();
  if (on_started_) std::exchange(on_started_, nullptr)({});
}

// Which queues are there from the start decides where they begin, so only an answer counts, no failure.
void GroupStart::find_route(const std::string& topic) {
  context_.core->routes().get(topic, [this, topic](const Failure& failure, const RoutePtr& route) {
    if (stopped_) return;
    if (failure.failed() && failure.code != Errc::topic_not_found) {
      context_.note_failure("topic '" + topic + "'", failure);
      if (is_access_refusal(failure)) fail(topic, failure);
      try_again(topic);
      return;
    }
    if (failure.failed()) {
      context_.core->log(LogLevel::warning, "consumer of group '" + context_.group + "': topic '" + topic +
                                                "' is looked for until it exists: " + to_string(failure));
      undivided_.erase(topic);  // Nothing to wait for: what comes later starts at its first message.
    } else if (from_where_ == ConsumeFromWhere::last_offset && !route->subscribe_queues.empty()) {
      find_progress(route);
      return;
    }
    know(topic);
  });
}

// A group that has progress in some queue of a topic is not new to it: a queue without was added since, and
// what it holds was sent for the group. This is found out before the brokers hear of us, so that no other
// member's first offsets, stored for only a part of the queues, are taken for the progress of an old group.
void GroupStart::find_progress(const RoutePtr& route) {
  struct Search {
    std::size_t open = 0;
    std::size_t answered = 0;
    bool over = false;
    Failure problem;
  };
  const auto search = std::make_shared<Search>();
  search->open = route->subscribe_queues.size();
  for (const MessageQueue& queue : route->subscribe_queues) {
    context_.store->load(
        queue, [this, search, route](const Failure& failure, std::optional<std::int64_t> offset) {
          --search->open;
          if (stopped_ || search->over) return;
          if (failure.failed()) {
            search->problem = failure;
          } else {
            ++search->answered;
          }
          const bool has_progress = !failure.failed() && offset;
          search->over = has_progress || search->open == 0;
          if (!search->over) return;
          if (search->answered > 0) return on_progress(route, !has_progress);
          context_.note_failure("the group's progress in topic '" + route->topic + "'", search->problem);
          if (is_access_refusal(search->problem)) fail(route->topic, search->problem);
          undivided_.erase(route->topic);
          context_.core->routes().mark_stale(route->topic);
          try_again(route->topic);
        });
  }
}

void GroupStart::on_progress(const RoutePtr& route, bool is_new) {
  if (is_new) from_end_.insert(route->subscribe_queues.begin(), route->subscribe_queues.end());
  know(route->topic);
}

void GroupStart::know(const std::string& topic) {
  unknown_.erase(topic);
  on_tried(topic);
}

void GroupStart::try_again(const std::string& topic) {
  failed_.insert(topic);
  on_tried(topic);
}

void GroupStart::on_tried(const std::string& topic) {
  const bool first = untried_.erase(topic) > 0;
  if (!untried_.empty()) return;
  if (any_known() && (first || is_known(topic))) on_known_();
  look_around();
  check_started();
}

std::function<void()> GroupStart::expect(const MessageQueue& queue) {
  if (!on_started_) return {};
  starting_.insert(queue);
  return [this, queue] {
    starting_.erase(queue);
    check_started();
  };
}

void GroupStart::on_divided(const std::string& topic) {
  if (undivided_.erase(topic) > 0) check_started();
}

void GroupStart::check_started() {
  if (!on_started_ || !untried_.empty() || !undivided_.empty() || !starting_.empty()) return;
  std::exchange(on_started_, nullptr)({});
}

// A heartbeat names the group and its topics, so that a broker with access control decides on all of them.
void GroupStart::on_refused(const std::string& address, const Failure& failure) {
  if (!on_started_ || !is_access_refusal(failure)) return;
  refused_by_.insert(address);
  for (const SubscribedTopic& topic : context_.user_topics()) {
    const RoutePtr route = context_.core->routes().cached(topic.name());
    if (route != nullptr && all_refused(*route)) return fail(topic.name(), failure);
  }
}

bool GroupStart::all_refused(const TopicRoute& route) const {
  for (const auto& [name, addresses] : route.brokers) {
    for (const auto& [id, broker] : addresses) {
      if (!refused_by_.contains(broker)) return false;
    }
  }
  return true;
}

void GroupStart::fail(const std::string& topic, const Failure& failure) {
  if (!on_started_) return;
  Failure refused = failure;
  refused.message = "group '" + context_.core->unwrap_name(context_.group) + "' may not consume topic '" +
                    context_.core->unwrap_name(topic) + "': " + failure.message;
  std::exchange(on_started_, nullptr)(refused);
}

void GroupStart::look() {
  if (stopped_) return;
  for (const std::string& topic : std::exchange(failed_, {}))
    find_route(topic);
  look_around();
}

void GroupStart::look_around() {
  for (const SubscribedTopic& topic : context_.topics) {
    if (is_known(topic.name())) look_for(topic.name());
  }
  timer_.start(interval, [this] { look(); });
}

void GroupStart::look_for(const std::string& topic) {
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
void GroupStart::check_readable(const TopicRoute& route) {
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
