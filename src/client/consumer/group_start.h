#pragma once

#include <chrono>
#include <functional>
#include <set>
#include <string>

#include "client/consumer/consumer_context.h"
#include "client/consumer/first_offset.h"
#include "client/core/route_table.h"
#include "rocketmq/consumer.h"
#include "transport/loop_timer.h"

namespace rocketmq::client {

/// The start of a consumer: finds its topics, finds out for each whether its group is new there, which
/// decides where queues begin, and tells when it has started. From then on it looks again and again for
/// topics that have no queues for us: because they do not exist yet, because no broker lets us read them, or
/// because a slave stands in for its master. All functions: loop.
class GroupStart {
 public:
  /// How often is asked again what could not be found out, or is not there.
  static constexpr std::chrono::milliseconds interval{700};

  /// `on_known` is called when it is known of a topic where its queues begin, but not before it was tried for
  /// each: a topic whose brokers are down does not keep the others from starting.
  GroupStart(ConsumerContext& context, ConsumeFromWhere from_where, std::function<void()> on_known);

  /// `on_started` is called once, when every queue that is there at the start knows its first offset, or
  /// could not find it at once; with a failure if all brokers of a topic refuse us for lack of rights. It
  /// goes on trying in any case.
  void begin(std::function<void(const Failure&)> on_started);
  void stop();

  /// Whether queues of this topic may be taken. Those of the retry topic may if those of any other may.
  [[nodiscard]] bool is_known(const std::string& topic) const {
    return topic == context_.retry_topic ? any_known() : !unknown_.contains(topic);
  }
  [[nodiscard]] StartFrom start_of(const MessageQueue& queue) const {
    if (from_where_ == ConsumeFromWhere::timestamp && queue.topic != context_.retry_topic)
      return StartFrom::time;
    return from_end_.contains(queue) ? StartFrom::end : StartFrom::first;
  }
  /// A queue that we let go: from now on only what the group has stored tells where it begins, because it
  /// might come back recreated.
  void forget(const MessageQueue& queue) { from_end_.erase(queue); }

  /// A queue of a user's topic was taken. Gives what its loop has to call when it has started; may be empty.
  [[nodiscard]] std::function<void()> expect(const MessageQueue& queue);
  /// The queues of a topic were divided.
  void on_divided(const std::string& topic);
  /// A broker has refused our heartbeat.
  void on_refused(const std::string& address, const Failure& failure);
  /// Looks now for a topic that may have no queues for us.
  void look_for(const std::string& topic);

 private:
  void find_route(const std::string& topic);
  void find_progress(const RoutePtr& route);
  void on_progress(const RoutePtr& route, bool is_new);
  void know(const std::string& topic);
  void try_again(const std::string& topic);
  void on_tried(const std::string& topic);
  [[nodiscard]] bool any_known() const { return unknown_.size() < context_.user_topics().size(); }
  void look();
  void look_around();
  void check_readable(const TopicRoute& route);
  void check_started();
  [[nodiscard]] bool all_refused(const TopicRoute& route) const;
  void fail(const std::string& topic, const Failure& failure);

  ConsumerContext& context_;
  const ConsumeFromWhere from_where_;
  const std::function<void()> on_known_;
  std::function<void(const Failure&)> on_started_;
  transport::LoopTimer timer_;
  /// The queues where a group without an offset starts at the end: those that were there at the start of a
  /// consumer whose group had no progress in any queue of their topic. Others came later, and start at their
  /// first message.
  std::set<MessageQueue> from_end_;
  std::set<MessageQueue> starting_;
  std::set<std::string> refused_by_;  // Brokers that have refused our heartbeat for lack of rights.
  std::set<std::string> untried_;     // Topics of which nothing was heard yet.
  std::set<std::string> unknown_;     // Topics of which it is not known yet where queues begin.
  std::set<std::string> undivided_;   // Topics whose queues are waited for.
  std::set<std::string> failed_;      // Topics that are tried again at the next look.
  bool stopped_ = false;
};

}  // namespace rocketmq::client
