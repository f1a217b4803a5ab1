// The SDK's face as the plugin uses it: enum numbers, pointers, strings, exceptions, sessions.
#include <gtest/gtest.h>

#include "ddbplugin/DolphinDBEverything.h"
#include "empty_session.h"

HOST_SDK_USE;

namespace {

TEST(SdkNumbers, AreTheOnesThatServersUse) {
  EXPECT_EQ(static_cast<int>(DT_NANOTIMESTAMP), 14);
  EXPECT_EQ(static_cast<int>(DT_STRING), 18);
  EXPECT_EQ(static_cast<int>(DT_FUNCTIONDEF), 20);
  EXPECT_EQ(static_cast<int>(DT_RESOURCE), 24);
  EXPECT_EQ(static_cast<int>(DT_ANY), 25);
  EXPECT_EQ(static_cast<int>(DT_BLOB), 32);
  EXPECT_EQ(static_cast<int>(DF_DICTIONARY), 5);
  EXPECT_EQ(static_cast<int>(DF_TABLE), 6);
  EXPECT_EQ(static_cast<int>(LITERAL), 5);
  EXPECT_EQ(static_cast<int>(SYSTEM), 6);
  EXPECT_EQ(static_cast<int>(OTHERERR), 13);
}

TEST(ValuePointers, SharesOneObjectAndConvertsBothWays) {
  ConstantSP constant = new String("abc");
  ValuePointer<String> string = constant;
  EXPECT_EQ(string.get(), constant.get());
  constant.clear();
  EXPECT_TRUE(constant.isNull());
  EXPECT_EQ(string->getString(), "abc");
  constant = string;
  EXPECT_TRUE(constant == ConstantSP(string));
  EXPECT_TRUE(ConstantSP().isNull());
}

TEST(ValuePointers, ReportsAConversionToTheWrongClass) {
  const ConstantSP constant = new Int(1);
  EXPECT_THROW(TableSP table = constant, std::logic_error);
  EXPECT_TRUE(TableSP(ConstantSP()).isNull());
}

TEST(DolphinStringTest, KeepsEveryByte) {
  const std::string bytes("a\0b\xff", 4);
  EXPECT_EQ(DolphinString(bytes).size(), 4U);
  EXPECT_EQ(DolphinString(bytes).getString(), bytes);
  EXPECT_EQ(DolphinString(bytes.data(), bytes.size()), DolphinString(bytes));
  EXPECT_LT(DolphinString("a").compare(DolphinString("\xff")), 0);
  EXPECT_EQ(ConstantSP(new String(DolphinString(bytes), true))->getString(), bytes);
}

TEST(Exceptions, SayWhatAScriptSees) {
  EXPECT_STREQ(RuntimeException("[PLUGIN::RocketMQ] no route").what(), "[PLUGIN::RocketMQ] no route");
  const IllegalArgumentException error("send", "Usage: send(...)");
  EXPECT_STREQ(error.what(), "Usage: send(...)");
  EXPECT_EQ(error.getFunctionName(), "send");
  EXPECT_STREQ(IncompatibleTypeException(DT_INT, DT_STRING).what(),
               "Incompatible type. Expected: INT, Actual: STRING");
  RuntimeException traced("x");
  traced.addPath("inner");
  traced.addPath("outer");
  EXPECT_EQ(traced.getPath(), "outer => inner");
}

class SilentOutput : public Output {
 public:
  bool timeElapsed(long long) override { return true; }
  bool write(const ConstantSP&) override { return true; }
  bool message(const string&) override { return true; }
  void enableIntermediateMessage(bool) override {}
  bool start() override { return true; }
  bool start(const string&) override { return true; }
  IO_ERR done() override { return OK; }
  IO_ERR done(const string&) override { return OK; }
  IO_ERR writeReady() override { return OK; }
  void close() override {}
  OUTPUT_TYPE getOutputType() const override { return LOGOUT; }
  void setWindow(INDEX, INDEX) override {}
  IO_ERR flush() override { return OK; }
};

TEST(SessionTest, ACopyHasItsOwnHeapUserAndOutput) {
  const SessionSP session = new EmptySession();
  session->set("x", new Int(1));
  session->setUser(AuthenticatedUser::createAdminUser());
  const SessionSP copy = session->copy();
  EXPECT_EQ(copy->getUser()->getUserId(), "guest");
  copy->setUser(session->getUser());
  copy->setOutput(new SilentOutput());
  EXPECT_EQ(copy->getUser()->getUserId(), "admin");
  EXPECT_TRUE(copy->getUser()->isAdmin());
  EXPECT_TRUE(session->getOutput().isNull());
  EXPECT_EQ(copy->getHeap()->currentSession(), copy.get());
  EXPECT_NE(copy->getHeap().get(), session->getHeap().get());
  EXPECT_FALSE(copy->contain("x"));
  EXPECT_FALSE(copy->setUser(AuthenticatedUserSP()));
}

TEST(HeapTest, FindsVariablesByName) {
  Heap heap;
  EXPECT_TRUE(heap.getReference("a").isNull());
  heap.addItem("a", new Int(1));
  heap.addItem("a", new Int(2));
  EXPECT_EQ(heap.size(), 1);
  EXPECT_EQ(heap.getReference("a")->getInt(), 2);
  heap.removeItem("a");
  EXPECT_FALSE(heap.contains("a"));
}

}  // namespace
