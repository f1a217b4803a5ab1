// Type codes, forms, categories and the values that stand for NULL, with the SDK's names and numbers.
// Scripts, tables and the plugin exchange these numbers, so their order is part of the contract.
#pragma once

#include <cfloat>
#include <climits>
#include <string>

#include "HostNamespace.h"

HOST_SDK_BEGIN

enum DATA_TYPE {
  DT_VOID,           // 0
  DT_BOOL,           // char, CHAR_MIN is NULL
  DT_CHAR,           // char, CHAR_MIN is NULL
  DT_SHORT,          // short, SHRT_MIN is NULL
  DT_INT,            // int, INT_MIN is NULL
  DT_LONG,           // long long, LLONG_MIN is NULL
  DT_DATE,           // int: days since 1970.01.01
  DT_MONTH,          // int: year * 12 + month - 1
  DT_TIME,           // int: milliseconds of the day
  DT_MINUTE,         // int: minutes of the day
  DT_SECOND,         // int: seconds of the day
  DT_DATETIME,       // int: seconds since the epoch
  DT_TIMESTAMP,      // long long: milliseconds since the epoch
  DT_NANOTIME,       // long long: nanoseconds of the day
  DT_NANOTIMESTAMP,  // long long: nanoseconds since the epoch
  DT_FLOAT,          // float, -FLT_MAX is NULL
  DT_DOUBLE,         // double, -DBL_MAX is NULL
  DT_SYMBOL,         // a string; the host stores it as one
  DT_STRING,         // empty is NULL
  DT_UUID,
  DT_FUNCTIONDEF,
  DT_HANDLE,
  DT_CODE,
  DT_DATASOURCE,
  DT_RESOURCE,
  DT_ANY,
  DT_COMPRESS,
  DT_DICTIONARY,
  DT_DATEHOUR,    // int: hours since the epoch
  DT_DATEMINUTE,  // int: minutes since the epoch
  DT_IP,
  DT_INT128,
  DT_BLOB,  // bytes; empty is NULL
  DT_DECIMAL,
  DT_COMPLEX,
  DT_POINT,
  DT_DURATION,
  DT_DECIMAL32,
  DT_DECIMAL64,
  DT_DECIMAL128,
  DT_OBJECT,
  DT_ARRAYS_END = 127  // ARRAY_TYPE_BASE + a type is that of its arrays.
};

const int ARRAY_TYPE_BASE = 64;

enum DATA_CATEGORY {
  NOTHING,
  LOGICAL,
  INTEGRAL,
  FLOATING,
  TEMPORAL,
  LITERAL,
  SYSTEM,
  MIXED,
  BINARY,
  COMPLEX,
  ARRAY,
  DENARY
};

enum DATA_FORM {
  DF_SCALAR,
  DF_VECTOR,
  DF_PAIR,
  DF_MATRIX,
  DF_SET,
  DF_DICTIONARY,
  DF_TABLE,
  DF_CHART,
  DF_CHUNK,
  MAX_DATA_FORMS
};

/// Kinds of tables the host has: plain in-memory tables and stream tables. The numbers are the SDK's.
enum TABLE_TYPE { BASICTBL = 0, REALTIMETBL = 1 };

enum IO_ERR {
  OK,
  DISCONNECTED,
  NODATA,
  NOSPACE,
  TOO_LARGE_DATA,
  INPROGRESS,
  INVALIDDATA,
  END_OF_STREAM,
  READONLY,
  WRITEONLY,
  NOTEXIST,
  CORRUPT,
  NOT_LEADER,
  OTHERERR
};

enum FUNCTIONDEF_TYPE { SYSFUNC, SYSPROC, OPTRFUNC, USERDEFFUNC, PARTIALFUNC, DYNAMICFUNC };

enum OUTPUT_TYPE { STDOUT, HTTPOUT, APIOUT, LOGOUT, JOBOUT, WEBSOCKETOUT, DEBUGOUT };

using INDEX = int;
#define DT_INDEX DT_INT
#define INDEX_MIN INT_MIN
#define INDEX_MAX INT_MAX

const float FLT_NMIN = -FLT_MAX;
const double DBL_NMIN = -DBL_MAX;

HOST_SDK_END
