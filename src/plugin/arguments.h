#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// A function that may be called with one argument. `name` and `argument` are for the error: what the
/// function is for, and what it gets. Throws ArgumentError.
[[nodiscard]] FunctionDefSP read_unary_function(std::string_view name, std::string_view argument,
                                                const ConstantSP& value);

/// The arguments of one call, read by position and type. A missing trailing argument, an omitted middle one
/// (`f(a,,b)`) and NULL all mean "not given". Every reader throws ArgumentError naming the argument, what was
/// given and what is allowed.
class Arguments {
 public:
  /// Throws if fewer than `minimum` or more than `maximum` arguments came.
  Arguments(const std::vector<ConstantSP>& values, std::size_t minimum, std::size_t maximum);

  [[nodiscard]] bool given(std::size_t index) const;

  /// The value as it came; throws if it is not given.
  [[nodiscard]] const ConstantSP& value(std::size_t index, std::string_view name) const;

  /// A STRING scalar that is not empty.
  [[nodiscard]] std::string text(std::size_t index, std::string_view name) const;

  /// A STRING scalar; the literal "" is allowed, NULL is not.
  [[nodiscard]] std::string text_or_empty(std::size_t index, std::string_view name) const;

  /// A STRING scalar, or `fallback` if it is not given, empty or NULL.
  [[nodiscard]] std::string text_or(std::size_t index, std::string_view name,
                                    std::string_view fallback) const;

  /// An integral scalar of `min` or more, or `fallback` if it is not given.
  [[nodiscard]] int int_or(std::size_t index, std::string_view name, int min, int fallback) const;

  /// A function that may be called with one argument.
  [[nodiscard]] FunctionDefSP unary_function(std::size_t index, std::string_view name) const;

 private:
  const std::vector<ConstantSP>& values_;
};

}  // namespace rocketmq::plugin
