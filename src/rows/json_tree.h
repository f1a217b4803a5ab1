#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rows/row_schema.h"

namespace rocketmq::rows {

/// The paths of a schema as a tree: what is asked for below an object or an array.
class JsonTree {
 public:
  using Node = int;
  static constexpr Node none = -1;
  static constexpr Node row = 0;  ///< The object of a row.

  explicit JsonTree(const RowSchema& schema);

  /// The node of a key below `parent`. `hint` remembers where the last key was found, because the bodies of a
  /// topic mostly have their keys in one order.
  [[nodiscard]] Node child(Node parent, std::string_view key, std::size_t& hint) const noexcept;
  /// The node of an array's element.
  [[nodiscard]] Node element(Node parent, std::size_t index) const noexcept;

  /// The columns that get the value of this node itself.
  [[nodiscard]] const std::vector<std::size_t>& columns(Node node) const { return at(node).columns; }
  /// These, and the columns of everything below.
  [[nodiscard]] const std::vector<std::size_t>& columns_below(Node node) const { return at(node).below; }
  [[nodiscard]] bool has_children(Node node) const { return !at(node).children.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Child {
    std::string key;
    std::size_t index = 0;  ///< What the key is in an array; `no_index` if it is no number.
    Node node = none;
  };
  struct Entry {
    std::vector<Child> children;
    std::vector<std::size_t> columns;
    std::vector<std::size_t> below;
  };

  [[nodiscard]] const Entry& at(Node node) const { return entries_[static_cast<std::size_t>(node)]; }
  [[nodiscard]] Node add_child(Node parent, const std::string& key);

  std::vector<Entry> entries_{1};
};

}  // namespace rocketmq::rows
