#pragma once

#include <string>

#include "wire/command.h"
#include "wire/request_code.h"

namespace rocketmq::wire {

/// The field by which a request names the broker it is meant for: proxies route by it and static topics
/// need it. Source: org.apache.rocketmq.remoting.rpc.RpcRequestHeader.
inline constexpr const char* broker_name_field = "bname";

[[nodiscard]] inline Command make_request(RequestCode code) {
  Command command;
  command.code = to_int(code);
  return command;
}

/// A field that is left out where it is empty.
inline void set_unless_empty(ExtFields& fields, const char* name, const std::string& value) {
  if (!value.empty()) fields.set(name, value);
}

}  // namespace rocketmq::wire
