#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rocketmq/errc.h"
#include "wire/json_reader.h"
#include "wire/json_types.h"
#include "wire/json_value.h"
#include "wire/queue_offset.h"

namespace rocketmq::wire {

template <class Value>
[[nodiscard]] Errc read_value(const JsonValue& json, Value& out);

namespace json_detail {

template <class Key>
[[nodiscard]] Errc read_key(const JsonValue& json, Key& out) {
  const std::string* text = json.text();
  if constexpr (Scalar<Key>) {
    return text == nullptr ? Errc::bad_field : json.read(out);
  } else {
    if (text == nullptr) return read_value(json, out);
    JsonValue parsed;
    const Errc error = read_json(*text, parsed);
    return error == Errc::ok ? read_value(parsed, out) : error;
  }
}

/// Calls `read_one` with each value of an array, up to the first error.
template <class ReadOne>
[[nodiscard]] Errc read_array(const JsonValue& json, const ReadOne& read_one) {
  if (json.array() == nullptr) return Errc::bad_field;
  for (const JsonValue& value : *json.array()) {
    if (const Errc error = read_one(value); error != Errc::ok) return error;
  }
  return Errc::ok;
}

/// The same with the key and the value of each member of an object.
template <class ReadOne>
[[nodiscard]] Errc read_object(const JsonValue& json, const ReadOne& read_one) {
  if (json.object() == nullptr) return Errc::bad_field;
  for (const JsonMember& member : *json.object()) {
    if (const Errc error = read_one(member.key, member.value); error != Errc::ok) return error;
  }
  return Errc::ok;
}

}  // namespace json_detail

/// Reads the members of a list from an object and remembers the first error: missing_field or bad_field, or
/// bad_json if a key that must be an object is a text that is none.
class JsonFieldReader {
 public:
  explicit JsonFieldReader(const JsonValue& object) noexcept : object_(object) {}

  template <class Value>
  JsonFieldReader& required(std::string_view name, Value& value) {
    return read(name, Errc::missing_field, [&](const JsonValue& json) { return read_value(json, value); });
  }

  template <class Value>
  JsonFieldReader& optional(std::string_view name, Value& value) {
    return read(name, Errc::ok, [&](const JsonValue& json) { return read_value(json, value); });
  }

  template <class Value>
  JsonFieldReader& unless_empty(std::string_view name, Value& value) {
    return optional(name, value);
  }

  JsonFieldReader& offset(std::string_view name, std::int64_t& value) {
    required(name, value);
    if (error_ == Errc::ok && !is_offset_distance(value)) error_ = Errc::bad_field;
    return *this;
  }

  template <class Value>
  JsonFieldReader& constant(std::string_view /*name*/, Value /*value*/) {
    return *this;
  }

  template <class Value>
  JsonFieldReader& also_read(std::string_view name, Value& value) {
    return optional(name, value);
  }

  JsonFieldReader& named_list(std::string_view name, std::string_view inner,
                              std::vector<std::string>& texts) {
    return read(name, Errc::missing_field, [&](const JsonValue& json) {
      return json_detail::read_array(
          json, [&](const JsonValue& value) { return value.read(inner, texts.emplace_back()); });
    });
  }

  template <class Entry, class Key>
  JsonFieldReader& table(std::string_view name, std::vector<Entry>& entries, Key Entry::*key) {
    return read(name, Errc::missing_field, [&](const JsonValue& json) {
      return json_detail::read_object(json, [&](const JsonValue& json_key, const JsonValue& value) {
        Entry& entry = entries.emplace_back();
        const Errc error = json_detail::read_key(json_key, entry.*key);
        return error == Errc::ok ? read_value(value, entry) : error;
      });
    });
  }

  template <class Entry>
  JsonFieldReader& offset_table(std::string_view name, std::vector<Entry>& entries) {
    return read(name, Errc::missing_field, [&](const JsonValue& json) {
      if (json.array() != nullptr) return read_value(json, entries);
      return json_detail::read_object(json, [&](const JsonValue& key, const JsonValue& value) {
        Entry& entry = entries.emplace_back();
        if (const Errc error = json_detail::read_key(key, entry.queue); error != Errc::ok) return error;
        const Errc error = value.read(entry.offset);
        return error == Errc::ok && !is_offset_distance(entry.offset) ? Errc::bad_field : error;
      });
    });
  }

  [[nodiscard]] Errc error() const noexcept { return error_; }

 private:
  template <class ReadOne>
  JsonFieldReader& read(std::string_view name, Errc if_absent, const ReadOne& read_one) {
    if (error_ != Errc::ok) return *this;
    const JsonValue* json = object_.find(name);
    error_ = json == nullptr || json->is_null() ? if_absent : read_one(*json);
    return *this;
  }

  const JsonValue& object_;
  Errc error_ = Errc::ok;
};

template <class Value>
Errc read_value(const JsonValue& json, Value& out) {
  if constexpr (json_detail::Scalar<Value>) {
    return json.read(out);
  } else if constexpr (json_detail::is_vector<Value>) {
    return json_detail::read_array(
        json, [&](const JsonValue& value) { return read_value(value, out.emplace_back()); });
  } else if constexpr (json_detail::is_map<Value>) {
    return json_detail::read_object(json, [&](const JsonValue& key, const JsonValue& value) {
      typename Value::key_type read{};
      const Errc error = json_detail::read_key(key, read);
      return error == Errc::ok ? read_value(value, out[read]) : error;
    });
  } else {
    if (json.object() == nullptr) return Errc::bad_field;
    JsonFieldReader fields(json);
    Value::visit_fields(out, fields);
    return fields.error();
  }
}

}  // namespace rocketmq::wire
