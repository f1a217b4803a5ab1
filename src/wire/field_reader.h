#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "base/errc.h"
#include "wire/command.h"

namespace rocketmq::wire {

/// Reads the ext fields of one command one after another and remembers the first error, so that a decoder is
/// a list of its fields.
class FieldReader {
 public:
  explicit FieldReader(const Command& command) noexcept : fields_(command.ext_fields) {}

  /// A field that must be there: missing_field or bad_field otherwise.
  template <class Value>
  FieldReader& required(std::string_view name, Value& value) {
    if (error_ == Errc::ok) error_ = fields_.read(name, value);
    return *this;
  }

  /// A field that may be absent: `value` then stays as it is. bad_field where it cannot be read.
  template <class Value>
  FieldReader& optional(std::string_view name, Value& value) {
    if (error_ == Errc::ok && fields_.find(name) != nullptr) error_ = fields_.read(name, value);
    return *this;
  }

  template <class Value>
  FieldReader& optional(std::string_view name, std::optional<Value>& value) {
    if (error_ != Errc::ok || fields_.find(name) == nullptr) return *this;
    Value read{};
    error_ = fields_.read(name, read);
    if (error_ == Errc::ok) value = std::move(read);
    return *this;
  }

  [[nodiscard]] Errc error() const noexcept { return error_; }

 private:
  const ExtFields& fields_;
  Errc error_ = Errc::ok;
};

/// A successful reply without fields; opaque is filled in by who sends it.
[[nodiscard]] inline Command success_reply() {
  Command command;
  command.flag = Command::response_flag;
  return command;
}

}  // namespace rocketmq::wire
