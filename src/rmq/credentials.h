#pragma once

#include <string>

#include "rocketmq/credentials.h"

namespace rocketmq::rmq {

/// The credentials of `file`, or if that is empty, those of ROCKETMQ_ACCESS_KEY and ROCKETMQ_SECRET_KEY;
/// empty without either. A file has lines `accessKey: X` and `secretKey: Y` (or with `=`), as tools.yml of
/// RocketMQ has; it must belong to this user or to root, and nobody else may have any right to it. Throws
/// UsageError that names the file or the variable, never what is in it.
[[nodiscard]] Credentials find_credentials(const std::string& file);

}  // namespace rocketmq::rmq
