#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// Texts of a script's value, byte for byte.
struct Texts {
  std::vector<std::string_view> views;
  std::vector<char> copy;  ///< What the views show if the value may change; else they show the value itself.

  Texts() = default;
  Texts(Texts&&) = default;
  Texts& operator=(Texts&&) = default;
  Texts(const Texts&) = delete;  // Its views would be the other's.
  Texts& operator=(const Texts&) = delete;
};

/// The bodies in a STRING, SYMBOL or BLOB scalar or vector, for as long as `data` lives. They are not copied
/// if `data` belongs to the session that sends, whose script does nothing else meanwhile. What is contained
/// in another value (a column of a table, which may be shared, an element of a dictionary) may be changed by
/// other sessions while a send waits for brokers; that is copied at once.
///
/// Throws ArgumentError for other types and forms, and for a NULL or empty element, naming its index:
/// RocketMQ stores no empty body.
[[nodiscard]] Texts read_bodies(const ConstantSP& data);

/// The same for a STRING or SYMBOL scalar or vector whose elements may be NULL or empty. `name` is for
/// errors.
[[nodiscard]] Texts read_texts(const std::string& name, const ConstantSP& value);

}  // namespace rocketmq::plugin
