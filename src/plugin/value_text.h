#pragma once

#include <string>

#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// A value's type and form for error messages, e.g. "an INT scalar", "a STRING vector of 3 elements", "NULL".
[[nodiscard]] std::string describe_type(const ConstantSP& value);

/// The same with the value itself if it is a short scalar: `the INT scalar -1`, `the STRING scalar "x"`.
/// Not for secrets.
[[nodiscard]] std::string describe_value(const ConstantSP& value);

/// Text in double quotes, cut after 64 bytes, with control characters shown as '?': safe to log. Not called
/// quoted: some servers' headers bring in std::quoted, which a string's own namespace would offer as well.
[[nodiscard]] std::string in_quotes(const std::string& text);

/// True for DT_STRING and DT_SYMBOL, whatever the form.
[[nodiscard]] bool is_text_type(const ConstantSP& value);

}  // namespace rocketmq::plugin
