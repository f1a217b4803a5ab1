#include "wire/command.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/text.h"
#include "wire/json_reader.h"
#include "wire/json_writer.h"
#include "wire/plain_header.h"
#include "wire/read_number.h"

namespace rocketmq::wire {

namespace {

// Names by value. Source: org.apache.rocketmq.remoting.protocol.LanguageCode.
constexpr std::array<std::string_view, 14> language_names = {"JAVA",   "CPP",  "DOTNET", "PYTHON", "DELPHI",
                                                             "ERLANG", "RUBY", "OTHER",  "HTTP",   "GO",
                                                             "PHP",    "OMS",  "RUST",   "NODE_JS"};
constexpr std::uint8_t language_other = 7;

std::string_view language_name(std::uint8_t language) {
  return language < language_names.size() ? language_names[language] : language_names[language_other];
}

std::uint8_t language_of(std::string_view name) {
  const auto* const found = std::find(language_names.begin(), language_names.end(), name);
  return found == language_names.end() ? language_other
                                       : static_cast<std::uint8_t>(found - language_names.begin());
}

template <class Integer>
Errc read_decimal(const std::string* text, Integer& value) noexcept {
  if (text == nullptr) return Errc::missing_field;
  return read_number(*text, value) ? Errc::ok : Errc::bad_field;
}

void append_json(std::string& out, const Command& command) {
  JsonWriter writer(out);
  writer.begin_object()
      .member("code", command.code)
      .member("language", language_name(command.language))
      .member("version", command.version)
      .member("opaque", command.opaque)
      .member("flag", command.flag);
  if (!command.remark.empty()) writer.member("remark", command.remark);
  if (!command.ext_fields.empty()) {
    writer.key("extFields").begin_object();
    for (const auto& [name, value] : command.ext_fields)
      writer.member(name, value);
    writer.end_object();
  }
  writer.member("serializeTypeCurrentRPC", "JSON").end_object();
}

// Every text has its length before it. All of them fit: keys are ours or were received, and values are
// bounded by the frame.
void append_binary(std::string& out, const Command& command) {
  ByteWriter writer(out);
  writer.put<std::int16_t>(static_cast<std::int16_t>(command.code));
  writer.put<std::uint8_t>(command.language);
  writer.put<std::int16_t>(static_cast<std::int16_t>(command.version));
  writer.put<std::int32_t>(command.opaque);
  writer.put<std::int32_t>(command.flag);
  writer.put<std::uint32_t>(static_cast<std::uint32_t>(command.remark.size()));
  writer.put_text(command.remark);
  const std::size_t length_at = writer.size();
  writer.put<std::uint32_t>(0);
  for (const auto& [name, value] : command.ext_fields) {
    writer.put<std::uint16_t>(static_cast<std::uint16_t>(name.size()));
    writer.put_text(name);
    writer.put<std::uint32_t>(static_cast<std::uint32_t>(value.size()));
    writer.put_text(value);
  }
  writer.patch<std::uint32_t>(length_at, static_cast<std::uint32_t>(writer.size() - length_at - 4));
}

bool fits_binary(const Command& command) {
  constexpr auto low = std::numeric_limits<std::int16_t>::min();
  constexpr auto high = std::numeric_limits<std::int16_t>::max();
  if (command.code < low || command.code > high || command.version < low || command.version > high) {
    return false;
  }
  return std::all_of(command.ext_fields.begin(), command.ext_fields.end(), [](const ExtFields::Field& field) {
    return field.first.size() <= static_cast<std::size_t>(high);
  });
}

Errc decode_json(ByteView header, Command& out) {
  if (auto plain = read_plain_header(as_text(header), language_of)) {
    out = std::move(*plain);
    return Errc::ok;
  }
  JsonLimits limits;
  limits.max_depth = 8;
  limits.max_values = 4 * max_ext_fields;
  JsonValue root;
  if (const Errc error = read_json(as_text(header), root, limits); error != Errc::ok) return error;
  if (root.object() == nullptr) return Errc::bad_header;
  out = Command{};
  out.language = 0;  // Java's default, for a header that does not say.
  out.version = 0;
  if (root.read("code", out.code) != Errc::ok) return Errc::bad_header;
  if (root.read_optional("version", out.version) != Errc::ok) return Errc::bad_header;
  if (root.read_optional("opaque", out.opaque) != Errc::ok) return Errc::bad_header;
  if (root.read_optional("flag", out.flag) != Errc::ok) return Errc::bad_header;
  if (root.read_optional("remark", out.remark) != Errc::ok) return Errc::bad_header;
  if (const JsonValue* language = root.find("language"); language != nullptr) {
    // A name, or in some clients the number itself.
    if (const std::string* name = language->text()) out.language = language_of(*name);
    if (const std::int64_t* number = language->integer()) {
      const bool known = *number >= 0 && *number < static_cast<std::int64_t>(language_names.size());
      out.language = known ? static_cast<std::uint8_t>(*number) : language_other;
    }
  }
  JsonValue* fields = root.find("extFields");
  if (fields == nullptr || fields->is_null()) return Errc::ok;
  if (fields->object() == nullptr) return Errc::bad_header;
  if (fields->object()->size() > max_ext_fields) return Errc::too_large;
  out.ext_fields.reserve(fields->object()->size());
  for (JsonMember& member : *fields->object()) {
    std::string* name = member.key.text();
    if (name == nullptr) return Errc::bad_header;
    if (std::string* text = member.value.text()) {
      out.ext_fields.put(std::move(*name), std::move(*text));
    } else if (const std::int64_t* number = member.value.integer()) {
      out.ext_fields.set(*name, *number);
    } else if (const bool* boolean = member.value.boolean()) {
      out.ext_fields.set(*name, *boolean);
    } else if (!member.value.is_null()) {
      return Errc::bad_header;  // A Java map of strings holds nothing else.
    }
  }
  return Errc::ok;
}

Errc decode_binary(ByteView header, Command& out) {
  ByteReader reader(header);
  std::int16_t code = 0;
  std::int16_t version = 0;
  std::int32_t length = 0;
  ByteView view;
  out = Command{};
  if (!reader.read(code) || !reader.read(out.language) || !reader.read(version) || !reader.read(out.opaque) ||
      !reader.read(out.flag) || !reader.read(length)) {
    return Errc::truncated;
  }
  out.code = code;
  out.version = version;
  if (length < 0) return Errc::bad_header;
  if (!reader.read_view(static_cast<std::size_t>(length), view)) return Errc::truncated;
  out.remark = as_text(view);

  if (!reader.read(length)) return Errc::truncated;
  if (length < 0) return Errc::bad_header;
  if (!reader.read_view(static_cast<std::size_t>(length), view)) return Errc::truncated;
  ByteReader fields(view);
  while (fields.remaining() > 0) {
    std::int16_t name_length = 0;
    std::int32_t value_length = 0;
    ByteView name;
    ByteView value;
    // The map's own length is known, so what exceeds it contradicts it.
    if (!fields.read(name_length) || name_length < 0 ||
        !fields.read_view(static_cast<std::size_t>(name_length), name) || !fields.read(value_length) ||
        value_length < 0 || !fields.read_view(static_cast<std::size_t>(value_length), value)) {
      return Errc::bad_header;
    }
    if (out.ext_fields.size() >= max_ext_fields) return Errc::too_large;
    out.ext_fields.set(as_text(name), as_text(value));
  }
  return Errc::ok;
}

}  // namespace

void ExtFields::set(std::string_view name, std::string_view value) {
  for (Field& field : fields_) {
    if (field.first == name) {
      field.second = value;
      return;
    }
  }
  fields_.emplace_back(name, value);
}

void ExtFields::put(std::string&& name, std::string&& value) {
  for (Field& field : fields_) {
    if (field.first == name) {
      field.second = std::move(value);
      return;
    }
  }
  fields_.emplace_back(std::move(name), std::move(value));
}

void ExtFields::set(std::string_view name, std::int64_t value) {
  std::array<char, 24> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  set(name, std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

void ExtFields::set(std::string_view name, bool value) {
  set(name, value ? std::string_view("true") : std::string_view("false"));
}

void ExtFields::remove(std::string_view name) noexcept {
  std::erase_if(fields_, [name](const Field& field) { return field.first == name; });
}

const std::string* ExtFields::find(std::string_view name) const noexcept {
  for (const Field& field : fields_) {
    if (field.first == name) return &field.second;
  }
  return nullptr;
}

Errc ExtFields::read(std::string_view name, std::int32_t& value) const noexcept {
  return read_decimal(find(name), value);
}

Errc ExtFields::read(std::string_view name, std::int64_t& value) const noexcept {
  return read_decimal(find(name), value);
}

Errc ExtFields::read(std::string_view name, std::string& value) const {
  const std::string* text = find(name);
  if (text == nullptr) return Errc::missing_field;
  value = *text;
  return Errc::ok;
}

Errc ExtFields::read(std::string_view name, bool& value) const noexcept {
  const std::string* text = find(name);
  if (text == nullptr) return Errc::missing_field;
  if (equal_ignoring_case(*text, "true")) {
    value = true;
  } else if (equal_ignoring_case(*text, "false")) {
    value = false;
  } else {
    return Errc::bad_field;
  }
  return Errc::ok;
}

SerializeType append_header(std::string& out, const Command& command, SerializeType wanted) {
  if (wanted == SerializeType::binary && fits_binary(command)) {
    append_binary(out, command);
    return SerializeType::binary;
  }
  append_json(out, command);
  return SerializeType::json;
}

Errc decode_header(ByteView header, SerializeType type, Command& out) {
  return type == SerializeType::binary ? decode_binary(header, out) : decode_json(header, out);
}

}  // namespace rocketmq::wire
