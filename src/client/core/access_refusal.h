#pragma once

#include <cstdint>
#include <string_view>

#include "rocketmq/error.h"

namespace rocketmq::client {

/// Whether a server refused a request because a right is missing: unknown user, wrong signature, missing
/// permission. That is final until somebody changes the credentials or the rights, so another try is useless.
///
/// Access control 2.0 (brokers from 5.3.0 on) answers NO_PERMISSION, 1.0 SYSTEM_ERROR; both codes stand for
/// other things as well, and only the words tell them apart.
/// Source: AuthenticationPipeline, AuthorizationPipeline, PlainAccessValidator.
[[nodiscard]] bool is_access_refusal(std::int32_t code, std::string_view remark) noexcept;

/// The same of a failure that a server's reply led to.
[[nodiscard]] bool is_access_refusal(const Failure& failure) noexcept;

}  // namespace rocketmq::client
