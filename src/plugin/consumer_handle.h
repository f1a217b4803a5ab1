#pragma once

#include <memory>
#include <string>

#include "plugin/handle_registry.h"
#include "plugin/polled_consumer.h"
#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// The live consumers without a handler. Never destroyed, so that late threads find them.
[[nodiscard]] HandleRegistry<std::shared_ptr<PolledConsumer>>& open_consumers();

/// Hands a consumer to the script as a resource that closes it when its last reference goes.
[[nodiscard]] ConstantSP make_consumer_handle(Heap* heap, std::shared_ptr<PolledConsumer> consumer,
                                              const std::string& group);

/// The consumer behind a script's value. Throws ArgumentError if the value is not a handle of createConsumer,
/// or its consumer is closed.
[[nodiscard]] std::shared_ptr<PolledConsumer> consumer_of(const ConstantSP& handle);

/// Closes it; false if it is closed already. Throws ArgumentError if the value is no handle, and what
/// PolledConsumer::close throws.
bool close_consumer_of(const ConstantSP& handle);

}  // namespace rocketmq::plugin
