#include "wire/json_reader.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/utf8.h"
#include "wire/read_number.h"

namespace rocketmq::wire {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '$';
}

std::optional<char> simple_escape(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    case '"':
    case '\'':
    case '\\':
    case '/':
      return c;
    default:
      return std::nullopt;
  }
}

// A recursive descent whose depth is bounded by the limits.
class Parser {
 public:
  Parser(std::string_view text, const JsonLimits& limits) : rest_(text), limits_(limits) {}

  Errc parse(JsonValue& out) {
    if (const Errc error = parse_value(out, 0); error != Errc::ok) return error;
    skip_blanks();
    return rest_.empty() ? Errc::ok : Errc::bad_json;
  }

 private:
  void skip_blanks() {
    const std::size_t first = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(first == std::string_view::npos ? rest_.size() : first);
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool take_word(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    if (rest_.size() > word.size() && is_word(rest_[word.size()])) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  Errc parse_value(JsonValue& out, std::size_t depth) {
    skip_blanks();
    if (rest_.empty()) return Errc::bad_json;
    if (++values_ > limits_.max_values) return Errc::too_large;
    const char c = rest_.front();
    if (c == '{') return parse_object(out, depth);
    if (c == '[') return parse_array(out, depth);
    if (c == '"' || c == '\'') return parse_text_value(out);
    if (c == '-' || is_digit(c)) return parse_number(out);
    if (take_word("true")) {
      out = JsonValue(true);
    } else if (take_word("false")) {
      out = JsonValue(false);
    } else if (take_word("null")) {
      out = JsonValue();
    } else {
      return Errc::bad_json;
    }
    return Errc::ok;
  }

  Errc parse_text_value(JsonValue& out) {
    std::string text;
    if (const Errc error = parse_text(text); error != Errc::ok) return error;
    out = JsonValue(std::move(text));
    return Errc::ok;
  }

  Errc parse_number(JsonValue& out) {
    const std::size_t end = rest_.find_first_not_of("+-.0123456789eE");
    const std::string_view token = rest_.substr(0, end);
    rest_.remove_prefix(token.size());
    std::int64_t integer = 0;
    double real = 0;
    if (read_number(token, integer)) {
      out = JsonValue(integer);
    } else if (read_number(token, real)) {
      out = JsonValue(real);
    } else {
      return Errc::bad_json;
    }
    return Errc::ok;
  }

  Errc parse_array(JsonValue& out, std::size_t depth) {
    if (depth >= limits_.max_depth) return Errc::too_large;
    rest_.remove_prefix(1);
    JsonValue::Array values;
    for (;;) {
      skip_blanks();
      if (take(']')) break;
      JsonValue value;
      if (const Errc error = parse_value(value, depth + 1); error != Errc::ok) return error;
      values.push_back(std::move(value));
      skip_blanks();
      if (take(',')) continue;
      if (take(']')) break;
      return Errc::bad_json;
    }
    out = JsonValue(std::move(values));
    return Errc::ok;
  }

  Errc parse_object(JsonValue& out, std::size_t depth) {
    if (depth >= limits_.max_depth) return Errc::too_large;
    rest_.remove_prefix(1);
    JsonValue::Object members;
    for (;;) {
      skip_blanks();
      if (take('}')) break;
      JsonMember member;
      if (const Errc error = parse_key(member.key, depth); error != Errc::ok) return error;
      skip_blanks();
      if (!take(':')) return Errc::bad_json;
      if (const Errc error = parse_value(member.value, depth + 1); error != Errc::ok) return error;
      members.push_back(std::move(member));
      skip_blanks();
      if (take(',')) continue;
      if (take('}')) break;
      return Errc::bad_json;
    }
    out = JsonValue(std::move(members));
    return Errc::ok;
  }

  // A text, a bare word or number (both become texts), an object or an array.
  Errc parse_key(JsonValue& out, std::size_t depth) {
    if (rest_.empty()) return Errc::bad_json;
    if (++values_ > limits_.max_values) return Errc::too_large;
    const char c = rest_.front();
    if (c == '{') return parse_object(out, depth + 1);
    if (c == '[') return parse_array(out, depth + 1);
    if (c == '"' || c == '\'') return parse_text_value(out);
    std::size_t length = 0;
    while (length < rest_.size() && (is_word(rest_[length]) || (length == 0 && c == '-')))
      ++length;
    if (length == 0) return Errc::bad_json;
    out = JsonValue(std::string(rest_.substr(0, length)));
    rest_.remove_prefix(length);
    return Errc::ok;
  }

  Errc parse_text(std::string& out) {
    const char quote = rest_.front();
    rest_.remove_prefix(1);
    for (;;) {
      // Two searches for one character each, because those are quick: a reply to a batch has a text of 50 KB.
      const std::size_t end = rest_.find(quote);
      if (end == std::string_view::npos) return Errc::bad_json;
      const std::size_t stop = std::min(end, rest_.substr(0, end).find('\\'));
      out += rest_.substr(0, stop);
      rest_.remove_prefix(stop);
      if (take(quote)) return Errc::ok;
      rest_.remove_prefix(1);
      if (const Errc error = parse_escape(out); error != Errc::ok) return error;
    }
  }

  Errc parse_escape(std::string& out) {
    if (rest_.empty()) return Errc::bad_json;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    char32_t code = 0;
    if (const std::optional<char> plain = simple_escape(c)) {
      out += *plain;
    } else if (c >= '0' && c <= '7') {
      out += static_cast<char>(c - '0');  // fastjson's form of the characters below 8.
    } else if (c == 'x') {
      if (!parse_hex(2, code)) return Errc::bad_json;
      append_utf8(out, code);
    } else if (c == 'u') {
      if (!parse_hex(4, code)) return Errc::bad_json;
      append_utf8(out, join_surrogates(code));
    } else {
      return Errc::bad_json;
    }
    return Errc::ok;
  }

  // A high surrogate takes the low one that follows it; what stays alone is replaced by append_utf8.
  char32_t join_surrogates(char32_t high) {
    if (high < 0xD800 || high > 0xDBFF || !rest_.starts_with("\\u")) return high;
    const std::string_view before = rest_;
    rest_.remove_prefix(2);
    char32_t low = 0;
    if (parse_hex(4, low) && low >= 0xDC00 && low <= 0xDFFF) {
      return 0x1'0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    }
    rest_ = before;
    return high;
  }

  bool parse_hex(std::size_t digits, char32_t& code) {
    if (rest_.size() < digits) return false;
    std::uint32_t number = 0;
    if (!read_number(rest_.substr(0, digits), number, 16)) return false;
    rest_.remove_prefix(digits);
    code = number;
    return true;
  }

  std::string_view rest_;
  const JsonLimits& limits_;
  std::size_t values_ = 0;
};

}  // namespace

Errc read_json(std::string_view text, JsonValue& out, const JsonLimits& limits) {
  return Parser(text, limits).parse(out);
}

}  // namespace rocketmq::wire
