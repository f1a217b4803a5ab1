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
      timer_(context.core->loop()) {}

void GroupStart::begin(std::function<void(const Failure&)> on_started) {
  on_started_ = std::move(on_started);
  find_route();
}

void GroupStart::stop() {
  stopped_ = true;
  timer_.cancel();
  if (on_started_) std::exchange(on_started_, nullptr)({});
}

// Which queues are there from the start decides where they begin, so only an answer counts, no failure.
void GroupStart::find_route() {
  context_.core->routes().get(context_.topic, [this](const Failure& failure, const RoutePtr& route) {
    if (stopped_) return;
    if (failure.failed() && failure.code != Errc::topic_not_found) {
      context_.note_failure("topic '" + context_.topic + "'", failure);
      if (is_access_refusal(failure)) fail(failure);
      try_again();
      return;
    }
    if (failure.failed()) {
      context_.core->log(LogLevel::warning, "consumer of group '" + context_.group + "': topic '" +
                                                context_.topic +
                                                "' is looked for until it exists: " + to_string(failure));
      divided_ = true;  // Nothing to wait for: what comes later starts at its first message.
    } else if (from_where_ == ConsumeFromWhere::last_offset && !route->subscribe_queues.empty()) {
      find_progress(route);
      return;
    }
    know();
  });
}

// A group that has progress in some queue is not new: a queue without was added since, and what it holds was
// sent for the group. This is found out before the brokers hear of us, so that no other member's first
// offsets, stored for only a part of the queues, are taken for the progress of an old group.
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
          context_.note_failure("the group's progress in topic '" + context_.topic + "'", search->problem);
          if (is_access_refusal(search->problem)) fail(search->problem);
          if (on_started_) std::exchange(on_started_, nullptr)({});
          context_.core->routes().mark_stale(context_.topic);
          try_again();
        });
  }
}

void GroupStart::on_progress(const RoutePtr& route, bool is_new) {
  if (is_new) from_end_.insert(route->subscribe_queues.begin(), route->subscribe_queues.end());
  know();
}

void GroupStart::know() {
  known_ = true;
  on_known_();
  look();
  check_started();
}

void GroupStart::try_again() {
  timer_.start(interval, [this] { find_route(); });
}

std::function<void()> GroupStart::expect(const MessageQueue& queue) {
  if (!on_started_) return {};
  starting_.insert(queue);
  return [this, queue] {
    starting_.erase(queue);
    check_started();
  };
}

void GroupStart::on_divided() {
  if (divided_) return;
  divided_ = true;
  check_started();
}

void GroupStart::check_started() {
  if (!on_started_ || !known_ || !divided_ || !starting_.empty()) return;
  std::exchange(on_started_, nullptr)({});
}

// A heartbeat names the group and the topic, so that a broker with access control decides on both.
void GroupStart::on_refused(const std::string& address, const Failure& failure) {
  const RoutePtr route = context_.core->routes().cached(context_.topic);
  if (!on_started_ || route == nullptr || !is_access_refusal(failure)) return;
  refused_by_.insert(address);
  for (const auto& [name, addresses] : route->brokers) {
    for (const auto& [id, broker] : addresses) {
      if (!refused_by_.contains(broker)) return;
    }
  }
  fail(failure);
}

void GroupStart::fail(const Failure& failure) {
  if (!on_started_) return;
  Failure refused = failure;
  refused.message = "group '" + context_.core->unwrap_name(context_.group) + "' may not consume topic '" +
                    context_.core->unwrap_name(context_.topic) + "': " + failure.message;
  std::exchange(on_started_, nullptr)(refused);
}

void GroupStart::look() {
  if (stopped_) return;
  look_for(context_.topic);
  if (!context_.retry_topic.empty()) look_for(context_.retry_topic);
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
