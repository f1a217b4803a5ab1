#pragma once

#include <optional>

#include "rmq/commands.h"
#include "rmq/message_template.h"
#include "rocketmq/consumer.h"

namespace rocketmq::rmq {

/// Writes messages in the form that was asked for: a record for each, which ends with a line feed.
class MessagePrinter {
 public:
  /// Throws UsageError for options that exclude each other, or a wrong template.
  MessagePrinter(Session& session, const FormatOptions& options);

  void print(const ReceivedMessage& message);

 private:
  void append_line(const ReceivedMessage& message);

  Output& out_;
  const bool json_;
  const bool raw_;
  std::optional<MessageTemplate> template_;
};

}  // namespace rocketmq::rmq
