#include "client/consumer/member_claim.h"

#include <mutex>
#include <set>

#include "base/error.h"

namespace rocketmq::client {
namespace {

struct Claims {
  std::mutex mutex;
  std::set<std::string, std::less<>> held;
};

/// Never destroyed: a consumer that is closed while the process exits still gives its claim back.
Claims& claims() {
  static auto* const all = new Claims;
  return *all;
}

}  // namespace

MemberClaim::MemberClaim(std::string_view client_id, std::string_view group, std::string_view cluster,
                         std::string_view instance_name) {
  key_.append(client_id).append("\n").append(group).append("\n").append(cluster);
  const std::lock_guard lock(claims().mutex);
  if (claims().held.insert(key_).second) return;
  throw Error(
      Errc::invalid_argument,
      "a consumer of group '" + std::string(group) + "' with instanceName '" + std::string(instance_name) +
          "' is running in this process already, and the brokers could not tell the two apart: end that "
          "one first, or give this one another instanceName");
}

MemberClaim::~MemberClaim() {
  const std::lock_guard lock(claims().mutex);
  claims().held.erase(key_);
}

}  // namespace rocketmq::client
