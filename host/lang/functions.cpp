#include "lang/functions.h"

#include "ScalarImp.h"
#include "lang/runtime.h"

namespace host {
namespace {

constexpr int max_call_depth = 256;
thread_local int call_depth = 0;

class DepthGuard {
 public:
  DepthGuard() {
    if (call_depth >= max_call_depth) {
      throw RuntimeException("Functions call each other more than " + std::to_string(max_call_depth) +
                             " levels deep");
    }
    ++call_depth;
  }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;
  ~DepthGuard() { --call_depth; }
};

}  // namespace

UserFunction::UserFunction(std::shared_ptr<const FunctionBody> body)
    : FunctionDef(USERDEFFUNC, body->name, static_cast<int>(body->parameters.size()),
                  static_cast<int>(body->parameters.size()), true),
      body_(std::move(body)) {}

ConstantSP UserFunction::call(Heap* heap, vector<ConstantSP>& arguments) {
  const DepthGuard guard;
  const auto body = body_;
  Heap variables(heap->currentSession());
  const Context context{&variables};
  const auto& parameters = body->parameters;
  if (arguments.size() > parameters.size()) checkArgumentSize(static_cast<int>(arguments.size()));
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& parameter = parameters[i];
    const bool given = i < arguments.size() && !arguments[i].isNull() && !arguments[i]->isNothing();
    if (given) {
      variables.addItem(parameter.name, arguments[i]);
    } else {
      throw RuntimeException("The function [" + getFullName() + "] needs a value for its parameter " +
                             parameter.name);
    }
  }
  ConstantSP result;
  try {
    if (body->block.execute(context, result) == Flow::return_value) return result;
  } catch (ScriptError& error) {
    error.add_function(getName().empty() ? "lambda" : getName());
    throw;
  }
  return new Void(true);
}

ConstantSP call_function(const Context& context, const FunctionDefSP& function,
                         vector<ConstantSP>& arguments) {
  Runtime::instance().check_interrupt();
  function->checkArgumentSize(static_cast<int>(arguments.size()));
  ConstantSP result = function->call(context.heap, arguments);
  return result.isNull() ? ConstantSP(new Void(true)) : result;
}

}  // namespace host
