// How values read as text: the one place that knows the formats of numbers, moments and tables.
#pragma once

#include <string>

#include "Types.h"
#include "Util.h"

HOST_SDK_BEGIN

/// A value of any of the integer-backed types as `print` shows it; NULL (LLONG_MIN) is empty.
std::string integerText(DATA_TYPE type, long long value);
/// A DOUBLE or FLOAT as `print` shows it; NULL is empty.
std::string floatingText(double value);
std::string floatingText(float value);
/// What script text for NULL of a type ends with: 00i, 00l...
std::string nullScript(DATA_TYPE type);

/// The table in columns: header, dashes, rows. The caller holds the table's lock.
std::string tableText(const Table& table);

HOST_SDK_END
