#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace rocketmq::client {

/// The IPv4 address by which this machine is best known: the first one of an interface that is up and not the
/// loopback; 127.0.0.1 if there is none.
[[nodiscard]] std::array<std::uint8_t, 4> local_ipv4();
[[nodiscard]] std::string ipv4_text(const std::array<std::uint8_t, 4>& address);

/// An instance name that no other client has, in this process or in another one of this machine:
/// `pid#counter#nanoseconds`.
[[nodiscard]] std::string unique_instance_name();

/// `ip@instance`, and `@unit` if a unit is given. Brokers know group members by it.
/// Source: ClientConfig#buildMQClientId.
[[nodiscard]] std::string make_client_id(std::string_view ip, std::string_view instance,
                                         std::string_view unit);

}  // namespace rocketmq::client
