#include "client/core/access_refusal.h"

#include <algorithm>
#include <array>

#include "wire/response_code.h"

namespace rocketmq::client {

namespace {

constexpr std::array<std::string_view, 14> access_words{
    // 1.0
    "AclException", "No acl", "accessKey", "AccessKey", "has no access",
    // 2.0
    "AuthenticationException", "AuthorizationException", "User:", "username cannot be null", "authentication",
    "Authorization failed", "has no permission", "credential",
    // Both.
    "signature"};

}  // namespace

bool is_access_refusal(std::int32_t code, std::string_view remark) noexcept {
  if (!(code == wire::ResponseCode::no_permission || code == wire::ResponseCode::system_error)) return false;
  return std::any_of(access_words.begin(), access_words.end(),
                     [remark](std::string_view word) { return remark.find(word) != std::string_view::npos; });
}

bool is_access_refusal(const Failure& failure) noexcept {
  return failure.server && is_access_refusal(failure.server->code, failure.server->remark);
}

}  // namespace rocketmq::client
