#pragma once

#include <functional>
#include <utility>

#include "CoreConcept.h"

HOST_SDK_USE;

namespace rocketmq::bench {

/// A job's handler in C++, for works that measure what is around the handler. Called from the job's threads.
class NativeHandler : public FunctionDef {
 public:
  using Body = std::function<void(Heap* heap, const ConstantSP& data)>;

  explicit NativeHandler(Body body)
      : FunctionDef(USERDEFFUNC, "benchHandler", 1, 1, false), body_(std::move(body)) {}

  using FunctionDef::call;
  ConstantSP call(Heap* heap, vector<ConstantSP>& arguments) override {
    body_(heap, arguments.at(0));
    return {};
  }

 private:
  Body body_;
};

}  // namespace rocketmq::bench
