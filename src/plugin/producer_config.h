#pragma once

#include <string>

#include "plugin/config_reader.h"
#include "plugin/sdk.h"
#include "rocketmq/producer.h"

namespace rocketmq::plugin {

/// Registers every key of producerConfig.
void add_producer_keys(ConfigReader& reader, ProducerConfig& config);

/// What createProducer's arguments mean. `dictionary` may be a null pointer: no configuration was given.
/// Throws ArgumentError.
[[nodiscard]] ProducerConfig read_producer_config(const std::string& name_servers, const std::string& group,
                                                  const ConstantSP& dictionary);

}  // namespace rocketmq::plugin
