#include "plugin/handler_session.h"

#include <string>

namespace rocketmq::plugin {

namespace {

/// Swallows what a handler prints.
class SilentOutput : public Output {
 public:
  bool timeElapsed(long long) override { return true; }
  bool write(const ConstantSP&) override { return true; }
  bool message(const std::string&) override { return true; }
  void enableIntermediateMessage(bool) override {}
  bool start() override { return true; }
  bool start(const std::string&) override { return true; }
  IO_ERR done() override { return OK; }
  IO_ERR done(const std::string&) override { return OK; }
  IO_ERR writeReady() override { return OK; }
  void close() override {}
  OUTPUT_TYPE getOutputType() const override { return STDOUT; }
  void setWindow(INDEX, INDEX) override {}
  IO_ERR flush() override { return OK; }
};

}  // namespace

SessionSP copy_session(Heap* heap) {
  Session* creator = heap->currentSession();
  SessionSP session = creator->copy();
  session->setUser(creator->getUser());
  session->setOutput(OutputSP(new SilentOutput()));
  return session;
}

}  // namespace rocketmq::plugin
