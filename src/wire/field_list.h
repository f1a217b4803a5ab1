#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "rocketmq/errc.h"
#include "wire/command.h"
#include "wire/queue_offset.h"
#include "wire/request_code.h"

namespace rocketmq::wire {

/// The field by which a request names the broker it is meant for. Proxies route by it, and static topics
/// need it. Source: org.apache.rocketmq.remoting.rpc.RpcRequestHeader.
inline constexpr const char* broker_name_field = "bname";

// A request or a reply names each of its ext fields once, in the order of the wire:
//
//   static void visit_fields(auto& self, auto& fields) {
//     fields.required("topic", self.topic).unless_empty(broker_name_field, self.broker_name);
//   }
//
// FieldWriter and FieldReader below go through that list. `self` is const for the writer. The kinds:
//
//   required      always written; must be there when it is read
//   optional      may be absent when it is read; always written, but for a std::optional without a value
//   unless_empty  not written if it is empty; a text that is absent is read as empty
//   offset        required, and within the range of offsets (queue_offset.h)

/// Writes the fields of a list into a command.
class FieldWriter {
 public:
  explicit FieldWriter(ExtFields& fields) noexcept : fields_(fields) {}

  template <class Value>
  FieldWriter& required(std::string_view name, const Value& value) {
    fields_.set(name, value);
    return *this;
  }

  template <class Value>
  FieldWriter& optional(std::string_view name, const Value& value) {
    return required(name, value);
  }

  template <class Value>
  FieldWriter& optional(std::string_view name, const std::optional<Value>& value) {
    return value ? required(name, *value) : *this;
  }

  FieldWriter& unless_empty(std::string_view name, const std::string& value) {
    return value.empty() ? *this : required(name, value);
  }

  FieldWriter& offset(std::string_view name, std::int64_t value) { return required(name, value); }
  FieldWriter& optional_offset(std::string_view name, std::int64_t value) { return required(name, value); }

 private:
  ExtFields& fields_;
};

/// Reads the fields of a list from a command and remembers the first error: missing_field or bad_field.
class FieldReader {
 public:
  explicit FieldReader(const ExtFields& fields) noexcept : fields_(fields) {}

  template <class Value>
  FieldReader& required(std::string_view name, Value& value) {
    if (error_ == Errc::ok) error_ = fields_.read(name, value);
    return *this;
  }

  template <class Value>
  FieldReader& optional(std::string_view name, Value& value) {
    return fields_.find(name) == nullptr ? *this : required(name, value);
  }

  template <class Value>
  FieldReader& optional(std::string_view name, std::optional<Value>& value) {
    return fields_.find(name) == nullptr ? *this : required(name, value.emplace());
  }

  FieldReader& unless_empty(std::string_view name, std::string& value) {
    value.clear();
    return optional(name, value);
  }

  FieldReader& offset(std::string_view name, std::int64_t& value) {
    required(name, value);
    if (error_ == Errc::ok && !is_offset_distance(value)) error_ = Errc::bad_field;
    return *this;
  }

  FieldReader& optional_offset(std::string_view name, std::int64_t& value) {
    return fields_.find(name) == nullptr ? *this : offset(name, value);
  }

  [[nodiscard]] Errc error() const noexcept { return error_; }

 private:
  const ExtFields& fields_;
  Errc error_ = Errc::ok;
};

[[nodiscard]] inline Command make_request(RequestCode code) {
  Command command;
  command.code = to_int(code);
  return command;
}

template <class Request>
[[nodiscard]] Command encode_request(RequestCode code, const Request& request) {
  Command command = make_request(code);
  command.ext_fields.reserve(20);  // The longest list, and what signing adds to it.
  FieldWriter fields(command.ext_fields);
  Request::visit_fields(request, fields);
  return command;
}

template <class Request>
[[nodiscard]] Command encode_one_way(RequestCode code, const Request& request) {
  Command command = encode_request(code, request);
  command.flag = Command::one_way_flag;
  return command;
}

/// A successful reply; its sender fills in `opaque`.
template <class Reply>
[[nodiscard]] Command encode_reply(const Reply& reply) {
  Command command;
  command.flag = Command::response_flag;
  FieldWriter fields(command.ext_fields);
  Reply::visit_fields(reply, fields);
  return command;
}

/// Errors: missing_field, bad_field; `out` is unspecified then.
template <class Fields>
[[nodiscard]] Errc decode_fields(const Command& command, Fields& out) {
  out = {};
  FieldReader fields(command.ext_fields);
  Fields::visit_fields(out, fields);
  return fields.error();
}

}  // namespace rocketmq::wire
