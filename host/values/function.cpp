// Functions that are not written in a script: those of plugins and of the host, and partial applications.
#include <algorithm>

#include "ScalarImp.h"
#include "Util.h"

HOST_SDK_BEGIN

void FunctionDef::checkArgumentSize(int actualArgCount) const {
  if (acceptParamCount(actualArgCount)) return;
  string expected = std::to_string(minParamNum_);
  if (variableParamNum()) expected += "~" + std::to_string(maxParamNum_);
  throw IllegalArgumentException(getFullName(), "The function [" + getFullName() + "] expects " + expected +
                                                    " argument(s), but the actual number of arguments is: " +
                                                    std::to_string(actualArgCount));
}

ConstantSP FunctionDef::call(Heap* heap, const ConstantSP& a, const ConstantSP& b) {
  vector<ConstantSP> arguments{a, b};
  return call(heap, arguments);
}

namespace {

class SystemFunction : public FunctionDef {
 public:
  SystemFunction(const string& name, SysFunc function, int minParamNum, int maxParamNum)
      : FunctionDef(SYSFUNC, name, minParamNum, maxParamNum, true), function_(function) {}

  using FunctionDef::call;
  ConstantSP call(Heap* heap, vector<ConstantSP>& arguments) override {
    checkArgumentSize(static_cast<int>(arguments.size()));
    return function_(heap, arguments);
  }

 private:
  SysFunc function_;
};

class SystemProcedure : public FunctionDef {
 public:
  SystemProcedure(const string& name, SysProc procedure, int minParamNum, int maxParamNum)
      : FunctionDef(SYSPROC, name, minParamNum, maxParamNum, false), procedure_(procedure) {}

  using FunctionDef::call;
  ConstantSP call(Heap* heap, vector<ConstantSP>& arguments) override {
    checkArgumentSize(static_cast<int>(arguments.size()));
    procedure_(heap, arguments);
    return new Void();
  }

 private:
  SysProc procedure_;
};

bool isOpen(const ConstantSP& argument) {
  return argument.isNull() || argument->isNothing();
}

int countFixed(const vector<ConstantSP>& arguments) {
  int fixed = 0;
  for (const ConstantSP& argument : arguments) {
    if (!isOpen(argument)) ++fixed;
  }
  return fixed;
}

class PartialFunction : public FunctionDef {
 public:
  PartialFunction(const FunctionDefSP& function, const vector<ConstantSP>& arguments)
      : FunctionDef(PARTIALFUNC, function->getName(),
                    std::max(function->getMinParamCount() - countFixed(arguments), 0),
                    function->getMaxParamCount() - countFixed(arguments), function->hasReturnValue()),
        function_(function),
        arguments_(arguments) {}

  using FunctionDef::call;
  ConstantSP call(Heap* heap, vector<ConstantSP>& arguments) override {
    checkArgumentSize(static_cast<int>(arguments.size()));
    vector<ConstantSP> all = arguments_;
    auto next = arguments.begin();
    for (ConstantSP& argument : all) {
      if (!isOpen(argument)) continue;
      if (next != arguments.end()) {
        argument = *next++;
      } else if (argument.isNull()) {
        argument = new Void();
      }
    }
    all.insert(all.end(), next, arguments.end());
    return function_->call(heap, all);
  }

  using FunctionDef::getString;
  string getString() const override {
    string text = function_->getString() + "{";
    for (const ConstantSP& argument : arguments_) {
      if (&argument != arguments_.data()) text += ", ";
      // A table or a function is shown by its name, not by its content.
      if (!isOpen(argument)) text += argument->getScript();
    }
    return text + "}";
  }

 private:
  FunctionDefSP function_;
  vector<ConstantSP> arguments_;
};

}  // namespace

FunctionDef* Util::createSystemFunction(const string& name, SysFunc func, int minParamNum, int maxParamNum,
                                        bool) {
  return new SystemFunction(name, func, minParamNum, maxParamNum);
}

FunctionDef* Util::createSystemProcedure(const string& name, SysProc func, int minParamNum, int maxParamNum) {
  return new SystemProcedure(name, func, minParamNum, maxParamNum);
}

FunctionDef* Util::createPartialFunction(const FunctionDefSP& func, const vector<ConstantSP>& args) {
  if (static_cast<int>(args.size()) > func->getMaxParamCount()) {
    func->checkArgumentSize(static_cast<int>(args.size()));
  }
  return new PartialFunction(func, args);
}

HOST_SDK_END
