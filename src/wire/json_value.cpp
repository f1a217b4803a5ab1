#include "wire/json_value.h"

#include <utility>

#include "wire/read_number.h"

namespace rocketmq::wire {

JsonValue::JsonValue() noexcept = default;
JsonValue::JsonValue(bool value) noexcept : value_(value) {}
JsonValue::JsonValue(std::int64_t value) noexcept : value_(value) {}
JsonValue::JsonValue(double value) noexcept : value_(value) {}
JsonValue::JsonValue(std::string value) noexcept : value_(std::move(value)) {}
JsonValue::JsonValue(Array value) noexcept : value_(std::move(value)) {}
JsonValue::JsonValue(Object value) noexcept : value_(std::move(value)) {}
JsonValue::JsonValue(const JsonValue&) = default;
JsonValue::JsonValue(JsonValue&&) noexcept = default;
JsonValue& JsonValue::operator=(const JsonValue&) = default;
JsonValue& JsonValue::operator=(JsonValue&&) noexcept = default;
JsonValue::~JsonValue() = default;

bool operator==(const JsonValue& left, const JsonValue& right) {
  return left.value_ == right.value_;
}

const JsonValue* JsonValue::find(std::string_view key) const noexcept {
  const Object* members = object();
  if (members == nullptr) return nullptr;
  for (auto member = members->rbegin(); member != members->rend(); ++member) {
    const std::string* name = member->key.text();
    if (name != nullptr && *name == key) return &member->value;
  }
  return nullptr;
}

JsonValue* JsonValue::find(std::string_view key) noexcept {
  return const_cast<JsonValue*>(std::as_const(*this).find(key));
}

Errc JsonValue::read(std::string& value) const {
  if (text() == nullptr) return Errc::bad_field;
  value = *text();
  return Errc::ok;
}

Errc JsonValue::read(std::int64_t& value) const noexcept {
  if (integer() != nullptr) {
    value = *integer();
    return Errc::ok;
  }
  return text() != nullptr && read_number(*text(), value) ? Errc::ok : Errc::bad_field;
}

Errc JsonValue::read(std::int32_t& value) const noexcept {
  std::int64_t number = 0;
  if (const Errc error = read(number); error != Errc::ok) return error;
  if (!std::in_range<std::int32_t>(number)) return Errc::bad_field;
  value = static_cast<std::int32_t>(number);
  return Errc::ok;
}

Errc JsonValue::read(bool& value) const noexcept {
  if (boolean() != nullptr) {
    value = *boolean();
    return Errc::ok;
  }
  if (text() == nullptr || (*text() != "true" && *text() != "false")) return Errc::bad_field;
  value = *text() == "true";
  return Errc::ok;
}

}  // namespace rocketmq::wire
