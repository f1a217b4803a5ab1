#pragma once

#include <string>

#include "fuzz/fuzz_target.h"
#include "rows/row_buffer.h"

namespace rocketmq::fuzz {

/// A column of each type, and some that lead into objects and arrays.
inline rows::RowSchema every_type() {
  rows::RowSchema schema;
  for (const std::string_view name : rows::column_type_names) {
    rows::RowColumn column;
    column.name = name;
    column.type = *rows::column_type_of(name);
    column.path = {column.name};
    schema.push_back(column);
  }
  schema[0].path = {"a", "0"};
  schema[3].path = {"a", "b"};
  schema[7].path = {"a", "0"};
  return schema;
}

/// The same, and arrays of each type that has them: of all keys that may be arrays, and of one's element.
inline rows::RowSchema every_type_and_arrays() {
  rows::RowSchema schema = every_type();
  for (const rows::RowColumn& element : every_type()) {
    if (!rows::has_arrays(element.type)) continue;
    for (const std::vector<std::string>& path :
         {std::vector<std::string>{element.name + "[]"}, {"a"}, {"a", "1"}}) {
      rows::RowColumn column = element;
      column.name += std::to_string(schema.size());
      column.is_array = true;
      column.path = path;
      schema.push_back(column);
    }
  }
  return schema;
}

/// All values of a buffer, so that two can be compared, and every byte of every text is read.
inline std::string bytes_of(const rows::RowBuffer& buffer) {
  std::string all;
  for (std::size_t i = 0; i < buffer.schema().size(); ++i) {
    std::visit(
        [&](const auto& values) {
          std::size_t size = buffer.rows();
          if (buffer.schema()[i].is_array) {
            const std::vector<int>& ends = buffer.ends(i);
            require(ends.size() == buffer.rows(), "all columns have the same length");
            int begin = 0;
            for (const int end : ends) {
              require(end > begin && end - begin <= static_cast<int>(rows::max_array_elements),
                      "an array has elements");
              all.append(std::to_string(end)).append(1, ',');
              begin = end;
            }
            size = static_cast<std::size_t>(begin);
          }
          require(values.size() == size, "all columns have the same length");
          using Value = typename std::remove_cvref_t<decltype(values)>::value_type;
          for (const Value& value : values) {
            if constexpr (std::is_same_v<Value, std::string_view>) {
              all.append(value).append(1, '\0');
            } else {
              all.append(reinterpret_cast<const char*>(&value), sizeof value);
            }
          }
        },
        buffer.values(i));
    (void)buffer.has_null(i);
  }
  return all;
}

/// What must hold of a parser of bodies whatever the body is.
template <class Parser>
void check_rows(Parser& parser, const rows::RowSchema& schema, std::string_view body) {
  rows::RowBuffer buffer(schema);
  buffer.add_row();
  const std::string before = bytes_of(buffer);
  const rows::BodyError error = parser.append(body, buffer);
  require(error.size() < 2000, "an error shows no more than the begin of a value");
  if (!error.empty()) {
    require(buffer.rows() == 1 && bytes_of(buffer) == before, "a body that fails leaves no rows");
  }
  rows::RowBuffer again(schema);
  again.add_row();
  require(parser.append(body, again) == error, "a body has one verdict");
  require(bytes_of(again) == bytes_of(buffer), "and gives the same rows every time");
}

}  // namespace rocketmq::fuzz
