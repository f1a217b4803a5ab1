// Output of sessions on standard output.
#pragma once

#include "CoreConcept.h"

HOST_SDK_USE;

namespace host {

// One line of `print` at a time, whichever thread it comes from.
class StdoutOutput : public Output {
 public:
  bool timeElapsed(long long) override { return true; }
  bool write(const ConstantSP& obj) override;
  bool message(const string& msg) override;
  void enableIntermediateMessage(bool) override {}
  bool start() override { return true; }
  bool start(const string&) override { return true; }
  IO_ERR done() override { return OK; }
  IO_ERR done(const string& errMsg) override;
  IO_ERR writeReady() override { return OK; }
  void close() override {}
  OUTPUT_TYPE getOutputType() const override { return STDOUT; }
  void setWindow(INDEX, INDEX) override {}
  IO_ERR flush() override;
};

}  // namespace host
