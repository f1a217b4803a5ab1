// The interpreter's session: variables, functions, and the running of scripts.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "CoreConcept.h"
#include "lang/script_error.h"

HOST_SDK_USE;

namespace host {

// The functions that a session's scripts defined and the modules they `use`. Copies of a session share them.
class FunctionTable {
 public:
  void define(const std::string& name, const FunctionDefSP& function);
  void use(const std::string& module);
  // Looks for a defined function, then in used modules, then for a built-in or `module::name`.
  [[nodiscard]] FunctionDefSP find(const std::string& name) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, FunctionDefSP> functions_;
  std::set<std::string> modules_;
};

class ScriptSession : public Session {
 public:
  ScriptSession();

  SessionSP copy(bool forComputing = false) override;
  bool contain(const string& key) const override;
  ConstantSP get(const string& key) const override;
  void set(const string& key, const ConstantSP& value, bool copyIfDifferent = false) override;
  bool isInterrupted() const override;
  FunctionDefSP getFunctionDef(const string& name) const override { return functions_->find(name); }
  [[nodiscard]] FunctionTable& functions() { return *functions_; }

  // Parses and runs a script, segment by segment between its `go` statements. Throws SyntaxError, ScriptError
  // or Interrupted. With `show_values`, what the last expression statement of the script gives goes to the
  // output.
  void run(std::string_view source, std::size_t first_line, bool show_values);

 private:
  explicit ScriptSession(const std::shared_ptr<FunctionTable>& functions);

  std::shared_ptr<FunctionTable> functions_;
};

// The session of a heap that the interpreter handed out.
ScriptSession& script_session(Heap& heap);

}  // namespace host
