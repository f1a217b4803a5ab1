// Conversion of values to a named type: int("12"), string(5), 8.9$INT.
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "ScalarImp.h"
#include "lang/literals.h"
#include "lang/operators.h"

namespace host {
namespace {

// Text that is no number of the type gives NULL, as in DolphinDB. Of "10.9" an integer takes the digits it
// starts with.
void set_from_text(DATA_TYPE type, const ConstantSP& target, INDEX i, const std::string& text) {
  const auto trimmed = Util::trim(text);
  switch (Util::getCategory(type)) {
    case LOGICAL:
      if (trimmed == "true" || trimmed == "1") return target->setBool(i, 1);
      if (trimmed == "false" || trimmed == "0") return target->setBool(i, 0);
      return target->setNull(i);
    case INTEGRAL: {
      long long value = 0;
      if (type == DT_CHAR) {  // one character, which stands for its code
        if (text.size() != 1) throw RuntimeException("Failed to convert the string to CHAR");
        return target->setLong(i, static_cast<signed char>(text.front()));
      }
      const auto parsed = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), value);
      return parsed.ec == std::errc{} ? target->setLong(i, value) : target->setNull(i);
    }
    case FLOATING: {
      char* end = nullptr;
      const double value = std::strtod(trimmed.c_str(), &end);
      if (trimmed.empty() || *end != '\0' || !std::isfinite(value)) return target->setNull(i);
      return target->setDouble(i, value);
    }
    case TEMPORAL: {
      const ConstantSP moment = parse_temporal(trimmed);
      if (moment.isNull() || moment->getType() != type) return target->setNull(i);
      return target->setLong(i, moment->getLong());
    }
    default:
      return target->setString(i, text);
  }
}

}  // namespace

ConstantSP convert_to(DATA_TYPE type, const ConstantSP& value) {
  const auto target_category = Util::getCategory(type);
  const bool array = target_category == ARRAY || value->getCategory() == ARRAY;
  if (array || (!value->isScalar() && !value->isVector())) {
    throw RuntimeException("A " + (array ? Util::getDataTypeString(value->getType()) + " " : std::string()) +
                           Util::getDataFormString(value->getForm()) + " cannot become " +
                           Util::getDataTypeString(type));
  }
  const bool list = value->isVector();
  const auto size = list ? value->size() : 1;
  ConstantSP result =
      list ? ConstantSP(Util::createVector(type, size)) : ConstantSP(Util::createConstant(type));
  for (INDEX i = 0; i < size; ++i) {
    const ConstantSP element = value->isTuple() ? value->get(i) : value;
    const INDEX at = value->isTuple() ? 0 : i;
    if (!element->isScalar() && value->isTuple() && target_category != LITERAL) {
      throw RuntimeException("An element of a tuple cannot become " + Util::getDataTypeString(type));
    }
    if (target_category == TEMPORAL && element->getCategory() == TEMPORAL && element->getType() != type) {
      throw RuntimeException("The host does not make a " + Util::getDataTypeString(type) + " of a " +
                             Util::getDataTypeString(element->getType()));
    }
    if (element->isNull(at)) {
      result->setNull(i);
    } else if (target_category == LITERAL) {
      result->setString(i, value->isTuple() ? element->getString() : element->getString(at));
    } else if (element->getCategory() == LITERAL) {
      set_from_text(type, result, i, element->getString(at));
    } else if (target_category == LOGICAL) {
      result->setBool(i, static_cast<char>(element->getDouble(at) != 0));
    } else if (element->getCategory() == FLOATING || target_category == FLOATING) {
      result->setDouble(i, element->getDouble(at));  // rounded where the type is integral
    } else {
      result->setLong(i, element->getLong(at));
    }
  }
  return result;
}

}  // namespace host
