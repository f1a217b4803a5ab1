#include "wire/plain_header.h"

#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>

namespace rocketmq::wire {

namespace {

enum Member : unsigned {
  has_code = 1,
  has_language = 2,
  has_version = 4,
  has_opaque = 8,
  has_flag = 16,
  has_remark = 32,
  has_fields = 64,
  has_type = 128,
  has_suspended = 256,
};

/// A server's header has seven members, an answer to a pull six fields.
constexpr std::size_t usual_fields = 8;

class PlainReader {
 public:
  explicit PlainReader(std::string_view text) : rest_(text) {}

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool read(std::string_view& text) {
    if (!take('"')) return false;
    const std::size_t end = rest_.find('"');
    if (end == std::string_view::npos) return false;
    text = rest_.substr(0, end);
    if (text.find('\\') != std::string_view::npos) return false;
    rest_.remove_prefix(end + 1);
    return true;
  }

  bool read(std::int32_t& number) {
    const auto [stopped, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (error != std::errc()) return false;
    rest_.remove_prefix(static_cast<std::size_t>(stopped - rest_.data()));
    // What goes on otherwise is a number of another kind.
    return !rest_.empty() && (rest_.front() == ',' || rest_.front() == '}');
  }

  bool skip_boolean() { return skip("true") || skip("false"); }

  /// Calls `read_value` with each name, to read the value. false if it says so, or if the text is not plain.
  template <class ReadValue>
  bool read_object(const ReadValue& read_value) {
    if (!take('{')) return false;
    if (take('}')) return true;
    do {
      std::string_view name;
      if (!read(name) || !take(':') || !read_value(name)) return false;
    } while (take(','));
    return take('}');
  }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  bool skip(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  std::string_view rest_;
};

bool read_fields(PlainReader& reader, ExtFields& fields) {
  fields.reserve(usual_fields);
  std::size_t count = 0;
  return reader.read_object([&](std::string_view name) {
    std::string_view value;
    if (++count > max_ext_fields || !reader.read(value)) return false;
    fields.set(name, value);
    return true;
  });
}

}  // namespace

std::optional<Command> read_plain_header(std::string_view text,
                                         std::uint8_t (*language)(std::string_view name)) {
  unsigned seen = 0;
  const auto first = [&seen](Member member) {
    const bool new_here = (seen & member) == 0;
    seen |= member;
    return new_here;
  };
  PlainReader reader(text);
  std::optional<Command> found(std::in_place);
  Command& command = *found;
  command.language = 0;
  command.version = 0;
  const bool plain = reader.read_object([&](std::string_view name) {
    std::string_view value;
    if (name == "code") return first(has_code) && reader.read(command.code);
    if (name == "version") return first(has_version) && reader.read(command.version);
    if (name == "opaque") return first(has_opaque) && reader.read(command.opaque);
    if (name == "flag") return first(has_flag) && reader.read(command.flag);
    if (name == "extFields") return first(has_fields) && read_fields(reader, command.ext_fields);
    if (name == "serializeTypeCurrentRPC") return first(has_type) && reader.read(value);
    if (name == "suspended") return first(has_suspended) && reader.skip_boolean();
    if (name == "language") {
      if (!first(has_language) || !reader.read(value)) return false;
      command.language = language(value);
      return true;
    }
    if (name == "remark") {
      if (!first(has_remark) || !reader.read(value)) return false;
      command.remark = value;
      return true;
    }
    return false;
  });
  if (!plain || !reader.at_end() || (seen & has_code) == 0) return std::nullopt;
  return found;
}

}  // namespace rocketmq::wire
