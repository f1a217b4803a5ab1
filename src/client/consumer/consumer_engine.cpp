#include "client/consumer/consumer_engine.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "client/core/access_refusal.h"
#include "client/core/heartbeat.h"
#include "client/core/route_table.h"
#include "wire/names.h"

namespace rocketmq::client {

ConsumerEngine::ConsumerEngine(ConsumerContext& context, const ConsumerConfig& config,
                               std::shared_ptr<const wire::SubscriptionData> subscription)
    : context_(context),
      model_(config.message_model),
      from_where_(config.consume_from_where),
      takers_(config.takers),
      subscription_(std::move(subscription)),
      rebalancer_(context, config.message_model == MessageModel::broadcasting,
                  [this](const Rebalancer::Share& share) { assign(share); }),
      group_watch_(context, subscription_, config.message_model == MessageModel::broadcasting),
      commit_timer_(context.core->context(), context.core->strand()),
      missing_timer_(context.core->context(), context.core->strand()) {
  rebalancer_.add_topic(context.topic);
  if (context.retry_topic.empty()) return;
  rebalancer_.add_topic(context.retry_topic);
  auto retry = std::make_shared<wire::SubscriptionData>();
  retry->topic = context.retry_topic;  // "*": what failed once was wanted already.
  retry->sub_version = subscription_->sub_version;
  retry_subscription_ = std::move(retry);
  if (!config.max_reconsume_times) return;
  send_back_ = std::make_unique<SendBack>(context, *config.max_reconsume_times, [this] { finish_drops(); });
}

void ConsumerEngine::set_handlers() {
  context_.core->heartbeats().set_result_handler(
      [this](const std::string& address, const Failure& failure, bool first) {
        on_heartbeat(address, failure, first);
      });
  context_.core->directory().set_request_handler(
      [this](const std::string& address, wire::ReceivedCommand&& request,
             const transport::Responder& respond) { on_request(address, std::move(request), respond); });
}

wire::HeartbeatData ConsumerEngine::heartbeat() const {
  wire::ConsumerData consumer;
  consumer.group_name = context_.group;
  consumer.message_model = model_ == MessageModel::broadcasting ? "BROADCASTING" : "CLUSTERING";
  consumer.consume_from_where = from_where_ == ConsumeFromWhere::first_offset ? "CONSUME_FROM_FIRST_OFFSET"
                                                                              : "CONSUME_FROM_LAST_OFFSET";
  consumer.subscription_data_set.push_back(*subscription_);
  if (retry_subscription_) consumer.subscription_data_set.push_back(*retry_subscription_);
  wire::HeartbeatData data;
  data.client_id = context_.core->client_id();
  data.consumer_data_set.push_back(std::move(consumer));
  return data;
}

void ConsumerEngine::start(std::function<void(const Failure&)> on_started) {
  on_started_ = std::move(on_started);
  context_.core->routes().on_change(
      [this](const std::string& topic, const RoutePtr& route) { on_route(topic, route); });
  commit_regularly();
  rebalancer_.start();
  group_watch_.start();
  find_initial_route();
}

// Which queues are there from the start decides where they begin, so only an answer counts, no failure.
void ConsumerEngine::find_initial_route() {
  context_.core->routes().get(context_.topic, [this](const Failure& failure, const RoutePtr& route) {
    if (stopped_) return;
    if (failure.failed() && failure.code != Errc::topic_not_found) {
      note_failure("topic '" + context_.topic + "'", failure);
      if (is_access_refusal(failure)) fail_start(failure);
      missing_timer_.start(missing_topic_interval, [this] { find_initial_route(); });
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
    begin_dividing();
  });
}

// A group that has progress in some queue is not new: a queue without was added since, and what it holds was
// sent for the group. This is found out before the brokers hear of us, so that no other member's first
// offsets, stored for only a part of the queues, are taken for the progress of an old group.
void ConsumerEngine::find_progress(const RoutePtr& route) {
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
          const bool known = !failure.failed() && offset;
          search->over = known || search->open == 0;
          if (!search->over) return;
          if (search->answered == 0) {
            note_failure("the group's progress in topic '" + context_.topic + "'", search->problem);
            if (is_access_refusal(search->problem)) fail_start(search->problem);
            if (on_started_) std::exchange(on_started_, nullptr)({});
            context_.core->routes().mark_stale(context_.topic);
            missing_timer_.start(missing_topic_interval, [this] { find_initial_route(); });
            return;
          }
          if (!known) from_end_.insert(route->subscribe_queues.begin(), route->subscribe_queues.end());
          begin_dividing();
        });
  }
}

void ConsumerEngine::begin_dividing() {
  dividing_ = true;
  context_.core->heartbeats().set_source([this] { return heartbeat(); }, true);
  context_.core->heartbeats().send_now();
  rebalancer_.trigger();
  look_for_topics();
  check_started();
}

void ConsumerEngine::look_for_topics() {
  if (stopped_) return;
  look_for(context_.topic);
  if (!context_.retry_topic.empty()) look_for(context_.retry_topic);
  missing_timer_.start(missing_topic_interval, [this] { look_for_topics(); });
}

void ConsumerEngine::look_for(const std::string& topic) {
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
      note_failure(subject, failure);
    } else {
      context_.troubles.end(subject);
    }
  });
}

// A topic that may not be read has no queues for us, so nothing is asked that could be refused.
void ConsumerEngine::check_readable(const TopicRoute& route) {
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

void ConsumerEngine::note_failure(const std::string& subject, const Failure& failure) {
  const auto kind = is_access_refusal(failure) ? Troubles::Kind::lasting : Troubles::Kind::may_pass;
  const std::string cause = to_string(failure);
  if (context_.note_trouble(subject, cause, kind)) return;
  std::string left_out;
  const std::string line = "consumer of group '" + context_.group + "': " + subject + ": " + cause;
  if (limiter_.pass(std::chrono::steady_clock::now(), line, left_out))
    context_.core->log(LogLevel::warning, line + left_out);
}

void ConsumerEngine::on_route(const std::string& topic, const RoutePtr& route) {
  if (stopped_ || route == nullptr || (topic != context_.topic && topic != context_.retry_topic)) return;
  rebalancer_.trigger();
  for (const auto& [queue, loop] : loops_) {
    if (queue.topic == topic) loop->hurry();
  }
}

void ConsumerEngine::on_heartbeat(const std::string& address, const Failure& failure, bool first) {
  if (stopped_) return;
  const std::string subject = "broker " + address;
  if (failure.failed()) {
    const auto kind = is_access_refusal(failure) ? Troubles::Kind::lasting : Troubles::Kind::may_pass;
    (void)context_.note_trouble(subject, to_string(failure), kind);  // The heartbeats have logged it.
    check_refused(address, failure);
    return;
  }
  context_.troubles.end(subject);
  if (!first) return;
  // A broker that has just learnt of us can now be asked for the group's members, and be pulled from. If it
  // died before, it has lost the offsets of its last seconds; if a slave stood in for it, all since.
  rebalancer_.on_new_connection(address);
  group_watch_.on_new_connection(address);
  if (!context_.retry_topic.empty()) look_for(context_.retry_topic);
  for (const auto& [queue, loop] : loops_) {
    loop->commits().store_again();
    loop->hurry();
  }
}

void ConsumerEngine::assign(const Rebalancer::Share& share) {
  if (stopped_ || !dividing_) return;
  shares_[share.topic] = share;
  const std::set<MessageQueue> wanted(share.queues.begin(), share.queues.end());
  std::vector<LoopPtr> unwanted;
  for (const auto& [queue, loop] : loops_) {
    if (queue.topic == share.topic && !wanted.contains(queue)) unwanted.push_back(loop);
  }
  for (const LoopPtr& loop : unwanted)
    drop(loop);
  for (const MessageQueue& queue : wanted)
    add(queue, share.alone);
  if (share.topic == context_.topic && !divided_) {
    divided_ = true;
    check_started();
  }
}

void ConsumerEngine::add(const MessageQueue& queue, bool alone) {
  // A queue that comes back while its last lease is still open waits, or two handlers would have it at once.
  if (loops_.contains(queue) || dropped_.contains(queue)) return;
  const bool is_retry = queue.topic == context_.retry_topic;
  const auto assigned =
      std::make_shared<AssignedQueue>(queue, context_.core->unwrap_name(queue.topic), is_retry,
                                      is_retry ? retry_subscription_ : subscription_);
  const bool from_end = from_end_.contains(queue);
  std::function<void()> started;
  if (on_started_ && !is_retry) {
    starting_.insert(queue);
    started = [this, queue] {
      starting_.erase(queue);
      check_started();
    };
  }
  const auto loop = std::make_shared<PullLoop>(
      context_, assigned, from_end ? StartFrom::end : StartFrom::first, std::move(started));
  context_.ready->assign(assigned);
  loops_.emplace(queue, loop);
  context_.core->log(LogLevel::info, "consumer of group '" + context_.group + "' takes " + to_string(queue));
  loop->start(alone ? std::chrono::milliseconds(0) : hand_over_delay);
}

void ConsumerEngine::drop(const LoopPtr& loop) {
  const AssignedQueuePtr assigned = loop->queue();
  context_.core->log(LogLevel::info,
                     "consumer of group '" + context_.group + "' lets " + to_string(assigned->queue) + " go");
  loop->stop();
  context_.ready->drop(assigned);
  if (send_back_) send_back_->on_drop();
  // From now on only what the group has stored tells where it begins: it might come back made anew.
  if (loop->has_offset()) from_end_.erase(assigned->queue);
  Dropped dropped{loop, context_.ready->is_busy(assigned), true};
  loops_.erase(assigned->queue);
  dropped_.insert_or_assign(assigned->queue, dropped);
  // Whoever has the queue now may have had it for a while, where brokers did not agree on the members.
  loop->commits().commit_after_drop([this, queue = assigned->queue] {
    if (const auto found = dropped_.find(queue); found != dropped_.end()) found->second.committing = false;
    finish_drops();
  });
}

void ConsumerEngine::finish_drops() {
  std::vector<MessageQueue> done;
  for (auto& [queue, dropped] : dropped_) {
    if (dropped.committing || context_.ready->is_busy(dropped.loop->queue())) continue;
    if (!dropped.busy) {
      done.push_back(queue);
      continue;
    }
    dropped.busy = false;
    dropped.committing = true;
    dropped.loop->commits().commit_after_drop([this, name = queue] {
      // Later: this may run while finish_drops still walks through the map.
      context_.core->post([this, name] {
        if (const auto found = dropped_.find(name); found != dropped_.end()) found->second.committing = false;
        finish_drops();
      });
    });
  }
  for (const MessageQueue& queue : done) {
    dropped_.erase(queue);
    const auto share = shares_.find(queue.topic);
    if (stopped_ || share == shares_.end()) continue;
    for (const MessageQueue& wanted : share->second.queues) {
      if (wanted == queue) add(queue, share->second.alone);
    }
  }
}

void ConsumerEngine::wake() {
  if (wake_posted_.exchange(true)) return;
  // Where it cannot be posted, nobody would wake it again.
  context_.core->guard([this] {
    context_.core->post([this] {
      wake_posted_.store(false);
      work();
    });
  });
}

void ConsumerEngine::work() {
  ReadyQueues::Work work = context_.ready->collect();
  const auto now = std::chrono::steady_clock::now();
  context_.topic_meter.handled(work.handled, now);
  context_.retry_meter.handled(work.retry_handled, now);
  for (RejectedMessage& message : work.rejected) {
    if (send_back_) send_back_->add(std::move(message));
  }
  for (const ReturnedMessage& message : work.returned)
    send_back_->on_handed_out(message);
  for (const auto& [queue, offset] : work.rewinds) {
    const auto found = loops_.find(queue->queue);
    if (found != loops_.end() && found->second->queue() == queue) found->second->rewind(offset);
  }
  for (const auto& [queue, loop] : loops_)
    loop->on_room();
  finish_drops();
}

void ConsumerEngine::commit_regularly() {
  commit_timer_.start(commit_interval, [this] {
    for (const auto& [queue, loop] : loops_)
      loop->commits().commit([] {});
    commit_regularly();
  });
}

void ConsumerEngine::commit_all(std::function<void()> done) {
  const auto open = std::make_shared<std::size_t>(loops_.size() + dropped_.size() + 1);
  const auto one_less = [open, done = std::move(done)] {
    if (--*open == 0) done();
  };
  for (const auto& [queue, loop] : loops_)
    loop->commits().commit(one_less);
  for (const auto& [queue, dropped] : dropped_)
    dropped.loop->commits().commit_after_drop(one_less);
  one_less();
}

void ConsumerEngine::check_started() {
  if (!on_started_ || !dividing_ || !divided_ || !starting_.empty()) return;
  std::exchange(on_started_, nullptr)({});
}

// A heartbeat names the group and the topic, so that a broker with access control judges both.
void ConsumerEngine::check_refused(const std::string& address, const Failure& failure) {
  const RoutePtr route = context_.core->routes().cached(context_.topic);
  if (!on_started_ || route == nullptr || !is_access_refusal(failure)) return;
  refused_by_.insert(address);
  for (const auto& [name, addresses] : route->brokers) {
    for (const auto& [id, broker] : addresses) {
      if (!refused_by_.contains(broker)) return;
    }
  }
  fail_start(failure);
}

void ConsumerEngine::fail_start(const Failure& failure) {
  if (!on_started_) return;
  Failure refused = failure;
  refused.message = "group '" + context_.core->unwrap_name(context_.group) + "' may not consume topic '" +
                    context_.core->unwrap_name(context_.topic) + "': " + failure.message;
  std::exchange(on_started_, nullptr)(refused);
}

void ConsumerEngine::stop_receiving() {
  if (stopped_) return;
  stopped_ = true;
  rebalancer_.stop();
  group_watch_.stop();
  missing_timer_.cancel();
  for (const auto& [queue, loop] : loops_)
    loop->stop();
  if (on_started_) std::exchange(on_started_, nullptr)({});
}

void ConsumerEngine::say_goodbye(std::chrono::milliseconds deadline, std::function<void()> done) {
  commit_timer_.cancel();
  if (send_back_) send_back_->stop();
  const auto until = std::chrono::steady_clock::now() + deadline;
  commit_all([this, until, done = std::move(done)]() mutable {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    context_.core->heartbeats().unregister("", context_.group, std::max(left, std::chrono::milliseconds(1)),
                                           std::move(done));
  });
}

}  // namespace rocketmq::client
