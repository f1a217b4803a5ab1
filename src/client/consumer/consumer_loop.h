#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/consumer/consumer_context.h"
#include "client/consumer/group_seek.h"
#include "client/consumer/group_start.h"
#include "client/consumer/group_watch.h"
#include "client/consumer/operator_requests.h"
#include "client/consumer/pull_loop.h"
#include "client/consumer/rebalancer.h"
#include "client/consumer/send_back.h"
#include "client/core/route_table.h"
#include "rocketmq/consumer.h"
#include "transport/loop_timer.h"
#include "wire/heartbeat.h"

namespace rocketmq::client {

/// The part of a consumer that runs on its client's loop: which queues it has, and their pull loops. All
/// functions: loop, except the constructor and wake().
class ConsumerLoop {
 public:
  /// What is done and not stored comes again if the process dies, so it is stored often.
  static constexpr std::chrono::seconds commit_interval{1};
  /// A queue that another member may just be letting go is started a little later, so that its last offset
  /// is stored by then and no message comes twice.
  static constexpr std::chrono::milliseconds hand_over_delay{500};

  ConsumerLoop(ConsumerContext& context, const ConsumerConfig& config);

  /// To be called before the core's start.
  void set_handlers();

  /// See GroupStart::begin.
  void start(std::function<void(const Failure&)> on_started);

  void seek(SeekTarget target, GroupSeek::Done done) {
    const bool broadcasting = model_ == MessageModel::broadcasting;
    std::make_shared<GroupSeek>(context_, loops_, broadcasting, std::move(target), std::move(done))->start();
  }

  /// See Consumer::commit. `done` comes once, with the first failure if there is one.
  void commit(const std::function<void(const Failure&)>& done);
  /// See Consumer::rewind.
  void rewind();

  /// Something waits in the AssignedQueues. From any thread.
  void wake();

  /// Pulls and divides no more; what was received can still be finished.
  void stop_receiving();

  /// Stores all offsets and unregisters at the brokers. `done` comes when that is over.
  void unregister(std::chrono::milliseconds deadline, std::function<void()> done);

 private:
  using LoopPtr = std::shared_ptr<PullLoop>;
  /// A queue that is no longer ours. Its messages may still be with a handler or on their way back to a
  /// broker, and what is done of them is stored for the next owner.
  struct Dropped {
    LoopPtr loop;
    bool busy = false;  // Its delivery was open, so its offset may have moved after the drop.
    bool committing = false;
  };

  [[nodiscard]] wire::HeartbeatData heartbeat() const;
  void on_route(const std::string& topic, const RoutePtr& route);
  void on_heartbeat(const std::string& address, const Failure& failure, bool first);
  void start_rebalancing();
  void assign(const Rebalancer::Share& share);
  void add(const MessageQueue& queue, bool alone);
  void drop(const LoopPtr& loop);
  void on_drop_stored(const MessageQueue& queue);
  void hand_over();
  void take_back(const MessageQueue& queue);
  void work();
  void commit_regularly();
  void publish_status();
  void commit_all(std::function<void()> done);

  ConsumerContext& context_;
  const MessageModel model_;
  const ConsumeFromWhere from_where_;
  PullLoops loops_;
  std::map<MessageQueue, Dropped> dropped_;
  GroupStart start_;
  Rebalancer rebalancer_;
  GroupWatch group_watch_;
  std::unique_ptr<SendBack> send_back_;
  OperatorRequests requests_;
  transport::LoopTimer commit_timer_;
  std::map<std::string, Rebalancer::Share> shares_;
  bool stopped_ = false;
  std::atomic<bool> wake_posted_{false};
};

}  // namespace rocketmq::client
