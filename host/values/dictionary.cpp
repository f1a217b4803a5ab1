#include "dictionary.h"

#include "ScalarImp.h"

HOST_SDK_BEGIN

namespace {

// The value as the type, or a null pointer if it does not fit.
ConstantSP converted(DATA_TYPE type, const ConstantSP& value) {
  if (type == DT_ANY) return value;
  const VectorSP holder = Util::createVector(type, 0, 1);
  if (!value->isScalar() || !holder->append(value)) return {};
  return holder->get(0);
}

}  // namespace

BasicDictionary::BasicDictionary(DATA_TYPE keyType, DATA_TYPE valueType)
    : Dictionary(valueType, Util::getCategory(valueType)), keyType_(keyType) {
  switch (Util::getCategory(keyType)) {
    case LOGICAL:
    case INTEGRAL:
    case FLOATING:
    case TEMPORAL:
    case LITERAL:
      break;
    default:
      throw RuntimeException("A dictionary cannot have keys of type " + Util::getDataTypeString(keyType) +
                             ".");
  }
}

void BasicDictionary::clear() {
  index_.clear();
  entries_.clear();
}

const BasicDictionary::Entry* BasicDictionary::find(const ConstantSP& key) const {
  const ConstantSP own = converted(keyType_, key);
  if (own.isNull()) return nullptr;
  const auto found = index_.find(own->getString());
  return found == index_.end() ? nullptr : &*found->second;
}

ConstantSP BasicDictionary::getMember(const ConstantSP& key) const {
  if (key->isVector()) {
    const VectorSP result = Util::createVector(getType(), 0, key->size());
    for (INDEX i = 0; i < key->size(); ++i) {
      const VectorSP one = Util::createVector(DT_ANY, 1);
      one->set(0, getMember(key->get(i)));
      result->append(one);
    }
    return result;
  }
  const Entry* entry = find(key);
  if (entry != nullptr) return entry->value;
  if (getType() == DT_ANY) return new Void();
  return Util::createNullConstant(getType());
}

bool BasicDictionary::set(const ConstantSP& key, const ConstantSP& value) {
  if (key->isVector()) {
    if (value->isVector() && value->size() != key->size()) return false;
    for (INDEX i = 0; i < key->size(); ++i) {
      if (!set(key->get(i), value->isVector() ? value->get(i) : value)) return false;
    }
    return true;
  }
  const ConstantSP own_key = converted(keyType_, key);
  const ConstantSP own_value = converted(getType(), value);
  if (own_key.isNull() || own_value.isNull()) return false;
  const string name = own_key->getString();
  const auto found = index_.find(name);
  if (found != index_.end()) {
    found->second->value = own_value;
  } else {
    entries_.push_back({own_key, own_value});
    index_.emplace(name, std::prev(entries_.end()));
  }
  return true;
}

bool BasicDictionary::remove(const ConstantSP& key) {
  const Entry* entry = find(key);
  if (entry == nullptr) return false;
  const auto found = index_.find(entry->key->getString());
  entries_.erase(found->second);
  index_.erase(found);
  return true;
}

ConstantSP BasicDictionary::keys() const {
  const VectorSP result = Util::createVector(keyType_, 0, size());
  for (const Entry& entry : entries_) {
    result->append(entry.key);
  }
  return result;
}

ConstantSP BasicDictionary::values() const {
  const VectorSP result = Util::createVector(getType(), 0, size());
  for (const Entry& entry : entries_) {
    const VectorSP one = Util::createVector(DT_ANY, 1);
    one->set(0, entry.value);
    result->append(one);
  }
  return result;
}

string BasicDictionary::getString() const {
  string text;
  for (const Entry& entry : entries_) {
    if (!text.empty()) text += "\n";
    text += entry.key->getString() + "->" + entry.value->getString();
  }
  return text;
}

ConstantSP BasicDictionary::getInstance() const {
  return new BasicDictionary(keyType_, getType());
}

ConstantSP BasicDictionary::getValue() const {
  const DictionarySP copy = getInstance();
  for (const Entry& entry : entries_) {
    copy->set(entry.key, entry.value->copyable() ? entry.value->getValue() : entry.value);
  }
  return copy;
}

HOST_SDK_END
