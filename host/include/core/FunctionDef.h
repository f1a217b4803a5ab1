// FunctionDef: functions as values.
#pragma once

#include "core/Constant.h"

HOST_SDK_BEGIN

/// A function that can be called. The interpreter's user-defined functions derive from it; the functions
/// of plugins and partial applications are made by Util.
class FunctionDef : public Constant {
 public:
  FunctionDef(FUNCTIONDEF_TYPE defType, const string& name, int minParamNum, int maxParamNum,
              bool hasReturnValue)
      : Constant(DF_SCALAR, DT_FUNCTIONDEF, SYSTEM),
        defType_(defType),
        name_(name),
        minParamNum_(minParamNum),
        maxParamNum_(maxParamNum),
        hasReturnValue_(hasReturnValue) {}

  const string& getName() const { return name_; }
  void setName(const string& name) { name_ = name; }
  const string& getModule() const { return module_; }
  void setModule(const string& module) { module_ = module; }
  /// `module::name`, or the name alone.
  string getFullName() const { return module_.empty() ? name_ : module_ + "::" + name_; }
  const string& getSyntax() const { return syntax_; }
  void setSyntax(const string& syntax) { syntax_ = syntax; }

  int getMinParamCount() const { return minParamNum_; }
  int getMaxParamCount() const { return maxParamNum_; }
  int getParamCount() const { return maxParamNum_; }
  bool variableParamNum() const { return minParamNum_ < maxParamNum_; }
  bool acceptParamCount(int count) const { return minParamNum_ <= count && count <= maxParamNum_; }
  /// Throws an IllegalArgumentException that says how many arguments the function takes.
  void checkArgumentSize(int actualArgCount) const;

  bool hasReturnValue() const { return hasReturnValue_; }
  FUNCTIONDEF_TYPE getFunctionDefType() const { return defType_; }
  bool isUserDefined() const { return defType_ == USERDEFFUNC; }
  bool isSystemFunction() const { return defType_ == SYSFUNC; }

  /// Calls the function on the calling thread. The heap says in which session; arguments may be changed
  /// by the callee. Throws what the function throws.
  virtual ConstantSP call(Heap* heap, vector<ConstantSP>& arguments) = 0;
  virtual ConstantSP call(Heap* heap, const ConstantSP& a, const ConstantSP& b);

  using Constant::getString;
  string getString() const override { return getFullName(); }
  DATA_TYPE getRawType() const override { return DT_STRING; }
  bool copyable() const override { return false; }
  ConstantSP getInstance() const override { refuse("getInstance"); }
  ConstantSP getValue() const override { refuse("getValue"); }

 private:
  FUNCTIONDEF_TYPE defType_;
  string name_;
  string module_;
  string syntax_;
  int minParamNum_;
  int maxParamNum_;
  bool hasReturnValue_;
};

HOST_SDK_END
