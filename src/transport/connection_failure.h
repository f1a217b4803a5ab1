#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "rocketmq/errc.h"
#include "rocketmq/error.h"
#include "transport/request.h"

namespace rocketmq::transport {

// What may go wrong with a connection to `address`, in words for people.

/// The stream ended. `reason`: in words, or empty after an orderly end. `heard`: something had been received.
[[nodiscard]] Failure ended_failure(const std::string& address, const std::string& reason, bool heard,
                                    bool encrypted);
[[nodiscard]] Failure write_failure(const std::string& address, const std::string& reason);
/// What came is no frame, because of `problem`.
[[nodiscard]] Failure frame_failure(const std::string& address, Errc problem);
/// No byte came for `limit` although a reply is due.
[[nodiscard]] Failure silence_failure(const std::string& address, std::chrono::milliseconds limit);
/// The reply to `request` has `bytes`, more than a frame may have.
[[nodiscard]] Failure large_reply_failure(const std::string& address, const Request& request,
                                          std::size_t bytes);
/// The deadline of `request` has passed; `connected`: the connection was open by then.
[[nodiscard]] Failure timeout_failure(const std::string& address, const Request& request, bool connected);

}  // namespace rocketmq::transport
