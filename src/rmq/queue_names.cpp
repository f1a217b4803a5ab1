#include "rmq/queue_names.h"

#include <charconv>

#include "base/text.h"
#include "rmq/usage_error.h"

namespace rocketmq::rmq {

QueueNames::QueueNames(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    Name name;
    name.text = text;
    const std::size_t colon = text.rfind(':');
    if (colon != std::string::npos) name.broker_name = text.substr(0, colon);
    const std::string_view id = std::string_view(text).substr(colon == std::string::npos ? 0 : colon + 1);
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), name.queue_id);
    if (error != std::errc() || end != id.data() + id.size() || name.queue_id < 0 ||
        (name.broker_name && name.broker_name->empty()))
      throw UsageError("'" + printable(text, 64) +
                       "' is no queue: give BROKER:ID, such as broker-a:0, or ID");
    names_.push_back(std::move(name));
  }
}

bool QueueNames::contains(std::string_view broker_name, std::int32_t queue_id) {
  bool is_named = names_.empty();
  for (Name& name : names_) {
    if (name.queue_id != queue_id || (name.broker_name && *name.broker_name != broker_name)) continue;
    name.found = is_named = true;
  }
  return is_named;
}

void QueueNames::check_all_found(const std::string& topic) const {
  for (const Name& name : names_) {
    if (name.found) continue;
    std::string text = "topic '" + topic + "' has no queue '";
    text += printable(name.text, 64);
    text += "'; `rmq topic " + topic + "` shows those that it has";
    throw UsageError(text);
  }
}

}  // namespace rocketmq::rmq
