#include "lang/builtins.h"

#include "Util.h"

namespace host {

bool given(const vector<ConstantSP>& arguments, std::size_t i) {
  return i < arguments.size() && !arguments[i].isNull() && !arguments[i]->isNothing();
}

void bad_argument(const char* usage, const std::string& problem) {
  throw IllegalArgumentException(usage, "Usage: " + std::string(usage) + ". " + problem);
}

std::string text_argument(const vector<ConstantSP>& arguments, std::size_t i, const char* usage) {
  if (!given(arguments, i) || !arguments[i]->isScalar() || arguments[i]->getCategory() != LITERAL) {
    bad_argument(usage, "Argument " + std::to_string(i + 1) + " must be a STRING scalar");
  }
  return arguments[i]->getString();
}

long long whole_argument(const vector<ConstantSP>& arguments, std::size_t i, const char* usage) {
  if (!given(arguments, i) || !arguments[i]->isScalar() || arguments[i]->getCategory() != INTEGRAL ||
      arguments[i]->isNull()) {
    bad_argument(usage, "Argument " + std::to_string(i + 1) + " must be an integer");
  }
  return arguments[i]->getLong();
}

DATA_TYPE type_argument(const ConstantSP& value) {
  if (!value->isScalar()) return DT_VOID;
  if (value->getCategory() == INTEGRAL && !value->isNull()) {
    const auto code = value->getLong();
    if (code <= DT_VOID || code >= DT_ARRAYS_END) return DT_VOID;
    const auto type = static_cast<DATA_TYPE>(code);
    return code <= DT_OBJECT || Util::getCategory(type) == ARRAY ? type : DT_VOID;
  }
  // Lower-case names of types are functions as well.
  if (value->getCategory() == LITERAL || value->getType() == DT_FUNCTIONDEF) {
    return Util::getDataType(value->getString());
  }
  return DT_VOID;
}

FunctionDefSP function_argument(const vector<ConstantSP>& arguments, std::size_t i, const char* usage) {
  if (!given(arguments, i) || arguments[i]->getType() != DT_FUNCTIONDEF) {
    bad_argument(usage, "Argument " + std::to_string(i + 1) + " must be a function");
  }
  return arguments[i];
}

}  // namespace host
