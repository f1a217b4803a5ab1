#include "core/Session.h"

HOST_SDK_BEGIN

AuthenticatedUserSP AuthenticatedUser::createAdminUser() {
  return new AuthenticatedUser("admin", true, false);
}

AuthenticatedUserSP AuthenticatedUser::createGuestUser() {
  return new AuthenticatedUser("guest", false, true);
}

ConstantSP Heap::getReference(const string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? ConstantSP() : found->second;
}

int Heap::addItem(const string& name, const ConstantSP& value) {
  values_[name] = value;
  return 0;
}

Session::Session(const HeapSP& heap) : heap_(heap), user_(AuthenticatedUser::createGuestUser()) {
  if (!heap_.isNull()) heap_->currentSession(this);
}

Session::~Session() {
  if (!heap_.isNull()) heap_->removeAllItems();
}

AuthenticatedUserSP Session::getUser() {
  const std::lock_guard<std::mutex> guard(userMutex_);
  return user_;
}

bool Session::setUser(const AuthenticatedUserSP& user) {
  if (user.isNull()) return false;
  const std::lock_guard<std::mutex> guard(userMutex_);
  user_ = user;
  return true;
}

HOST_SDK_END
