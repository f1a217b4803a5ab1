#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/log_limiter.h"
#include "client/consumer.h"
#include "client/consumer/consumer_context.h"
#include "client/consumer/group_watch.h"
#include "client/consumer/pull_loop.h"
#include "client/consumer/rebalancer.h"
#include "client/consumer/send_back.h"
#include "client/core/route_table.h"
#include "client/core/strand_timer.h"
#include "wire/consumer_status.h"
#include "wire/heartbeat.h"
#include "wire/reset_offset.h"
#include "wire/subscription.h"

namespace rocketmq::client {

/// The part of a consumer that runs on its client's strand: which queues it has, their pull loops, the
/// timers, and what brokers ask of it. All functions: strand, except the constructor and wake().
class ConsumerEngine {
 public:
  /// What is done and not stored comes again where a process dies, so it is stored often.
  static constexpr std::chrono::seconds commit_interval{1};
  /// A topic that does not exist yet is looked for so often.
  static constexpr std::chrono::milliseconds missing_topic_interval{700};
  /// A queue that another member may just be letting go is started a little later, so that its last offset
  /// is stored by then and no message comes twice.
  static constexpr std::chrono::milliseconds hand_over_delay{500};

  ConsumerEngine(ConsumerContext& context, const ConsumerConfig& config,
                 std::shared_ptr<const wire::SubscriptionData> subscription);

  /// To be called before the core's start.
  void set_handlers();

  /// Starts; `on_started` is called once, when every queue that is there at the start knows its first offset,
  /// or could not find it at once; with a failure when all brokers of the topic refuse us for want of rights.
  /// It goes on trying in any case.
  void start(std::function<void(const Failure&)> on_started);

  /// Something waits in the ReadyQueues. From any thread.
  void wake();

  /// Pulls and divides no more; what was received can still be finished.
  void stop_receiving();

  /// Stores all offsets and takes leave of the brokers. `done` comes when that is over.
  void say_goodbye(std::chrono::milliseconds deadline, std::function<void()> done);

 private:
  using LoopPtr = std::shared_ptr<PullLoop>;
  struct Dropped {
    LoopPtr loop;
    bool busy = false;  // Its lease was open, so its offset may have moved after the drop.
    bool committing = false;
  };

  [[nodiscard]] wire::HeartbeatData heartbeat() const;
  void find_initial_route();
  void look_for_topics();
  void look_for(const std::string& topic);
  void check_readable(const TopicRoute& route);
  /// `subject` cannot be received from at present.
  void note_failure(const std::string& subject, const Failure& failure);
  void on_route(const std::string& topic, const RoutePtr& route);
  void on_heartbeat(const std::string& address, const Failure& failure, bool first);
  void find_progress(const RoutePtr& route);
  void begin_dividing();
  void assign(const Rebalancer::Share& share);
  void add(const MessageQueue& queue, bool alone);
  void drop(const LoopPtr& loop);
  void finish_drops();
  void work();
  void commit_regularly();
  void commit_all(std::function<void()> done);
  void check_started();
  void check_refused(const std::string& address, const Failure& failure);
  void fail_start(const Failure& failure);

  void on_request(const std::string& address, wire::ReceivedCommand&& request,
                  const transport::Responder& respond);
  [[nodiscard]] bool refused(Errc error, const std::string& group, const transport::Responder& respond);
  void on_reset(const std::string& address, const wire::ResetOffsetBody& body);
  [[nodiscard]] transport::Answer consumer_status(const wire::GetConsumerStatusRequest& request) const;
  [[nodiscard]] transport::Answer running_info(const wire::GetConsumerRunningInfoRequest& request) const;

  ConsumerContext& context_;
  const MessageModel model_;
  const ConsumeFromWhere from_where_;
  const int takers_;
  const std::shared_ptr<const wire::SubscriptionData> subscription_;
  std::shared_ptr<const wire::SubscriptionData> retry_subscription_;  // Null when broadcasting.
  Rebalancer rebalancer_;
  GroupWatch group_watch_;
  std::unique_ptr<SendBack> send_back_;
  StrandTimer commit_timer_;
  StrandTimer missing_timer_;
  std::map<MessageQueue, LoopPtr> loops_;
  std::map<MessageQueue, Dropped> dropped_;
  std::map<std::string, Rebalancer::Share> shares_;
  /// The queues where a group without an offset starts at the end: those that were there at the start of a
  /// consumer whose group had no progress in any of them. Others came later, and start at their first
  /// message.
  std::set<MessageQueue> from_end_;
  std::function<void(const Failure&)> on_started_;
  LogLimiter limiter_;
  std::set<std::string> refused_by_;  // Brokers that have refused our heartbeat for want of rights.
  std::set<MessageQueue> starting_;
  bool dividing_ = false;  // It is known where queues start, so they may be taken.
  bool divided_ = false;   // The topic's queues were divided at least once.
  bool stopped_ = false;
  std::atomic<bool> wake_posted_{false};
  std::chrono::system_clock::time_point start_time_ = std::chrono::system_clock::now();
};

}  // namespace rocketmq::client
