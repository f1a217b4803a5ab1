#include "client/consumer/consumer_loop.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/deadline.h"
#include "base/wall_clock.h"
#include "client/consumer/consumer_observer.h"
#include "client/core/access_refusal.h"
#include "client/core/heartbeat.h"
#include "client/core/route_table.h"
#include "wire/names.h"

namespace rocketmq::client {

ConsumerLoop::ConsumerLoop(ConsumerContext& context, const ConsumerConfig& config)
    : context_(context),
      model_(config.message_model),
      from_where_(config.consume_from_where),
      start_(context, config.consume_from_where, [this] { start_rebalancing(); }),
      rebalancer_(context, config.message_model == MessageModel::broadcasting,
                  [this](const Rebalancer::Share& share) { assign(share); }),
      group_watch_(context, config.message_model == MessageModel::broadcasting),
      requests_(context, {loops_, config.poll_threads,
                          [this] {
                            rebalancer_.trigger();
                            group_watch_.trigger();
                          }}),
      commit_timer_(context.core->loop()) {
  for (const SubscribedTopic& topic : context.topics)
    rebalancer_.add_topic(topic.name());
  if (context.retry_topic.empty() || !config.max_reconsume_times) return;
  send_back_ = std::make_unique<SendBack>(context, *config.max_reconsume_times, [this] { hand_over(); });
}

void ConsumerLoop::set_handlers() {
  context_.core->heartbeats().set_result_handler(
      [this](const std::string& address, const Failure& failure, bool first) {
        on_heartbeat(address, failure, first);
      });
  context_.core->remoting().set_request_handler([this](const std::string& address,
                                                       wire::ReceivedCommand&& request,
                                                       const transport::Responder& respond) {
    requests_.answer(address, std::move(request), respond);
  });
}

wire::HeartbeatData ConsumerLoop::heartbeat() const {
  wire::ConsumerData consumer;
  consumer.group_name = context_.group;
  consumer.message_model = model_ == MessageModel::broadcasting ? "BROADCASTING" : "CLUSTERING";
  consumer.consume_from_where = to_string(from_where_);
  for (const SubscribedTopic& topic : context_.topics)
    consumer.subscription_data_set.push_back(*topic.subscription);
  wire::HeartbeatData data;
  data.client_id = context_.core->client_id();
  data.consumer_data_set.push_back(std::move(consumer));
  return data;
}

void ConsumerLoop::start(std::function<void(const Failure&)> on_started) {
  context_.core->routes().on_change(
      [this](const std::string& topic, const RoutePtr& route) { on_route(topic, route); });
  if (from_where_ == ConsumeFromWhere::timestamp && context_.start_time_ms > now_in_ms()) {
    context_.core->log(LogLevel::warning,
                       "consumer of group '" + context_.group +
                           "': the time to start from lies in the future, so queues without progress start "
                           "at their end");
  }
  commit_regularly();
  rebalancer_.start();
  group_watch_.start();
  start_.begin(std::move(on_started));
}

void ConsumerLoop::start_rebalancing() {
  context_.core->heartbeats().set_source([this] { return heartbeat(); }, true);
  context_.core->heartbeats().send_now();
  rebalancer_.trigger();
}

void ConsumerLoop::on_route(const std::string& topic, const RoutePtr& route) {
  if (stopped_ || route == nullptr || context_.find_topic(topic) == nullptr) return;
  rebalancer_.trigger();
  for (const auto& [queue, loop] : loops_) {
    if (queue.topic == topic) loop->retry_now();
  }
}

void ConsumerLoop::on_heartbeat(const std::string& address, const Failure& failure, bool first) {
  if (stopped_) return;
  const std::string subject = "broker " + address;
  if (failure.failed()) {
    const auto kind = is_access_refusal(failure) ? Troubles::Kind::lasting : Troubles::Kind::may_pass;
    (void)context_.note_trouble(subject, to_string(failure), kind);  // The heartbeats have logged it.
    start_.on_refused(address, failure);
    return;
  }
  context_.troubles.end(subject);
  if (!first) return;
  // A broker that has just learnt of us can now be asked for the group's members, and be pulled from. If it
  // died before, it has lost the offsets of its last seconds; if a slave stood in for it, all since.
  rebalancer_.on_new_connection(address);
  group_watch_.on_new_connection(address);
  if (!context_.retry_topic.empty()) start_.look_for(context_.retry_topic);
  for (const auto& [queue, loop] : loops_) {
    loop->commits().store_again();
    loop->retry_now();
    const std::string* const master = context_.master_of(queue);
    // Its next pull may be held for long before it could tell.
    if (master != nullptr && *master == address) context_.troubles.end(to_string(queue));
  }
}

void ConsumerLoop::assign(const Rebalancer::Share& share) {
  if (stopped_ || !start_.is_known(share.topic)) return;
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
  start_.on_divided(share.topic);
  publish_status();
}

void ConsumerLoop::add(const MessageQueue& queue, bool alone) {
  // A queue that comes back while its last delivery is still open waits, or two handlers would have it at
  // once.
  if (loops_.contains(queue) || dropped_.contains(queue)) return;
  const SubscribedTopic* topic = context_.find_topic(queue.topic);
  if (topic == nullptr) return;
  const bool is_retry = queue.topic == context_.retry_topic;
  const auto assigned =
      std::make_shared<AssignedQueue>(queue, context_.core->unwrap_name(queue.topic), is_retry, *topic);
  std::function<void()> started;
  if (!is_retry) started = start_.expect(queue);
  const auto loop =
      std::make_shared<PullLoop>(context_, assigned, start_.start_of(queue), std::move(started));
  context_.queues->assign(assigned);
  loops_.emplace(queue, loop);
  context_.core->log(LogLevel::info, "consumer of group '" + context_.group + "' takes " + to_string(queue));
  loop->start(alone ? std::chrono::milliseconds(0) : hand_over_delay);
}

void ConsumerLoop::drop(const LoopPtr& loop) {
  const AssignedQueuePtr assigned = loop->queue();
  const std::string subject = "consumer of group '" + context_.group + "'";
  context_.core->log(LogLevel::info, subject + " lets " + to_string(assigned->queue) + " go");
  loop->stop();
  if (const std::int64_t lost = context_.queues->drop(assigned); lost > 0) {
    context_.core->log(LogLevel::warning, subject + ", " + to_string(assigned->queue) + ": " +
                                              std::to_string(lost) +
                                              " offsets were taken here and not committed before the queue "
                                              "went; its next owner gets their messages again");
  }
  if (send_back_) send_back_->on_drop();
  if (loop->has_offset()) start_.forget(assigned->queue);
  loops_.erase(assigned->queue);
  dropped_.insert_or_assign(assigned->queue, Dropped{loop, context_.queues->is_busy(assigned), true});
  // The member that has the queue now may have had it for a while, if brokers did not agree on the members.
  loop->commits().commit_after_drop([this, queue = assigned->queue] { on_drop_stored(queue); });
}

void ConsumerLoop::on_drop_stored(const MessageQueue& queue) {
  if (const auto found = dropped_.find(queue); found != dropped_.end()) found->second.committing = false;
  hand_over();
}

// A delivery or a send-back of a dropped queue may have ended. One whose offset is stored may be taken again.
void ConsumerLoop::hand_over() {
  std::vector<MessageQueue> done;
  for (auto& [queue, dropped] : dropped_) {
    if (dropped.committing || context_.queues->is_busy(dropped.loop->queue())) continue;
    if (!dropped.busy) {
      done.push_back(queue);
      continue;
    }
    dropped.busy = false;
    dropped.committing = true;
    dropped.loop->commits().commit_after_drop([this, name = queue] {
      // Later: this may run while hand_over() still walks through the map.
      context_.core->post([this, name] { on_drop_stored(name); });
    });
  }
  for (const MessageQueue& queue : done) {
    dropped_.erase(queue);
    take_back(queue);
  }
}

void ConsumerLoop::take_back(const MessageQueue& queue) {
  const auto share = shares_.find(queue.topic);
  if (stopped_ || share == shares_.end()) return;
  const std::vector<MessageQueue>& wanted = share->second.queues;
  if (std::find(wanted.begin(), wanted.end(), queue) != wanted.end()) add(queue, share->second.alone);
}

void ConsumerLoop::wake() {
  if (wake_posted_.exchange(true)) return;
  // If it cannot be posted, nobody would wake it again.
  context_.core->guard([this] {
    context_.core->post([this] {
      wake_posted_.store(false);
      work();
    });
  });
}

void ConsumerLoop::work() {
  AssignedQueues::Work work = context_.queues->collect();
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
  hand_over();
}

void ConsumerLoop::commit_regularly() {
  commit_timer_.start(commit_interval, [this] {
    for (const auto& [queue, loop] : loops_)
      loop->commits().commit([] {});
    requests_.remember_counts(std::chrono::steady_clock::now());
    for (const auto& [queue, loop] : loops_)
      loop->look_at_end();
    publish_status();
    commit_regularly();
  });
}

void ConsumerLoop::publish_status() {
  context_.queues->publish(std::make_shared<const LoopStatus>(look_around(context_, loops_, shares_)));
}

void ConsumerLoop::commit_all(std::function<void()> done) {
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

void ConsumerLoop::commit(const std::function<void(const Failure&)>& done) {
  context_.queues->allow_commit();
  commit_all([this, done] {
    for (const auto& [queue, loop] : loops_) {
      Failure failure = loop->commits().failure();
      if (!failure.failed()) continue;
      failure.message = "the progress of " + to_string(queue) + " is not stored yet: " + failure.message;
      return done(failure);
    }
    done({});
  });
}

void ConsumerLoop::rewind() {
  for (const auto& [queue, loop] : loops_) {
    if (loop->has_offset()) loop->reset(context_.queues->commit_offset(loop->queue()));
  }
}

void ConsumerLoop::stop_receiving() {
  if (stopped_) return;
  stopped_ = true;
  rebalancer_.stop();
  group_watch_.stop();
  for (const auto& [queue, loop] : loops_)
    loop->stop();
  start_.stop();
}

void ConsumerLoop::unregister(std::chrono::milliseconds deadline, std::function<void()> done) {
  commit_timer_.cancel();
  if (send_back_) send_back_->stop();
  const auto until = std::chrono::steady_clock::now() + deadline;
  commit_all([this, until, done = std::move(done)]() mutable {
    context_.core->heartbeats().unregister(
        "", context_.group, std::max(time_left(until), std::chrono::milliseconds(1)), std::move(done));
  });
}

}  // namespace rocketmq::client
