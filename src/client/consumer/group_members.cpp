#include "client/consumer/group_members.h"

#include <iterator>

namespace rocketmq::client {

void GroupMembers::on_new_connection(const std::string& address, TimePoint now) {
  if (!members_.empty()) expected_[address] = {members_, now + patience};
}

std::set<std::string> GroupMembers::merge(const std::string& address, const std::vector<std::string>& list,
                                          TimePoint now) {
  std::set<std::string> members(list.begin(), list.end());
  std::erase_if(expected_, [&](const auto& entry) { return now >= entry.second.until; });
  const auto found = expected_.find(address);
  if (found == expected_.end()) {
    // A broker that has kept its connections: a member that it does not list is gone.
    for (auto& [broker, expected] : expected_)
      std::erase_if(expected.members, [&](const std::string& id) { return !members.contains(id); });
  } else {
    // The broker knows by now the members that it lists; one that it lists no more is gone.
    std::erase_if(found->second.members, [&](const std::string& id) { return members.contains(id); });
    members.insert(found->second.members.begin(), found->second.members.end());
  }
  std::erase_if(expected_, [](const auto& entry) { return entry.second.members.empty(); });
  members_ = members;
  return members;
}

}  // namespace rocketmq::client
