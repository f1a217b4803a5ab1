// The SDK's other pointer: it counts in the object itself. Servers from 3.00.4 on hold values by it.
#pragma once

#include <atomic>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <typeinfo>

#include "HostNamespace.h"

HOST_SDK_BEGIN

/// The count inside an object that ObjectPtr points to. A copy of the object starts with a count of its own.
class ReferenceCount {
 public:
  ReferenceCount() = default;
  ReferenceCount(const ReferenceCount&) noexcept {}
  ReferenceCount& operator=(const ReferenceCount&) = delete;
  ~ReferenceCount() = default;

  void add() noexcept { count_.fetch_add(1, std::memory_order_relaxed); }
  /// True when nobody is left.
  bool remove() noexcept { return count_.fetch_sub(1, std::memory_order_acq_rel) == 1; }

 private:
  std::atomic<int> count_{0};
};

/// Offers what SmartPointer offers and follows the same rules, but an object may be wrapped again from its
/// raw pointer, and the object has addRef() and releaseRef(). An object on the stack must never be wrapped.
template <class T>
class ObjectPtr {
 public:
  ObjectPtr(T* p = nullptr) noexcept : object_(p) { add(); }
  ObjectPtr(const ObjectPtr& other) noexcept : object_(other.object_) { add(); }
  ObjectPtr(ObjectPtr&& other) noexcept : object_(other.object_) { other.object_ = nullptr; }
  template <class U>
  ObjectPtr(const ObjectPtr<U>& other) : object_(convert(other.object_)) {
    add();
  }
  ~ObjectPtr() { remove(object_); }

  ObjectPtr& operator=(const ObjectPtr& other) noexcept {
    // Counted before the old object goes, which may hold the last reference to the new one.
    ObjectPtr copy(other);
    swap(copy);
    return *this;
  }
  ObjectPtr& operator=(ObjectPtr&& other) noexcept {
    ObjectPtr taken(static_cast<ObjectPtr&&>(other));
    swap(taken);
    return *this;
  }

  T& operator*() const { return *object_; }
  T* operator->() const { return object_; }
  T* get() const { return object_; }
  bool isNull() const { return object_ == nullptr; }
  void clear() { *this = ObjectPtr(); }

  bool operator==(const ObjectPtr& other) const { return object_ == other.object_; }
  bool operator!=(const ObjectPtr& other) const { return object_ != other.object_; }

 private:
  template <class U>
  friend class ObjectPtr;

  void add() noexcept {
    if (object_ != nullptr) object_->addRef();
  }
  static void remove(T* object) noexcept {
    if (object != nullptr) object->releaseRef();
  }
  void swap(ObjectPtr& other) noexcept {
    T* mine = object_;
    object_ = other.object_;
    other.object_ = mine;
  }

  template <class U>
  static T* convert(U* from) {
    static_assert(std::is_convertible_v<U*, T*> || std::is_base_of_v<U, T>,
                  "the two classes of a pointer conversion must be base and derived");
    if constexpr (std::is_convertible_v<U*, T*>) {
      return from;
    } else {
      T* to = dynamic_cast<T*>(from);
      if (to == nullptr && from != nullptr) {
        throw std::logic_error(std::string("an ObjectPtr to ") + typeid(T).name() +
                               " was made from an object of class " + typeid(*from).name());
      }
      return to;
    }
  }

  T* object_;
};

HOST_SDK_END
