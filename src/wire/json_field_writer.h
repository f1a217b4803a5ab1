#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire/json_types.h"
#include "wire/json_writer.h"

namespace rocketmq::wire {

template <class Value>
void write_json(JsonWriter& writer, const Value& value);

namespace json_detail {

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

}  // namespace rocketmq::wire
