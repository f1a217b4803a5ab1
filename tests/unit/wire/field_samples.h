#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "wire/json_fields.h"

namespace rocketmq::wire {

/// Goes through a list of fields and gives every member a value of its own that is not its default.
class SampleMaker {
 public:
  template <class Value>
  SampleMaker& required(std::string_view /*name*/, Value& value) {
    fill(value);
    return *this;
  }
  template <class Value>
  SampleMaker& optional(std::string_view name, Value& value) {
    return required(name, value);
  }
  template <class Value>
  SampleMaker& unless_empty(std::string_view name, Value& value) {
    return required(name, value);
  }
  SampleMaker& offset(std::string_view name, std::int64_t& value) { return required(name, value); }
  SampleMaker& optional_offset(std::string_view name, std::int64_t& value) { return required(name, value); }
  template <class Value>
  SampleMaker& constant(std::string_view /*name*/, Value /*value*/) {
    return *this;
  }
  template <class Value>
  SampleMaker& also_read(std::string_view /*name*/, Value& /*value*/) {
    return *this;
  }
  SampleMaker& named_list(std::string_view name, std::string_view /*inner*/,
                          std::vector<std::string>& texts) {
    return required(name, texts);
  }
  template <class Entry, class Key>
  SampleMaker& table(std::string_view name, std::vector<Entry>& entries, Key Entry::*key) {
    required(name, entries);
    for (Entry& entry : entries)
      fill(entry.*key);
    return *this;
  }
  template <class Entry>
  SampleMaker& offset_table(std::string_view name, std::vector<Entry>& entries) {
    return required(name, entries);
  }

 private:
  template <class Value>
  void fill(std::optional<Value>& value) {
    fill(value.emplace());
  }
  template <class Element>
  void fill(std::vector<Element>& elements) {
    elements.resize(2);
    for (Element& element : elements)
      fill(element);
  }
  template <class Key, class Mapped>
  void fill(std::map<Key, Mapped>& map) {
    for (int i = 0; i < 2; ++i) {
      Key key{};
      fill(key);
      fill(map[key]);
    }
  }
  template <class Value>
  void fill(Value& value) {
    if constexpr (std::is_same_v<Value, bool>) {
      value = !value;
    } else if constexpr (std::is_arithmetic_v<Value>) {
      value = static_cast<Value>(++last_);
    } else if constexpr (std::is_same_v<Value, std::string>) {
      value = "t\xC3\xA9xt \"" + std::to_string(++last_);
    } else {
      Value::visit_fields(value, *this);
    }
  }

  int last_ = 100;
};

template <class Message>
[[nodiscard]] Message sample() {
  Message message;
  SampleMaker maker;
  Message::visit_fields(message, maker);
  return message;
}

/// What a list says about its fields.
struct FieldKinds {
  struct Kind {
    std::string name;
    bool required = false;
    bool number = false;
    bool offset = false;
  };
  std::vector<Kind> kinds;

  template <class Value>
  FieldKinds& required(std::string_view name, const Value& /*value*/) {
    kinds.push_back({std::string(name), true, std::is_arithmetic_v<Value>, false});
    return *this;
  }
  template <class Value>
  FieldKinds& optional(std::string_view name, const Value& /*value*/) {
    kinds.push_back({std::string(name), false, std::is_arithmetic_v<Value>, false});
    return *this;
  }
  template <class Value>
  FieldKinds& optional(std::string_view name, const std::optional<Value>& /*value*/) {
    return optional(name, Value());
  }
  FieldKinds& unless_empty(std::string_view name, const std::string& value) { return optional(name, value); }
  FieldKinds& offset(std::string_view name, std::int64_t /*value*/) {
    kinds.push_back({std::string(name), true, true, true});
    return *this;
  }
  FieldKinds& optional_offset(std::string_view name, std::int64_t /*value*/) {
    kinds.push_back({std::string(name), false, true, true});
    return *this;
  }
};

/// Writes a JSON body like JsonFieldWriter, but leaves one member of the outermost object out, or makes it
/// one that no member can be.
class DamagingWriter {
 public:
  enum class Damage { leave_out, other_type };

  DamagingWriter(JsonWriter& writer, Damage damage, std::size_t damaged)
      : writer_(writer), damage_(damage), damaged_(damaged) {}

  template <class Value>
  DamagingWriter& required(std::string_view name, const Value& value) {
    return write(true, name, [&](JsonFieldWriter& fields) { fields.required(name, value); });
  }
  template <class Value>
  DamagingWriter& optional(std::string_view name, const Value& value) {
    return write(false, name, [&](JsonFieldWriter& fields) { fields.required(name, value); });
  }
  template <class Value>
  DamagingWriter& unless_empty(std::string_view name, const Value& value) {
    return optional(name, value);
  }
  template <class Value>
  DamagingWriter& constant(std::string_view /*name*/, Value /*value*/) {
    return *this;
  }
  template <class Value>
  DamagingWriter& also_read(std::string_view /*name*/, const Value& /*value*/) {
    return *this;
  }
  DamagingWriter& named_list(std::string_view name, std::string_view inner,
                             const std::vector<std::string>& texts) {
    return write(true, name, [&](JsonFieldWriter& fields) { fields.named_list(name, inner, texts); });
  }
  template <class Entry, class Key>
  DamagingWriter& table(std::string_view name, const std::vector<Entry>& entries, Key Entry::*key) {
    return write(true, name, [&](JsonFieldWriter& fields) { fields.table(name, entries, key); });
  }
  template <class Entry>
  DamagingWriter& offset_table(std::string_view name, const std::vector<Entry>& entries) {
    return write(true, name, [&](JsonFieldWriter& fields) { fields.offset_table(name, entries); });
  }

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] bool is_required() const { return required_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  template <class Write>
  DamagingWriter& write(bool required, std::string_view name, const Write& write_one) {
    if (count_++ != damaged_) {
      JsonFieldWriter fields(writer_);
      write_one(fields);
      return *this;
    }
    required_ = required;
    name_ = name;
    if (damage_ == Damage::other_type) writer_.key(name).begin_array().value(true).end_array();
    return *this;
  }

  JsonWriter& writer_;
  Damage damage_;
  std::size_t damaged_;
  std::size_t count_ = 0;
  bool required_ = false;
  std::string name_;
};

}  // namespace rocketmq::wire
