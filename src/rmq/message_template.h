#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rocketmq/consumer.h"

namespace rocketmq::rmq {

/// A text with places for what a message has, such as `%{offset} %{tag} %{body}`. `%%` is a percent sign; \n,
/// \t, \r, \0, \\ and \xNN are single bytes.
class MessageTemplate {
 public:
  /// Throws UsageError that quotes the part that is wrong.
  explicit MessageTemplate(std::string_view text);

  /// `raw`: values as they are; otherwise as append_visible() writes them.
  void append(std::string& out, const ReceivedMessage& message, bool raw) const;

 private:
  using Append = void (*)(std::string& out, const ReceivedMessage& message);
  struct Part {
    std::string literal;  ///< Before the value.
    Append value = nullptr;
    std::string property;  ///< Of this property, if `value` is null.
  };

  struct Name;
  static const Name names[];
  void add_value(std::string_view name);

  std::vector<Part> parts_;
  std::string end_;
};

}  // namespace rocketmq::rmq
