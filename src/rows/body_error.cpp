#include "rows/body_error.h"

#include "base/text.h"
#include "rows/row_buffer.h"

namespace rocketmq::rows {

namespace {

constexpr std::size_t max_shown_bytes = 64;

std::string_view article(ColumnType type) {
  return type == ColumnType::integer ? "an " : "a ";
}

/// What a column takes, if its type alone does not say it.
std::string advice(const RowColumn& column) {
  if (!is_temporal(column.type)) return {};
  if (column.unit) return "; the schema's format asks for a number";
  if (column.format) return " of the schema's format";
  return default_unit_of(column.type) ? "; other forms need a format in the schema"
                                      : "; numbers and other forms need a format in the schema";
}

}  // namespace

BodyError misfit(std::string_view field, std::string_view shown, std::size_t byte, const RowColumn& column,
                 Fit fit) {
  std::string text(field);
  text += " ";
  text += printable(shown, max_shown_bytes);
  text += " at byte " + std::to_string(byte);
  if (fit == Fit::no_array) return text + " is not an array of " + std::string(name_of(column.type));
  if (fit == Fit::too_many) {
    return text + " is one too many: an array has at most " + std::to_string(max_array_elements) +
           " elements";
  }
  const std::string type = std::string(article(column.type)) + std::string(name_of(column.type));
  if (fit == Fit::wrong) return text + " is not " + type + advice(column);
  text += " is outside the range of " + type;
  if (column.type <= ColumnType::long_integer) {
    const IntegerLimits limits = limits_of(column.type);
    text += " (" + std::to_string(limits.min) + " to " + std::to_string(limits.max) + ")";
  }
  return text;
}

}  // namespace rocketmq::rows
