// Scripts as a whole: their output, their errors, and what several threads may do with one function.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "ScalarImp.h"
#include "lang/jobs.h"
#include "lang/runtime.h"
#include "lang/session.h"
#include "lang/test_runner.h"

HOST_SDK_USE;

namespace host {
namespace {

using testing::HasSubstr;

class Script : public testing::Test {
 protected:
  ScriptSession& session() { return dynamic_cast<ScriptSession&>(*session_); }

  ConstantSP value(const std::string& code) {
    session().run("result__ = " + code, 1, false);
    return session().get("result__");
  }

  std::string error(const std::string& code) {
    try {
      session().run(code, 1, false);
    } catch (...) {
      return describe_current_error("t.dos");
    }
    return "no error";
  }

  SessionSP session_ = new ScriptSession();
};

TEST_F(Script, ErrorsNameFileLineColumnAndFunctions) {
  EXPECT_THAT(error("def f(x){\n  throw \"boom\"\n}\ndef g(x){ f(x) }\ng(1)"),
              HasSubstr("t.dos:2:3: boom [in g => f]"));
}

TEST_F(Script, UnknownNamesAreSyntaxErrorsBeforeAnythingRuns) {
  EXPECT_THAT(error("done = 1\nnoSuchFunction(1)"),
              HasSubstr("[line #2] Cannot recognize the token noSuchFunction"));
  EXPECT_FALSE(session().contain("done"));
  EXPECT_THAT(error("NoPlugin::send(1)"), HasSubstr("Syntax Error: [line #1]"));
}

TEST_F(Script, SegmentsBeforeGoHaveRunWhenTheNextIsParsed) {
  EXPECT_THAT(error("first = 1\ngo\nnoSuchFunction(1)"), HasSubstr("Syntax Error"));
  EXPECT_TRUE(session().contain("first"));
}

TEST_F(Script, EndlessRecursionIsAnError) {
  EXPECT_THAT(error("def f(x){ return f(x + 1) }\nf(1)"), HasSubstr("levels deep"));
}

TEST_F(Script, InterruptEndsASleepAndALoop) {
  Runtime::make_thread_interruptible(Runtime::Work::command);
  for (const auto* code : {"sleep(600000)", "do { } while(true)"}) {
    std::thread watcher([] { Runtime::instance().interrupt_command(); });
    EXPECT_THROW(session().run(code, 1, false), Interrupted);
    watcher.join();
    Runtime::instance().clear_command_interrupt();
  }
}

TEST_F(Script, InterruptOfTheCommandLeavesJobsAlone) {
  session().run("id = submitJob(\"goesOn\", \"a test\", def(){ sleep(100); return 7 })", 1, false);
  Runtime::instance().interrupt_command();
  const auto id = session().get("id")->getString();
  std::thread waiter([&] { EXPECT_EQ(Jobs::instance().result(id, true)->getInt(), 7); });
  waiter.join();
  Runtime::instance().clear_command_interrupt();
}

TEST_F(Script, InterruptLeavesTheThreadsOfPluginsAlone) {
  session().run("def f(x){ sleep(1); return x + 1 }", 1, false);
  const FunctionDefSP function = session().getFunctionDef("f");
  const SessionSP copy = session().copy();
  Runtime::instance().interrupt_command();
  int result = 0;
  std::thread plugin_thread([&] {
    vector<ConstantSP> arguments{new Int(1)};
    result = function->call(copy->getHeap().get(), arguments)->getInt();
  });
  plugin_thread.join();
  Runtime::instance().clear_command_interrupt();
  EXPECT_EQ(result, 2);
}

TEST_F(Script, OneFunctionRunsInManyThreadsWithVariablesOfItsOwn) {
  session().run(
      "t = table(1:0, [`v], [INT])\ndef add(t, n){ for(i in 0:n) { t.append!(table([i] as v)) }; return n }",
      1, false);
  const FunctionDefSP add = session().getFunctionDef("add");
  const ConstantSP table = session().get("t");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this, add, table] {
      const SessionSP own = session_->copy();
      vector<ConstantSP> arguments{table, new Int(200)};
      add->call(own->getHeap().get(), arguments);
    });
  }
  for (int i = 0; i < 20; ++i)
    EXPECT_GE(value("exec count(*) from t where v >= 0")->getInt(), 0);
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(value("exec count(*) from t")->getInt(), 800);
}

TEST_F(Script, CopiesOfASessionShareFunctionsAndSharedTablesOnly) {
  session().run("x = 1\nshare table([1] as v) as lang_test_shared\ndef f(){ return 7 }", 1, false);
  const SessionSP copy = session_->copy();
  EXPECT_FALSE(copy->contain("x"));
  EXPECT_TRUE(copy->contain("lang_test_shared"));
  EXPECT_FALSE(copy->getFunctionDef("f").isNull());
  Runtime::instance().release_shared();
}

TEST(TestScripts, AreSplitAtTheirMarkers) {
  const auto script =
      parse_test_script("x = 1\n@testing:case=\"a\"\nassert 1, x\n@testing:case=\"b\", exception=1\nf()\n");
  EXPECT_EQ(script.preamble, "x = 1\n");
  ASSERT_EQ(script.cases.size(), 2U);
  EXPECT_EQ(script.cases[0].first_line, 3U);
  EXPECT_EQ(script.cases[1].expect, TestCase::Expect::exception);
  EXPECT_THROW(parse_test_script("@testing:case=a\n"), SyntaxError);
}

}  // namespace
}  // namespace host
