#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rows/body_error.h"
#include "rows/json_tree.h"
#include "rows/row_buffer.h"

namespace rocketmq::rows {

/// Objects and arrays within each other, at most.
inline constexpr std::size_t max_json_depth = 128;

inline constexpr std::string_view one_json_value = "a body is one object, or one array of objects";

/// Puts what a parser of JSON tells, token by token, into rows. It knows no parser: texts may be views of the
/// body or of the parser's own memory, whole or in pieces. What returns a bool says whether to go on; if not,
/// error() says why. All in this header, so that it is compiled together with the parser's loops.
class JsonRowReader {
 public:
  explicit JsonRowReader(const RowSchema& schema) : schema_(schema), tree_(schema), seen_(tree_.size()) {
    levels_.reserve(max_json_depth);
  }

  /// A new body, whose text begins at the byte `begin`.
  void start(std::string_view body, std::size_t begin, RowBuffer& out) {
    body_ = body;
    out_ = &out;
    levels_.clear();
    pieces_.clear();
    misfits_.clear();
    error_.clear();
    last_byte_ = begin;
    element_ = 0;
    in_array_ = false;
  }

  [[nodiscard]] const BodyError& error() const noexcept { return error_; }

  bool begin_object() {
    if (!in_rows()) return enter(false);
    saw_begin();
    out_->add_row();
    ++row_serial_;
    levels_.push_back({JsonTree::row, false, 0});
    return true;
  }

  /// At the end of a row its misfits count: until then a repeated key may have replaced them.
  bool end_object() {
    levels_.pop_back();
    if (!in_rows()) return true;
    if (!misfits_.empty()) return fail(in_element() + misfits_.front().text);
    ++element_;
    return true;
  }

  bool begin_array() {
    if (!levels_.empty()) return in_rows() ? refuse_element() : enter(true);
    saw_begin();
    in_array_ = true;
    levels_.push_back({JsonTree::none, true, 0});
    return true;
  }

  void end_array() { levels_.pop_back(); }

  /// The begin of a key, text or number that comes in several pieces.
  void add_piece(std::string_view text) {
    saw(text);
    pieces_.append(text);
  }

  void key(std::string_view text) {
    saw(text);
    Level& level = levels_.back();
    if (level.node != JsonTree::none) {
      target_ = tree_.child(level.node, whole(text), level.place);
      if (target_ != JsonTree::none) begin_value();
    }
    pieces_.clear();
  }

  bool string(std::string_view text) {
    const std::size_t before = last_byte_;
    // What was put together, or is in the parser's own memory, is gone after this call.
    const bool lasts = pieces_.empty() && within(text);
    const std::string_view value = whole(text);
    const bool good = put(
        [&](std::size_t column) {
          if (is_text(schema_[column].type)) return out_->set_text(column, lasts ? value : out_->keep(value));
          return value.empty() ? Fit::wrong : out_->set_text(column, value);
        },
        [&] { return std::string(value.substr(0, shown_bytes)).insert(0, 1, '"') + '"'; },
        [&] { return lasts ? byte_of(value) - 1 : next_value(before); });
    pieces_.clear();
    saw(text);
    return good;
  }

  bool integer(long long value, std::string_view text) {
    return number(text, [&](std::size_t column, std::string_view written) {
      return out_->set_integer(column, value, written);
    });
  }

  /// Any other number: only how it is written counts.
  bool decimal(std::string_view text) {
    return number(
        text, [&](std::size_t column, std::string_view written) { return out_->set_text(column, written); });
  }

  bool boolean(bool value) {
    return put([&](std::size_t column) { return out_->set_bool(column, value); },
               [&] { return std::string(value ? "true" : "false"); }, [&] { return next_value(last_byte_); });
  }

  bool null() {
    return put([](std::size_t /*column*/) { return Fit::ok; }, [] { return std::string(); },
               [] { return 0U; });
  }

 private:
  /// A little more than error texts show, so that they say that something is cut off.
  static constexpr std::size_t shown_bytes = 100;

  struct Level {
    JsonTree::Node node = JsonTree::none;  ///< none: nothing in it is asked for.
    bool is_array = false;
    std::size_t place = 0;  ///< In an array, the next element's index; in an object, see JsonTree::child.
  };
  struct Misfit {
    std::size_t column = 0;
    BodyError text;
  };

  /// Whether the next object is a row.
  [[nodiscard]] bool in_rows() const { return levels_.empty() || (levels_.size() == 1 && in_array_); }

  [[nodiscard]] bool within(std::string_view text) const {
    return std::greater_equal<>()(text.data(), body_.data()) &&
           std::less_equal<>()(text.data() + text.size(), body_.data() + body_.size());
  }
  [[nodiscard]] std::size_t byte_of(std::string_view text) const {
    return static_cast<std::size_t>(text.data() - body_.data());
  }
  void saw(std::string_view text) {
    if (within(text)) last_byte_ = byte_of(text) + text.size();
  }
  /// The '{' or '[' that the parser does not show.
  void saw_begin() { last_byte_ = next_value(last_byte_) + 1; }
  [[nodiscard]] std::string_view whole(std::string_view last) {
    if (pieces_.empty()) return last;
    return pieces_.append(last);
  }

  /// Where a value that the parser does not show begins: after the blanks and marks that follow the last
  /// token that it has shown.
  [[nodiscard]] std::size_t next_value(std::size_t from) const {
    if (from < body_.size() && body_[from] == '"') ++from;  // Of the last token.
    return std::min(body_.find_first_not_of(" \t\r\n:,]}", from), body_.size());
  }
  /// What stands there, if it is no text.
  [[nodiscard]] std::string shown_at(std::size_t byte) const {
    if (byte == body_.size()) return "nothing";
    if (body_[byte] == '{') return "an object";
    if (body_[byte] == '[') return "an array";
    return std::string(
        body_.substr(byte, std::min(body_.find_first_of(" \t\r\n,]}", byte) - byte, shown_bytes)));
  }
  [[nodiscard]] std::string in_element() const {
    return in_array_ ? "element " + std::to_string(element_) + " (the first is 0): " : std::string();
  }

  /// Of a key that comes again only the last value counts, so what the earlier one has set goes.
  void begin_value() {
    unsigned long long& seen = seen_[static_cast<std::size_t>(target_)];
    if (seen != row_serial_) {
      seen = row_serial_;
      return;
    }
    for (const std::size_t column : tree_.columns_below(target_)) {
      out_->set_null(column);
      std::erase_if(misfits_, [column](const Misfit& misfit) { return misfit.column == column; });
    }
  }

  /// The node of the value that comes now.
  [[nodiscard]] JsonTree::Node take_target() {
    Level& level = levels_.back();
    if (level.node == JsonTree::none) return JsonTree::none;
    return level.is_array ? tree_.element(level.node, level.place++) : target_;
  }

  template <class Set, class Show, class Place>
  bool put(Set set, Show show, Place place) {
    if (in_rows()) return levels_.empty() ? refuse_body() : refuse_element();
    const JsonTree::Node node = take_target();
    if (node == JsonTree::none) return true;
    for (const std::size_t column : tree_.columns(node)) {
      if (const Fit fit = set(column); fit != Fit::ok) add_misfit(column, show(), place(), fit);
    }
    return true;
  }

  template <class Set>
  bool number(std::string_view text, Set set) {
    const std::size_t before = last_byte_;
    const bool lasts = pieces_.empty() && within(text);
    const std::string_view written = whole(text);
    const bool good = put(
        [&](std::size_t column) {
          return set(column, lasts || !is_text(schema_[column].type) ? written : out_->keep(written));
        },
        [&] { return std::string(written.substr(0, shown_bytes)); },
        [&] { return lasts ? byte_of(written) : next_value(before); });
    pieces_.clear();
    saw(text);
    return good;
  }

  /// An object or an array within a row.
  bool enter(bool is_array) {
    const JsonTree::Node node = take_target();
    const std::size_t byte = next_value(last_byte_);
    last_byte_ = byte + 1;
    if (node == JsonTree::none) {
      levels_.push_back({JsonTree::none, is_array, 0});
      return true;
    }
    for (const std::size_t column : tree_.columns(node))
      add_misfit(column, shown_at(byte), byte, Fit::wrong);
    levels_.push_back({tree_.has_children(node) ? node : JsonTree::none, is_array, 0});
    return true;
  }

  void add_misfit(std::size_t column, std::string_view shown, std::size_t byte, Fit fit) {
    misfits_.push_back({column, misfit(schema_[column].name, shown, byte, schema_[column], fit)});
  }

  bool refuse_body() {
    const std::size_t byte = next_value(last_byte_);
    return fail(shown_at(byte) + " at byte " + std::to_string(byte) + ": " + std::string(one_json_value));
  }
  bool refuse_element() {
    const std::size_t byte = next_value(last_byte_);
    return fail(in_element() + shown_at(byte) + " at byte " + std::to_string(byte) + " is not an object; " +
                std::string(one_json_value));
  }
  bool fail(std::string text) {
    error_ = std::move(text);
    return false;
  }

  const RowSchema& schema_;
  JsonTree tree_;
  std::vector<unsigned long long> seen_;  // For each node, the row in which its key was seen last.
  unsigned long long row_serial_ = 0;
  std::vector<Level> levels_;
  JsonTree::Node target_ = JsonTree::none;  // Of the last key.
  std::string pieces_;
  std::vector<Misfit> misfits_;  // Of the present row.
  std::string_view body_;
  RowBuffer* out_ = nullptr;
  BodyError error_;
  std::size_t last_byte_ = 0;  // After the last token that the parser has shown in the body.
  std::size_t element_ = 0;
  bool in_array_ = false;
};

}  // namespace rocketmq::rows
