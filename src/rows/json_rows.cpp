#include "rows/json_rows.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include <boost/json/basic_parser_impl.hpp>

#include "base/utf8.h"
#include "rows/byte_order_mark.h"
#include "rows/json_row_reader.h"

namespace rocketmq::rows {

namespace {

/// JsonRowReader under the names that the parser calls.
class Handler {
 public:
  using ErrorCode = boost::json::error_code;
  using Text = boost::json::string_view;

  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  explicit Handler(const RowSchema& schema) : reader(schema) {}

  bool on_document_begin(ErrorCode& /*error*/) { return true; }
  bool on_document_end(ErrorCode& /*error*/) { return true; }
  bool on_comment_part(Text /*text*/, ErrorCode& /*error*/) { return true; }
  bool on_comment(Text /*text*/, ErrorCode& /*error*/) { return true; }
  bool on_object_begin(ErrorCode& error) { return checked(reader.begin_object(), error); }
  bool on_object_end(std::size_t /*size*/, ErrorCode& error) { return checked(reader.end_object(), error); }
  bool on_array_begin(ErrorCode& error) { return checked(reader.begin_array(), error); }
  bool on_array_end(std::size_t /*size*/, ErrorCode& /*error*/) {
    reader.end_array();
    return true;
  }
  bool on_key_part(Text text, std::size_t /*size*/, ErrorCode& /*error*/) { return piece(text); }
  bool on_key(Text text, std::size_t /*size*/, ErrorCode& /*error*/) {
    reader.key(view(text));
    return true;
  }
  bool on_string_part(Text text, std::size_t /*size*/, ErrorCode& /*error*/) { return piece(text); }
  bool on_string(Text text, std::size_t /*size*/, ErrorCode& error) {
    return checked(reader.string(view(text)), error);
  }
  bool on_number_part(Text text, ErrorCode& /*error*/) { return piece(text); }
  bool on_int64(long long value, Text text, ErrorCode& error) {
    return checked(reader.integer(value, view(text)), error);
  }
  bool on_uint64(unsigned long long /*value*/, Text text, ErrorCode& error) {
    return checked(reader.decimal(view(text)), error);
  }
  // The parser's value is not always rounded correctly.
  bool on_double(double /*value*/, Text text, ErrorCode& error) {
    return checked(reader.decimal(view(text)), error);
  }
  bool on_bool(bool value, ErrorCode& error) { return checked(reader.boolean(value), error); }
  bool on_null(ErrorCode& error) { return checked(reader.null(), error); }

  JsonRowReader reader;

 private:
  static std::string_view view(Text text) { return {text.data(), text.size()}; }
  bool piece(Text text) {
    reader.add_piece(view(text));
    return true;
  }
  static bool checked(bool good, ErrorCode& error) {
    if (!good) error = boost::json::error::input_error;
    return good;
  }
};

BodyError why_not(const BodyError& error, const boost::json::error_code& code, std::string_view body,
                  std::size_t byte) {
  if (!error.empty()) return error;
  const std::string place = "at byte " + std::to_string(byte) + ": ";
  if (!code) return "no JSON " + place + "something follows the value; " + std::string(one_json_value);
  if (code == boost::json::error::incomplete) return "no JSON " + place + "it ends in the middle of a value";
  if (code == boost::json::error::too_deep) {
    return "JSON " + place + "more than " + std::to_string(max_json_depth) +
           " objects and arrays within each other";
  }
  std::string_view rest = body.substr(std::min(byte, body.size()));
  const std::size_t size = rest.size();
  const bool is_utf8 = rest.empty() || take_utf8(rest) != replacement_character || size - rest.size() != 1;
  return "no JSON " + place + code.message() + (is_utf8 ? "" : " (texts must be UTF-8)");
}

}  // namespace

struct JsonRows::Parser {
  explicit Parser(const RowSchema& schema) : parser(options(), schema) {}

  static boost::json::parse_options options() {
    boost::json::parse_options options;
    options.max_depth = max_json_depth;
    return options;
  }

  boost::json::basic_parser<Handler> parser;
};

JsonRows::JsonRows(const RowSchema& schema) : parser_(std::make_unique<Parser>(schema)) {}

JsonRows::~JsonRows() = default;

BodyError JsonRows::append(std::string_view body, RowBuffer& out) {
  const std::size_t begin = text_begin(body);
  const std::size_t rows = out.rows();
  auto& parser = parser_->parser;
  parser.reset();
  JsonRowReader& reader = parser.handler().reader;
  reader.start(body, begin, out);
  boost::json::error_code error;
  std::size_t end = begin;
  try {
    end += parser.write_some(false, body.data() + begin, body.size() - begin, error);
  } catch (...) {
    out.truncate(rows);
    throw;
  }
  if (!error && end == body.size()) return {};
  out.truncate(rows);
  return why_not(reader.error(), error, body, end);
}

}  // namespace rocketmq::rows
