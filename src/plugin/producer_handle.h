#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "plugin/producer_registry.h"
#include "plugin/producer_stat.h"
#include "plugin/sdk.h"
#include "rocketmq/producer.h"

namespace rocketmq::plugin {

/// Hands a producer to the script as a resource that closes it when its last reference goes. The
/// description's clientId and time are filled in here.
[[nodiscard]] ConstantSP make_producer_handle(Heap* heap, std::shared_ptr<Producer> producer,
                                              ProducerDescription description);

/// The producer behind a script's value. Throws ArgumentError if the value is not a handle of createProducer,
/// or its producer is closed.
[[nodiscard]] OpenProducer producer_of(const ConstantSP& handle);

/// Closes it; false if it is closed already. Throws ArgumentError if the value is no handle.
bool close_producer_of(const ConstantSP& handle);

/// Sends, and counts it.
void send_counted(const OpenProducer& open, const std::string& topic, const OutgoingMessages& messages,
                  const IsCancelled& is_cancelled);

}  // namespace rocketmq::plugin
