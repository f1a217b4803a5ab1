#pragma once

#include "plugin/config_reader.h"
#include "rocketmq/client_config.h"

namespace rocketmq::plugin {

/// Registers the keys that producers and consumers share.
void add_client_keys(ConfigReader& reader, ClientConfig& config);

/// namesrvAddr may be empty only if namesrvDomain is given; throws ArgumentError.
void check_name_servers(const ClientConfig& config);

}  // namespace rocketmq::plugin
