#pragma once

#include <memory>
#include <string>

#include "client/producer.h"
#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// Hands a producer to the script as a resource that closes it when its last reference goes.
[[nodiscard]] ConstantSP make_producer_handle(Heap* heap, std::shared_ptr<Producer> producer,
                                              const std::string& group);

/// The producer behind a script's value. Throws ArgumentError if the value is not a handle of createProducer,
/// or its producer is closed.
[[nodiscard]] std::shared_ptr<Producer> producer_of(const ConstantSP& handle);

}  // namespace rocketmq::plugin
