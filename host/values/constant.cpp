#include "core/Constant.h"

#include "Util.h"

HOST_SDK_BEGIN

void Constant::setNull() {
  refuse("setNull");
}

void Constant::refuse(const char* method) const {
  throw RuntimeException("A value of type " + Util::getDataTypeString(getType()) + " and form " +
                         Util::getDataFormString(getForm()) + " does not support " + method + ".");
}

HOST_SDK_END
