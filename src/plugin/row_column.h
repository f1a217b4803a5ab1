#pragma once

#include <cstddef>
#include <vector>

#include "plugin/sdk.h"
#include "rows/row_buffer.h"

namespace rocketmq::plugin {

/// A vector with these values; T is int or long long. NULLs that are among them are known only after
/// setNullFlag(true). Throws if the server cannot make it.
template <class T>
[[nodiscard]] VectorSP make_vector(DATA_TYPE type, const std::vector<T>& values);

/// The server's vector of a column of `buffer`. Throws if the server cannot make it.
[[nodiscard]] ConstantSP make_row_column(const rows::RowBuffer& buffer, std::size_t column);

}  // namespace rocketmq::plugin
