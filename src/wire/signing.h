#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "rocketmq/bytes.h"
#include "rocketmq/credentials.h"
#include "wire/command.h"

namespace rocketmq::wire {

/// Adds AccessKey, OnsChannel (if there is a channel) and Signature to a request. Every other ext field
/// must be there already: the signature covers the values of all of them, sorted by name, and the body.
/// Signing again replaces the signature. Does nothing if the credentials are empty.
/// Source: AclClientRPCHook.
void sign(Command& command, ByteView body, const Credentials& credentials);

using Sha1Digest = std::array<std::uint8_t, 20>;

/// HMAC-SHA1 (RFC 2104) of `text` followed by `body`.
[[nodiscard]] Sha1Digest hmac_sha1(std::string_view key, std::string_view text, ByteView body);

/// Base64 (RFC 4648) with padding.
[[nodiscard]] std::string encode_base64(ByteView bytes);

}  // namespace rocketmq::wire
