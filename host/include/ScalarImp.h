// The scalars: nothing, numbers, moments, strings, and resources.
#pragma once

#include <atomic>
#include <memory>

#include "CoreConcept.h"
#include "Util.h"
#include "core/NumberScalar.h"

HOST_SDK_BEGIN

/// No value: NULL without a type (explicitNull), or an argument that was left out.
class Void : public Constant {
 public:
  explicit Void(bool explicitNull = false) : Constant(DF_SCALAR, DT_VOID, NOTHING) {
    setNothing(!explicitNull);
  }

  using Constant::isNull;
  bool isNull() const override { return true; }
  string getScript() const override { return isNothing() ? "" : "NULL"; }
  using Constant::getStringRef;
  const DolphinString& getStringRef() const override;
  using Constant::getStringConst;
  DolphinString** getStringConst(INDEX start, int len, DolphinString** buf) const override;
  int compare(INDEX, const ConstantSP& target) const override { return target->isNull() ? 0 : -1; }
  ConstantSP getInstance() const override { return getValue(); }
  ConstantSP getValue() const override { return new Void(!isNothing()); }

// NOLINTBEGIN(bugprone-macro-parentheses): types cannot stand in parentheses
#define HOST_SDK_DECLARE(Name, Type)                             \
  using Constant::get##Name;                                     \
  Type get##Name() const override { return nullNumber<Type>(); } \
  bool get##Name(INDEX, int len, Type* buf) const override {     \
    for (int i = 0; i < len; ++i) {                              \
      buf[i] = nullNumber<Type>();                               \
    }                                                            \
    return true;                                                 \
  }
  HOST_SDK_FOR_EACH_NUMBER(HOST_SDK_DECLARE)
#undef HOST_SDK_DECLARE
  // NOLINTEND(bugprone-macro-parentheses)
};

/// STRING, or BLOB if blob is true.
class String : public Constant {
 public:
  String(DolphinString val = "") : String(std::move(val), false) {}
  String(DolphinString val, bool blob)
      : Constant(DF_SCALAR, blob ? DT_BLOB : DT_STRING, LITERAL), val_(std::move(val)) {}

  using Constant::isNull;
  bool isNull() const override { return val_.empty(); }
  using Constant::setNull;
  void setNull() override { val_.clear(); }
  using Constant::getString;
  string getString() const override { return val_.getString(); }
  string getScript() const override { return Util::literalConstant(val_.getString()); }
  using Constant::getStringRef;
  const DolphinString& getStringRef() const override { return val_; }
  DolphinString** getStringConst(INDEX start, int len, DolphinString** buf) const override;
  char** getStringConst(INDEX start, int len, char** buf) const override;
  using Constant::setString;
  void setString(const DolphinString& val) override { val_ = val; }
  using Constant::set;
  bool set(INDEX index, const ConstantSP& value) override;
  int compare(INDEX index, const ConstantSP& target) const override;
  ConstantSP getInstance() const override { return new String("", getType() == DT_BLOB); }
  ConstantSP getValue() const override { return new String(val_, getType() == DT_BLOB); }

// NOLINTBEGIN(bugprone-macro-parentheses): types cannot stand in parentheses
#define HOST_SDK_DECLARE(Name, Type) \
  using Constant::get##Name;         \
  Type get##Name() const override { throw IncompatibleTypeException(numberType<Type>(), getType()); }
  HOST_SDK_FOR_EACH_NUMBER(HOST_SDK_DECLARE)
#undef HOST_SDK_DECLARE
  // NOLINTEND(bugprone-macro-parentheses)

 private:
  // Mutable because the SDK's getStringConst hands out pointers that are not const.
  mutable DolphinString val_;
};

/// A handle with a description and a function to call when the last reference goes.
///
/// onClose(heap, {resource}) runs exactly once: at close() or when the resource is destroyed, whichever
/// is first. It gets a copy of this resource without onClose, and the heap of the session that the resource
/// was made with. As in a server the session is a mere pointer, so it has to outlive the resource. A server
/// would read freed memory where it does not; the host says so and aborts. What onClose throws is logged.
class Resource : public String {
 public:
  Resource(long long handle, const string& desc, const FunctionDefSP& onClose, Session* session);
  Resource(const Resource&) = delete;
  Resource& operator=(const Resource&) = delete;
  ~Resource() override;

  using String::getLong;
  long long getLong() const override { return handle_.load(); }
  using Constant::setLong;
  void setLong(long long val) override { handle_.store(val); }
  string getScript() const override { return getString(); }
  using String::isNull;
  bool isNull() const override { return false; }
  bool copyable() const override { return false; }
  ConstantSP getInstance() const override { refuse("getInstance"); }
  ConstantSP getValue() const override { refuse("getValue"); }
  void close() noexcept;

 private:
  std::atomic<long long> handle_;
  std::atomic<bool> closed_{false};
  FunctionDefSP onClose_;
  Session* session_;
  std::weak_ptr<const void> sessionLife_;
};

using ResourceSP = ValuePointer<Resource>;

HOST_SDK_END
