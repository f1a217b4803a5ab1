#include "rows/csv_rows.h"

#include <algorithm>
#include <cstddef>

#include "rows/byte_order_mark.h"

namespace rocketmq::rows {

namespace {

bool is_line_break(char c) {
  return c == '\n' || c == '\r';
}

std::size_t after_line_break(std::string_view body, std::size_t place) {
  const bool two = body[place] == '\r' && place + 1 < body.size() && body[place + 1] == '\n';
  return place + (two ? 2 : 1);
}

/// The line of a byte, as an editor counts.
std::string line_at(std::string_view body, std::size_t byte) {
  std::size_t line = 1;
  for (std::size_t place = body.find_first_of("\r\n"); place < byte;
       place = body.find_first_of("\r\n", place)) {
    place = after_line_break(body, place);
    ++line;
  }
  return "line " + std::to_string(line);
}

/// So that blanks show.
std::string in_quotes(std::string_view written) {
  return written.starts_with('"') ? std::string(written) : '"' + std::string(written) + '"';
}

std::string field_at(std::string_view body, std::size_t byte, std::size_t column) {
  return line_at(body, byte) + ", field " + std::to_string(column + 1);
}

}  // namespace

BodyError CsvRows::append(std::string_view body, RowBuffer& out) {
  const std::size_t rows = out.rows();
  std::size_t place = text_begin(body);
  try {
    while (place < body.size()) {
      if (BodyError error = append_line(body, place, out); !error.empty()) {
        out.truncate(rows);
        return error;
      }
    }
  } catch (...) {
    out.truncate(rows);
    throw;
  }
  return {};
}

BodyError CsvRows::append_line(std::string_view body, std::size_t& place, RowBuffer& out) {
  const RowSchema& schema = out.schema();
  out.add_row();
  for (std::size_t column = 0;; ++column) {
    const std::size_t begin = place;
    Field field;
    if (!read_field(body, place, field)) {
      return "no CSV at byte " + std::to_string(place) + " (" + field_at(body, begin, column) +
             (place == body.size() ? "): its quote is not closed" : "): something follows the closing quote");
    }
    const bool ends = place == body.size() || is_line_break(body[place]);
    if (column < schema.size() && !field.text.empty()) {
      const bool keep = field.in_own_memory && is_text(schema[column].type);
      const Fit fit = out.set_text(column, keep ? out.keep(field.text) : field.text);
      if (fit != Fit::ok) {
        return misfit(field_at(body, begin, column) + ", " + schema[column].name, in_quotes(field.written),
                      begin, schema[column], fit);
      }
    }
    if (!ends) {
      ++place;
      continue;
    }
    if (column + 1 != schema.size()) {
      return line_at(body, begin) + " at byte " + std::to_string(begin) + " has " +
             std::to_string(column + 1) + (column == 0 ? " field" : " fields") + ", but the schema has " +
             std::to_string(schema.size());
    }
    if (place < body.size()) place = after_line_break(body, place);
    return {};
  }
}

bool CsvRows::read_field(std::string_view body, std::size_t& place, Field& out) {
  const std::size_t begin = place;
  const auto ends_field = [this](char c) { return c == delimiter_ || is_line_break(c); };
  if (place == body.size() || body[place] != '"') {
    const auto end = std::find_if(body.begin() + static_cast<std::ptrdiff_t>(begin), body.end(), ends_field);
    place = static_cast<std::size_t>(end - body.begin());
    out.text = out.written = body.substr(begin, place - begin);
    return true;
  }
  unquoted_.clear();
  ++place;
  while (true) {
    const std::size_t quote = std::min(body.find('"', place), body.size());
    const std::string_view piece = body.substr(place, quote - place);
    place = quote;
    if (quote == body.size()) return false;
    place = quote + 1;
    const bool doubled = place < body.size() && body[place] == '"';
    if (!doubled && unquoted_.empty()) {
      out.text = piece;
    } else {
      unquoted_.append(piece);
      if (doubled) {
        unquoted_ += '"';
        ++place;
        continue;
      }
      out.text = unquoted_;
      out.in_own_memory = true;
    }
    out.written = body.substr(begin, place - begin);
    return place == body.size() || ends_field(body[place]);
  }
}

}  // namespace rocketmq::rows
