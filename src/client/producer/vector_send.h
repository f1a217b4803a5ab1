#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "client/core/client_core.h"
#include "client/producer/batch_packing.h"
#include "client/producer/message_encoder.h"
#include "client/producer/send_operation.h"
#include "client/producer/send_progress.h"

namespace rocketmq::client {

/// The side of the sender's thread of a vector that takes many batches, once its operation is on its way:
/// cuts it as the loop has planned, encodes the batches while earlier ones are in flight, and waits for the
/// end. `check` is called several times a second while it waits.
[[nodiscard]] SendProgress::ResultPtr send_vector(ClientCore& core,
                                                  const std::shared_ptr<SendOperation>& operation,
                                                  std::span<const std::string_view> bodies,
                                                  MessageEncoder& encoder, PackingOptions packing,
                                                  const std::function<void()>& check);

/// Of the messages [first, first + count), as batch items.
[[nodiscard]] std::size_t encoded_bytes(std::span<const std::string_view> bodies, std::size_t first,
                                        std::size_t count, const PackingOptions& packing);

}  // namespace rocketmq::client
