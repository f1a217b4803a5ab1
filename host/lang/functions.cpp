#include "lang/functions.h"

#include <algorithm>

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

int required_count(const FunctionBody& body) {
  return static_cast<int>(std::count_if(body.parameters.begin(), body.parameters.end(),
                                        [](const Parameter& p) { return p.default_value == nullptr; }));
}

}  // namespace

UserFunction::UserFunction(std::shared_ptr<const FunctionBody> body)
    : FunctionDef(USERDEFFUNC, body->name, required_count(*body), static_cast<int>(body->parameters.size()),
                  true),
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
    } else if (parameter.default_value != nullptr) {
      variables.addItem(parameter.name, parameter.default_value->evaluate_to_store(context));
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

std::vector<std::string> parameter_names(const FunctionDef& function) {
  std::vector<std::string> names;
  if (const auto* user = dynamic_cast<const UserFunction*>(&function)) {
    for (const auto& parameter : user->body().parameters)
      names.push_back(parameter.name);
    return names;
  }
  std::string word;
  const auto flush = [&] {
    if (!word.empty()) names.push_back(word);
    word.clear();
  };
  // `(a, [b = "x"], [c])`: the first word between commas is the name.
  bool reading = true;
  for (const char c : function.getSyntax()) {
    if (c == ',' || c == ')') {
      flush();
      reading = true;
    } else if (c == '=') {
      reading = false;
    } else if (reading && (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_')) {
      word += c;
    }
  }
  flush();
  return names;
}

ConstantSP call_function(const Context& context, const FunctionDefSP& function,
                         vector<ConstantSP>& arguments) {
  Runtime::instance().check_interrupt();
  function->checkArgumentSize(static_cast<int>(arguments.size()));
  ConstantSP result = function->call(context.heap, arguments);
  return result.isNull() ? ConstantSP(new Void(true)) : result;
}

}  // namespace host
