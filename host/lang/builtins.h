// The functions that every session has. A function gets exactly what the script passed: an argument that was
// left out is a Void for which isNothing() is true, missing ones at the end are absent.
#pragma once

#include <string>
#include <vector>

#include "CoreConcept.h"

HOST_SDK_USE;

namespace host {

struct Builtin {
  const char* name;
  SysFunc function;
  int least;
  int most;
};

constexpr int any_number = 1000;

std::vector<Builtin> conversion_builtins();
std::vector<Builtin> math_builtins();
std::vector<Builtin> string_builtins();
std::vector<Builtin> table_builtins();
std::vector<Builtin> system_builtins();
std::vector<Builtin> json_builtins();

// ---- helpers for their arguments

// Whether argument i was given.
bool given(const vector<ConstantSP>& arguments, std::size_t i);
// The text of a STRING scalar; `usage` starts the error message otherwise.
std::string text_argument(const vector<ConstantSP>& arguments, std::size_t i, const char* usage);
// An integer that is not NULL.
long long whole_argument(const vector<ConstantSP>& arguments, std::size_t i, const char* usage);
// A type given as INT, `INT`, "INT" or int. DT_VOID if it is none.
DATA_TYPE type_argument(const ConstantSP& value);
FunctionDefSP function_argument(const vector<ConstantSP>& arguments, std::size_t i, const char* usage);
[[noreturn]] void bad_argument(const char* usage, const std::string& problem);

}  // namespace host
