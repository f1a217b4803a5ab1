// Names, categories and numbers of the data types.
#include <array>

#include "Util.h"

HOST_SDK_BEGIN

namespace {

struct TypeName {
  DATA_TYPE type;
  DATA_CATEGORY category;
  const char* name;
};

constexpr std::array<TypeName, 26> type_names{{
    {DT_VOID, NOTHING, "VOID"},
    {DT_BOOL, LOGICAL, "BOOL"},
    {DT_CHAR, INTEGRAL, "CHAR"},
    {DT_SHORT, INTEGRAL, "SHORT"},
    {DT_INT, INTEGRAL, "INT"},
    {DT_LONG, INTEGRAL, "LONG"},
    {DT_DATE, TEMPORAL, "DATE"},
    {DT_MONTH, TEMPORAL, "MONTH"},
    {DT_TIME, TEMPORAL, "TIME"},
    {DT_MINUTE, TEMPORAL, "MINUTE"},
    {DT_SECOND, TEMPORAL, "SECOND"},
    {DT_DATETIME, TEMPORAL, "DATETIME"},
    {DT_TIMESTAMP, TEMPORAL, "TIMESTAMP"},
    {DT_NANOTIME, TEMPORAL, "NANOTIME"},
    {DT_NANOTIMESTAMP, TEMPORAL, "NANOTIMESTAMP"},
    {DT_FLOAT, FLOATING, "FLOAT"},
    {DT_DOUBLE, FLOATING, "DOUBLE"},
    {DT_SYMBOL, LITERAL, "SYMBOL"},
    {DT_STRING, LITERAL, "STRING"},
    {DT_BLOB, LITERAL, "BLOB"},
    {DT_FUNCTIONDEF, SYSTEM, "FUNCTIONDEF"},
    {DT_HANDLE, SYSTEM, "HANDLE"},
    {DT_RESOURCE, SYSTEM, "RESOURCE"},
    {DT_ANY, MIXED, "ANY"},
    {DT_DICTIONARY, MIXED, "DICTIONARY"},
    {DT_DATEHOUR, TEMPORAL, "DATEHOUR"},
}};

const TypeName* find(DATA_TYPE type) {
  for (const TypeName& entry : type_names) {
    if (entry.type == type) return &entry;
  }
  return nullptr;
}

// Texts have no array vectors.
bool isArrayType(DATA_TYPE type) {
  if (type < ARRAY_TYPE_BASE) return false;
  const TypeName* element = find(static_cast<DATA_TYPE>(type - ARRAY_TYPE_BASE));
  return element != nullptr && (element->category == LOGICAL || element->category == INTEGRAL ||
                                element->category == FLOATING || element->category == TEMPORAL);
}

}  // namespace

string Util::getDataTypeString(DATA_TYPE type) {
  if (isArrayType(type)) return getDataTypeString(static_cast<DATA_TYPE>(type - ARRAY_TYPE_BASE)) + "[]";
  const TypeName* entry = find(type);
  return entry == nullptr ? "UNKNOWN(" + std::to_string(static_cast<int>(type)) + ")" : entry->name;
}

DATA_CATEGORY Util::getCategory(DATA_TYPE type) {
  if (isArrayType(type)) return ARRAY;
  const TypeName* entry = find(type);
  return entry == nullptr ? SYSTEM : entry->category;
}

DATA_TYPE Util::getDataType(const string& typestr) {
  const string wanted = upper(typestr);
  for (const TypeName& entry : type_names) {
    if (wanted == entry.name) return entry.type;
    const auto arrays = static_cast<DATA_TYPE>(entry.type + ARRAY_TYPE_BASE);
    if (isArrayType(arrays) && wanted == string(entry.name) + "[]") return arrays;
  }
  return DT_VOID;
}

string Util::getDataFormString(DATA_FORM form) {
  static constexpr std::array<const char*, 9> names{"SCALAR",     "VECTOR", "PAIR",  "MATRIX", "SET",
                                                    "DICTIONARY", "TABLE",  "CHART", "SYSOBJ"};
  const auto index = static_cast<std::size_t>(form);
  return index < names.size() ? names[index] : "UNKNOWN(" + std::to_string(index) + ")";
}

HOST_SDK_END
