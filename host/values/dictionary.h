// The dictionary behind Util::createDictionary.
#pragma once

#include <list>
#include <unordered_map>

#include "Util.h"

HOST_SDK_BEGIN

/// Keeps the order in which keys were first set. Keys are found by their text, which is unique within one
/// key type.
class BasicDictionary : public Dictionary {
 public:
  BasicDictionary(DATA_TYPE keyType, DATA_TYPE valueType);

  DATA_TYPE getKeyType() const override { return keyType_; }
  DATA_CATEGORY getKeyCategory() const override { return Util::getCategory(keyType_); }
  INDEX size() const override { return static_cast<INDEX>(entries_.size()); }
  INDEX count() const override { return size(); }
  void clear() override;
  using Dictionary::getMember;
  ConstantSP getMember(const ConstantSP& key) const override;
  using Dictionary::set;
  bool set(const ConstantSP& key, const ConstantSP& value) override;
  bool remove(const ConstantSP& key) override;
  ConstantSP keys() const override;
  ConstantSP values() const override;
  using Constant::getString;
  /// A line `key->value` for each entry.
  string getString() const override;
  string getScript() const override { return "dict()"; }
  ConstantSP getInstance() const override;
  ConstantSP getValue() const override;

 private:
  struct Entry {
    ConstantSP key;
    ConstantSP value;
  };

  const Entry* find(const ConstantSP& key) const;

  DATA_TYPE keyType_;
  std::list<Entry> entries_;
  std::unordered_map<string, std::list<Entry>::iterator> index_;
};

HOST_SDK_END
