#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "client/consumer/consumer_context.h"
#include "client/consumer/pull_loop.h"
#include "client/core/topic_route.h"
#include "rocketmq/consumer.h"
#include "wire/reset_offset.h"

namespace rocketmq::client {

/// One seek: moves a group to other offsets, and this consumer at once.
///
/// Clustering: brokers do it, as for `mqadmin resetOffsetByTime`, so that the other members hear of it. For
/// single offsets they need useServerSideResetOffset (5.1; by default on since 5.2). Without it only queues
/// of this consumer can be moved to an offset. Broadcasting: each consumer has a progress of its own, so
/// only this one moves.
///
/// Progress that is to be stored is stored first: what reaches a broker after the seek is of after it, unless
/// a delivery ends while it runs. All functions: loop.
class GroupSeek : public std::enable_shared_from_this<GroupSeek> {
 public:
  /// Called once, with a failure if something could not be moved; what could be moved is.
  using Done = std::function<void(const Failure& failure, const std::vector<SeekResult>& results)>;

  GroupSeek(ConsumerContext& context, const PullLoops& loops, bool broadcasting, SeekTarget target,
            Done done);
  void start();

 private:
  using Server = std::pair<std::string, std::string>;  // A topic on the wire, and the name of a broker.

  [[nodiscard]] bool find_queues();
  [[nodiscard]] bool find_queue(const QueueStart& wanted);
  void store_progress();
  void load_old();
  void move();
  void move_server(const Server& server);
  void move_to_offsets(const std::string& broker_name);
  void move_queue(const MessageQueue& queue, bool by_broker);
  void ask_broker(const MessageQueue& queue, std::int64_t offset);
  void move_alone(const MessageQueue& queue);
  void find_offset(const MessageQueue& queue, std::function<void(const Failure&, std::int64_t)> handler);
  void end_move(const MessageQueue& queue, const Failure& failure, std::int64_t offset);
  void moved(const MessageQueue& queue, std::int64_t offset);
  [[nodiscard]] Failure failure_to_move(const Failure& transport, const wire::ReceivedCommand& reply,
                                        const std::string& address) const;
  void fail(const Failure& failure);
  void one_less();

  /// Null if it is not known; then the seek has failed.
  [[nodiscard]] const std::string* master_of(const MessageQueue& queue);

  ConsumerContext& context_;
  const PullLoops& loops_;
  const bool broadcasting_;
  const SeekTarget target_;
  Done done_;
  std::map<MessageQueue, SeekResult> queues_;    // To be moved.
  std::map<MessageQueue, std::int64_t> wanted_;  // SeekTarget::offsets, by queue.
  std::set<MessageQueue> moved_;
  std::map<MessageQueue, std::size_t> resets_before_;  // Of our queues, when the brokers were asked.
  Failure failure_;                                    // The first one.
  std::size_t open_ = 0;                               // Steps that have not ended.
  std::function<void()> next_;
};

}  // namespace rocketmq::client
