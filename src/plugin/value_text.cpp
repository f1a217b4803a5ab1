#include "plugin/value_text.h"

#include <array>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace rocketmq::plugin {

namespace {

constexpr std::size_t max_shown_bytes = 64;

std::string type_name(DATA_TYPE type) {
  static constexpr std::array<std::pair<DATA_TYPE, std::string_view>, 29> names{{
      {DT_VOID, "VOID"},         {DT_BOOL, "BOOL"},
      {DT_CHAR, "CHAR"},         {DT_SHORT, "SHORT"},
      {DT_INT, "INT"},           {DT_LONG, "LONG"},
      {DT_DATE, "DATE"},         {DT_MONTH, "MONTH"},
      {DT_TIME, "TIME"},         {DT_MINUTE, "MINUTE"},
      {DT_SECOND, "SECOND"},     {DT_DATETIME, "DATETIME"},
      {DT_DATEHOUR, "DATEHOUR"}, {DT_TIMESTAMP, "TIMESTAMP"},
      {DT_NANOTIME, "NANOTIME"}, {DT_NANOTIMESTAMP, "NANOTIMESTAMP"},
      {DT_FLOAT, "FLOAT"},       {DT_DOUBLE, "DOUBLE"},
      {DT_SYMBOL, "SYMBOL"},     {DT_STRING, "STRING"},
      {DT_UUID, "UUID"},         {DT_FUNCTIONDEF, "FUNCTIONDEF"},
      {DT_HANDLE, "HANDLE"},     {DT_CODE, "CODE"},
      {DT_RESOURCE, "RESOURCE"}, {DT_ANY, "ANY"},
      {DT_INT128, "INT128"},     {DT_IP, "IPADDR"},
      {DT_BLOB, "BLOB"},
  }};
  for (const auto& [known, name] : names) {
    if (known == type) return std::string(name);
  }
  if (type >= ARRAY_TYPE_BASE) return type_name(static_cast<DATA_TYPE>(type - ARRAY_TYPE_BASE)) + "[]";
  return "type " + std::to_string(static_cast<int>(type));
}

std::string form_name(DATA_FORM form) {
  switch (form) {
    case DF_SCALAR:
      return "scalar";
    case DF_VECTOR:
      return "vector";
    case DF_PAIR:
      return "pair";
    case DF_MATRIX:
      return "matrix";
    case DF_SET:
      return "set";
    case DF_DICTIONARY:
      return "dictionary";
    case DF_TABLE:
      return "table";
    default:
      return "value of form " + std::to_string(static_cast<int>(form));
  }
}

bool starts_with_vowel(std::string_view word) {
  return !word.empty() && std::string_view("AEIO").find(word.front()) != std::string_view::npos;
}

std::string type_and_form(const ConstantSP& value) {
  const DATA_FORM form = value->getForm();
  if (form == DF_TABLE || form == DF_DICTIONARY) return form_name(form);
  return type_name(value->getType()) + " " + form_name(form);
}

}  // namespace

std::string in_quotes(const std::string& text) {
  std::string shown = "\"";
  for (const char c : first_bytes(text, max_shown_bytes)) {
    const auto byte = static_cast<unsigned char>(c);
    shown += (byte < 0x20 || byte == 0x7f) ? '?' : c;
  }
  if (text.size() > max_shown_bytes) shown += "...";
  return shown + "\"";
}

std::string describe_type(const ConstantSP& value) {
  if (value.isNull() || value->getType() == DT_VOID) return "NULL";
  const std::string text = type_and_form(value);
  std::string described = (starts_with_vowel(text) ? "an " : "a ") + text;
  if (value->isArray()) described += " of " + std::to_string(value->size()) + " elements";
  return described;
}

std::string describe_value(const ConstantSP& value) {
  if (value.isNull() || value->getType() == DT_VOID) return "NULL";
  if (!value->isScalar()) return describe_type(value);
  const DATA_CATEGORY category = value->getCategory();
  if (category == LITERAL) {
    const std::string text = value->getString();
    return text.empty() ? "an empty (NULL) STRING" : "the " + type_and_form(value) + " " + in_quotes(text);
  }
  if (value->isNull()) return "a NULL " + type_and_form(value);
  if (category == INTEGRAL || category == FLOATING || category == LOGICAL) {
    return "the " + type_and_form(value) + " " + value->getString();
  }
  return describe_type(value);
}

bool is_text_type(const ConstantSP& value) {
  return value->getType() == DT_STRING || value->getType() == DT_SYMBOL;
}

}  // namespace rocketmq::plugin
