// The numbers of DolphinDB's headers that a compiled plugin depends on. ./build-plugin compiles this file to
// assembly and reads them there; nothing of it runs. sdk_facts.txt holds what they are in each line of
// servers.
//
// A plugin that was compiled with numbers other than its server's loads all the same, and then jumps through
// a wrong slot or reads beside a member. So whatever src/plugin calls, implements, creates or reads of the
// SDK has a line here; tests/tools/test_sdk_facts.py fails where one is missing.

#include <string>
#include <vector>

#include "plugin/sdk.h"

#if ROCKETMQ_SDK_NAMESPACE
using namespace ddb;  // NOLINT: the names of the SDK are global in older lines
#endif

namespace facts {

/// A name that the assembly shows, with the number behind it. An explicit instantiation may name what is
/// private.
template <class Name, auto Value>
struct Fact {
  [[gnu::used]] static constexpr auto value = Value;
};

/// The one of several functions of a name that takes these arguments. The pointer to a virtual function holds
/// 1 plus its offset in the table of its class.
template <class... Arguments>
struct Taking {
  template <class Class, class Result>
  static constexpr auto of(Result (Class::*function)(Arguments...)) {
    return function;
  }
  template <class Class, class Result>
  static constexpr auto of(Result (Class::*function)(Arguments...) const) {
    return function;
  }
};

/// Has one virtual function more than `Class`: its slot is the length of that class's table.
template <class Class>
struct Longer : Class {
  virtual void one_more();
};

}  // namespace facts

// NOLINTBEGIN(bugprone-macro-parentheses): names cannot stand in parentheses
#define FACT(name, ...) \
  namespace facts {     \
  struct name;          \
  }                     \
  template struct facts::Fact<facts::name, __VA_ARGS__>
#define SLOT(name, Class, function, ...) FACT(slot_##name, facts::Taking<__VA_ARGS__>::of(&Class::function))
#define LENGTH(Class) FACT(length_##Class, &facts::Longer<Class>::one_more)
#define SIZE(Class) FACT(size_##Class, static_cast<long long>(sizeof(Class)))
#define OFFSET(Class, member) FACT(offset_##Class##_##member, &Class::member)
#define VALUE(Name) FACT(value_##Name, static_cast<long long>(Name))
// NOLINTEND(bugprone-macro-parentheses)

// Virtual functions that the plugin calls.
SLOT(Constant_getBool, Constant, getBool);
SLOT(Constant_getLong, Constant, getLong);
SLOT(Constant_getDouble, Constant, getDouble);
SLOT(Constant_getString, Constant, getString);
SLOT(Constant_getString_index, Constant, getString, INDEX);
SLOT(Constant_getStringRef, Constant, getStringRef);
SLOT(Constant_getStringConst, Constant, getStringConst, INDEX, int, DolphinString**);
SLOT(Constant_isNull, Constant, isNull);
SLOT(Constant_size, Constant, size);
SLOT(Constant_setInt, Constant, setInt, INDEX, int);
SLOT(Constant_setLong, Constant, setLong, INDEX, long long);
SLOT(Constant_setBools, Constant, setBool, INDEX, int, const char*);
SLOT(Constant_setChars, Constant, setChar, INDEX, int, const char*);
SLOT(Constant_setShorts, Constant, setShort, INDEX, int, const short*);
SLOT(Constant_setInts, Constant, setInt, INDEX, int, const int*);
SLOT(Constant_setLongs, Constant, setLong, INDEX, int, const long long*);
SLOT(Constant_setFloats, Constant, setFloat, INDEX, int, const float*);
SLOT(Constant_setDoubles, Constant, setDouble, INDEX, int, const double*);
SLOT(Constant_getChar, Constant, getChar);
SLOT(Constant_get_index, Constant, get, INDEX);
SLOT(Table_columns, Table, columns);
SLOT(Table_getColumn, Table, getColumn, INDEX);
SLOT(Table_getColumnName, Table, getColumnName, int);
SLOT(Constant_setNull, Constant, setNull, INDEX);
SLOT(Constant_setNullFlag, Constant, setNullFlag, bool);
SLOT(Constant_getNullFlag, Constant, getNullFlag);
SLOT(Constant_getInt, Constant, getInt);
SLOT(Vector_appendString, Vector, appendString, const std::string*, int);
SLOT(Vector_append, Vector, append, const ConstantSP&);
SLOT(Dictionary_keys, Dictionary, keys);
SLOT(Dictionary_getKeyType, Dictionary, getKeyType);
SLOT(Dictionary_getMember, Dictionary, getMember, const ConstantSP&);
SLOT(FunctionDef_call, FunctionDef, call, Heap*, std::vector<ConstantSP>&);
SLOT(Session_copy, Session, copy, bool);
SLOT(Session_getFunctionDef, Session, getFunctionDef, const std::string&);

// Virtual functions that the plugin implements and the server calls.
SLOT(Runnable_run, Runnable, run);
SLOT(Output_timeElapsed, Output, timeElapsed, long long);
SLOT(Output_write, Output, write, const ConstantSP&);
SLOT(Output_message, Output, message, const std::string&);
SLOT(Output_enableIntermediateMessage, Output, enableIntermediateMessage, bool);
SLOT(Output_start, Output, start);
SLOT(Output_start_message, Output, start, const std::string&);
SLOT(Output_done, Output, done);
SLOT(Output_done_message, Output, done, const std::string&);
SLOT(Output_writeReady, Output, writeReady);
SLOT(Output_close, Output, close);
SLOT(Output_getOutputType, Output, getOutputType);
SLOT(Output_setWindow, Output, setWindow, INDEX, INDEX);
SLOT(Output_flush, Output, flush);

// The tables of the classes that the plugin derives from or creates.
LENGTH(Runnable);
LENGTH(Output);
LENGTH(Constant);
LENGTH(Bool);
LENGTH(String);

// What the plugin creates and throws.
SIZE(Bool);
SIZE(String);
SIZE(DolphinString);
SIZE(FastArrayVector);
SIZE(ConstantSP);
SIZE(Runnable);
SIZE(Thread);
SIZE(RuntimeException);
SIZE(IllegalArgumentException);

// What the headers' inline functions read and write from within the plugin, and the classes around it.
OFFSET(Constant, flag_);
OFFSET(FunctionDef, name_);
OFFSET(FunctionDef, minParamNum_);
OFFSET(FunctionDef, maxParamNum_);
OFFSET(Heap, session_);
OFFSET(Session, heap_);
OFFSET(Session, out_);
OFFSET(Session, user_);
SIZE(Constant);
SIZE(FunctionDef);
SIZE(Heap);
SIZE(Session);

// Numbers by which the plugin tells values apart.
VALUE(DT_VOID);
VALUE(DT_BOOL);
VALUE(DT_CHAR);
VALUE(DT_SHORT);
VALUE(DT_INT);
VALUE(DT_LONG);
VALUE(DT_DATE);
VALUE(DT_MONTH);
VALUE(DT_TIME);
VALUE(DT_MINUTE);
VALUE(DT_SECOND);
VALUE(DT_NANOTIME);
VALUE(DT_DATETIME);
VALUE(DT_DATEHOUR);
VALUE(DT_TIMESTAMP);
VALUE(DT_NANOTIMESTAMP);
VALUE(DT_FLOAT);
VALUE(DT_DOUBLE);
VALUE(DT_SYMBOL);
VALUE(DT_STRING);
VALUE(DT_FUNCTIONDEF);
VALUE(DT_ANY);
VALUE(DT_BLOB);
VALUE(DT_RESOURCE);
VALUE(DF_SCALAR);
VALUE(DF_VECTOR);
VALUE(DF_PAIR);
VALUE(DF_MATRIX);
VALUE(DF_SET);
VALUE(DF_DICTIONARY);
VALUE(DF_TABLE);
VALUE(LOGICAL);
VALUE(INTEGRAL);
VALUE(FLOATING);
VALUE(LITERAL);
VALUE(STDOUT);
VALUE(OK);
