#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/config_reader.h"
#include "plugin/data_reader.h"
#include "plugin/sdk.h"
#include "rocketmq/producer.h"

namespace rocketmq::plugin {

/// What the messages of a send have besides their bodies: the argument tag and the keys of sendConfig.
class SendColumns {
 public:
  /// Null pointers mean "not given". Throws ArgumentError: no dictionary, an unknown key, a value of a wrong
  /// type; it names the key and the index.
  SendColumns(const ConstantSP& tag, const ConstantSP& send_config);
  SendColumns(const SendColumns&) = delete;  // What outgoing() shows would be the other's.
  SendColumns& operator=(const SendColumns&) = delete;

  /// Whether a row of a table is to become a message.
  [[nodiscard]] bool json() const noexcept { return json_; }

  /// Throws ArgumentError if a vector or table has not as many elements or rows as there are bodies.
  [[nodiscard]] OutgoingMessages outgoing(std::span<const std::string_view> bodies) const;

  /// For the documentation and its test.
  void add_keys(ConfigReader& reader);

 private:
  /// A value with an element a message.
  struct Length {
    std::string name;
    std::size_t elements = 0;
  };
  void read_format(const ConstantSP& value);
  void note_length(const std::string& name, const ConstantSP& value);
  [[nodiscard]] Texts texts(const std::string& name, const ConstantSP& value);
  void read_order_key(const ConstantSP& value);
  void read_properties(const ConstantSP& value);
  void read_property_table(const TableSP& table);
  void read_delay_level(const ConstantSP& value);
  void read_deliver_time(const ConstantSP& value);

  bool json_ = false;
  std::vector<Length> lengths_;
  Texts tags_;
  Texts keys_;
  Texts order_texts_;
  std::vector<OrderKey> order_keys_;
  std::vector<std::string> property_texts_;
  std::vector<std::string_view> properties_;
  std::vector<int> delay_levels_;
  std::vector<std::int64_t> deliver_times_ms_;
};

}  // namespace rocketmq::plugin
