#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rocketmq/bytes.h"
#include "rocketmq/errc.h"

namespace rocketmq::wire {

/// How a command header is written; the value is the top byte of a frame's header word.
enum class SerializeType : std::uint8_t { json = 0, binary = 1 };

/// The ext fields of a command: few, short, and looked up by name. Keeps insertion order; names are unique.
class ExtFields {
 public:
  using Field = std::pair<std::string, std::string>;

  /// Sets or replaces a field.
  void set(std::string_view name, std::string_view value);
  void set(std::string_view name, std::int64_t value);
  void set(std::string_view name, bool value);
  void set(std::string_view name, const char* value) { set(name, std::string_view(value)); }
  void set(std::string_view name, const std::string& value) { set(name, std::string_view(value)); }
  void set(std::string_view name, std::int32_t value) { set(name, std::int64_t{value}); }
  /// The same without a copy.
  void put(std::string&& name, std::string&& value);

  /// The value of a field, or nullptr if there is none.
  [[nodiscard]] const std::string* find(std::string_view name) const noexcept;

  /// Reads a decimal field. missing_field if it is absent, bad_field if it is not a number of that range.
  [[nodiscard]] Errc read(std::string_view name, std::int32_t& value) const noexcept;
  [[nodiscard]] Errc read(std::string_view name, std::int64_t& value) const noexcept;

  /// Reads a text or a boolean field ("true" or "false" in any case, as Java's Boolean.parseBoolean).
  [[nodiscard]] Errc read(std::string_view name, std::string& value) const;
  [[nodiscard]] Errc read(std::string_view name, bool& value) const noexcept;

  /// Removes a field; nothing happens if there is none.
  void remove(std::string_view name) noexcept;

  void reserve(std::size_t count) { fields_.reserve(count); }
  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
  [[nodiscard]] bool empty() const noexcept { return fields_.empty(); }
  [[nodiscard]] auto begin() const noexcept { return fields_.begin(); }
  [[nodiscard]] auto end() const noexcept { return fields_.end(); }

  friend bool operator==(const ExtFields&, const ExtFields&) = default;

 private:
  std::vector<Field> fields_;
};

/// RocketMQ's RemotingCommand without its body.
/// Source: org.apache.rocketmq.remoting.protocol.RemotingCommand.
struct Command {
  static constexpr std::int32_t response_flag = 1;
  static constexpr std::int32_t one_way_flag = 2;
  static constexpr std::uint8_t language_cpp = 1;
  /// The ordinal of MQVersion.V5_3_3, which is what this client speaks: standard JSON routes, GO_AWAY.
  static constexpr std::int32_t client_version = 479;

  std::int32_t code = 0;                  ///< Request code, or response code in a reply.
  std::uint8_t language = language_cpp;   ///< LanguageCode of the sender.
  std::int32_t version = client_version;  ///< MQVersion ordinal of the sender.
  std::int32_t opaque = 0;                ///< Pairs a reply with its request.
  std::int32_t flag = 0;                  ///< response_flag | one_way_flag.
  std::string remark;                     ///< The server's words, mostly of an error.
  ExtFields ext_fields;

  [[nodiscard]] bool is_response() const noexcept { return (flag & response_flag) != 0; }
  [[nodiscard]] bool is_one_way() const noexcept { return (flag & one_way_flag) != 0; }

  friend bool operator==(const Command&, const Command&) = default;
};

/// A header with more ext fields than this is refused as too_large; real ones have fewer than 50.
inline constexpr std::size_t max_ext_fields = 1024;

/// Encodes a header as JSON or binary and appends it to `out`. A code above 32767 does not fit the
/// binary form: it is then written as JSON. Returns the type that was written.
SerializeType append_header(std::string& out, const Command& command, SerializeType wanted);

/// Decodes a header of the given type; `out` is unspecified on error.
/// Errors: truncated, bad_header, bad_json, too_large.
[[nodiscard]] Errc decode_header(ByteView header, SerializeType type, Command& out);

}  // namespace rocketmq::wire
