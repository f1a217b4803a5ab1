#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace rocketmq::client {

/// The members of a group, from the lists that brokers give. A broker that was restarted, or that lost its
/// connections, hears of the members one after another: one that belonged to the group before is counted
/// for a while although the list lacks it, so that nobody takes queues which their owner still has. Pure.
class GroupMembers {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  /// Java clients tell a broker of themselves every 30 s only, also after a reconnect.
  static constexpr std::chrono::seconds patience{35};

  /// A broker accepted our first heartbeat on a new connection.
  void on_new_connection(const std::string& address, TimePoint now);

  /// The members to count with, given the list of the broker at `address`.
  [[nodiscard]] std::set<std::string> merge(const std::string& address, const std::vector<std::string>& list,
                                            TimePoint now);

  /// Whether members are counted that no list confirms.
  [[nodiscard]] bool expects_more() const noexcept { return !expected_.empty(); }

 private:
  struct Expected {
    std::set<std::string> members;
    TimePoint until;
  };
  std::set<std::string> members_;             // As of the last list.
  std::map<std::string, Expected> expected_;  // By the address of a broker that may not know all of them yet.
};

}  // namespace rocketmq::client
