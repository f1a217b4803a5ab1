#include "host/plugin_session.h"

#include <algorithm>
#include <chrono>

#include "ScalarImp.h"
#include "Util.h"
#include "lang/functions.h"
#include "lang/jobs.h"
#include "lang/runtime.h"
#include "lang/stdout_output.h"

namespace rocketmq::bench {

namespace {

constexpr std::chrono::seconds end_patience{10};
constexpr std::size_t chunk_rows = 1024;

}  // namespace

PluginSession::PluginSession() {
  // Made first, so that they outlive the static objects of the plugin.
  host::Runtime::instance();
  host::Jobs::instance();
  session_ = new host::ScriptSession();
  session_->setSessionID(1);
  session_->setOutput(new host::StdoutOutput());
  run("loadPlugin(\"RocketMQ\")");
}

PluginSession::~PluginSession() {
  host::Jobs::instance().join_all(std::chrono::steady_clock::now() + end_patience);
  session_->getHeap()->removeAllItems();
  session_.clear();
  host::Runtime::instance().release_shared();
}

void PluginSession::run(const std::string& script) {
  dynamic_cast<host::ScriptSession&>(*session_).run(script, 1, false);
}

ConstantSP PluginSession::call(const std::string& function, std::vector<ConstantSP> arguments) {
  return call_in(*session_, function, std::move(arguments));
}

ConstantSP call_in(Session& session, const std::string& function, std::vector<ConstantSP> arguments) {
  const FunctionDefSP found = session.getFunctionDef(function);
  if (found.isNull()) throw RuntimeException("There is no function " + function);
  return host::call_function(host::Context{session.getHeap().get()}, found, arguments);
}

ConstantSP make_bodies(std::size_t first, std::size_t count, const BodyShape& shape) {
  const VectorSP bodies = Util::createVector(DT_STRING, 0, static_cast<INDEX>(count));
  std::vector<std::string> chunk;
  for (std::size_t done = 0; done < count; done += chunk.size()) {
    chunk.clear();
    for (std::size_t i = 0; i < std::min(chunk_rows, count - done); ++i)
      chunk.push_back(make_body(first + done + i, shape));
    bodies->appendString(chunk.data(), static_cast<int>(chunk.size()));
  }
  return bodies;
}

}  // namespace rocketmq::bench
