#include "rows/row_buffer.h"

#include <algorithm>
#include <cfloat>
#include <climits>
#include <limits>
#include <optional>
#include <type_traits>

#include "base/text.h"

namespace rocketmq::rows {

namespace {

ColumnValues values_of(ColumnType type) {
  switch (type) {
    case ColumnType::boolean:
    case ColumnType::character:
      return std::vector<char>();
    case ColumnType::short_integer:
      return std::vector<short>();
    case ColumnType::long_integer:
    case ColumnType::timestamp:
    case ColumnType::nano_time:
    case ColumnType::nano_timestamp:
      return std::vector<long long>();
    case ColumnType::float32:
      return std::vector<float>();
    case ColumnType::float64:
      return std::vector<double>();
    case ColumnType::string:
    case ColumnType::symbol:
    case ColumnType::blob:
      return std::vector<std::string_view>();
    default:
      return std::vector<int>();
  }
}

/// Texts are kept in blocks of so many bytes, or more for a longer one.
constexpr std::size_t kept_block_bytes = std::size_t{64} << 10;

template <class T>
constexpr T null_of() {
  if constexpr (std::is_same_v<T, std::string_view>) {
    return {};
  } else if constexpr (std::is_same_v<T, float>) {
    return -FLT_MAX;
  } else if constexpr (std::is_same_v<T, double>) {
    return -DBL_MAX;
  } else {
    return std::numeric_limits<T>::min();
  }
}

template <class T>
using ElementOf = typename std::remove_cvref_t<T>::value_type;

/// Appends a NULL; returns how many values there are then.
std::size_t add_null(ColumnValues& column) {
  return std::visit(
      [](auto& values) {
        values.push_back(null_of<ElementOf<decltype(values)>>());
        return values.size();
      },
      column);
}

/// What a number in the column counts; nothing if numbers are no instants there.
std::optional<TimeUnit> unit_of(const RowColumn& column) {
  return column.unit || column.format ? column.unit : default_unit_of(column.type);
}

/// Digits with or without a sign. Everywhere else a point may be one of a date.
bool is_whole_number(std::string_view text) {
  text = trim(text);
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace

IntegerLimits limits_of(ColumnType type) noexcept {
  switch (type) {
    case ColumnType::boolean:
      return {0, 1};
    case ColumnType::character:
      return {CHAR_MIN + 1, CHAR_MAX};
    case ColumnType::short_integer:
      return {SHRT_MIN + 1, SHRT_MAX};
    case ColumnType::integer:
      return {INT_MIN + 1, INT_MAX};
    default:
      return {LLONG_MIN + 1, LLONG_MAX};
  }
}

RowBuffer::RowBuffer(const RowSchema& schema) : schema_(&schema) {
  for (const RowColumn& column : schema)
    columns_.push_back(values_of(column.type));
  ends_.resize(columns_.size());
}

void RowBuffer::clear() {
  truncate(0);
  if (kept_.size() > 1) kept_.resize(1);
  for (std::string& block : kept_)
    block.clear();
}

void RowBuffer::truncate(std::size_t rows) {
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    std::size_t size = rows;
    if ((*schema_)[column].is_array) {
      ends_[column].resize(rows);
      size = ends_[column].empty() ? 0 : static_cast<std::size_t>(ends_[column].back());
    }
    std::visit([size](auto& values) { values.resize(size); }, columns_[column]);
  }
  rows_ = rows;
}

void RowBuffer::add_row() {
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    const std::size_t size = add_null(columns_[column]);
    if ((*schema_)[column].is_array) ends_[column].push_back(static_cast<int>(size));
  }
  ++rows_;
}

bool RowBuffer::has_null(std::size_t column) const {
  return std::visit(
      [](const auto& values) {
        return std::find(values.begin(), values.end(), null_of<ElementOf<decltype(values)>>()) !=
               values.end();
      },
      columns_[column]);
}

bool RowBuffer::has_value(std::size_t column) const {
  return std::visit(
      [](const auto& values) {
        return std::any_of(values.begin(), values.end(),
                           [](const auto& value) { return value != null_of<ElementOf<decltype(values)>>(); });
      },
      columns_[column]);
}

Fit RowBuffer::set_integer(std::size_t column, long long value, std::string_view text) {
  const RowColumn& about = (*schema_)[column];
  switch (about.type) {
    case ColumnType::boolean:
      if (value != 0 && value != 1) return Fit::wrong;
      break;
    case ColumnType::character:
    case ColumnType::short_integer:
    case ColumnType::integer:
    case ColumnType::long_integer: {
      const IntegerLimits limits = limits_of(about.type);
      if (value < limits.min || value > limits.max) return Fit::out_of_range;
      break;
    }
    case ColumnType::float32:
    case ColumnType::float64:
      // Of -0 an integer has no sign.
      if (value == 0) return set_text(column, text);
      if (auto* doubles = std::get_if<std::vector<double>>(&columns_[column])) {
        doubles->back() = static_cast<double>(value);
      } else {
        std::get<std::vector<float>>(columns_[column]).back() = static_cast<float>(value);
      }
      return Fit::ok;
    case ColumnType::string:
    case ColumnType::symbol:
    case ColumnType::blob:
      return set_text(column, text);
    default: {
      const std::optional<TimeUnit> unit = unit_of(about);
      if (!unit) return about.format ? set_temporal_text(column, text) : Fit::wrong;
      Moment moment;
      const Fit fit = instant_of(value, *unit, 0, moment);
      return fit == Fit::ok ? set_moment(column, moment) : fit;
    }
  }
  store_integer(column, value);
  return Fit::ok;
}

Fit RowBuffer::set_decimal(std::size_t column, std::string_view text) {
  const RowColumn& about = (*schema_)[column];
  const bool needs_format = is_temporal(about.type) && !about.format && !unit_of(about);
  return needs_format ? Fit::wrong : set_text(column, text);
}

Fit RowBuffer::set_bool(std::size_t column, bool value) {
  const ColumnType type = (*schema_)[column].type;
  if (is_text(type)) return set_text(column, value ? "true" : "false");
  if (type != ColumnType::boolean) return Fit::wrong;
  store_integer(column, value ? 1 : 0);
  return Fit::ok;
}

Fit RowBuffer::set_text(std::size_t column, std::string_view text) {
  const ColumnType type = (*schema_)[column].type;
  switch (type) {
    case ColumnType::boolean: {
      bool value = false;
      if (const Fit fit = read_bool(text, value); fit != Fit::ok) return fit;
      store_integer(column, value ? 1 : 0);
      return Fit::ok;
    }
    case ColumnType::character:
    case ColumnType::short_integer:
    case ColumnType::integer:
    case ColumnType::long_integer: {
      const IntegerLimits limits = limits_of(type);
      long long value = 0;
      if (const Fit fit = read_integer(text, limits.min, limits.max, value); fit != Fit::ok) return fit;
      store_integer(column, value);
      return Fit::ok;
    }
    case ColumnType::float32:
      return read_float(text, std::get<std::vector<float>>(columns_[column]).back());
    case ColumnType::float64:
      return read_float(text, std::get<std::vector<double>>(columns_[column]).back());
    case ColumnType::string:
    case ColumnType::symbol:
    case ColumnType::blob:
      std::get<std::vector<std::string_view>>(columns_[column]).back() = text;
      return Fit::ok;
    default:
      return set_temporal_text(column, text);
  }
}

void RowBuffer::add_element(std::size_t column, std::size_t index) {
  // A row begins with one.
  if (index > 0) ends_[column].back() = static_cast<int>(add_null(columns_[column]));
}

void RowBuffer::set_null(std::size_t column) {
  if ((*schema_)[column].is_array) {
    std::vector<int>& ends = ends_[column];
    const int begin = ends.size() < 2 ? 0 : ends[ends.size() - 2];
    ends.back() = begin + 1;
    std::visit([begin](auto& values) { values.resize(static_cast<std::size_t>(begin) + 1); },
               columns_[column]);
  }
  std::visit([](auto& values) { values.back() = null_of<ElementOf<decltype(values)>>(); }, columns_[column]);
}

std::string_view RowBuffer::keep(std::string_view text) {
  // A block never grows, so that what lies in it stays where it is.
  if (kept_.empty() || kept_.back().capacity() - kept_.back().size() < text.size())
    kept_.emplace_back().reserve(std::max(text.size(), kept_block_bytes));
  std::string& block = kept_.back();
  const std::size_t begin = block.size();
  return std::string_view(block.append(text)).substr(begin);
}

Fit RowBuffer::set_moment(std::size_t column, const Moment& moment) {
  long long value = 0;
  if (const Fit fit = to_column(moment, (*schema_)[column].type, value); fit != Fit::ok) return fit;
  store_integer(column, value);
  return Fit::ok;
}

Fit RowBuffer::set_temporal_text(std::size_t column, std::string_view text) {
  const RowColumn& about = (*schema_)[column];
  Moment moment;
  Fit fit = Fit::wrong;
  if (about.format) {
    fit = about.format->read(text, moment);
  } else if (about.unit || is_whole_number(text)) {
    if (const std::optional<TimeUnit> unit = unit_of(about)) fit = read_instant(text, *unit, moment);
  } else {
    fit = read_moment(text, moment);
  }
  return fit == Fit::ok ? set_moment(column, moment) : fit;
}

void RowBuffer::store_integer(std::size_t column, long long value) {
  std::visit(
      [value](auto& values) {
        using Element = ElementOf<decltype(values)>;
        if constexpr (std::is_integral_v<Element>) values.back() = static_cast<Element>(value);
      },
      columns_[column]);
}

}  // namespace rocketmq::rows
