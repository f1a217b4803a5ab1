#include "base/json_string.h"

#include "base/utf8.h"

namespace rocketmq {

namespace {

void append_escaped(std::string& out, unsigned char byte) {
  constexpr char digits[] = "0123456789abcdef";
  out += "\\u00";
  out += digits[byte >> 4];
  out += digits[byte & 0xFU];
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const char c = text.front();
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) {
      append_utf8(out, take_utf8(text));
      continue;
    }
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      append_escaped(out, byte);
    } else {
      out += c;
    }
    text.remove_prefix(1);
  }
  out += '"';
}

}  // namespace rocketmq
