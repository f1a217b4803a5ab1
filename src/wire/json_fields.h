#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/bytes.h"
#include "base/errc.h"
#include "wire/json_reader.h"
#include "wire/json_value.h"
#include "wire/json_writer.h"
#include "wire/queue_offset.h"

namespace rocketmq::wire {

// The JSON body of a request or a reply names each of its members once, in the order of the wire, in
// `visit_fields`: see field_list.h. Besides the kinds of that file there are:
//
//   constant      only written: a member that Java's class has and this client has no use for
//   also_read     only read: another name that older servers give to a member
//   named_list    a list of objects with one text each
//   table         a Java map: a list of structs, of which one member is the key
//   offset_table  a Java map of offsets by queue, or as brokers also write it, a list of structs
//
// A member is a number, a text, a boolean, a struct with `visit_fields`, or a vector or map of these. null
// counts as absent.

template <class Value>
void write_json(JsonWriter& writer, const Value& value);
template <class Value>
[[nodiscard]] Errc read_value(const JsonValue& json, Value& out);

namespace json_detail {

template <class Value>
concept Scalar = std::is_arithmetic_v<Value> || std::same_as<Value, std::string>;

template <class Value>
inline constexpr bool is_vector = false;
template <class Element>
inline constexpr bool is_vector<std::vector<Element>> = true;
template <class Value>
inline constexpr bool is_map = false;
template <class Key, class Mapped>
inline constexpr bool is_map<std::map<Key, Mapped>> = true;

/// fastjson writes a key that is an object as it is, and so do we. Standard writers make it a text.
template <class Key>
void write_key(JsonWriter& writer, const Key& key) {
  if constexpr (std::integral<Key>) {
    writer.key(std::to_string(key));
  } else if constexpr (std::same_as<Key, std::string>) {
    writer.key(key);
  } else {
    write_json(writer, key);
    writer.end_key();
  }
}

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

/// Writes the members of a list into an object that has begun.
class JsonFieldWriter {
 public:
  explicit JsonFieldWriter(JsonWriter& writer) noexcept : writer_(writer) {}

  template <class Value>
  JsonFieldWriter& required(std::string_view name, const Value& value) {
    writer_.key(name);
    write_json(writer_, value);
    return *this;
  }

  template <class Value>
  JsonFieldWriter& optional(std::string_view name, const Value& value) {
    return required(name, value);
  }

  template <class Value>
  JsonFieldWriter& unless_empty(std::string_view name, const Value& value) {
    return value.empty() ? *this : required(name, value);
  }

  JsonFieldWriter& offset(std::string_view name, std::int64_t value) { return required(name, value); }

  template <class Value>
  JsonFieldWriter& constant(std::string_view name, Value value) {
    return required(name, value);
  }

  template <class Value>
  JsonFieldWriter& also_read(std::string_view /*name*/, const Value& /*value*/) {
    return *this;
  }

  JsonFieldWriter& named_list(std::string_view name, std::string_view inner,
                              const std::vector<std::string>& texts) {
    writer_.key(name).begin_array();
    for (const std::string& text : texts)
      writer_.begin_object().member(inner, text).end_object();
    writer_.end_array();
    return *this;
  }

  template <class Entry, class Key>
  JsonFieldWriter& table(std::string_view name, const std::vector<Entry>& entries, Key Entry::*key) {
    writer_.key(name).begin_object();
    for (const Entry& entry : entries) {
      json_detail::write_key(writer_, entry.*key);
      write_json(writer_, entry);
    }
    writer_.end_object();
    return *this;
  }

  template <class Entry>
  JsonFieldWriter& offset_table(std::string_view name, const std::vector<Entry>& entries) {
    writer_.key(name).begin_object();
    for (const Entry& entry : entries) {
      json_detail::write_key(writer_, entry.queue);
      writer_.value(entry.offset);
    }
    writer_.end_object();
    return *this;
  }

 private:
  JsonWriter& writer_;
};

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
void write_json(JsonWriter& writer, const Value& value) {
  if constexpr (json_detail::Scalar<Value>) {
    writer.value(value);
  } else if constexpr (json_detail::is_vector<Value>) {
    writer.begin_array();
    for (const auto& element : value)
      write_json(writer, element);
    writer.end_array();
  } else if constexpr (json_detail::is_map<Value>) {
    writer.begin_object();
    for (const auto& [key, mapped] : value) {
      json_detail::write_key(writer, key);
      write_json(writer, mapped);
    }
    writer.end_object();
  } else {
    writer.begin_object();
    JsonFieldWriter fields(writer);
    Value::visit_fields(value, fields);
    writer.end_object();
  }
}

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

template <class Body>
[[nodiscard]] std::string encode_json(const Body& body) {
  std::string text;
  JsonWriter writer(text);
  write_json(writer, body);
  return text;
}

/// Errors: bad_json, too_large, missing_field, bad_field; `out` is unspecified then.
template <class Body>
[[nodiscard]] Errc decode_json(ByteView body, Body& out) {
  out = {};
  JsonValue root;
  if (const Errc error = read_json(as_text(body), root); error != Errc::ok) return error;
  return root.object() == nullptr ? Errc::bad_json : read_value(root, out);
}

}  // namespace rocketmq::wire
