#include "lang/session.h"

#include <span>

#include "lang/builder.h"
#include "lang/runtime.h"
#include "lang/statements.h"
#include "lang/syntax.h"

namespace host {

void FunctionTable::define(const std::string& name, const FunctionDefSP& function) {
  FunctionDefSP old = function;
  const std::lock_guard lock(mutex_);
  std::swap(functions_[name], old);
}

void FunctionTable::use(const std::string& module) {
  const std::lock_guard lock(mutex_);
  modules_.insert(module);
}

FunctionDefSP FunctionTable::find(const std::string& name) const {
  const auto& runtime = Runtime::instance();
  const std::lock_guard lock(mutex_);
  const auto own = functions_.find(name);
  if (own != functions_.end()) return own->second;
  for (const auto& module : modules_) {
    std::string qualified = module;
    qualified.append("::").append(name);
    FunctionDefSP function = runtime.find_function(qualified);
    if (!function.isNull()) return function;
  }
  return runtime.find_function(name);
}

ScriptSession::ScriptSession() : ScriptSession(std::make_shared<FunctionTable>()) {}

ScriptSession::ScriptSession(const std::shared_ptr<FunctionTable>& functions)
    : Session(HeapSP(new Heap())), functions_(functions) {
  // Only users who have logged in may load plugins; the host stands for a session of the administrator.
  setUser(AuthenticatedUser::createAdminUser());
}

SessionSP ScriptSession::copy(bool /*forComputing*/) {
  SessionSP result = new ScriptSession(functions_);
  result->setUser(getUser());
  result->setOutput(getOutput());
  return result;
}

bool ScriptSession::isInterrupted() const {
  return Runtime::instance().interrupted();
}

bool ScriptSession::contain(const string& key) const {
  return getHeap()->contains(key) || !Runtime::instance().find_shared(key).isNull();
}

ConstantSP ScriptSession::get(const string& key) const {
  const ConstantSP own = getHeap()->getReference(key);
  return own.isNull() ? Runtime::instance().find_shared(key) : own;
}

void ScriptSession::set(const string& key, const ConstantSP& value, bool /*copyIfDifferent*/) {
  getHeap()->addItem(key, value);
}

void ScriptSession::run(std::string_view source, std::size_t first_line, bool show_values) {
  const Layout layout(source, first_line);
  const SyntaxNode program = parse_syntax(layout);
  const HeapSP heap = getHeap();
  const std::span<const SyntaxNode> statements(program.children);
  Builder builder(layout, *this);
  for (std::size_t begin = 0; begin <= statements.size();) {
    auto end = begin;
    while (end < statements.size() && statements[end].kind != Syntax::go_statement)
      ++end;
    const Block block = builder.build(statements.subspan(begin, end - begin));
    for (const auto& statement : block.statements) {
      ConstantSP result;
      if (execute_statement(*statement, Context{heap.get()}, result) == Flow::return_value) return;
      const bool last = end == statements.size() && statement == block.statements.back();
      const bool visible = show_values && last && statement->shows_value();
      if (visible && !result.isNull() && result->getType() != DT_VOID) print_value(this, result);
    }
    begin = end + 1;
  }
}

ScriptSession& script_session(Heap& heap) {
  auto* session = dynamic_cast<ScriptSession*>(heap.currentSession());
  if (session == nullptr) throw RuntimeException("This function needs a session of the host");
  return *session;
}

}  // namespace host
