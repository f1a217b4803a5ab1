#include "plugin/arguments.h"

#include <limits>

#include "plugin/argument_error.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

bool is_absent(const ConstantSP& value) {
  return value.isNull() || value->getType() == DT_VOID;
}

[[noreturn]] void refuse(std::string_view name, std::string_view allowed, const ConstantSP& value) {
  throw ArgumentError(std::string(name) + " must be " + std::string(allowed) +
                      "; given: " + describe_value(value) + ".");
}

}  // namespace

FunctionDefSP read_unary_function(std::string_view name, std::string_view argument, const ConstantSP& value) {
  if (!value->isScalar() || value->getType() != DT_FUNCTIONDEF) {
    refuse(name, "a function of one argument, " + std::string(argument), value);
  }
  FunctionDefSP function = value;
  if (!function->acceptParamCount(1)) {
    throw ArgumentError(std::string(name) + " must be a function of one argument, " + std::string(argument) +
                        "; " + in_quotes(function->getName()) +
                        " does not take exactly one. Bind the others by a partial application, as in "
                        "appendData{table1}.");
  }
  return function;
}

Arguments::Arguments(const std::vector<ConstantSP>& values, std::size_t minimum, std::size_t maximum)
    : values_(values) {
  if (values.size() >= minimum && values.size() <= maximum) return;
  // In the words of a server, which usually notices first.
  std::string expected = std::to_string(minimum);
  if (maximum != minimum) expected += "~" + std::to_string(maximum);
  throw ArgumentError(
      "The function expects " + expected +
      " argument(s), but the actual number of arguments is: " + std::to_string(values.size()));
}

bool Arguments::given(std::size_t index) const {
  return index < values_.size() && !is_absent(values_[index]);
}

const ConstantSP& Arguments::value(std::size_t index, std::string_view name) const {
  if (!given(index)) throw ArgumentError(std::string(name) + " is required; given: NULL.");
  return values_[index];
}

std::string Arguments::text_or_empty(std::size_t index, std::string_view name) const {
  const ConstantSP& given_value = value(index, name);
  if (!given_value->isScalar() || !is_text_type(given_value)) refuse(name, "a STRING scalar", given_value);
  return given_value->getString();
}

std::string Arguments::text(std::size_t index, std::string_view name) const {
  std::string result = text_or_empty(index, name);
  if (result.empty()) refuse(name, "a STRING scalar that is not empty", values_[index]);
  return result;
}

std::string Arguments::text_or(std::size_t index, std::string_view name, std::string_view fallback) const {
  if (!given(index)) return std::string(fallback);
  std::string result = text_or_empty(index, name);
  return result.empty() ? std::string(fallback) : result;
}

int Arguments::int_or(std::size_t index, std::string_view name, int min, int fallback) const {
  if (!given(index)) return fallback;
  constexpr int max = std::numeric_limits<int>::max();
  const auto allowed = [min] {
    return "an integer from " + std::to_string(min) + " to " + std::to_string(max);
  };
  const ConstantSP& given_value = values_[index];
  const bool integral = given_value->isScalar() && given_value->getCategory() == INTEGRAL;
  if (!integral) refuse(name, allowed(), given_value);
  if (given_value->isNull()) return fallback;
  const long long number = given_value->getLong();
  if (number < min || number > max) refuse(name, allowed(), given_value);
  return static_cast<int>(number);
}

FunctionDefSP Arguments::unary_function(std::size_t index, std::string_view name) const {
  return read_unary_function(name, "the table of messages", value(index, name));
}

}  // namespace rocketmq::plugin
