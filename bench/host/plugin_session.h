#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "CoreConcept.h"
#include "common/bodies.h"
#include "lang/session.h"

HOST_SDK_USE;

namespace rocketmq::bench {

/// The host's session with the plugin loaded, as a script has it. One a process; one thread at a time.
class PluginSession {
 public:
  PluginSession();
  ~PluginSession();  ///< Ends jobs and producers as the host does at its end.
  PluginSession(const PluginSession&) = delete;
  PluginSession& operator=(const PluginSession&) = delete;

  /// Runs a script; errors are exceptions.
  void run(const std::string& script);

  /// Calls a function of the plugin or of the language as a script's call does.
  ConstantSP call(const std::string& function, std::vector<ConstantSP> arguments);

  /// The value of a variable or of a shared table.
  [[nodiscard]] ConstantSP get(const std::string& name) const { return session_->get(name); }

  /// A session of another thread, with copies of nothing but the functions.
  [[nodiscard]] SessionSP copy() const { return session_->copy(); }

  [[nodiscard]] Heap* heap() const { return session_->getHeap().get(); }

 private:
  SessionSP session_;
};

/// Calls `function` in a session, with the checks that every call of a script gets.
ConstantSP call_in(Session& session, const std::string& function, std::vector<ConstantSP> arguments);

/// A STRING vector of `count` bodies, from number `first` on.
[[nodiscard]] ConstantSP make_bodies(std::size_t first, std::size_t count, const BodyShape& shape);

}  // namespace rocketmq::bench
