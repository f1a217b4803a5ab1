#pragma once

#include <cstddef>

#include "plugin/sdk.h"
#include "rows/row_buffer.h"

namespace rocketmq::plugin {

/// The server's vector of a column of `buffer`. Throws if the server cannot make it.
[[nodiscard]] ConstantSP make_row_column(const rows::RowBuffer& buffer, std::size_t column);

}  // namespace rocketmq::plugin
