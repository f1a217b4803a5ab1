#pragma once

#include <string>
#include <string_view>

namespace rocketmq::client {

/// Keeps a clientId from being a group's member twice within this process.
///
/// Brokers divide a group's queues by clientId: two members of one name would each believe that they are the
/// only one and both receive everything. Between processes nobody can see that before it happens; within one
/// it is refused. Of different groups, or of different clusters, one name may be a member at the same time.
class MemberClaim {
 public:
  /// `cluster` is what tells one cluster from another. Throws Error invalid_argument, whose text names
  /// `group` and `instance_name`, where the claim is held already.
  MemberClaim(std::string_view client_id, std::string_view group, std::string_view cluster,
              std::string_view instance_name);
  ~MemberClaim();
  MemberClaim(const MemberClaim&) = delete;
  MemberClaim& operator=(const MemberClaim&) = delete;

 private:
  std::string key_;
};

}  // namespace rocketmq::client
