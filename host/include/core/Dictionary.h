// Dictionary: values found by a key.
#pragma once

#include "core/Constant.h"

HOST_SDK_BEGIN

/// getType() is the type of the values, DT_ANY for values of any kind. The host's dictionaries keep the
/// order in which keys were first set. Not synchronised.
class Dictionary : public Constant {
 public:
  Dictionary(DATA_TYPE type, DATA_CATEGORY category) : Constant(DF_DICTIONARY, type, category) {}

  virtual DATA_TYPE getKeyType() const = 0;
  virtual DATA_CATEGORY getKeyCategory() const = 0;
  virtual INDEX count() const = 0;
  virtual void clear() = 0;

  using Constant::getMember;
  /// The value of a key. A key that is absent gives Void, or NULL of the type of a typed dictionary. A
  /// vector of keys gives a vector of values.
  ConstantSP getMember(const ConstantSP& key) const override = 0;
  /// Throws, as the SDK's own does unless a server's class offers it.
  virtual ConstantSP getMember(const string& /*key*/) const {
    throw RuntimeException("String key not supported");
  }

  using Constant::set;
  /// False if key or value cannot become the dictionary's types.
  bool set(const ConstantSP& key, const ConstantSP& value) override = 0;
  /// Throws, as getMember(string) does.
  virtual bool set(const string& /*key*/, const ConstantSP& /*value*/) {
    throw RuntimeException("String key not supported");
  }
  /// False if there is no such key.
  virtual bool remove(const ConstantSP& key) = 0;

  using Constant::get;
  ConstantSP get(const ConstantSP& key) const override { return getMember(key); }
};

HOST_SDK_END
