#pragma once

#include <concepts>
#include <map>
#include <string>
#include <type_traits>
#include <vector>

/// What a member of a JSON body can be; everything else is a struct with a list of fields.
namespace rocketmq::wire::json_detail {

template <class Value>
concept Scalar = std::is_arithmetic_v<Value> || std::same_as<Value, std::string>;

template <class Value>
inline constexpr bool is_vector = false;
template <class Element>
inline constexpr bool is_vector<std::vector<Element>> = true;
template <class Value>
inline constexpr bool is_map = false;
template <class Key, class Mapped>
inline constexpr bool is_map<std::map<Key, Mapped>> = true;

}  // namespace rocketmq::wire::json_detail
