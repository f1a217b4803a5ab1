#include "rows/json_tree.h"

#include <charconv>
#include <limits>
#include <system_error>

namespace rocketmq::rows {

namespace {

constexpr std::size_t no_index = std::numeric_limits<std::size_t>::max();

std::size_t index_of(const std::string& key) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  const bool is_index =
      error == std::errc() && end == key.data() + key.size() && (key == "0" || key[0] != '0');
  return is_index ? index : no_index;
}

}  // namespace

JsonTree::JsonTree(const RowSchema& schema) {
  for (std::size_t column = 0; column < schema.size(); ++column) {
    Node node = row;
    for (const std::string& step : schema[column].path) {
      entries_[static_cast<std::size_t>(node)].below.push_back(column);
      node = add_child(node, step);
    }
    entries_[static_cast<std::size_t>(node)].below.push_back(column);
    entries_[static_cast<std::size_t>(node)].columns.push_back(column);
  }
}

JsonTree::Node JsonTree::add_child(Node parent, const std::string& key) {
  for (const Child& child : at(parent).children) {
    if (child.key == key) return child.node;
  }
  const Node node = static_cast<Node>(entries_.size());
  entries_[static_cast<std::size_t>(parent)].children.push_back({key, index_of(key), node});
  entries_.emplace_back();
  return node;
}

JsonTree::Node JsonTree::child(Node parent, std::string_view key, std::size_t& hint) const noexcept {
  const std::vector<Child>& children = at(parent).children;
  for (std::size_t i = 0; i < children.size(); ++i) {
    const std::size_t place = hint < children.size() ? hint : 0;
    hint = place + 1;
    if (children[place].key == key) return children[place].node;
  }
  return none;
}

JsonTree::Node JsonTree::element(Node parent, std::size_t index) const noexcept {
  for (const Child& child : at(parent).children) {
    if (child.index == index) return child.node;
  }
  return none;
}

}  // namespace rocketmq::rows
