#include "vectors.h"

#include <iterator>

#include "ScalarImp.h"
#include "text.h"

HOST_SDK_BEGIN

namespace {

// The text of an element inside a vector's text: strings quoted, NULL nothing.
string elementText(const Vector& vector, INDEX index) {
  if (vector.isNull(index)) return "";
  const bool quoted = vector.getCategory() == LITERAL || (vector.isTuple() && vector.get(index)->isScalar() &&
                                                          vector.get(index)->getCategory() == LITERAL);
  return quoted ? Util::literalConstant(vector.getString(index)) : vector.getString(index);
}

}  // namespace

string Vector::getString() const {
  if (isPair()) return elementText(*this, 0) + " : " + elementText(*this, 1);
  string text = isTuple() ? "(" : "[";
  const INDEX shown = std::min(size(), Util::DISPLAY_ROWS);
  for (INDEX i = 0; i < shown; ++i) {
    if (i > 0) text += ",";
    text += elementText(*this, i);
  }
  if (shown < size()) text += "...";
  return text + (isTuple() ? ")" : "]");
}

template <class T>
size_t VectorBase<T>::checked(INDEX index) const {
  if (index < 0 || index >= size()) {
    throw RuntimeException("The index " + std::to_string(index) + " is outside the vector of " +
                           std::to_string(size()) + " elements.");
  }
  return static_cast<size_t>(index);
}

template <class T>
INDEX VectorBase<T>::reserve(INDEX capacity) {
  data_.reserve(static_cast<size_t>(std::max(capacity, 0)));
  return getCapacity();
}

template <class T>
void VectorBase<T>::resize(INDEX size) {
  const auto wanted = static_cast<size_t>(std::max(size, 0));
  data_.resize(wanted, nullElement());
}

template <class T>
void VectorBase<T>::clear() {
  data_.clear();
  nullFlag_ = false;
}

template <class T>
bool VectorBase<T>::append(const ConstantSP& value, INDEX start, INDEX count) {
  const bool in_range = start >= 0 && count >= 0 && (!value->isVector() || start <= value->size() - count);
  if (!in_range) return false;
  // Converted first and appended then, so that a failure leaves the vector as it was.
  std::vector<T> converted;
  converted.reserve(static_cast<size_t>(count));
  bool any_null = false;
  for (INDEX i = 0; i < count; ++i) {
    T element = nullElement();
    if (!convert(*value, start + i, element)) return false;
    any_null = any_null || isNullElement(element);
    converted.push_back(std::move(element));
  }
  data_.insert(data_.end(), std::make_move_iterator(converted.begin()),
               std::make_move_iterator(converted.end()));
  nullFlag_ = nullFlag_ || any_null;
  return true;
}

template <class T>
void VectorBase<T>::fill(INDEX start, INDEX length, const ConstantSP& value, INDEX valueOffset) {
  for (INDEX i = 0; i < length; ++i) {
    if (!set(start + i, value, valueOffset + i)) {
      throw IncompatibleTypeException(getType(), value->getType());
    }
  }
}

template <class T>
void VectorBase<T>::setNull(INDEX index) {
  data_[checked(index)] = nullElement();
}

template <class T>
bool VectorBase<T>::hasNull() {
  return std::any_of(data_.begin(), data_.end(), [this](const T& element) { return isNullElement(element); });
}

template <class T>
bool VectorBase<T>::set(INDEX index, const ConstantSP& value, INDEX valueIndex) {
  T element = nullElement();
  const size_t offset = checked(index);
  if (!convert(*value, valueIndex, element)) return false;
  nullFlag_ = nullFlag_ || isNullElement(element);
  data_[offset] = std::move(element);
  return true;
}

template <class T>
bool VectorBase<T>::set(const ConstantSP& index, const ConstantSP& value) {
  if (!index->isVector()) return this->set(index->getIndex(), value);
  if (value->isVector() && value->size() != index->size()) return false;
  for (INDEX i = 0; i < index->size(); ++i) {
    if (!set(index->getIndex(i), value, i)) return false;
  }
  return true;
}

template <class T>
VectorBase<T>* VectorBase<T>::emptyClone() const {
  return static_cast<VectorBase*>(Util::createVector(getType(), 0));
}

template <class T>
ConstantSP VectorBase<T>::get(const ConstantSP& index) const {
  if (!index->isVector()) return this->get(index->getIndex());
  VectorBase* result = emptyClone();
  ConstantSP owner(result);
  result->reserve(index->size());
  for (INDEX i = 0; i < index->size(); ++i) {
    const INDEX position = index->getIndex(i);
    const bool inside = position >= 0 && position < size();
    result->data_.push_back(inside ? at(position) : nullElement());
    result->nullFlag_ = result->nullFlag_ || !inside || isNullElement(at(position));
  }
  return owner;
}

template <class T>
ConstantSP VectorBase<T>::getInstance(INDEX size) const {
  VectorBase* result = emptyClone();
  ConstantSP owner(result);
  result->resize(size);
  owner->setForm(getForm());
  return owner;
}

template <class T>
ConstantSP VectorBase<T>::getSubVector(INDEX start, INDEX length) const {
  if (!inRange(start, length)) {
    throw RuntimeException("The elements from " + std::to_string(start) + ", " + std::to_string(length) +
                           " of them, are not inside the vector of " + std::to_string(size()) + " elements.");
  }
  VectorBase* result = emptyClone();
  ConstantSP owner(result);
  result->data_.reserve(static_cast<size_t>(length));
  for (INDEX i = 0; i < length; ++i) {
    result->data_.push_back(copyElement(at(start + i)));
  }
  result->nullFlag_ = nullFlag_;
  result->setName(getName());
  if (length == size()) owner->setForm(getForm());
  return owner;
}

template <class T>
string NumericVector<T>::getString(INDEX index) const {
  if constexpr (std::is_floating_point_v<T>) {
    return floatingText(this->at(index));
  } else {
    return integerText(this->getType(), this->getLong(index));
  }
}

template <class T>
ConstantSP NumericVector<T>::get(INDEX index) const {
  return new AbstractScalar<T>(this->getType(), this->getCategory(), this->at(index));
}

template <class T>
int NumericVector<T>::compare(INDEX index, const ConstantSP& target) const {
  return AbstractScalar<T>(this->getType(), this->getCategory(), this->at(index)).compare(0, target);
}

template <class T>
bool NumericVector<T>::convert(const Constant& value, INDEX index, T& element) const {
  if (value.isTuple()) return convert(*value.get(index), 0, element);
  const DATA_CATEGORY from = value.getCategory();
  if (from == NOTHING) {
    element = nullNumber<T>();
    return true;
  }
  // Moments convert to nothing but their own type, truth values and numbers to one another.
  const bool number = from == LOGICAL || from == INTEGRAL || from == FLOATING;
  const bool fits = this->getCategory() == TEMPORAL ? value.getType() == this->getType() : number;
  if (!fits || value.isDictionary() || value.isTable()) return false;
  element = from == FLOATING ? store(value.getDouble(index)) : store(value.getLong(index));
  return true;
}

template class VectorBase<char>;
template class VectorBase<short>;
template class VectorBase<int>;
template class VectorBase<long long>;
template class VectorBase<float>;
template class VectorBase<double>;
template class VectorBase<DolphinString>;
template class VectorBase<ConstantSP>;
template class NumericVector<char>;
template class NumericVector<short>;
template class NumericVector<int>;
template class NumericVector<long long>;
template class NumericVector<float>;
template class NumericVector<double>;

DolphinString** StringVector::getStringConst(INDEX start, int len, DolphinString** buf) const {
  if (!inRange(start, len)) refuse("getStringConst outside its elements");
  for (int i = 0; i < len; ++i) {
    // The SDK's signature is not const, its meaning is: nobody may write through these pointers.
    buf[i] = const_cast<DolphinString*>(&at(start + i));  // NOLINT
  }
  return buf;
}

char** StringVector::getStringConst(INDEX start, int len, char** buf) const {
  if (!inRange(start, len)) refuse("getStringConst outside its elements");
  for (int i = 0; i < len; ++i) {
    buf[i] = const_cast<char*>(at(start + i).c_str());  // NOLINT: as above
  }
  return buf;
}

bool StringVector::appendString(const DolphinString** buf, int len) {
  std::transform(buf, buf + len, std::back_inserter(data_), [](const DolphinString* s) { return *s; });
  return true;
}

bool StringVector::appendString(const string* buf, int len) {
  std::transform(buf, buf + len, std::back_inserter(data_), [](const string& s) { return DolphinString(s); });
  return true;
}

bool StringVector::appendString(const char** buf, int len) {
  std::transform(buf, buf + len, std::back_inserter(data_), [](const char* s) { return DolphinString(s); });
  return true;
}

ConstantSP StringVector::get(INDEX index) const {
  return new String(at(index), getType() == DT_BLOB);
}

int StringVector::compare(INDEX index, const ConstantSP& target) const {
  return at(index).compare(target->getString());
}

bool StringVector::convert(const Constant& value, INDEX index, DolphinString& element) const {
  if (value.isTuple()) return convert(*value.get(index), 0, element);
  if (value.getCategory() == NOTHING) {
    element.clear();
    return true;
  }
  if (value.getCategory() != LITERAL || value.isDictionary()) return false;
  element = value.getStringRef(index);
  return true;
}

ConstantSP AnyVector::nullElement() const {
  return new Void(true);
}

bool AnyVector::append(const ConstantSP& value) {
  if (value->isTuple()) return append(value, 0, value->size());
  data_.push_back(value);
  nullFlag_ = nullFlag_ || value->isNull();
  return true;
}

bool AnyVector::set(INDEX index, const ConstantSP& value) {
  data_[checked(index)] = value;
  nullFlag_ = nullFlag_ || value->isNull();
  return true;
}

bool AnyVector::convert(const Constant& value, INDEX index, ConstantSP& element) const {
  // A scalar's get() is a copy of it; what cannot be copied has no elements to take either.
  if (!value.copyable()) return false;
  element = value.isVector() || value.isScalar() ? value.get(index) : value.getValue();
  return true;
}

HOST_SDK_END
