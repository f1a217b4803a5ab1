#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rocketmq/client_config.h"
#include "rocketmq/consumer.h"
#include "rocketmq/topic_view.h"

namespace rocketmq {

/// The servers of one broker name.
struct BrokerServers {
  std::string cluster;
  std::string broker_name;
  std::map<std::int64_t, std::string> addresses;  ///< `host:port` by broker id; 0 is the master.
};

/// What one broker has of a topic.
struct TopicPart {
  BrokerServers broker;
  std::int32_t read_queues = 0;
  std::int32_t write_queues = 0;
  bool readable = false;
  bool writable = false;
};

/// A running client of a group.
struct GroupMember {
  std::string client_id;
  std::string address;   ///< `ip:port` of its end of a connection.
  std::string language;  ///< JAVA, CPP, GO ...
  std::string version;   ///< V5_3_3, say; that of the protocol that it speaks.
};

/// What a group's members want of a topic.
struct GroupSubscription {
  std::string topic;
  std::string expression;
  std::string expression_type;  ///< TAG or SQL92.
};

/// The members of a group, by clientId. The other fields are those of the member that a broker heard last;
/// empty if there is none.
struct GroupMembers {
  std::vector<GroupMember> members;
  std::vector<GroupSubscription> subscriptions;
  std::string message_model;       ///< CLUSTERING or BROADCASTING.
  std::string consume_type;        ///< CONSUME_PASSIVELY (push) or CONSUME_ACTIVELY (pull).
  std::string consume_from_where;  ///< CONSUME_FROM_LAST_OFFSET, say.
};

/// How far a group is in a topic.
struct GroupTopic {
  std::string topic;  ///< Also the group's retry topic.
  std::vector<GroupQueue> queues;
};

/// Where one queue of a group stands, and where it is to go.
struct OffsetMove {
  std::string broker_name;
  std::int32_t queue_id = 0;
  std::int64_t min_offset = 0;
  std::int64_t max_offset = 0;             ///< One past the last message.
  std::optional<std::int64_t> old_offset;  ///< The group's progress; empty if there is none.
  std::int64_t new_offset = 0;
};

/// Which messages of a topic are looked for, by when brokers stored them: milliseconds since the epoch, both
/// ends included.
struct StoreTimes {
  std::int64_t begin_ms = 0;
  std::int64_t end_ms = std::numeric_limits<std::int64_t>::max();
};

/// Asks a cluster what it has, and moves groups: what RocketMQ's admin tool is used for day by day. It is a
/// member of no group; brokers hear no heartbeat of it. For one thread. Every question has a time limit.
///
/// All functions throw Error: invalid_name for a topic or group that breaks RocketMQ's rules,
/// topic_not_found, server_refused, and what kept a server from answering. A part of an answer is never
/// given as the whole.
class Admin {
 public:
  /// Connects to a name server within the connect time-out.
  /// Throws Error: invalid_argument, invalid_name, invalid_address, no_name_server.
  [[nodiscard]] static std::unique_ptr<Admin> start(ClientConfig config);

  ~Admin();
  Admin(const Admin&) = delete;
  Admin& operator=(const Admin&) = delete;

  /// By cluster and broker name.
  [[nodiscard]] std::vector<BrokerServers> brokers();
  /// By name. Also RocketMQ's own, and those of other namespaces under their names on the wire.
  [[nodiscard]] std::vector<std::string> topics();
  /// The groups that have a retry topic, which they get with their first member. By name.
  [[nodiscard]] std::vector<std::string> groups();

  /// Where a topic is, as name servers have it; by broker name.
  [[nodiscard]] std::vector<TopicPart> topic_parts(std::string_view topic);
  /// As topic_queues() of topic_view.h.
  [[nodiscard]] std::vector<TopicQueue> topic_queues(std::string_view topic);
  /// The groups that consume a topic, or have progress in it. By name.
  [[nodiscard]] std::vector<std::string> topic_groups(std::string_view topic);

  [[nodiscard]] GroupMembers group_members(std::string_view group);
  /// In every topic in which the group has progress; by topic, broker and queue. Throws Error
  /// invalid_argument if no broker knows the group.
  [[nodiscard]] std::vector<GroupTopic> group_topics(std::string_view group);

  /// The messages of a topic that have `id`: their sender's UNIQ_KEY, or the id that they have by their place
  /// in a broker's store (see offset_message_id_of()). Empty if there is none any more. One, or several if a
  /// send was repeated. There is nothing to acknowledge in the delivery.
  [[nodiscard]] Delivery find_by_id(std::string_view topic, std::string_view id);
  /// Those that have `key` among their keys: at most `max_count` (> 0) of each broker, the newest ones.
  /// Brokers give no more than their defaultQueryMaxNum, which is 32.
  [[nodiscard]] Delivery find_by_key(std::string_view topic, std::string_view key, int max_count,
                                     const StoreTimes& times);

  /// Where the queues of a topic stand for a group, and where `target` would put them. Moves nothing.
  /// SeekTarget::offsets: only those queues; an offset that a queue does not have becomes the nearest. Throws
  /// Error invalid_argument if no broker knows the group, or for a queue that does not exist.
  [[nodiscard]] std::vector<OffsetMove> plan_moves(std::string_view group, std::string_view topic,
                                                   const SeekTarget& target);
  /// Moves the group to the `new_offset`s of a plan; running members follow. Gives what was moved, with the
  /// offsets that brokers told.
  ///
  /// Brokers that lack useServerSideResetOffset (on by default since 5.2) move running members only by
  /// `target`, as they search it, and all queues of the topic; single queues and offsets are then refused
  /// with invalid_argument, before anything is moved at that broker.
  std::vector<OffsetMove> move(std::string_view group, std::string_view topic, const SeekTarget& target,
                               std::vector<OffsetMove> plan);

 private:
  class Impl;
  explicit Admin(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rocketmq
