// Util: makes values, converts names of types, tells the time.
#pragma once

#include "CoreConcept.h"

HOST_SDK_BEGIN

/// All functions may be called from any thread. The ones that return a raw pointer hand over its
/// ownership: wrap it in its SmartPointer once.
class Util {
 public:
  /// The length of a chunk for getStringConst and its like.
  static const int BUF_SIZE;
  /// Rows of a table, and elements of a vector, that getString() shows before it ends with "...".
  static int DISPLAY_ROWS;
  /// Characters in a line of a table; the columns that do not fit follow in a block below. (A server
  /// leaves them out.)
  static int DISPLAY_WIDTH;
  /// The server release the host stands for.
  static const string VER;

  /// A vector of size NULLs. DT_ANY gives a tuple. Throws for types that vectors cannot have.
  static Vector* createVector(DATA_TYPE type, INDEX size, INDEX capacity = 0);
  /// Two elements, form DF_PAIR.
  static Vector* createPair(DATA_TYPE type);
  /// The scalar that stands for the type's NULL.
  static Constant* createConstant(DATA_TYPE type);
  static Constant* createNullConstant(DATA_TYPE type) { return createConstant(type); }
  static Table* createTable(const vector<string>& colNames, const vector<ConstantSP>& cols);
  static Table* createTable(const vector<string>& colNames, const vector<DATA_TYPE>& colTypes, INDEX size,
                            INDEX capacity);
  static Dictionary* createDictionary(DATA_TYPE keyType, const SymbolBaseSP& keyBase, DATA_TYPE valueType,
                                      const SymbolBaseSP& valueBase, bool isOrdered = true);
  /// See Resource. The session has to outlive it.
  static Constant* createResource(long long handle, const string& desc, const FunctionDefSP& onClose,
                                  Session* session);
  static FunctionDef* createSystemFunction(const string& name, SysFunc func, int minParamNum, int maxParamNum,
                                           bool aggregation);
  static FunctionDef* createSystemProcedure(const string& name, SysProc func, int minParamNum,
                                            int maxParamNum);
  /// func with its first arguments fixed. A null pointer or an argument that isNothing() leaves its place
  /// open for the call.
  static FunctionDef* createPartialFunction(const FunctionDefSP& func, const vector<ConstantSP>& args);

  static string getDataTypeString(DATA_TYPE type);
  static string getDataFormString(DATA_FORM form);
  /// The type of a name in any case; DT_VOID if there is no such type.
  static DATA_TYPE getDataType(const string& typestr);
  static DATA_CATEGORY getCategory(DATA_TYPE type);

  /// Text as a script writes it: in double quotes, with escapes.
  static string literalConstant(const string& str);
  /// At most six decimals, no trailing zeros; very large and small numbers with an exponent.
  static string doubleToString(double val);
  static string lower(const string& str);
  static string upper(const string& str);
  static string trim(const string& str);
  static vector<string> split(const string& s, char delim);

  /// Days from 1970.01.01 to a date; INT_MIN if there is no such date.
  static int countDays(int year, int month, int day);
  static void parseDate(int days, int& year, int& month, int& day);

  /// Milliseconds and nanoseconds since the epoch, UTC.
  static long long getEpochTime();
  static long long getNanoEpochTime();
  /// The same moment as the clock on the wall shows it. NULL stays NULL.
  static long long toLocalTimestamp(long long epochTime);
  static long long toLocalNanoTimestamp(long long epochNanoTime);
  static void sleep(int milliSeconds);
};

HOST_SDK_END
