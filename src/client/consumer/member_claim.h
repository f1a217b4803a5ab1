#pragma once

#include <memory>
#include <string>
#include <vector>

#include "client/core/cluster_identity.h"
#include "wire/subscription.h"

namespace rocketmq::client {

/// A member of a group as its process knows it.
struct GroupMember {
  std::string client_id;
  std::string group;          ///< As users know it.
  std::string instance_name;  ///< As configured; may be empty.
  std::string label;          ///< How messages call it, e.g. "job 5f3a"; may be empty.
  std::vector<wire::SubscriptionData> subscriptions;  ///< With topics as users know them.
  bool broadcasting = false;
  ClusterIdentity cluster;
};

/// Keeps what a group cannot have from happening within this process:
///
/// - A clientId twice. Brokers divide a group's queues by clientId: two members of one name would each
/// believe
///   that they are the only one and both receive everything.
/// - Two members that want different things. A broker keeps one subscription per group, the last one that it
///   heard of: it filters everybody's messages by that one, and what it leaves out is gone for the others.
///
/// Between processes nobody can see that before it happens. Of different groups, or of different clusters,
/// members do not matter to each other.
///
/// The member counts until the last pointer to it is gone. Throws Error invalid_argument, whose text names
/// the member that is there, if the two exclude each other.
[[nodiscard]] std::shared_ptr<GroupMember> claim_membership(GroupMember member);

/// More is known of a member's cluster by now, so that two members whose addresses are written differently
/// may turn out to be in one. Throws as claim_membership does.
void update_cluster(GroupMember& member, const ClusterIdentity& cluster);

}  // namespace rocketmq::client
