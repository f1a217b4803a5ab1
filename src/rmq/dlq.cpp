// rmq dlq
#include <algorithm>
#include <cstdio>
#include <limits>
#include <map>
#include <span>

#include "rmq/commands.h"
#include "rmq/confirm.h"
#include "rmq/interrupt.h"
#include "rmq/message_printer.h"
#include "rmq/message_reading.h"
#include "rmq/table.h"
#include "rmq/usage_error.h"
#include "rocketmq/bytes.h"
#include "rocketmq/message_fields.h"
#include "rocketmq/producer.h"

namespace rocketmq::rmq {

namespace {

/// What a message in a dead-letter queue says of where it was before.
constexpr std::string_view origin_topic = "RETRY_TOPIC";
/// What brokers take by default.
constexpr int largest_message_bytes = 4 << 20;

/// As a message with an id of its own, or by the place where it is.
bool has_id(const ReceivedMessage& message, const std::vector<std::string>& ids) {
  if (ids.empty()) return true;
  return std::any_of(ids.begin(), ids.end(), [&message](const std::string& id) {
    return message.message_id == id || offset_message_id_of(message) == id ||
           property_of(message, "ORIGIN_MESSAGE_ID").value_or(std::string_view()) == id;
  });
}

/// Where the group received it.
std::string_view origin_of(const ReceivedMessage& message) {
  const auto origin = property_of(message, origin_topic);
  return origin ? *origin : property_of(message, "DLQ_ORIGIN_TOPIC").value_or(std::string_view());
}

void append_raw_property(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  ((out += name) += '\x01') += value;
  out += '\x02';
}

/// Of the copy that is sent: its user's, and those by which members of the group know it.
std::string properties_of(const ReceivedMessage& message) {
  std::string properties;
  std::string_view rest = message.properties;
  MessageProperty property;
  while (next_property(rest, property)) {
    if (!is_system(property) || property.name == "__SHARDINGKEY")
      append_raw_property(properties, property.name, property.value);
  }
  append_raw_property(properties, origin_topic, origin_of(message));
  const auto origin_id = property_of(message, "ORIGIN_MESSAGE_ID");
  append_raw_property(properties, "ORIGIN_MESSAGE_ID", origin_id.value_or(message.message_id));
  return properties;
}

std::string place_of(const ReceivedMessage& message) {
  return "the message at offset " + std::to_string(message.queue_offset) + " of queue " +
         std::to_string(message.queue_id) + " at broker '" + std::string(message.broker_name) + "'";
}

/// Sends copies to the topic from which only the members of one group receive.
class Resending {
 public:
  Resending(const std::string& group, Session& session) : topic_("%RETRY%" + group) {
    ProducerConfig config;
    config.client = session.client;
    config.group = "rmq";
    config.max_message_bytes = largest_message_bytes;
    producer_ = Producer::start(std::move(config));
  }

  void send(const ReceivedMessage& message) {
    const auto fail = [&](const std::string& why) {
      throw CommandError(place_of(message) + " was not sent: " + why + " (" + std::to_string(sent_) +
                         " messages were sent before)");
    };
    const std::string_view origin = origin_of(message);
    if (origin.empty()) fail("it does not say from which topic it came");
    const std::string properties = properties_of(message);
    const std::string_view body = as_text(message.body);
    const std::string_view keys = keys_of(message);
    const std::string_view shown_properties = properties;
    OutgoingMessages outgoing;
    outgoing.bodies = std::span(&body, 1);
    if (!message.tag.empty()) outgoing.tags = std::span(&message.tag, 1);
    if (!keys.empty()) outgoing.keys = std::span(&keys, 1);
    outgoing.properties = std::span(&shown_properties, 1);
    try {
      producer_->send(topic_, outgoing);
    } catch (const Error& error) {
      fail(error.what());
    }
    ++sent_;
    ++by_topic_[std::string(origin)];
  }

  /// How many messages of which topic were sent.
  [[nodiscard]] Table table() const {
    Table table({{"topic", "TOPIC"}, {"sent", "SENT"}});
    for (const auto& [topic, count] : by_topic_)
      table.add({topic, count});
    return table;
  }

 private:
  const std::string topic_;
  std::unique_ptr<Producer> producer_;
  std::int64_t sent_ = 0;
  std::map<std::string, std::int64_t> by_topic_;
};

class DeadLetters {
 public:
  DeadLetters(const DlqOptions& options, Session& session)
      : options_(options),
        session_(session),
        plan_(plan_reading(session, "%DLQ%" + options.group, options.range, {})) {}

  void list() {
    MessagePrinter printer(session_, options_.format);
    (void)read([&printer](const ReceivedMessage& message) { printer.print(message); });
  }

  void resend() {
    fix_range();
    if (options_.dry_run) return list();
    if (!options_.yes) {
      const std::int64_t count = show();
      session_.out.flush();
      if (count == 0 || interrupted()) return;
      const std::string question = "Send " + std::to_string(count) + (count == 1 ? " message" : " messages") +
                                   " to group '" + options_.group + "' again?";
      if (!confirmed(question, false)) return;
    }
    Resending resending(options_.group, session_);
    (void)read([&resending](const ReceivedMessage& message) { resending.send(message); });
    session_.options.json ? resending.table().print_json(session_.out)
                          : resending.table().print(session_.out);
  }

 private:
  // What comes after this moment is not meant, and is not what was shown.
  void fix_range() {
    const std::vector<QueueRange> ranges = Reader::start(plan_.config)->ranges();
    plan_.config.queues.clear();
    for (const QueueRange& range : ranges) {
      plan_.config.queues.push_back({range.broker_name,
                                     range.queue_id,
                                     {ReadPosition::Kind::offset, range.begin},
                                     {ReadPosition::Kind::offset, range.end}});
    }
  }

  /// Which messages of which topics are meant. Their number.
  std::int64_t show() {
    struct Summary {
      std::int64_t messages = 0;
      std::int64_t first_ms = 0;
      std::int64_t last_ms = 0;
    };
    std::map<std::string, Summary> summaries;
    const std::int64_t count = read([&summaries](const ReceivedMessage& message) {
      Summary& summary = summaries[std::string(origin_of(message))];
      if (summary.messages++ == 0) summary.first_ms = message.store_time_ms;
      summary.last_ms = message.store_time_ms;
    });
    Table table(
        {{"topic", "TOPIC"}, {"messages", "MESSAGES"}, {"first", "FIRST STORED"}, {"last", "LAST STORED"}});
    for (const auto& [topic, summary] : summaries)
      table.add({topic, summary.messages, Moment{summary.first_ms}, Moment{summary.last_ms}});
    if (session_.out.is_terminal()) table.print(session_.out);
    if (count == 0) (void)std::fputs("rmq: there is no such message\n", stderr);
    return count;
  }

  template <class Each>
  std::int64_t read(const Each& each) {
    std::int64_t matching = 0;
    ReadingPlan plan = plan_;
    // The count is one of those that match.
    plan.count = std::numeric_limits<std::int64_t>::max();
    (void)read_messages(
        plan,
        [&](const ReceivedMessage& message) {
          if (!has_id(message, options_.ids)) return true;
          each(message);
          return ++matching < plan_.count;
        },
        [] {});
    return matching;
  }

  const DlqOptions& options_;
  Session& session_;
  ReadingPlan plan_;
};

}  // namespace

void run(const DlqOptions& options, Session& session) {
  try {
    DeadLetters letters(options, session);
    options.resend ? letters.resend() : letters.list();
  } catch (const Error& error) {
    if (error.code() != Errc::topic_not_found) throw;
    throw CommandError("group '" + options.group + "' has given up no message: there is no topic '%DLQ%" +
                       options.group + "'");
  }
}

}  // namespace rocketmq::rmq
