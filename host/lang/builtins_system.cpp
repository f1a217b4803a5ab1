// Built-in functions that reach outside: output, waiting, jobs, users, plugins.
#include <chrono>
#include <cstdlib>

#include "Logger.h"
#include "ScalarImp.h"
#include "lang/builtins.h"
#include "lang/jobs.h"
#include "lang/operators.h"
#include "lang/runtime.h"
#include "lang/session.h"
#include "lang/statements.h"
#include "loader/plugin_loader.h"

namespace host {
namespace {

ConstantSP print(Heap* heap, vector<ConstantSP>& a) {
  for (const auto& value : a)
    print_value(heap->currentSession(), value);
  return new Void(true);
}

ConstantSP write_log(Heap*, vector<ConstantSP>& a) {
  std::string line;
  for (const auto& value : a)
    line += value->getString();
  LOG_INFO(line);
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
  text_argument(a, 1, usage);
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
  const auto names = PluginLoader::instance().load(text_argument(a, 0, "loadPlugin(nameOrPath)"), heap);
  vector<ConstantSP> values;
  values.reserve(names.size());
  for (const auto& name : names)
    values.push_back(new String(name));
  return make_vector(values);
}

// The one account of a fresh server; no secret, as it is printed in the product's manual.
ConstantSP login(Heap* heap, vector<ConstantSP>& a) {
  constexpr const char* usage = "login(userId, password)";
  const auto user = text_argument(a, 0, usage);
  const auto password = text_argument(a, 1, usage);
  if (user != "admin" || password != "123456") {
    throw RuntimeException("The user name or password is incorrect for user " + user);
  }
  heap->currentSession()->setUser(AuthenticatedUser::createAdminUser());
  return new Void(true);
}

ConstantSP session_and_user(Heap* heap, vector<ConstantSP>&) {
  auto* session = heap->currentSession();
  return tuple_of({new Long(session->getSessionID()), new String(session->getUser()->getUserId())});
}

ConstantSP assertion(Heap*, vector<ConstantSP>& a) {
  if (!is_true(a.back(), "The expression of assert")) {
    throw AssertionFailed({}, "assert " + (a.size() > 1 ? a[0]->getString() + " " : "") + "failed");
  }
  return new Void(true);
}

ConstantSP version(Heap*, vector<ConstantSP>&) {
  return new String(PluginLoader::instance().server_version());
}

}  // namespace

std::vector<Builtin> system_builtins() {
  return {{"print", print, 1, any_number},
          {"writeLog", write_log, 1, any_number},
          {"sleep", sleep, 1, 1},
          {"getEnv", get_env, 1, 2},
          {"submitJob", submit_job, 3, any_number},
          {"getJobReturn", job_return, 1, 2},
          {"loadPlugin", load_plugin, 1, 1},
          {"login", login, 2, 2},
          {"getCurrentSessionAndUser", session_and_user, 0, 0},
          {"assert", assertion, 1, 2},
          {"version", version, 0, 0}};
}

}  // namespace host
