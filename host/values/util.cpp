#include "Util.h"

#include <algorithm>
#include <cctype>

#include "ScalarImp.h"
#include "SpecialConstant.h"
#include "TableImp.h"
#include "dictionary.h"
#include "text.h"
#include "vectors.h"

HOST_SDK_BEGIN

const int Util::BUF_SIZE = 1024;
int Util::DISPLAY_ROWS = 20;
int Util::DISPLAY_WIDTH = 120;
const string Util::VER = serverVersion;

namespace {

Vector* emptyVector(DATA_TYPE type) {
  if (Util::getCategory(type) == ARRAY) {
    return new FastArrayVector(new NumericVector<int>(DT_INT),
                               emptyVector(static_cast<DATA_TYPE>(type - ARRAY_TYPE_BASE)));
  }
  switch (type) {
    case DT_BOOL:
    case DT_CHAR:
      return new NumericVector<char>(type);
    case DT_SHORT:
      return new NumericVector<short>(type);
    case DT_INT:
    case DT_DATE:
    case DT_MONTH:
    case DT_TIME:
    case DT_MINUTE:
    case DT_SECOND:
    case DT_DATETIME:
    case DT_DATEHOUR:
      return new NumericVector<int>(type);
    case DT_LONG:
    case DT_TIMESTAMP:
    case DT_NANOTIME:
    case DT_NANOTIMESTAMP:
      return new NumericVector<long long>(type);
    case DT_FLOAT:
      return new NumericVector<float>(type);
    case DT_DOUBLE:
      return new NumericVector<double>(type);
    case DT_STRING:
    case DT_SYMBOL:
    case DT_BLOB:
      return new StringVector(type);
    case DT_ANY:
      return new AnyVector();
    default:
      throw RuntimeException("The host has no vectors of type " + Util::getDataTypeString(type) + ".");
  }
}

template <int (*convert)(int)>
string mapped(string text) {
  for (char& c : text) {
    c = static_cast<char>(convert(static_cast<unsigned char>(c)));
  }
  return text;
}

}  // namespace

Vector* Util::createVector(DATA_TYPE type, INDEX size, INDEX capacity) {
  Vector* vector = emptyVector(type);
  if (capacity > size) vector->reserve(capacity);
  if (size > 0) vector->resize(size);
  return vector;
}

Vector* Util::createPair(DATA_TYPE type) {
  Vector* pair = createVector(type, 2);
  pair->setForm(DF_PAIR);
  return pair;
}

Constant* Util::createConstant(DATA_TYPE type) {
  switch (type) {
    case DT_VOID:
    case DT_ANY:
      return new Void(true);
    case DT_STRING:
    case DT_SYMBOL:
      return new String("");
    case DT_BLOB:
      return new String("", true);
    case DT_BOOL:
    case DT_CHAR:
      return new AbstractScalar<char>(type, getCategory(type), nullNumber<char>());
    case DT_SHORT:
      return new Short(nullNumber<short>());
    case DT_FLOAT:
      return new Float(FLT_NMIN);
    case DT_DOUBLE:
      return new Double(DBL_NMIN);
    case DT_LONG:
    case DT_TIMESTAMP:
    case DT_NANOTIME:
    case DT_NANOTIMESTAMP:
      return new AbstractScalar<long long>(type, getCategory(type), nullNumber<long long>());
    case DT_INT:
    case DT_DATE:
    case DT_MONTH:
    case DT_TIME:
    case DT_MINUTE:
    case DT_SECOND:
    case DT_DATETIME:
    case DT_DATEHOUR:
      return new AbstractScalar<int>(type, getCategory(type), nullNumber<int>());
    default:
      throw RuntimeException("The host has no scalars of type " + getDataTypeString(type) + ".");
  }
}

Table* Util::createTable(const vector<string>& colNames, const vector<ConstantSP>& cols) {
  return new BasicTable(cols, colNames);
}

Table* Util::createTable(const vector<string>& colNames, const vector<DATA_TYPE>& colTypes, INDEX size,
                         INDEX capacity) {
  vector<ConstantSP> columns;
  columns.reserve(colTypes.size());
  for (const DATA_TYPE type : colTypes) {
    columns.emplace_back(createVector(type, size, capacity));
  }
  return new BasicTable(columns, colNames);
}

Dictionary* Util::createDictionary(DATA_TYPE keyType, const SymbolBaseSP&, DATA_TYPE valueType,
                                   const SymbolBaseSP&, bool) {
  return new BasicDictionary(keyType, valueType);
}

Constant* Util::createResource(long long handle, const string& desc, const FunctionDefSP& onClose,
                               Session* session) {
  return new Resource(handle, desc, onClose, session);
}

string Util::literalConstant(const string& str) {
  string literal = "\"";
  for (const char c : str) {
    switch (c) {
      case '\n':
        literal += "\\n";
        break;
      case '\r':
        literal += "\\r";
        break;
      case '\t':
        literal += "\\t";
        break;
      case '"':
      case '\\':
        literal += '\\';
        literal += c;
        break;
      default:
        literal += c;
    }
  }
  return literal + "\"";
}

string Util::doubleToString(double val) {
  return floatingText(val);
}

string Util::lower(const string& str) {
  return mapped<std::tolower>(str);
}

string Util::upper(const string& str) {
  return mapped<std::toupper>(str);
}

string Util::trim(const string& str) {
  const auto isSpace = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  const auto first = std::find_if_not(str.begin(), str.end(), isSpace);
  const auto last = std::find_if_not(str.rbegin(), std::make_reverse_iterator(first), isSpace).base();
  return {first, last};
}

vector<string> Util::split(const string& s, char delim) {
  vector<string> parts;
  size_t start = 0;
  for (size_t end = s.find(delim); end != string::npos; end = s.find(delim, start)) {
    parts.push_back(s.substr(start, end - start));
    start = end + 1;
  }
  parts.push_back(s.substr(start));
  return parts;
}

HOST_SDK_END
