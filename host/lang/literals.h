// Values that scripts write down.
#pragma once

#include <string>
#include <string_view>

#include "CoreConcept.h"
#include "lang/script_error.h"

HOST_SDK_USE;

namespace host {

// The value of a number with its suffix: 1, 2h, 3l, 4.5, 6f, 1b, 97c. Throws SyntaxError if out of range.
ConstantSP parse_number(std::string_view text, Position where);
// The value of a date, time, month, minute, datetime, timestamp or nanotimestamp; a null pointer if it is
// none.
ConstantSP parse_temporal(std::string_view text);
// A quoted string with its escapes resolved; a single character in single quotes is a CHAR.
ConstantSP parse_string(std::string_view quoted);
// `a gives a STRING scalar, `a`b a vector.
ConstantSP parse_symbols(std::string_view text);

}  // namespace host
