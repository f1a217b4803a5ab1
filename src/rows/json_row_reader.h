#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rows/body_error.h"
#include "rows/json_place.h"
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
    place_.start(body, begin);
    out_ = &out;
    levels_.clear();
    pieces_.clear();
    misfits_.clear();
    error_.clear();
    element_ = 0;
    in_array_ = false;
  }

  [[nodiscard]] const BodyError& error() const noexcept { return error_; }

  bool begin_object() {
    if (!in_rows()) return enter(false);
    place_.take_hidden(1);
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
    place_.take_hidden(1);
    in_array_ = true;
    levels_.push_back({JsonTree::none, true, 0});
    return true;
  }

  void end_array() { levels_.pop_back(); }

  /// The begin of a key, text or number that comes in several pieces.
  void add_piece(std::string_view text) {
    place_.saw(text);
    pieces_.append(text);
  }

  void key(std::string_view text) {
    place_.saw(text);
    Level& level = levels_.back();
    if (level.node != JsonTree::none) {
      target_ = tree_.child(level.node, whole(text), level.place);
      if (target_ != JsonTree::none) begin_value();
    }
    pieces_.clear();
  }

  bool string(std::string_view text) {
    const std::size_t before = place_.last();
    // What was put together, or is in the parser's own memory, is gone after this call.
    const bool lasts = pieces_.empty() && place_.within(text);
    const std::string_view value = whole(text);
    const bool good = put(
        [&](std::size_t column) {
          if (is_text(schema_[column].type)) return out_->set_text(column, lasts ? value : out_->keep(value));
          return value.empty() ? Fit::wrong : out_->set_text(column, value);
        },
        [&] { return std::string(value.substr(0, JsonPlace::shown_bytes)).insert(0, 1, '"') + '"'; },
        [&] { return lasts ? place_.byte_of(value) - 1 : place_.value_after(before); });
    pieces_.clear();
    place_.saw(text);
    return good;
  }

  bool integer(long long value, std::string_view text) {
    return number(text, [&](std::size_t column, std::string_view written) {
      return out_->set_integer(column, value, written);
    });
  }

  /// Any other number: only how it is written counts.
  bool decimal(std::string_view text) {
    return number(text, [&](std::size_t column, std::string_view written) {
      return out_->set_decimal(column, written);
    });
  }

  bool boolean(bool value) {
    const std::string_view text = value ? "true" : "false";
    const bool good = put([&](std::size_t column) { return out_->set_bool(column, value); },
                          [&] { return std::string(text); }, [&] { return place_.next(); });
    place_.take_hidden(text.size());
    return good;
  }

  bool null() {
    if (in_rows()) return refuse();
    // What is not set is NULL.
    put_element(
        take_target(), [](std::size_t /*column*/) { return Fit::ok; }, [] { return std::string("null"); },
        [&] { return place_.next(); });
    place_.take_hidden(std::string_view("null").size());
    return true;
  }

 private:
  struct Level {
    JsonTree::Node node = JsonTree::none;  ///< none: nothing in it is asked for.
    bool is_array = false;
    std::size_t place = 0;  ///< In an array, the next element's index; in an object, see JsonTree::child.
  };
  /// What a value is for. An element may be asked for as such, and as one of its array's column.
  struct Target {
    JsonTree::Node node = JsonTree::none;
    JsonTree::Node array = JsonTree::none;  ///< That it is an element of.
    std::size_t index = 0;
  };
  struct Misfit {
    std::size_t column = 0;
    BodyError text;
  };

  /// Whether the next object is a row.
  [[nodiscard]] bool in_rows() const { return levels_.empty() || (levels_.size() == 1 && in_array_); }

  [[nodiscard]] std::string_view whole(std::string_view last) {
    if (pieces_.empty()) return last;
    return pieces_.append(last);
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

  /// For the value that comes now.
  [[nodiscard]] Target take_target() {
    Level& level = levels_.back();
    if (level.node == JsonTree::none) return {};
    if (!level.is_array) return {target_};
    const std::size_t index = level.place++;
    return {tree_.element(level.node, index), level.node, index};
  }

  /// Puts the value into the columns of arrays that it is an element of.
  template <class Set, class Show, class Place>
  void put_element(const Target& target, const Set& set, const Show& show, const Place& place) {
    if (target.array == JsonTree::none || target.index > max_array_elements) return;
    for (const std::size_t column : tree_.columns(target.array)) {
      if (!schema_[column].is_array) continue;
      Fit fit = Fit::too_many;
      if (target.index < max_array_elements) {
        out_->add_element(column, target.index);
        fit = set(column);
      }
      const auto name = [&] { return schema_[column].name + "[" + std::to_string(target.index) + "]"; };
      if (fit != Fit::ok) add_misfit(column, name(), show(), place(), fit);
    }
  }

  template <class Set, class Show, class Place>
  bool put(const Set& set, const Show& show, const Place& place) {
    if (in_rows()) return refuse();
    const Target target = take_target();
    put_element(target, set, show, place);
    if (target.node == JsonTree::none) return true;
    for (const std::size_t column : tree_.columns(target.node)) {
      const RowColumn& about = schema_[column];
      const Fit fit = about.is_array ? Fit::no_array : set(column);
      if (fit != Fit::ok) add_misfit(column, about.name, show(), place(), fit);
    }
    return true;
  }

  template <class Set>
  bool number(std::string_view text, const Set& set) {
    const std::size_t before = place_.last();
    const bool lasts = pieces_.empty() && place_.within(text);
    const std::string_view written = whole(text);
    const bool good = put(
        [&](std::size_t column) {
          return set(column, lasts || !is_text(schema_[column].type) ? written : out_->keep(written));
        },
        [&] { return std::string(written.substr(0, JsonPlace::shown_bytes)); },
        [&] { return lasts ? place_.byte_of(written) : place_.value_after(before); });
    pieces_.clear();
    place_.saw(text);
    return good;
  }

  /// An object or an array within a row.
  bool enter(bool is_array) {
    const Target target = take_target();
    const std::size_t byte = place_.take_hidden(1);
    const auto shown = [&] { return place_.shown_at(byte); };
    put_element(
        target, [](std::size_t /*column*/) { return Fit::wrong; }, shown, [byte] { return byte; });
    Level level{JsonTree::none, is_array, 0};
    if (target.node != JsonTree::none) {
      if (tree_.has_children(target.node)) level.node = target.node;
      for (const std::size_t column : tree_.columns(target.node)) {
        const RowColumn& about = schema_[column];
        if (about.is_array && is_array) {
          level.node = target.node;
        } else {
          add_misfit(column, about.name, shown(), byte, about.is_array ? Fit::no_array : Fit::wrong);
        }
      }
    }
    levels_.push_back(level);
    return true;
  }

  /// Of a column only the first one counts.
  void add_misfit(std::size_t column, std::string_view field, std::string_view shown, std::size_t byte,
                  Fit fit) {
    const bool has_one = std::any_of(misfits_.begin(), misfits_.end(),
                                     [column](const Misfit& misfit) { return misfit.column == column; });
    if (!has_one) misfits_.push_back({column, misfit(field, shown, byte, schema_[column], fit)});
  }

  /// A value that is no row, but stands where one is expected.
  bool refuse() { return levels_.empty() ? refuse_body() : refuse_element(); }
  bool refuse_body() {
    const std::size_t byte = place_.next();
    return fail(place_.shown_at(byte) + " at byte " + std::to_string(byte) + ": " +
                std::string(one_json_value));
  }
  bool refuse_element() {
    const std::size_t byte = place_.next();
    return fail(in_element() + place_.shown_at(byte) + " at byte " + std::to_string(byte) +
                " is not an object; " + std::string(one_json_value));
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
  JsonPlace place_;
  RowBuffer* out_ = nullptr;
  BodyError error_;
  std::size_t element_ = 0;
  bool in_array_ = false;
};

}  // namespace rocketmq::rows
