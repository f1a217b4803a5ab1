// Functions, partial applications, resources, and the log.
#include <gtest/gtest.h>

#include "Logger.h"
#include "ScalarImp.h"
#include "empty_session.h"

HOST_SDK_USE;

namespace {

ConstantSP join(Heap*, vector<ConstantSP>& arguments) {
  string text;
  for (const ConstantSP& argument : arguments) {
    text += argument->isNothing() ? "-" : argument->getString();
  }
  return new String(text);
}

FunctionDefSP joiner(int min, int max) {
  return Util::createSystemFunction("join", join, min, max, false);
}

string joined(const FunctionDefSP& function, vector<ConstantSP> arguments) {
  Heap heap;
  return function->call(&heap, arguments)->getString();
}

TEST(FunctionTest, ChecksHowManyArgumentsItGets) {
  const FunctionDefSP function = joiner(1, 2);
  EXPECT_EQ(function->getType(), DT_FUNCTIONDEF);
  EXPECT_TRUE(function->isScalar());
  EXPECT_TRUE(function->acceptParamCount(2));
  EXPECT_FALSE(function->acceptParamCount(3));
  EXPECT_EQ(joined(function, {new Int(1), new Int(2)}), "12");
  try {
    joined(function, {});
    FAIL() << "no exception";
  } catch (const IllegalArgumentException& error) {
    EXPECT_STREQ(error.what(),
                 "The function [join] expects 1~2 argument(s), but the actual number of arguments is: 0");
  }
  function->setModule("text");
  EXPECT_EQ(function->getString(), "text::join");
  EXPECT_THROW(function->getValue(), RuntimeException);
}

TEST(PartialFunctionTest, FixesTheFirstArguments) {
  const FunctionDefSP append = Util::createPartialFunction(joiner(2, 2), {new String("t")});
  EXPECT_EQ(append->getFunctionDefType(), PARTIALFUNC);
  EXPECT_TRUE(append->acceptParamCount(1));
  EXPECT_FALSE(append->acceptParamCount(2));
  EXPECT_EQ(joined(append, {new String("m")}), "tm");
  EXPECT_EQ(append->getString(), "join{\"t\"}");
}

TEST(PartialFunctionTest, LeavesOpenPlacesForTheCall) {
  const FunctionDefSP function = Util::createPartialFunction(joiner(2, 3), {new Void(), new String("b")});
  EXPECT_EQ(function->getMinParamCount(), 1);
  EXPECT_EQ(function->getMaxParamCount(), 2);
  EXPECT_EQ(joined(function, {new String("a")}), "ab");
  EXPECT_EQ(joined(function, {new String("a"), new String("c")}), "abc");
  EXPECT_THROW(Util::createPartialFunction(joiner(1, 1), {new Int(1), new Int(2)}), IllegalArgumentException);
}

int closed_count = 0;
long long closed_handle = 0;
string closed_name;
Session* closed_in = nullptr;

void onClose(Heap* heap, vector<ConstantSP>& arguments) {
  closed_in = heap->currentSession();
  ++closed_count;
  closed_handle = arguments[0]->getLong();
  closed_name = arguments[0]->getString();
  arguments[0]->setLong(0);
}

void failingClose(Heap*, vector<ConstantSP>&) {
  throw RuntimeException("broken");
}

ConstantSP resource(long long handle, const string& name, SysProc closer, const SessionSP& session) {
  return Util::createResource(handle, name, Util::createSystemProcedure("onClose", closer, 1, 1),
                              session.get());
}

TEST(ResourceTest, ClosesOnceInItsSessionWhenTheLastReferenceGoes) {
  closed_count = 0;
  const SessionSP session = new EmptySession();
  ConstantSP first = resource(42, "producer 1", onClose, session);
  ConstantSP second = first;
  EXPECT_EQ(first->getType(), DT_RESOURCE);
  EXPECT_EQ(first->getLong(), 42);
  EXPECT_EQ(first->getString(), "producer 1");
  first.clear();
  EXPECT_EQ(closed_count, 0);
  second.clear();
  EXPECT_EQ(closed_count, 1);
  EXPECT_EQ(closed_handle, 42);
  EXPECT_EQ(closed_name, "producer 1");
  EXPECT_EQ(closed_in, session.get());
}

TEST(ResourceTest, AVariableClosesBeforeItsSessionIsGone) {
  closed_count = 0;
  SessionSP session = new EmptySession();
  session->set("r", resource(1, "r", onClose, session));
  session.clear();
  EXPECT_EQ(closed_count, 1);
}

TEST(ResourceDeathTest, OneThatOutlivesItsSessionAbortsWhereAServerWouldReadFreedMemory) {
  SessionSP session = new EmptySession();
  ConstantSP late = resource(1, "late", onClose, session);
  EXPECT_DEATH(
      {
        session.clear();
        late.clear();
      },
      "The resource late closes in a session that is gone");
}

TEST(ResourceTest, IsNotClosedAgainAfterAnExplicitClose) {
  closed_count = 0;
  {
    const SessionSP session = new EmptySession();
    const ResourceSP twice = resource(7, "p", onClose, session);
    twice->close();
    twice->close();
    EXPECT_EQ(closed_count, 1);
  }
  EXPECT_EQ(closed_count, 1);
}

class CapturedLog {
 public:
  CapturedLog() {
    log_inst.setSink([this](const std::string& line) { lines.push_back(line); });
  }
  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;
  ~CapturedLog() { log_inst.setSink({}); }
  vector<string> lines;
};

TEST(ResourceTest, LogsWhatItsCloseThrows) {
  CapturedLog log;
  const SessionSP session = new EmptySession();
  resource(1, "p", failingClose, session).clear();
  ASSERT_EQ(log.lines.size(), 1U);
  EXPECT_NE(log.lines[0].find("<ERROR> :Closing the resource p failed: broken"), string::npos);
}

TEST(LoggerTest, WritesLinesWithTimeAndLevel) {
  CapturedLog log;
  LOG_INFO("rows: ", 3, " of ", string("t"));
  LOG("not shown below the level");
  LOG_WARN("careful");
  ASSERT_EQ(log.lines.size(), 2U);
  EXPECT_EQ(log.lines[0].substr(23), " <INFO> :rows: 3 of t");
  EXPECT_EQ(log.lines[0][10], 'T');
  EXPECT_EQ(log.lines[1].substr(23), " <WARNING> :careful");
}

}  // namespace
