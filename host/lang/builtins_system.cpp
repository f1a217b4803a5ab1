// Built-in functions that reach outside: output, waiting, jobs, plugins.
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "Logger.h"
#include "ScalarImp.h"
#include "lang/builtins.h"
#include "lang/jobs.h"
#include "lang/operators.h"
#include "lang/runtime.h"
#include "lang/session.h"
#include "lang/statements.h"
#include "lang/test_runner.h"
#include "loader/plugin_loader.h"

namespace host {
namespace {

ConstantSP print(Heap* heap, vector<ConstantSP>& a) {
  print_value(heap->currentSession(), a[0]);
  return new Void(true);
}

// Each argument is a line of its own.
ConstantSP write_log(Heap*, vector<ConstantSP>& a) {
  for (std::size_t i = 0; i < a.size(); ++i)
    LOG_INFO(text_argument(a, i, "writeLog(X1, [X2], ...)"));
  return new Void(true);
}

ConstantSP sleep(Heap*, vector<ConstantSP>& a) {
  constexpr const char* usage = "sleep(milliseconds)";
  constexpr long long longest = 24LL * 3600 * 1000;
  const auto duration = whole_argument(a, 0, usage);
  if (duration < 0 || duration > longest) bad_argument(usage, "The duration must be between 0 ms and a day");
  Runtime::instance().sleep(std::chrono::milliseconds(duration));
  return new Void(true);
}

ConstantSP get_env(Heap*, vector<ConstantSP>& a) {
  const auto name = text_argument(a, 0, "getEnv(name, [default])");
  // Nothing in the process changes the environment.
  const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
  if (value != nullptr) return new String(value);
  return given(a, 1) ? a[1] : ConstantSP(new String(""));
}

ConstantSP submit_job(Heap* heap, vector<ConstantSP>& a) {
  constexpr const char* usage = "submitJob(jobId, jobDesc, jobDef, args...)";
  const auto id = text_argument(a, 0, usage);
  if (id.empty()) bad_argument(usage, "jobId must not be empty");
  if (given(a, 1)) text_argument(a, 1, usage);
  const FunctionDefSP function = function_argument(a, 2, usage);
  const vector<ConstantSP> arguments(a.begin() + 3, a.end());
  return new String(Jobs::instance().submit(id, *heap->currentSession(), function, arguments));
}

ConstantSP job_return(Heap*, vector<ConstantSP>& a) {
  const auto id = text_argument(a, 0, "getJobReturn(jobId, [blocking = false])");
  const bool wait = given(a, 1) && is_true(a[1], "The argument blocking of getJobReturn");
  return Jobs::instance().result(id, wait);
}

ConstantSP load_plugin(Heap* heap, vector<ConstantSP>& a) {
  PluginLoader::instance().load(text_argument(a, 0, "loadPlugin(filepath)"), heap);
  return new Void(true);
}

// A server keeps users and their passwords. The host has the administrator, with a server's first password.
ConstantSP login(Heap* heap, vector<ConstantSP>& a) {
  constexpr const char* usage = "login(userId, password)";
  const auto user = text_argument(a, 0, usage);
  if (user != "admin" || text_argument(a, 1, usage) != "123456")
    throw RuntimeException("The user name or password is incorrect.");
  heap->currentSession()->setUser(AuthenticatedUser::createAdminUser());
  return new Void(true);
}

ConstantSP logout(Heap* heap, vector<ConstantSP>&) {
  heap->currentSession()->setUser(AuthenticatedUser::createGuestUser());
  return new Void(true);
}

// Runs a file in the session, segment by segment, and forgets the session's variables unless `clean` is
// false.
ConstantSP run_script(Heap* heap, vector<ConstantSP>& a) {
  constexpr const char* usage = "run(scriptFile, [newSession = false], [clean = true])";
  const auto file = text_argument(a, 0, usage);
  if (given(a, 1) && is_true(a[1], "The argument newSession of run"))
    bad_argument(usage, "The host runs scripts in the same session only");
  const bool clean = !given(a, 2) || is_true(a[2], "The argument clean of run");
  auto& session = script_session(*heap);
  session.run(read_script(file), 1, false);
  if (clean) session.getHeap()->removeAllItems();
  return new Void(true);
}

ConstantSP home_directory(Heap*, vector<ConstantSP>&) {
  const auto& home = Runtime::instance().home();
  // Whoever writes there says so if it cannot be made.
  std::error_code ignored;
  std::filesystem::create_directories(home, ignored);
  return new String(home);
}

}  // namespace

std::vector<Builtin> system_builtins() {
  return {{"print", print, 1, 1},
          {"writeLog", write_log, 1, any_number},
          {"sleep", sleep, 1, 1},
          {"getEnv", get_env, 1, 2},
          {"submitJob", submit_job, 3, any_number},
          {"getJobReturn", job_return, 1, 2},
          {"loadPlugin", load_plugin, 1, 1},
          {"login", login, 2, 2},
          {"logout", logout, 0, 0},
          {"run", run_script, 1, 3},
          {"getHomeDir", home_directory, 0, 0}};
}

}  // namespace host
