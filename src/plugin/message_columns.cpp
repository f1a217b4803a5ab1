#include "plugin/message_columns.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <unordered_map>
#include <utility>

#include "plugin/argument_error.h"
#include "plugin/nearest_name.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

constexpr std::string_view property_prefix = "property:";

constexpr std::array<std::pair<std::string_view, ColumnKind>, 13> kinds{{
    {"msg", ColumnKind::msg},
    {"topic", ColumnKind::topic},
    {"tag", ColumnKind::tag},
    {"keys", ColumnKind::keys},
    {"msgId", ColumnKind::msg_id},
    {"brokerName", ColumnKind::broker_name},
    {"queueId", ColumnKind::queue_id},
    {"queueOffset", ColumnKind::queue_offset},
    {"bornTimestamp", ColumnKind::born_timestamp},
    {"storeTimestamp", ColumnKind::store_timestamp},
    {"bornHost", ColumnKind::born_host},
    {"reconsumeTimes", ColumnKind::reconsume_times},
    {"properties", ColumnKind::properties},
}};

[[noreturn]] void refuse(std::size_t element, const std::string& problem) {
  throw ArgumentError("columns: element " + std::to_string(element) + " " + problem +
                      " Allowed: " + allowed_columns() + ".");
}

/// The whole prefix must be near, so that a misspelt `propertys:x` is told of `property:x`.
std::string suggestion(const std::string& word) {
  if (const std::size_t colon = word.find(':'); colon != std::string::npos) {
    const bool near = !nearest_name(word.substr(0, colon), {"property"}).empty();
    return near && colon + 1 < word.size() ? "property" + word.substr(colon) : std::string();
  }
  std::vector<std::string> names;
  names.reserve(kinds.size());
  for (const auto& [name, kind] : kinds)
    names.emplace_back(name);
  return nearest_name(word, names);
}

MessageColumn read_column(std::size_t index, const std::string& element) {
  if (element.empty()) refuse(index, "is NULL.");
  for (const auto& [name, kind] : kinds) {
    if (name == element) return {element, kind};
  }
  if (element == property_prefix) refuse(index, "names no property after \"property:\".");
  if (element.starts_with(property_prefix)) {
    return {element.substr(property_prefix.size()), ColumnKind::property};
  }
  const std::string near = suggestion(element);
  refuse(index, in_quotes(element) + " is no column." +
                    (near.empty() ? "" : " Did you mean " + in_quotes(near) + "?"));
}

/// A server's tables do not tell upper from lower case in names of columns.
std::string lower(std::string name) {
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

}  // namespace

std::string allowed_columns() {
  std::string text;
  for (const auto& [name, kind] : kinds)
    text += "\"" + std::string(name) + "\", ";
  return text + "\"property:NAME\"";
}

std::vector<MessageColumn> read_columns(const std::vector<std::string>& elements) {
  std::vector<MessageColumn> columns;
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const MessageColumn column = read_column(i, elements[i]);
    const auto [place, is_new] = places.emplace(lower(column.name), i);
    if (!is_new) {
      refuse(i, in_quotes(elements[i]) + " gives a second column " + in_quotes(column.name) +
                    ", after element " + std::to_string(place->second) +
                    "; in names of columns, upper and lower case count as the same.");
    }
    columns.push_back(column);
  }
  return columns;
}

void check_names(const MessageTableFormat& format) {
  std::unordered_map<std::string, std::size_t> rows;
  for (std::size_t row = 0; row < format.schema.size(); ++row) {
    const auto [place, is_new] = rows.emplace(lower(format.schema[row].name), row);
    if (is_new) continue;
    throw ArgumentError("schema: row " + std::to_string(row) + " gives a second column " +
                        in_quotes(format.schema[row].name) + ", after row " + std::to_string(place->second) +
                        "; in names of columns, upper and lower case count as the same.");
  }
  for (std::size_t i = 0; i < format.columns.size(); ++i) {
    const auto place = rows.find(lower(format.columns[i].name));
    if (place == rows.end()) continue;
    throw ArgumentError("columns: element " + std::to_string(i) + " gives a second column " +
                        in_quotes(format.columns[i].name) + ", after row " + std::to_string(place->second) +
                        " of schema. Rename that one; its path can say where " + "its value is.");
  }
}

}  // namespace rocketmq::plugin
