#include "client/consumer/member_claim.h"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "rocketmq/error.h"

namespace rocketmq::client {
namespace {

struct Claims {
  std::mutex mutex;  // Here threads meet that start consumers.
  std::vector<std::weak_ptr<GroupMember>> held;
};

/// Never destroyed: a thread may still start a consumer while the process exits.
Claims& claims() {
  static auto* const all = new Claims;
  return *all;
}

std::string name_of(const GroupMember& member) {
  return member.label.empty() ? "consumer " + member.client_id : member.label;
}

/// Of many topics only those that `other` has not, or not in the same way.
std::string wishes_of(const GroupMember& member, const GroupMember& other) {
  constexpr std::size_t many = 4;
  std::vector<wire::SubscriptionData> shown = member.subscriptions;
  if (shown.size() >= many) {
    std::erase_if(shown, [&other](const wire::SubscriptionData& subscription) {
      return std::any_of(
          other.subscriptions.begin(), other.subscriptions.end(),
          [&subscription](const auto& theirs) { return wire::wants_the_same(subscription, theirs); });
    });
  }
  std::string text = wire::to_string(shown);
  if (const std::size_t rest = member.subscriptions.size() - shown.size(); rest > 0)
    text += (text.empty() ? "" : " and ") + std::to_string(rest) + " topics that both have";
  return text + ", " + (member.broadcasting ? "BROADCASTING" : "CLUSTERING");
}

/// Under the mutex.
void check(const GroupMember& wanted, const ClusterIdentity& cluster) {
  for (const std::weak_ptr<GroupMember>& claim : claims().held) {
    const std::shared_ptr<const GroupMember> other = claim.lock();
    if (other == nullptr || other.get() == &wanted || other->group != wanted.group ||
        !other->cluster.meets(cluster))
      continue;
    if (other->client_id == wanted.client_id) {
      throw Error(
          Errc::invalid_argument,
          "a consumer of group '" + wanted.group + "' with instanceName '" + wanted.instance_name +
              "' is running in this process already, and the brokers could not tell the two apart: end "
              "that one first, or give this one another instanceName");
    }
    if (wire::wants_the_same(other->subscriptions, wanted.subscriptions) &&
        other->broadcasting == wanted.broadcasting) {
      continue;
    }
    throw Error(Errc::invalid_argument,
                "group '" + wanted.group +
                    "' has another subscription in this process already: " + name_of(*other) + " has " +
                    wishes_of(*other, wanted) + ", and this one would have " + wishes_of(wanted, *other) +
                    ". Brokers keep one subscription per group, so both would lose messages: give this one a "
                    "group of its own, or end " +
                    name_of(*other) + " first");
  }
}

}  // namespace

std::shared_ptr<GroupMember> claim_membership(GroupMember member) {
  auto claimed = std::make_shared<GroupMember>(std::move(member));
  const std::lock_guard lock(claims().mutex);
  check(*claimed, claimed->cluster);
  std::erase_if(claims().held, [](const auto& claim) { return claim.expired(); });
  claims().held.push_back(claimed);
  return claimed;
}

void update_cluster(GroupMember& member, const ClusterIdentity& cluster) {
  const std::lock_guard lock(claims().mutex);
  check(member, cluster);
  member.cluster = cluster;
}

}  // namespace rocketmq::client
