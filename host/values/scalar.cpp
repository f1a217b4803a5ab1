#include <algorithm>
#include <cstdlib>
#include <type_traits>

#include "Logger.h"
#include "ScalarImp.h"
#include "text.h"

HOST_SDK_BEGIN

namespace {

const DolphinString empty_string;

}  // namespace

template <class T>
DATA_TYPE AbstractScalar<T>::getRawType() const {
  return getType() == DT_BOOL ? DT_BOOL : numberType<T>();
}

template <class T>
string AbstractScalar<T>::getString() const {
  if constexpr (std::is_floating_point_v<T>) {
    return floatingText(val_);
  } else {
    return integerText(getType(), convertNumber<long long>(val_));
  }
}

template <class T>
string AbstractScalar<T>::getScript() const {
  return isNull() ? nullScript(getType()) : getString();
}

template <class T>
bool AbstractScalar<T>::set(INDEX, const ConstantSP& value) {
  const VectorSP converted = Util::createVector(getType(), 0, 1);
  if (value->size() != 1 || !converted->append(value)) return false;
  if constexpr (std::is_floating_point_v<T>) {
    val_ = convertNumber<T>(converted->getDouble(0));
  } else {
    val_ = convertNumber<T>(converted->getLong(0));
  }
  return true;
}

template <class T>
int AbstractScalar<T>::compare(INDEX, const ConstantSP& target) const {
  // Integers are not compared as doubles: two large longs could seem equal.
  if (std::is_floating_point_v<T> || target->getCategory() == FLOATING) {
    const double a = getDouble();
    const double b = target->getDouble();
    return a < b ? -1 : static_cast<int>(a > b);
  }
  const long long a = getLong();
  const long long b = target->getLong();
  return a < b ? -1 : static_cast<int>(a > b);
}

template class AbstractScalar<char>;
template class AbstractScalar<short>;
template class AbstractScalar<int>;
template class AbstractScalar<long long>;
template class AbstractScalar<float>;
template class AbstractScalar<double>;

const DolphinString& Void::getStringRef() const {
  return empty_string;
}

DolphinString** Void::getStringConst(INDEX, int len, DolphinString** buf) const {
  // The SDK's signature is not const, its meaning is: nobody may write through these pointers.
  std::fill_n(buf, len, const_cast<DolphinString*>(&empty_string));  // NOLINT
  return buf;
}

DolphinString** String::getStringConst(INDEX, int len, DolphinString** buf) const {
  std::fill_n(buf, len, &val_);
  return buf;
}

char** String::getStringConst(INDEX, int len, char** buf) const {
  std::fill_n(buf, len, const_cast<char*>(val_.c_str()));  // NOLINT: as above
  return buf;
}

bool String::set(INDEX, const ConstantSP& value) {
  if (value->isNull()) {
    val_.clear();
  } else if (value->getCategory() == LITERAL) {
    val_ = value->getStringRef();
  } else {
    return false;
  }
  return true;
}

int String::compare(INDEX, const ConstantSP& target) const {
  return val_.compare(target->getString());
}

Resource::Resource(long long handle, const string& desc, const FunctionDefSP& onClose, Session* session)
    : String(desc), handle_(handle), onClose_(onClose), session_(session) {
  if (session != nullptr) sessionLife_ = session->life();
  setTypeAndCategory(DT_RESOURCE, SYSTEM);
}

Resource::~Resource() {
  close();
}

void Resource::close() noexcept {
  if (closed_.exchange(true) || onClose_.isNull()) return;
  if (sessionLife_.expired()) {
    LOG_ERR("The resource ", getString(),
            " closes in a session that is gone: a server reads freed memory here.");
    std::abort();
  }
  try {
    const HeapSP heap = session_->getHeap();
    vector<ConstantSP> arguments{new Resource(handle_, getString(), FunctionDefSP(), nullptr)};
    onClose_->call(heap.get(), arguments);
  } catch (const std::exception& error) {
    LOG_ERR("Closing the resource ", getString(), " failed: ", error.what());
  } catch (...) {
    LOG_ERR("Closing the resource ", getString(), " failed with an exception of an unknown class.");
  }
}

HOST_SDK_END
