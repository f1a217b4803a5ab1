#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "rmq/output.h"

namespace rocketmq::rmq {

/// Milliseconds since the epoch: a number in JSON, a local time in text.
struct Moment {
  std::int64_t ms = 0;
};

/// Nothing is `-` in text and null in JSON.
using Cell = std::variant<std::monostate, std::int64_t, bool, std::string, Moment, std::vector<std::string>>;

[[nodiscard]] inline Cell cell_of(std::optional<std::int64_t> number) {
  return number ? Cell(*number) : Cell();
}

/// Records of one kind. On a terminal they are aligned below a head; in a pipe each is a line of values with
/// tabs between them and no head; in JSON each is an object.
class Table {
 public:
  struct Column {
    std::string name;       ///< In JSON.
    std::string title;      ///< On a terminal.
    bool alarming = false;  ///< Numbers above 0 are coloured.
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }

  void print(Output& out) const;
  /// Every row as an object in a line of its own.
  void print_json(Output& out) const;
  /// As one JSON array.
  void append_json(std::string& out) const;

 private:
  void print_aligned(Output& out) const;
  void append_object(std::string& out, const std::vector<Cell>& row) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace rocketmq::rmq
