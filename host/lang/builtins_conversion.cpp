// Built-in functions about types: conversion, names of types, comparison of whole values, time.
#include <chrono>

#include "ScalarImp.h"
#include "lang/builtins.h"
#include "lang/operators.h"

namespace host {
namespace {

template <DATA_TYPE Type>
ConstantSP convert(Heap*, vector<ConstantSP>& arguments) {
  return convert_to(Type, arguments[0]);
}

ConstantSP type_code(Heap*, vector<ConstantSP>& arguments) {
  return new Int(arguments[0]->getType());
}
ConstantSP form_code(Heap*, vector<ConstantSP>& arguments) {
  return new Int(arguments[0]->getForm());
}

ConstantSP type_text(Heap*, vector<ConstantSP>& arguments) {
  const auto& value = arguments[0];
  const auto type = Util::getDataTypeString(value->getType());
  switch (value->getForm()) {
    case DF_VECTOR:
      return new String(value->isTuple() ? "ANY VECTOR" : "FAST " + type + " VECTOR");
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
  return new Bool(static_cast<char>(equal_objects(arguments[0], arguments[1])));
}

template <bool Wanted>
ConstantSP null_test(Heap*, vector<ConstantSP>& arguments) {
  const auto& value = arguments[0];
  if (!value->isVector()) return new Bool(static_cast<char>(value->isNull() == Wanted));
  ConstantSP result = Util::createVector(DT_BOOL, value->size());
  for (INDEX i = 0; i < value->size(); ++i) {
    const bool null =
        value->isTuple() ? value->get(i)->isScalar() && value->get(i)->isNull() : value->isNull(i);
    result->setBool(i, static_cast<char>(null == Wanted));
  }
  return result;
}

ConstantSP is_nothing(Heap*, vector<ConstantSP>& arguments) {
  return new Bool(static_cast<char>(arguments[0]->isNothing() || arguments[0]->getType() == DT_VOID));
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
  return {{"bool", convert<DT_BOOL>, 1, 1},
          {"char", convert<DT_CHAR>, 1, 1},
          {"short", convert<DT_SHORT>, 1, 1},
          {"int", convert<DT_INT>, 1, 1},
          {"long", convert<DT_LONG>, 1, 1},
          {"float", convert<DT_FLOAT>, 1, 1},
          {"double", convert<DT_DOUBLE>, 1, 1},
          {"string", convert<DT_STRING>, 1, 1},
          {"symbol", convert<DT_SYMBOL>, 1, 1},
          {"blob", convert<DT_BLOB>, 1, 1},
          {"date", convert<DT_DATE>, 1, 1},
          {"datetime", convert<DT_DATETIME>, 1, 1},
          {"timestamp", convert<DT_TIMESTAMP>, 1, 1},
          {"nanotimestamp", convert<DT_NANOTIMESTAMP>, 1, 1},
          {"type", type_code, 1, 1},
          {"typestr", type_text, 1, 1},
          {"form", form_code, 1, 1},
          {"eqObj", equal, 2, 3},
          {"isNull", null_test<true>, 1, 1},
          {"isValid", null_test<false>, 1, 1},
          {"isVoid", is_nothing, 1, 1},
          {"now", now, 0, 1}};
}

}  // namespace host
