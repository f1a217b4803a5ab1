#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rocketmq/errc.h"

namespace rocketmq::wire {

/// Names of message properties. Source: org.apache.rocketmq.common.message.MessageConst.
namespace property {
inline constexpr std::string_view keys = "KEYS";                            ///< Joined by a space.
inline constexpr std::string_view tags = "TAGS";                            ///< The tag.
inline constexpr std::string_view unique_key = "UNIQ_KEY";                  ///< The client's message id.
inline constexpr std::string_view wait_store_ok = "WAIT";                   ///< "true": reply when stored.
inline constexpr std::string_view delay_level = "DELAY";                    ///< 1 to 18.
inline constexpr std::string_view deliver_time_ms = "TIMER_DELIVER_MS";     ///< When it is delivered; 5.0.
inline constexpr std::string_view sharding_key = "__SHARDINGKEY";           ///< What decides its queue.
inline constexpr std::string_view retry_topic = "RETRY_TOPIC";              ///< Origin of a %RETRY% message.
inline constexpr std::string_view origin_message_id = "ORIGIN_MESSAGE_ID";  ///< Of a message sent back.
inline constexpr std::string_view reconsume_time = "RECONSUME_TIME";        ///< How often it was sent back.
inline constexpr std::string_view max_reconsume_times =
    "MAX_RECONSUME_TIMES";                                            ///< Before it goes to the DLQ.
inline constexpr std::string_view transaction_prepared = "TRAN_MSG";  ///< "true": a half message.
inline constexpr std::string_view inner_num = "INNER_NUM";            ///< Messages of an inner batch.
}  // namespace property

/// Whether a name is RocketMQ's own, so that no user may give it. Source: MessageConst.STRING_HASH_SET, and
/// the names that this client writes.
[[nodiscard]] bool is_system_property(std::string_view name) noexcept;

/// The most bytes that a message's properties can have: their length is a signed 16-bit number.
inline constexpr std::size_t max_properties_bytes = 32'767;

inline constexpr char property_name_end = '\x01';
inline constexpr char property_value_end = '\x02';

/// Appends `name 0x01 value 0x02`. Errors: bad_properties if the name is empty, if name or value hold a
/// separator, or if `out` would exceed max_properties_bytes; nothing is appended then.
[[nodiscard]] Errc append_property(std::string& out, std::string_view name, std::string_view value);

/// Walks through encoded properties; views point into the text. What is not `name 0x01 value` is skipped, as
/// RocketMQ's own decoder does, and the last value may lack its end.
class PropertyReader {
 public:
  explicit PropertyReader(std::string_view text) noexcept : rest_(text) {}

  /// Takes the next property; false at the end.
  [[nodiscard]] bool next(std::string_view& name, std::string_view& value) noexcept;

 private:
  std::string_view rest_;
};

/// Whether this is what append_property writes, once or more.
[[nodiscard]] bool are_properties(std::string_view text) noexcept;

/// The value of a property; the last one if a name is repeated, as Java's maps have it.
[[nodiscard]] std::optional<std::string_view> find_property(std::string_view text,
                                                            std::string_view name) noexcept;

/// The value of a property as a decimal number. missing_field if it is absent, bad_field if it is none.
[[nodiscard]] Errc read_property(std::string_view text, std::string_view name, std::int64_t& value) noexcept;

}  // namespace rocketmq::wire
