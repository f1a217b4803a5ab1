#include "plugin/row_column.h"

#include <array>
#include <stdexcept>
#include <string_view>
#include <variant>
#include <vector>

#include "plugin/sdk_strings.h"

namespace rocketmq::plugin {

namespace {

/// In the order of rows::ColumnType.
constexpr std::array<DATA_TYPE, rows::column_type_names.size()> server_types{
    DT_BOOL,   DT_CHAR,     DT_SHORT,     DT_INT,      DT_LONG,         DT_FLOAT, DT_DOUBLE,
    DT_STRING, DT_SYMBOL,   DT_BLOB,      DT_DATE,     DT_MONTH,        DT_TIME,  DT_MINUTE,
    DT_SECOND, DT_DATETIME, DT_TIMESTAMP, DT_NANOTIME, DT_NANOTIMESTAMP};

/// Sets all elements of a vector at once.
struct SetElements {
  Vector& vector;
  DATA_TYPE type;

  bool operator()(const std::vector<char>& v) const {
    return type == DT_BOOL ? vector.setBool(0, size_of(v), v.data())
                           : vector.setChar(0, size_of(v), v.data());
  }
  bool operator()(const std::vector<short>& v) const { return vector.setShort(0, size_of(v), v.data()); }
  bool operator()(const std::vector<int>& v) const { return vector.setInt(0, size_of(v), v.data()); }
  bool operator()(const std::vector<long long>& v) const { return vector.setLong(0, size_of(v), v.data()); }
  bool operator()(const std::vector<float>& v) const { return vector.setFloat(0, size_of(v), v.data()); }
  bool operator()(const std::vector<double>& v) const { return vector.setDouble(0, size_of(v), v.data()); }
  bool operator()(const std::vector<std::string_view>& /*texts*/) const { return false; }

  template <class T>
  static int size_of(const std::vector<T>& values) {
    return static_cast<int>(values.size());
  }
};

}  // namespace

template <class T>
VectorSP make_vector(DATA_TYPE type, const std::vector<T>& values) {
  VectorSP vector = Util::createVector(type, static_cast<INDEX>(values.size()));
  if (!values.empty() && !SetElements{*vector, type}(values)) {
    throw std::runtime_error("the server could not fill a column; it may be out of memory");
  }
  return vector;
}

template VectorSP make_vector(DATA_TYPE, const std::vector<int>&);
template VectorSP make_vector(DATA_TYPE, const std::vector<long long>&);

ConstantSP make_row_column(const rows::RowBuffer& buffer, std::size_t column) {
  const DATA_TYPE type = server_types.at(static_cast<std::size_t>(buffer.schema()[column].type));
  const rows::ColumnValues& values = buffer.values(column);
  if (const auto* texts = std::get_if<std::vector<std::string_view>>(&values)) {
    StringColumn strings(type, texts->size());
    for (const std::string_view text : *texts)
      strings.append(text);
    return strings.finish();
  }
  const VectorSP vector = std::visit([type](const auto& v) { return make_vector(type, v); }, values);
  // Only what is told to look for NULLs finds them.
  vector->setNullFlag(buffer.has_null(column));
  if (!buffer.schema()[column].is_array) return vector;
  return new FastArrayVector(make_vector(DT_INDEX, buffer.ends(column)), vector);
}

}  // namespace rocketmq::plugin
