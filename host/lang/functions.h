// User-defined functions.
#pragma once

#include <memory>

#include "lang/ast.h"

namespace host {

// A function that a script defined. It sees its parameters, its own variables and shared ones. Calls may come
// from any thread; each has its own variables.
class UserFunction : public FunctionDef {
 public:
  explicit UserFunction(std::shared_ptr<const FunctionBody> body);

  using FunctionDef::call;
  ConstantSP call(Heap* heap, vector<ConstantSP>& arguments) override;

 private:
  // Shared, because a lambda may be dropped by its own call.
  std::shared_ptr<const FunctionBody> body_;
};

// Calls a function with the checks that every call of a script gets: number of arguments, recursion depth,
// interruption. Errors name the function in their trace.
ConstantSP call_function(const Context& context, const FunctionDefSP& function,
                         vector<ConstantSP>& arguments);

}  // namespace host
