#include "Exceptions.h"

#include "Util.h"

HOST_SDK_BEGIN

void TraceableException::addPath(const string& path) {
  path_ = path_.empty() ? path : path + " => " + path_;
}

IncompatibleTypeException::IncompatibleTypeException(DATA_TYPE expected, DATA_TYPE actual)
    : MessageException("Incompatible type. Expected: " + Util::getDataTypeString(expected) +
                       ", Actual: " + Util::getDataTypeString(actual)),
      expected_(expected),
      actual_(actual) {}

HOST_SDK_END
