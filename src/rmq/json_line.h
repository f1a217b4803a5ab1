#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json_string.h"

namespace rocketmq::rmq {

/// Appends a JSON object to a text, member by member; end() closes it.
class JsonObject {
 public:
  explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }

  /// Starts a member; its value must follow.
  std::string& key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    append_json_string(out_, name);
    return out_ += ':';
  }
  /// As append_json_string.
  bool text(std::string_view name, std::string_view value) { return append_json_string(key(name), value); }
  void number(std::string_view name, std::int64_t value) {
    std::array<char, 24> digits{};
    key(name).append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
  }
  void boolean(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }
  void null(std::string_view name) { key(name) += "null"; }
  void end() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace rocketmq::rmq
