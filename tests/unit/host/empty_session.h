#pragma once

#include "CoreConcept.h"

HOST_SDK_USE;

/// A session with variables and no functions.
class EmptySession : public Session {
 public:
  EmptySession() : Session(new Heap()) {}
  SessionSP copy(bool) override { return new EmptySession(); }
  bool contain(const string& key) const override { return getHeap()->contains(key); }
  ConstantSP get(const string& key) const override { return getHeap()->getReference(key); }
  void set(const string& key, const ConstantSP& value, bool) override { getHeap()->addItem(key, value); }
  FunctionDefSP getFunctionDef(const string&) const override { return {}; }
};
