#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rocketmq::wire {

/// Writes JSON into a buffer, commas and escapes included. Calls must form a JSON text; nothing checks that.
/// Bytes that are not UTF-8 become U+FFFD, because a peer would refuse the whole text for them.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) noexcept : out_(out) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();

  /// Starts a member; its value must follow.
  JsonWriter& key(std::string_view name);

  /// Makes the object just written the key of what follows: fastjson's form of maps whose keys are objects.
  JsonWriter& end_key();

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(std::int32_t number) { return value(std::int64_t{number}); }
  JsonWriter& value(double number);
  JsonWriter& value(bool flag);
  JsonWriter& null();

  template <class Value>
  JsonWriter& member(std::string_view name, const Value& member_value) {
    return key(name).value(member_value);
  }

 private:
  void separate();

  std::string& out_;
  bool comma_ = false;  // The next key or value needs a comma before it.
};

}  // namespace rocketmq::wire
