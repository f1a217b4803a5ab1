// Constant: the base of every value a script can hold.
#pragma once

#include "DolphinString.h"
#include "Exceptions.h"
#include "Types.h"
#include "core/Forward.h"

HOST_SDK_BEGIN

/// The numeric accessors of a value: their SDK name and C++ type. Each stands for get/set of a scalar, of
/// one element, and of a run of elements.
#define HOST_SDK_FOR_EACH_NUMBER(X) \
  X(Bool, char)                     \
  X(Char, char)                     \
  X(Short, short)                   \
  X(Int, int)                       \
  X(Long, long long)                \
  X(Index, INDEX)                   \
  X(Float, float)                   \
  X(Double, double)

/// A value: scalar, vector, dictionary, table or function.
///
/// NULL converts to NULL of the asked type; a double becomes an integer by rounding half away from zero,
/// and NULL if it does not fit. What a class does not support throws, where a server's class often does
/// nothing; a plugin that is clean here is clean there.
class Constant {
 public:
  Constant(DATA_FORM form, DATA_TYPE type, DATA_CATEGORY category)
      : form_(form), type_(type), category_(category) {}
  virtual ~Constant() = default;
  Constant& operator=(const Constant&) = delete;

  /// For ObjectPtr only.
  void addRef() noexcept { references_.add(); }
  void releaseRef() noexcept {
    if (references_.remove()) delete this;
  }

  DATA_FORM getForm() const { return form_; }
  void setForm(DATA_FORM form) { form_ = form; }
  DATA_TYPE getType() const { return type_; }
  DATA_CATEGORY getCategory() const { return category_; }
  /// The type of the stored representation: INT for DATE, LONG for NANOTIMESTAMP.
  virtual DATA_TYPE getRawType() const { return type_; }

  bool isScalar() const { return form_ == DF_SCALAR; }
  /// A plain vector, a tuple included.
  bool isArray() const { return form_ == DF_VECTOR; }
  bool isPair() const { return form_ == DF_PAIR; }
  bool isMatrix() const { return form_ == DF_MATRIX; }
  /// True for pairs and matrices too.
  bool isVector() const { return form_ >= DF_VECTOR && form_ <= DF_MATRIX; }
  bool isTable() const { return form_ == DF_TABLE; }
  bool isSet() const { return form_ == DF_SET; }
  bool isDictionary() const { return form_ == DF_DICTIONARY; }
  bool isTuple() const { return form_ == DF_VECTOR && type_ == DT_ANY; }
  bool isNumber() const { return category_ == INTEGRAL || category_ == FLOATING; }

  /// An argument that was left out, as in f(a,,b).
  bool isNothing() const { return nothing_; }
  void setNothing(bool value) { nothing_ = value; }
  bool isTemporary() const { return temporary_; }
  void setTemporary(bool value) { temporary_ = value; }
  /// False for what another value contains, as a column of a table.
  bool isIndependent() const { return independent_; }
  void setIndependent(bool value) { independent_ = value; }
  /// Whether several threads may reach it, each with the lock. Nothing in the host sets it.
  bool isSynchronized() const { return synchronized_; }
  void setSynchronized(bool value) { synchronized_ = value; }
  bool isReadOnly() const { return readOnly_; }
  void setReadOnly(bool value) { readOnly_ = value; }

  virtual INDEX size() const { return 1; }
  virtual INDEX rows() const { return size(); }
  virtual INDEX columns() const { return 1; }

  virtual bool isNull() const { return false; }
  virtual bool isNull(INDEX) const { return isNull(); }
  virtual void setNull();
  virtual void setNull(INDEX) { setNull(); }
  /// Whether any element is NULL.
  virtual bool hasNull() { return isNull(); }
  /// A hint kept beside the elements; raw appends (appendInt, appendString...) do not maintain it.
  virtual bool getNullFlag() const { return isNull(); }
  virtual void setNullFlag(bool) {}

// The readers of a run of elements return false where the class has no such elements. The ...Const ones
// return either buf or the vector's own storage, valid until the vector changes.
// NOLINTBEGIN(bugprone-macro-parentheses): types cannot stand in parentheses
#define HOST_SDK_DECLARE(Name, Type)                                            \
  virtual Type get##Name() const { refuse("get" #Name); }                       \
  virtual Type get##Name(INDEX) const { return get##Name(); }                   \
  virtual bool get##Name(INDEX, int, Type*) const { return false; }             \
  virtual const Type* get##Name##Const(INDEX start, int len, Type* buf) const { \
    if (!get##Name(start, len, buf)) refuse("get" #Name "Const");               \
    return buf;                                                                 \
  }                                                                             \
  virtual void set##Name(Type) { refuse("set" #Name); }                         \
  virtual void set##Name(INDEX, Type val) { set##Name(val); }                   \
  virtual bool set##Name(INDEX, int, const Type*) { return false; }
  HOST_SDK_FOR_EACH_NUMBER(HOST_SDK_DECLARE)
#undef HOST_SDK_DECLARE
  // NOLINTEND(bugprone-macro-parentheses)

  /// The value as text. For strings a binary-safe copy; for tables and vectors what `print` shows.
  virtual string getString() const { return ""; }
  virtual string getString(INDEX) const { return getString(); }
  /// Script text that gives the value again: strings quoted, NULL as 00i, 00l...
  virtual string getScript() const { return getString(); }
  /// The stored bytes, not copied; valid until the value changes.
  virtual const DolphinString& getStringRef() const { refuse("getStringRef"); }
  virtual const DolphinString& getStringRef(INDEX) const { return getStringRef(); }
  /// Fills buf[0..len) with pointers to the stored strings and returns buf. Callers go in chunks of
  /// Util::BUF_SIZE.
  virtual DolphinString** getStringConst(INDEX, int, DolphinString**) const { refuse("getStringConst"); }
  /// NUL-terminated: not for BLOB.
  virtual char** getStringConst(INDEX, int, char**) const { refuse("getStringConst"); }
  virtual void setString(const DolphinString&) { refuse("setString"); }
  virtual void setString(INDEX, const DolphinString& val) { setString(val); }

  /// The element at index as a value of its own; a scalar gives a copy of itself, a table a row.
  virtual ConstantSP get(INDEX) const { return getValue(); }
  virtual ConstantSP get(INDEX, INDEX row) const { return get(row); }
  /// The elements at the positions of a vector; NULL where a position is out of range.
  virtual ConstantSP get(const ConstantSP&) const { return getValue(); }
  /// False if the value does not fit.
  virtual bool set(INDEX, const ConstantSP&) { return false; }
  virtual bool set(INDEX index, const ConstantSP& value, INDEX valueIndex) {
    return set(index, value->get(valueIndex));
  }
  virtual bool set(const ConstantSP&, const ConstantSP&) { return false; }

  /// Below, at or above zero as the element is less than, equal to or greater than the scalar. NULL is
  /// less than everything else.
  virtual int compare(INDEX, const ConstantSP&) const { refuse("compare"); }

  virtual ConstantSP getMember(const ConstantSP&) const { refuse("getMember"); }
  virtual ConstantSP keys() const { refuse("keys"); }
  virtual ConstantSP values() const { refuse("values"); }

  /// False for functions and resources, which getValue() refuses to copy; containers share them.
  virtual bool copyable() const { return true; }
  /// A new value of the same type and size, all NULL.
  virtual ConstantSP getInstance() const = 0;
  /// A copy that shares nothing that can change.
  virtual ConstantSP getValue() const = 0;

 protected:
  Constant(const Constant&) = default;
  void setTypeAndCategory(DATA_TYPE type, DATA_CATEGORY category) {
    type_ = type;
    category_ = category;
  }
  /// Throws a RuntimeException that names the method and the value's type and form.
  [[noreturn]] void refuse(const char* method) const;

 private:
  ReferenceCount references_;
  DATA_FORM form_;
  DATA_TYPE type_;
  DATA_CATEGORY category_;
  bool nothing_ = false;
  bool temporary_ = true;
  bool independent_ = true;
  bool synchronized_ = false;
  bool readOnly_ = false;
};

HOST_SDK_END
