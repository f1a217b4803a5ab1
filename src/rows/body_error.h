#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "rows/numbers.h"
#include "rows/row_schema.h"

namespace rocketmq::rows {

/// Why no rows can be made of a body; empty if they can. A text for people: which key or field, its value
/// shortened, its byte in the body (counted from 0), what is expected.
using BodyError = std::string;

/// The text for a value that does not fit: `field "abc" at byte 17 is not a DOUBLE`.
/// `shown` is the value as it is written in the body.
/// Of an element of an array, `field` says its index, as in `bids[2]`.
[[nodiscard]] BodyError misfit(std::string_view field, std::string_view shown, std::size_t byte,
                               const RowColumn& column, Fit fit);

}  // namespace rocketmq::rows
