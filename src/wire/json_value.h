#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "rocketmq/errc.h"

namespace rocketmq::wire {

struct JsonMember;

/// A JSON text as a tree. Objects keep the order of insertion, because some of RocketMQ's lists depend on it.
///
/// fastjson writes maps whose keys are not strings as `{0:"a"}` and `{{"queueId":1}:2}`: a member's key is
/// therefore a value too. Numeric keys become their text, so that `find("0")` works for both `{0:..}` and
/// `{"0":..}`.
class JsonValue {
 public:
  using Array = std::vector<JsonValue>;
  using Object = std::vector<JsonMember>;

  // Defined in json_value.cpp: JsonMember is complete there.
  JsonValue() noexcept;  ///< null
  explicit JsonValue(bool value) noexcept;
  explicit JsonValue(std::int64_t value) noexcept;
  explicit JsonValue(double value) noexcept;
  explicit JsonValue(std::string value) noexcept;
  explicit JsonValue(Array value) noexcept;
  explicit JsonValue(Object value) noexcept;
  JsonValue(const JsonValue&);
  JsonValue(JsonValue&&) noexcept;
  JsonValue& operator=(const JsonValue&);
  JsonValue& operator=(JsonValue&&) noexcept;
  ~JsonValue();

  [[nodiscard]] bool is_null() const noexcept { return std::holds_alternative<std::monostate>(value_); }
  [[nodiscard]] const bool* boolean() const noexcept { return std::get_if<bool>(&value_); }
  [[nodiscard]] const std::int64_t* integer() const noexcept { return std::get_if<std::int64_t>(&value_); }
  [[nodiscard]] const double* real() const noexcept { return std::get_if<double>(&value_); }
  [[nodiscard]] const std::string* text() const noexcept { return std::get_if<std::string>(&value_); }
  [[nodiscard]] std::string* text() noexcept { return std::get_if<std::string>(&value_); }
  [[nodiscard]] const Array* array() const noexcept { return std::get_if<Array>(&value_); }
  [[nodiscard]] const Object* object() const noexcept { return std::get_if<Object>(&value_); }
  [[nodiscard]] Object* object() noexcept { return std::get_if<Object>(&value_); }

  /// The member of an object with a text key; the last one if a key is repeated, as Java's maps have it.
  /// nullptr if there is none, or if this is not an object.
  [[nodiscard]] const JsonValue* find(std::string_view key) const noexcept;
  [[nodiscard]] JsonValue* find(std::string_view key) noexcept;

  /// Reads a plain value. bad_field if its type or range is another. Numbers and booleans are also read from
  /// texts, which is how ext fields carry them.
  [[nodiscard]] Errc read(std::string& value) const;
  [[nodiscard]] Errc read(std::int64_t& value) const noexcept;
  [[nodiscard]] Errc read(std::int32_t& value) const noexcept;
  [[nodiscard]] Errc read(bool& value) const noexcept;

  /// The same for a member: missing_field if it is absent or null.
  template <class Value>
  [[nodiscard]] Errc read(std::string_view key, Value& value) const {
    const JsonValue* member = find(key);
    return member == nullptr || member->is_null() ? Errc::missing_field : member->read(value);
  }

  /// The same for a member that may be absent or null: `value` then stays as it is.
  template <class Value>
  [[nodiscard]] Errc read_optional(std::string_view key, Value& value) const {
    const Errc error = read(key, value);
    return error == Errc::missing_field ? Errc::ok : error;
  }

  friend bool operator==(const JsonValue&, const JsonValue&);

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

struct JsonMember {
  JsonValue key;  ///< A text, or for fastjson's maps an object or array.
  JsonValue value;

  friend bool operator==(const JsonMember&, const JsonMember&) = default;
};

}  // namespace rocketmq::wire
