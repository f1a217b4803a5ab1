#include "plugin/producer_config.h"

#include "plugin/client_keys.h"

namespace rocketmq::plugin {

void add_producer_keys(ConfigReader& reader, ProducerConfig& config) {
  add_client_keys(reader, config.client);
  reader.add_int(
      "sendMsgTimeout", {.min = 1, .unit = "ms"}, config.send_timeout_ms,
      "The longest wait of one try for the broker's acknowledgement; then the message is sent again.");
  reader.add_int("retryTimes", {.min = 1}, config.max_attempts,
                 "How often a message is sent before send fails.");
  reader.add_int("compressMsgBodyOverHowmuch", {.min = 1, .unit = "bytes"}, config.compress_over_bytes,
                 "Bodies longer than this are compressed.");
  reader.add_int("compressLevel", {.min = 1, .max = 9}, config.compress_level,
                 "From 1, the fastest, to 9, the smallest.");
  reader.add_int("maxMessageSize", {.min = 1, .unit = "bytes"}, config.max_message_bytes,
                 "The longest body, before compression; a longer one is an error.");
}

ProducerConfig read_producer_config(const std::string& name_servers, const std::string& group,
                                    const ConstantSP& dictionary) {
  ProducerConfig config;
  config.client.name_server_addresses = name_servers;
  config.group = group;
  ConfigReader reader("producerConfig");
  add_producer_keys(reader, config);
  if (!dictionary.isNull()) reader.read(dictionary);
  check_name_servers(config.client);
  return config;
}

}  // namespace rocketmq::plugin
