#include "wire/properties.h"

#include "wire/read_number.h"

namespace rocketmq::wire {

namespace {

bool has_separator(std::string_view text) {
  return text.find(property_name_end) != std::string_view::npos ||
         text.find(property_value_end) != std::string_view::npos;
}

}  // namespace

Errc append_property(std::string& out, std::string_view name, std::string_view value) {
  if (name.empty() || has_separator(name) || has_separator(value)) return Errc::bad_properties;
  if (out.size() > max_properties_bytes || name.size() > max_properties_bytes ||
      value.size() > max_properties_bytes ||
      out.size() + name.size() + value.size() + 2 > max_properties_bytes) {
    return Errc::bad_properties;
  }
  out += name;
  out += property_name_end;
  out += value;
  out += property_value_end;
  return Errc::ok;
}

bool PropertyReader::next(std::string_view& name, std::string_view& value) noexcept {
  while (!rest_.empty()) {
    const std::size_t end = rest_.find(property_value_end);
    const std::string_view pair = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    const std::size_t split = pair.find(property_name_end);
    if (split == std::string_view::npos || split == 0) continue;
    name = pair.substr(0, split);
    value = pair.substr(split + 1);
    return true;
  }
  return false;
}

std::optional<std::string_view> find_property(std::string_view text, std::string_view name) noexcept {
  std::optional<std::string_view> found;
  PropertyReader reader(text);
  std::string_view key;
  std::string_view value;
  while (reader.next(key, value)) {
    if (key == name) found = value;
  }
  return found;
}

Errc read_property(std::string_view text, std::string_view name, std::int64_t& value) noexcept {
  const std::optional<std::string_view> found = find_property(text, name);
  if (!found) return Errc::missing_field;
  return read_number(*found, value) ? Errc::ok : Errc::bad_field;
}

}  // namespace rocketmq::wire
