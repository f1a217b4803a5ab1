// A plugin for the tests of the loader. Written as a plugin author would: against the SDK's names only.
#include <string>
#include <thread>

#include "CoreConcept.h"
#include "ScalarImp.h"
#include "Util.h"

HOST_SDK_USE;

// The prototypes are what a plugin's public header has.
extern "C" {
ConstantSP initialize(Heap* heap, vector<ConstantSP>& arguments);
ConstantSP echo(Heap* heap, vector<ConstantSP>& arguments);
ConstantSP countArguments(Heap* heap, vector<ConstantSP>& arguments);
void fail(Heap* heap, vector<ConstantSP>& arguments);
ConstantSP makeHandle(Heap* heap, vector<ConstantSP>& arguments);
ConstantSP callInThread(Heap* heap, vector<ConstantSP>& arguments);
}

namespace {
bool initialized = false;
}

ConstantSP initialize(Heap* /*heap*/, vector<ConstantSP>& /*arguments*/) {
  initialized = true;
  return new Void();
}

ConstantSP echo(Heap* /*heap*/, vector<ConstantSP>& arguments) {
  if (!initialized) throw RuntimeException("initialize was not called");
  return arguments[0];
}

// One character an argument: v for Void, x for a value.
ConstantSP countArguments(Heap* /*heap*/, vector<ConstantSP>& arguments) {
  std::string pattern;
  for (const auto& argument : arguments)
    pattern += argument->isNothing() ? 'v' : 'x';
  return new String(pattern);
}

void fail(Heap* /*heap*/, vector<ConstantSP>& /*arguments*/) {
  throw RuntimeException("[PLUGIN::LangTest] failed");
}

ConstantSP makeHandle(Heap* heap, vector<ConstantSP>& arguments) {
  return Util::createResource(1, "a test handle", arguments[0], heap->currentSession());
}

// Calls handler(argument) from another thread in a copy of the session, as a subscription does.
ConstantSP callInThread(Heap* heap, vector<ConstantSP>& arguments) {
  const SessionSP session = heap->currentSession()->copy();
  session->setUser(heap->currentSession()->getUser());
  const FunctionDefSP handler = arguments[0];
  ConstantSP result;
  std::thread([&] {
    try {
      vector<ConstantSP> values{arguments[1]};
      result = handler->call(session->getHeap().get(), values);
    } catch (const std::exception& e) {
      result = new String(std::string("error: ") + e.what());
    }
  }).join();
  return result;
}
