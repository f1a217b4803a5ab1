#include "plugin/send_columns.h"

#include <charconv>
#include <optional>
#include <utility>

#include "plugin/argument_error.h"
#include "plugin/consume_timestamp.h"
#include "plugin/value_text.h"
#include "rocketmq/error.h"

namespace rocketmq::plugin {

namespace {

std::string at_index(const std::string& name, std::size_t index, const ConstantSP& whole) {
  return whole->isScalar() ? name : name + ", at index " + std::to_string(index) + ",";
}

/// Calls `read(index, element)` for a scalar, or for each element of a vector.
template <class Read>
void for_each_element(const ConstantSP& value, const Read& read) {
  if (value->isScalar()) return read(std::size_t{0}, value);
  for (INDEX i = 0; i < value->size(); ++i)
    read(static_cast<std::size_t>(i), value->get(i));
}

bool is_scalar_or_vector(const ConstantSP& value) {
  return value->isScalar() || value->isArray();
}

/// Java's Long.hashCode; a smaller integer is its own hash.
std::int32_t hash_of(long long number, bool is_long) {
  const auto bits = static_cast<std::uint64_t>(number);
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(is_long ? bits ^ (bits >> 32U) : bits));
}

/// A value of a property as text; nothing if it is NULL or of a type that is none.
std::optional<std::string> property_text(const ConstantSP& value) {
  if (value->isNull()) return std::nullopt;
  const auto category = value->getCategory();
  if (is_text_type(value)) return value->getString();
  if (category == INTEGRAL) return std::to_string(value->getLong());
  if (category != FLOATING) return std::nullopt;
  char digits[32];
  char* const limit = digits + sizeof digits;
  const double number = value->getDouble();
  // As few digits as tell the number from its neighbours of the same type.
  const auto written = value->getType() == DT_FLOAT ? std::to_chars(digits, limit, static_cast<float>(number))
                                                    : std::to_chars(digits, limit, number);
  return std::string(digits, written.ptr);
}

/// The literal NULL says nothing, as if the key was not there.
template <class Read>
auto unless_null(Read read) {
  return [read](const ConstantSP& value) {
    if (value->getType() != DT_VOID) read(value);
  };
}

bool is_property_type(const ConstantSP& value) {
  return is_text_type(value) || value->getCategory() == INTEGRAL || value->getCategory() == FLOATING;
}

void append_property(std::string& out, const std::string& where, const std::string& name,
                     const ConstantSP& value) {
  const std::optional<std::string> text = property_text(value);
  if (!text || text->empty()) return;
  try {
    append_user_property(out, name, *text);
  } catch (const Error& error) {
    throw ArgumentError(where + ": " + error.what() + ".");
  }
}

}  // namespace

SendColumns::SendColumns(const ConstantSP& tag, const ConstantSP& send_config) {
  if (!tag.isNull()) tags_ = texts("tag", tag);
  if (send_config.isNull()) return;
  ConfigReader reader("sendConfig");
  add_keys(reader);
  reader.read(send_config);
}

void SendColumns::add_keys(ConfigReader& reader) {
  reader.add_value("keys", "STRING scalar or vector", "several keys of one message are parted by blanks",
                   unless_null([this](const ConstantSP& value) { keys_ = texts("keys", value); }),
                   "By these, mqadmin queryMsgByKey and the dashboard find a message.");
  reader.add_value(
      "orderKey", "STRING or integral scalar or vector", "no NULL",
      [this](const ConstantSP& value) { read_order_key(value); },
      "Messages with equal keys go to one queue, in their order.");
  reader.add_value("properties", "dictionary, or table with a row a message",
                   "names that are not RocketMQ's own",
                   unless_null([this](const ConstantSP& value) { read_properties(value); }),
                   "User properties, for SQL92 filters and other clients.");
  reader.add_value(
      "delayTimeLevel", "INT scalar or vector", "from 1 to 18",
      unless_null([this](const ConstantSP& value) { read_delay_level(value); }),
      "The message is delivered after the delay that the broker's messageDelayLevel has for this level.");
  reader.add_value("deliverTime", "temporal scalar or vector with a date", "local time",
                   unless_null([this](const ConstantSP& value) { read_deliver_time(value); }),
                   "When the message is delivered; needs brokers of 5.0 or later.");
  reader.add_value(
      "format", "STRING scalar", "\"JSON\"", [this](const ConstantSP& value) { read_format(value); },
      "JSON: data is a table, and each row becomes a JSON object, a message.");
}

void SendColumns::read_format(const ConstantSP& value) {
  json_ = value->isScalar() && is_text_type(value) && value->getString() == "JSON";
  if (!json_) throw ArgumentError("format must be \"JSON\"; given: " + describe_value(value) + ".");
}

void SendColumns::note_length(const std::string& name, const ConstantSP& value) {
  if (!value->isScalar()) lengths_.push_back({name, static_cast<std::size_t>(value->size())});
}

Texts SendColumns::texts(const std::string& name, const ConstantSP& value) {
  note_length(name, value);
  return read_texts(name, value);
}

void SendColumns::read_order_key(const ConstantSP& value) {
  const bool is_text = is_text_type(value);
  if (!is_scalar_or_vector(value) || (!is_text && value->getCategory() != INTEGRAL)) {
    throw ArgumentError(
        "orderKey must be a STRING or integral scalar or vector; given: " + describe_type(value) + ".");
  }
  note_length("orderKey", value);
  const auto require = [&value](bool good, std::size_t index) {
    if (!good) throw ArgumentError(at_index("orderKey", index, value) + " must not be NULL.");
  };
  if (is_text) {
    order_texts_ = read_texts("orderKey", value);
    for (std::size_t i = 0; i < order_texts_.views.size(); ++i) {
      require(!order_texts_.views[i].empty(), i);
      order_keys_.push_back(order_key(order_texts_.views[i]));
    }
    return;
  }
  std::vector<std::pair<std::size_t, std::size_t>> places;
  const bool is_long = value->getType() == DT_LONG;
  for_each_element(value, [&](std::size_t index, const ConstantSP& element) {
    require(!element->isNull(), index);
    const std::string digits = std::to_string(element->getLong());
    places.emplace_back(order_texts_.copy.size(), digits.size());
    order_texts_.copy.insert(order_texts_.copy.end(), digits.begin(), digits.end());
    order_keys_.push_back({{}, hash_of(element->getLong(), is_long)});
  });
  for (std::size_t i = 0; i < places.size(); ++i)
    order_keys_[i].text = {order_texts_.copy.data() + places[i].first, places[i].second};
}

void SendColumns::read_properties(const ConstantSP& value) {
  if (value->isTable()) return read_property_table(value);
  if (!value->isDictionary()) {
    throw ArgumentError(
        "properties must be a dictionary from STRING to texts or numbers, or a table with a row for each "
        "message; "
        "given: " +
        describe_type(value) + ".");
  }
  const DictionarySP dictionary = value;
  property_texts_.emplace_back();
  const ConstantSP names = dictionary->keys();
  for (INDEX i = 0; i < names->size(); ++i) {
    const ConstantSP name = names->get(i);
    const ConstantSP element = dictionary->getMember(name);
    const bool is_null = element->getType() == DT_VOID;
    if (!is_text_type(name) || !element->isScalar() || (!is_null && !is_property_type(element))) {
      throw ArgumentError("properties must be a dictionary from STRING to texts or numbers; its value of " +
                          in_quotes(name->getString()) + " is " + describe_type(element) + ".");
    }
    append_property(property_texts_.back(), "properties", name->getString(), element);
  }
  properties_.assign(property_texts_.begin(), property_texts_.end());
}

void SendColumns::read_property_table(const TableSP& table) {
  const auto rows = static_cast<std::size_t>(table->size());
  lengths_.push_back({"properties", rows});
  property_texts_.resize(rows);
  for (INDEX i = 0; i < table->columns(); ++i) {
    const ConstantSP column = table->getColumn(i);
    const std::string name = table->getColumnName(i);
    if (!is_property_type(column)) {
      throw ArgumentError("properties: the column " + in_quotes(name) +
                          " must hold texts or numbers; given: " + describe_type(column) + ".");
    }
    for (std::size_t row = 0; row < rows; ++row) {
      append_property(property_texts_[row], "properties, in row " + std::to_string(row), name,
                      column->get(static_cast<INDEX>(row)));
    }
  }
  properties_.assign(property_texts_.begin(), property_texts_.end());
}

void SendColumns::read_delay_level(const ConstantSP& value) {
  if (!is_scalar_or_vector(value) || value->getCategory() != INTEGRAL) {
    throw ArgumentError("delayTimeLevel must be an INT scalar or vector; given: " + describe_type(value) +
                        ".");
  }
  note_length("delayTimeLevel", value);
  for_each_element(value, [&](std::size_t index, const ConstantSP& element) {
    constexpr long long highest = 18;
    const long long level = element->isNull() ? 0 : element->getLong();
    if (level < 0 || level > highest || (level == 0 && !element->isNull())) {
      throw ArgumentError(at_index("delayTimeLevel", index, value) +
                          " must be from 1 to 18; given: " + std::to_string(level) + ".");
    }
    delay_levels_.push_back(static_cast<int>(level));
  });
}

void SendColumns::read_deliver_time(const ConstantSP& value) {
  const auto refuse = [](const std::string& name, const std::string& given) {
    throw ArgumentError(name + " must be a temporal scalar or vector with a date; given: " + given + ".");
  };
  if (!is_scalar_or_vector(value) || value->getCategory() != TEMPORAL)
    refuse("deliverTime", describe_type(value));
  note_length("deliverTime", value);
  for_each_element(value, [&](std::size_t index, const ConstantSP& element) {
    if (element->isNull()) {
      deliver_times_ms_.push_back(0);
      return;
    }
    const std::optional<long long> moment = read_local_time(element);
    if (!moment) refuse(at_index("deliverTime", index, value), describe_value(element));
    deliver_times_ms_.push_back(*moment);
  });
}

OutgoingMessages SendColumns::outgoing(std::span<const std::string_view> bodies) const {
  for (const Length& length : lengths_) {
    if (length.elements == bodies.size()) continue;
    throw ArgumentError(
        length.name + " has " + std::to_string(length.elements) + " elements for " +
        std::to_string(bodies.size()) +
        " messages; give one value for all, or an element for each message. Nothing was sent.");
  }
  return {.bodies = bodies,
          .tags = tags_.views,
          .keys = keys_.views,
          .order_keys = order_keys_,
          .properties = properties_,
          .delay_levels = delay_levels_,
          .deliver_times_ms = deliver_times_ms_};
}

}  // namespace rocketmq::plugin
