// The SDK's shared pointer. Its reference count is atomic; the object it points to is not protected.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "HostNamespace.h"

HOST_SDK_BEGIN

/// Offers what every server's pointer offers: made from `T*`, copied, moved, `->`, `*`, get(), isNull(),
/// clear(), == and !=, implicit conversion towards base classes and towards derived ones.
///
/// Two rules of the SDK hold here too: a raw pointer is wrapped once and never again, and conversion
/// towards a derived class compiles for any class of the same family. Where a server would go on with a
/// pointer of the wrong class, the host throws std::logic_error, so that a forgotten form check is found.
template <class T>
class SmartPointer {
 public:
  SmartPointer(T* p = nullptr) : object_(p) {}

  SmartPointer(const SmartPointer&) = default;
  SmartPointer(SmartPointer&&) noexcept = default;
  SmartPointer& operator=(const SmartPointer&) = default;
  SmartPointer& operator=(SmartPointer&&) noexcept = default;
  ~SmartPointer() = default;

  template <class U>
  SmartPointer(const SmartPointer<U>& other) : object_(convert(other.object_)) {}

  T& operator*() const { return *object_; }
  T* operator->() const { return object_.get(); }
  T* get() const { return object_.get(); }
  bool isNull() const { return object_ == nullptr; }
  void clear() { object_.reset(); }

  bool operator==(const SmartPointer& other) const { return object_ == other.object_; }
  bool operator!=(const SmartPointer& other) const { return object_ != other.object_; }

 private:
  template <class U>
  friend class SmartPointer;

  template <class U>
  static std::shared_ptr<T> convert(const std::shared_ptr<U>& from) {
    static_assert(std::is_convertible_v<U*, T*> || std::is_base_of_v<U, T>,
                  "the two classes of a pointer conversion must be base and derived");
    if constexpr (std::is_convertible_v<U*, T*>) {
      return from;
    } else {
      std::shared_ptr<T> to = std::dynamic_pointer_cast<T>(from);
      if (to == nullptr && from != nullptr) {
        const U& object = *from;
        throw std::logic_error(std::string("a SmartPointer to ") + typeid(T).name() +
                               " was made from an object of class " + typeid(object).name());
      }
      return to;
    }
  }

  std::shared_ptr<T> object_;
};

HOST_SDK_END
