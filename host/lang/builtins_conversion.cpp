// Built-in functions about types: conversion, names of types, comparison of whole values, time.
#include <chrono>

#include "ScalarImp.h"
#include "lang/builtins.h"
#include "lang/operators.h"

namespace host {
namespace {

template <DATA_TYPE Type>
ConstantSP convert(Heap*, vector<ConstantSP>& arguments) {
  if (arguments.empty()) return Util::createConstant(Type);
  return convert_to(Type, arguments[0]);
}

ConstantSP symbol(Heap*, vector<ConstantSP>& arguments) {
  if (!arguments[0]->isVector() || arguments[0]->getCategory() != LITERAL)
    bad_argument("symbol(X)", "X must be a vector of strings");
  return convert_to(DT_SYMBOL, arguments[0]);
}

ConstantSP blob(Heap*, vector<ConstantSP>& arguments) {
  if (!arguments.empty() && arguments[0]->getCategory() != LITERAL)
    bad_argument("blob(X)", "X must be a string or a vector of strings");
  return convert<DT_BLOB>(nullptr, arguments);
}

ConstantSP cast(Heap*, vector<ConstantSP>& arguments) {
  return apply(Operator::cast, arguments[0], arguments[1]);
}

ConstantSP type_text(Heap*, vector<ConstantSP>& arguments) {
  const auto& value = arguments[0];
  const auto type = Util::getDataTypeString(value->getType());
  switch (value->getForm()) {
    case DF_VECTOR:
      return new String(value->isTuple()                ? "ANY VECTOR"
                        : value->getType() == DT_STRING ? "STRING VECTOR"
                                                        : "FAST " + type + " VECTOR");
    case DF_PAIR:
      return new String(type + " PAIR");
    case DF_DICTIONARY:
      return new String(Util::getDataTypeString(DictionarySP(value)->getKeyType()) + "->" + type +
                        " DICTIONARY");
    case DF_TABLE:
      return new String("IN-MEMORY TABLE");
    case DF_SCALAR:
      return new String(value->getType() == DT_FUNCTIONDEF ? "FUNCTION DEF" : type);
    default:
      return new String(Util::getDataFormString(value->getForm()));
  }
}

ConstantSP equal(Heap*, vector<ConstantSP>& arguments) {
  for (const auto& value : arguments) {
    if (!value->isScalar() && !value->isPair() && !value->isVector())
      bad_argument("eqObj(obj1, obj2)", "Tables and dictionaries are compared column by column");
  }
  return new Bool(static_cast<char>(equal_objects(arguments[0], arguments[1])));
}

ConstantSP null_test(Heap*, vector<ConstantSP>& arguments) {
  const auto& value = arguments[0];
  if (value->isScalar()) return new Bool(static_cast<char>(value->isNull()));
  if (!value->isVector() || value->isTuple() || value->getCategory() == ARRAY)
    bad_argument("isNull(X)", "X must be a scalar or a vector of one type");
  ConstantSP result = Util::createVector(DT_BOOL, value->size());
  for (INDEX i = 0; i < value->size(); ++i)
    result->setBool(i, static_cast<char>(value->isNull(i)));
  return result;
}

ConstantSP now(Heap*, vector<ConstantSP>& arguments) {
  if (given(arguments, 0) && is_true(arguments[0], "The argument of now(nanosecond)")) {
    ConstantSP moment = Util::createConstant(DT_NANOTIMESTAMP);
    moment->setLong(Util::toLocalNanoTimestamp(Util::getNanoEpochTime()));
    return moment;
  }
  ConstantSP moment = Util::createConstant(DT_TIMESTAMP);
  moment->setLong(Util::toLocalTimestamp(Util::getEpochTime()));
  return moment;
}

}  // namespace

std::vector<Builtin> conversion_builtins() {
  return {{"bool", convert<DT_BOOL>, 0, 1},
          {"char", convert<DT_CHAR>, 0, 1},
          {"short", convert<DT_SHORT>, 0, 1},
          {"int", convert<DT_INT>, 0, 1},
          {"long", convert<DT_LONG>, 0, 1},
          {"float", convert<DT_FLOAT>, 0, 1},
          {"double", convert<DT_DOUBLE>, 0, 1},
          {"string", convert<DT_STRING>, 0, 1},
          {"symbol", symbol, 1, 1},
          {"blob", blob, 0, 1},
          {"cast", cast, 2, 2},
          {"timestamp", convert<DT_TIMESTAMP>, 0, 1},
          {"typestr", type_text, 1, 1},
          {"eqObj", equal, 2, 2},
          {"isNull", null_test, 1, 1},
          {"now", now, 0, 1}};
}

}  // namespace host
