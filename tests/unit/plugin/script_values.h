#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "plugin/sdk.h"

namespace rocketmq::plugin::test {

[[nodiscard]] ConstantSP text(const std::string& value);
[[nodiscard]] ConstantSP blob(const std::string& value);
[[nodiscard]] ConstantSP integer(int value);
[[nodiscard]] ConstantSP long_integer(long long value);
[[nodiscard]] ConstantSP number(double value);
[[nodiscard]] ConstantSP boolean(bool value);
/// NULL as a script writes it.
[[nodiscard]] ConstantSP null_value();
/// What an omitted argument in the middle of a call arrives as.
[[nodiscard]] ConstantSP omitted();
[[nodiscard]] ConstantSP texts(const std::vector<std::string>& values, DATA_TYPE type = DT_STRING);
/// A dictionary of (STRING, ANY).
[[nodiscard]] ConstantSP config(std::initializer_list<std::pair<std::string, ConstantSP>> entries);

/// A function of `parameters` arguments that hands its table's `msg` column to `body`.
using HandlerBody = std::function<void(Heap*, const std::vector<std::string>& messages)>;
[[nodiscard]] FunctionDefSP handler(HandlerBody body, int parameters = 1);
[[nodiscard]] FunctionDefSP ignoring_handler();

/// A session of user `user`; its copies start without user and output, as the server's do.
[[nodiscard]] SessionSP session_of(const std::string& user);

/// What `action` throws, as text; empty where it throws nothing.
[[nodiscard]] std::string error_of(const std::function<void()>& action);

}  // namespace rocketmq::plugin::test
