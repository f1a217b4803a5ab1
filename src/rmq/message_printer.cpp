#include "rmq/message_printer.h"

#include "rmq/message_text.h"
#include "rmq/position.h"
#include "rmq/usage_error.h"
#include "rocketmq/bytes.h"
#include "rocketmq/message_fields.h"

namespace rocketmq::rmq {

MessagePrinter::MessagePrinter(Session& session, const FormatOptions& options)
    : out_(session.out), json_(session.options.json), raw_(options.raw) {
  if (json_ && (raw_ || !options.format.empty())) throw UsageError("--json excludes --format and --raw");
  if (!options.format.empty()) template_.emplace(options.format);
}

void MessagePrinter::print(const ReceivedMessage& message) {
  std::string& out = out_.text();
  if (json_) {
    append_message_json(out, message);
  } else if (template_) {
    template_->append(out, message, raw_);
  } else if (raw_) {
    out += as_text(message.body);
  } else {
    append_line(message);
  }
  out += '\n';
  out_.written();
}

// When it was stored, its place, its tag and keys, its body; with tabs between them.
void MessagePrinter::append_line(const ReceivedMessage& message) {
  std::string& out = out_.text();
  const auto add = [&out](std::string_view text) {
    text.empty() ? out += '-' : (append_visible(out, text), out);
    out += '\t';
  };
  out += out_.dim();
  append_time(out, message.store_time_ms);
  out += '\t';
  out += message.broker_name;
  (out += '\t') += std::to_string(message.queue_id);
  (out += '\t') += std::to_string(message.queue_offset);
  out += '\t';
  add(message.tag);
  add(keys_of(message));
  out += out_.plain();
  append_visible(out, as_text(message.body));
}

}  // namespace rocketmq::rmq
