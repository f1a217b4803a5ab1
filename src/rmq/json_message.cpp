#include "rmq/json_message.h"

#include <array>
// What of Boost.JSON is no template is compiled here.
#include <algorithm>
#include <boost/json/src.hpp>
#include <iterator>
#include <vector>

#include "base/text.h"
#include "rmq/base64.h"
#include "rmq/nearest.h"
#include "rmq/usage_error.h"
#include "rocketmq/error.h"
#include "rocketmq/producer.h"

namespace rocketmq::rmq {

namespace {

namespace json = boost::json;

constexpr std::size_t shown_bytes = 64;
constexpr std::size_t pool_bytes = std::size_t{16} * 1024;
constexpr int highest_delay_level = 18;

constexpr std::string_view taken[] = {
    "body", "bodyBase64", "tag", "keys", "properties", "orderKey", "delayTimeLevel", "deliverTimestamp"};
/// What a stored message has, and one that is to be sent has not.
constexpr std::string_view passed_over[] = {"topic",          "brokerName",      "queueId",  "queueOffset",
                                            "msgId",          "bornTimestamp",   "bornHost", "storeTimestamp",
                                            "reconsumeTimes", "systemProperties"};

[[noreturn]] void refuse(const std::string& what) {
  throw CommandError(what);
}

std::string_view text_of(const json::value& value, const char* name) {
  if (!value.is_string()) refuse(std::string("'") + name + "' is no text");
  return {value.get_string().data(), value.get_string().size()};
}

std::int64_t number_of(const json::value& value, const char* name, std::int64_t most) {
  if (!value.is_int64() || value.get_int64() < 0 || value.get_int64() > most)
    refuse(std::string("'") + name + "' is no integer from 0 to " + std::to_string(most));
  return value.get_int64();
}

void read_keys(const json::value& value, std::string& out) {
  if (!value.is_array()) {
    out = text_of(value, "keys");
    return;
  }
  for (const json::value& key : value.get_array()) {
    const std::string_view text = text_of(key, "keys");
    if (text.find(' ') != std::string_view::npos)
      refuse("'keys' has a key with a blank in it, which parts keys");
    if (!out.empty() && !text.empty()) out += ' ';
    out += text;
  }
}

void read_properties(const json::value& value, std::string& out) {
  if (!value.is_object()) refuse("'properties' is no object");
  for (const auto& property : value.get_object()) {
    try {
      append_user_property(out, {property.key().data(), property.key().size()},
                           text_of(property.value(), "properties"));
    } catch (const Error& error) {
      refuse(error.what());
    }
  }
}

void read_member(const json::key_value_pair& member, JsonMessage& out, bool& has_body) {
  const std::string_view key(member.key().data(), member.key().size());
  const json::value& value = member.value();
  if (value.is_null()) return;
  if (key == "body" || key == "bodyBase64") {
    if (has_body) refuse("there are 'body' and 'bodyBase64'; give one of them");
    has_body = true;
    if (key == "body") {
      out.body = text_of(value, "body");
      return;
    }
    auto bytes = read_base64(text_of(value, "bodyBase64"));
    if (!bytes) refuse("'bodyBase64' is no base64 text");
    out.body = std::move(*bytes);
  } else if (key == "tag") {
    out.tag = text_of(value, "tag");
  } else if (key == "keys") {
    read_keys(value, out.keys);
  } else if (key == "properties") {
    read_properties(value, out.properties);
  } else if (key == "orderKey") {
    out.order_key = text_of(value, "orderKey");
  } else if (key == "delayTimeLevel") {
    out.delay_level = static_cast<int>(number_of(value, "delayTimeLevel", highest_delay_level));
  } else if (key == "deliverTimestamp") {
    out.deliver_time_ms = number_of(value, "deliverTimestamp", std::numeric_limits<std::int64_t>::max());
  } else if (std::find(std::begin(passed_over), std::end(passed_over), key) == std::end(passed_over)) {
    refuse("'" + printable(key, shown_bytes) + "' is no member of a message" +
           did_you_mean(key, {std::begin(taken), std::end(taken)}));
  }
}

}  // namespace

void read_json_message(std::string_view line, JsonMessage& out) {
  // The object is gone when the message was taken from it, so that its memory may be one piece.
  thread_local std::array<unsigned char, pool_bytes> pool;
  json::monotonic_resource memory(pool.data(), pool.size());
  boost::system::error_code error;
  const json::value value = json::parse({line.data(), line.size()}, error, &memory);
  if (error) refuse("it is no JSON: " + error.message());
  if (!value.is_object()) refuse("it is no JSON object");
  out.body.clear();
  out.tag.clear();
  out.keys.clear();
  out.properties.clear();
  out.order_key.reset();
  out.delay_level = 0;
  out.deliver_time_ms = 0;
  bool has_body = false;
  for (const json::key_value_pair& member : value.get_object())
    read_member(member, out, has_body);
  if (!has_body) refuse("there is no 'body' and no 'bodyBase64'");
}

}  // namespace rocketmq::rmq
