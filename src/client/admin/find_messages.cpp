#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "base/text.h"
#include "client/admin/admin_impl.h"
#include "client/consumer/decode_rows.h"
#include "client/consumer/subscribed_topic.h"
#include "rocketmq/admin.h"
#include "rocketmq/message_fields.h"
#include "rocketmq/reader.h"
#include "wire/admin.h"
#include "wire/host_address.h"
#include "wire/names.h"
#include "wire/response_code.h"
#include "wire/stored_message.h"

namespace rocketmq {

namespace {

using client::Questions;

/// What find_by_id asks of each broker; a repeated send makes two.
constexpr int most_of_an_id = 32;

/// What the id of a message by its place in a store says.
struct PlaceId {
  Bytes ip;
  std::uint16_t port = 0;
  std::int64_t commit_log_offset = 0;
};

std::optional<Bytes> bytes_of_hex(std::string_view text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    unsigned value = 0;
    for (const char c : text.substr(i, 2)) {
      unsigned digit = 0;
      if (c >= '0' && c <= '9') {
        digit = static_cast<unsigned>(c - '0');
      } else if (c >= 'A' && c <= 'F') {
        digit = static_cast<unsigned>(c - 'A') + 10;
      } else if (c >= 'a' && c <= 'f') {
        digit = static_cast<unsigned>(c - 'a') + 10;
      } else {
        return std::nullopt;
      }
      value = value * 16 + digit;
    }
    bytes.push_back(static_cast<std::uint8_t>(value));
  }
  return bytes;
}

/// Such an id has the length of a UNIQ_KEY. Its port is in four bytes, of which two are 0: there a UNIQ_KEY
/// has its sender's process id, which is not.
std::optional<PlaceId> read_place_id(std::string_view id) {
  const bool v4 = id.size() == 32;
  if (!v4 && id.size() != 56) return std::nullopt;
  const auto bytes = bytes_of_hex(id);
  if (!bytes) return std::nullopt;
  const std::size_t ip_bytes = v4 ? 4 : 16;
  std::uint64_t port = 0;
  std::uint64_t offset = 0;
  for (std::size_t i = ip_bytes; i < ip_bytes + 4; ++i)
    port = port << 8 | (*bytes)[i];
  for (std::size_t i = ip_bytes + 4; i < bytes->size(); ++i)
    offset = offset << 8 | (*bytes)[i];
  if (port == 0 || port > std::numeric_limits<std::uint16_t>::max() ||
      offset > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return std::nullopt;
  return PlaceId{Bytes(bytes->begin(), bytes->begin() + static_cast<std::ptrdiff_t>(ip_bytes)),
                 static_cast<std::uint16_t>(port), static_cast<std::int64_t>(offset)};
}

bool has_key(const ReceivedMessage& message, std::string_view key) {
  std::string_view rest = keys_of(message);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, end) == key) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

wire::SubscriptionData everything_of(std::string wire_topic) {
  wire::SubscriptionData everything;
  everything.topic = std::move(wire_topic);
  return everything;
}

/// Collects stored messages, one part of a delivery for each: they come from any queue, in any order.
class Found {
 public:
  Found(std::string wire_topic, std::string_view topic)
      : subscription_(client::subscribe(everything_of(std::move(wire_topic)))), topic_(topic) {}

  /// Throws Error if a message cannot be read.
  void add(const std::string& broker_name, const SharedBytes& body) {
    wire::StoredMessageReader reader(body.view);
    while (true) {
      const std::size_t begin = reader.position();
      wire::StoredMessageView message;
      bool found = false;
      const Errc error = reader.next(message, found);
      if (error == Errc::ok && !found) return;
      if (error != Errc::ok) unreadable(broker_name, error);
      if (message.topic != subscription_.name()) continue;  // Of the same hash.
      const wire::MessageQueue queue{subscription_.name(), broker_name, message.queue_id};
      client::DeliveryPart part;
      part.queue = std::make_shared<client::AssignedQueue>(queue, topic_, false, subscription_);
      client::Segment segment;
      segment.begin = message.queue_offset;
      segment.next_begin = std::numeric_limits<std::int64_t>::max();
      segment.body = {body.storage, body.view.subspan(begin, reader.position() - begin)};
      segment.messages = 1;
      part.segments.push_back(std::move(segment));
      delivery_->parts().push_back(std::move(part));
      client::DecodeOptions options;
      options.max_rows = std::numeric_limits<std::size_t>::max();
      options.max_bytes = std::numeric_limits<std::size_t>::max();
      if (client::decode_rows(*delivery_, delivery_->parts().size() - 1, options).rewind)
        unreadable(broker_name, Errc::bad_field);
    }
  }

  /// The same for a broker's answer to a query. One that has no such message is no failure.
  void add_answer(const std::string& broker_name, const Questions::Answer& answer) {
    const auto& reply = answer.failure.server;
    if (reply && reply->code == wire::ResponseCode::query_not_found) return;
    throw_if(answer.failure);
    add(broker_name, answer.body);
  }

  /// The messages that `wanted` names, by when they were stored.
  template <class Wanted>
  [[nodiscard]] std::unique_ptr<Delivery::Impl> take(const Wanted& wanted) {
    delivery_->keep_rows(wanted);
    return std::move(delivery_);
  }

 private:
  [[noreturn]] void unreadable(const std::string& broker_name, Errc error) const {
    throw Error(error, "broker '" + broker_name + "' gave a message of topic '" + topic_ +
                           "' that cannot be read: " + describe(error));
  }

  client::SubscribedTopic subscription_;
  const std::string topic_;
  std::unique_ptr<Delivery::Impl> delivery_ = std::make_unique<Delivery::Impl>(nullptr, false);
};

}  // namespace

Delivery Admin::find_by_id(std::string_view topic, std::string_view id) {
  throw_if(wire::check_topic(topic));
  const std::string wire_topic = impl_->wrap(topic);
  const std::string what = "message '" + std::string(id) + "' of topic '" + std::string(topic) + "'";
  const auto servers = impl_->servers(wire_topic);
  Found found(wire_topic, topic);
  if (const auto place = read_place_id(id); place) {
    const std::string address = wire::to_string(wire::HostAddress{place->ip, place->port});
    const auto server = std::find_if(servers.begin(), servers.end(),
                                     [&](const Impl::Server& each) { return each.address == address; });
    if (server == servers.end()) {
      throw Error(Errc::invalid_argument, what + ": the id names the broker at " + address +
                                              ", and the topic is at none of that address");
    }
    const auto answer =
        impl_->questions
            .ask({{address, wire::ViewMessageByIdRequest{wire_topic, place->commit_log_offset}.to_command(),
                   what}})
            .front();
    const auto& reply = answer.failure.server;
    const bool gone = reply && reply->remark.find("can not find message") != std::string::npos;
    if (!gone) {
      throw_if(answer.failure);
      found.add(server->broker_name, answer.body);
    }
    return Reader::deliver(found.take([&](const ReceivedMessage& message) {
      return equal_ignoring_case(offset_message_id_of(message), id);
    }));
  }
  wire::QueryMessageRequest request;
  request.topic = wire_topic;
  request.key = id;
  request.max_num = most_of_an_id;
  request.by_unique_key = true;
  std::vector<Questions::Question> asked;
  asked.reserve(servers.size());
  for (const Impl::Server& server : servers)
    asked.push_back({server.address, request.to_command(), what});
  const auto answers = impl_->questions.ask(std::move(asked));
  for (std::size_t i = 0; i < answers.size(); ++i)
    found.add_answer(servers[i].broker_name, answers[i]);
  return Reader::deliver(
      found.take([&](const ReceivedMessage& message) { return message.message_id == id; }));
}

Delivery Admin::find_by_key(std::string_view topic, std::string_view key, int max_count,
                            const StoreTimes& times) {
  throw_if(wire::check_topic(topic));
  if (key.empty() || max_count <= 0)
    throw Error(Errc::invalid_argument, "a key and a number of messages above 0 are needed");
  const std::string wire_topic = impl_->wrap(topic);
  wire::QueryMessageRequest request;
  request.topic = wire_topic;
  request.key = key;
  request.max_num = max_count;
  request.begin_timestamp = times.begin_ms;
  request.end_timestamp = times.end_ms;
  const auto servers = impl_->servers(wire_topic);
  std::vector<Questions::Question> asked;
  asked.reserve(servers.size());
  for (const Impl::Server& server : servers) {
    asked.push_back({server.address, request.to_command(),
                     "the messages of topic '" + std::string(topic) + "' with key '" + std::string(key) +
                         "' at broker '" + server.broker_name + "'"});
  }
  Found found(wire_topic, topic);
  const auto answers = impl_->questions.ask(std::move(asked));
  for (std::size_t i = 0; i < answers.size(); ++i)
    found.add_answer(servers[i].broker_name, answers[i]);
  return Reader::deliver(found.take([&](const ReceivedMessage& message) { return has_key(message, key); }));
}

}  // namespace rocketmq
