#include "script_values.h"

#include <exception>

#include "plugin/sdk_strings.h"

namespace rocketmq::plugin::test {

namespace {

class TestHandler : public FunctionDef {
 public:
  TestHandler(HandlerBody body, int parameters)
      : FunctionDef(USERDEFFUNC, "handler", parameters, parameters, true), body_(std::move(body)) {}

  using FunctionDef::call;
  ConstantSP call(Heap* heap, std::vector<ConstantSP>& arguments) override {
    const TableSP table = arguments.at(0);
    const ConstantSP column = table->getColumn("msg");
    std::vector<std::string> messages;
    for (INDEX i = 0; i < column->size(); ++i)
      messages.push_back(column->getString(i));
    body_(heap, messages);
    return new Void();
  }

 private:
  HandlerBody body_;
};

class TestSession : public Session {
 public:
  TestSession() : Session(HeapSP(new Heap())) {}
  SessionSP copy(bool /*forComputing*/) override { return new TestSession(); }
  bool contain(const std::string& /*key*/) const override { return false; }
  ConstantSP get(const std::string& /*key*/) const override { return {}; }
  void set(const std::string& /*key*/, const ConstantSP& /*value*/, bool /*copyIfDifferent*/) override {}
  FunctionDefSP getFunctionDef(const std::string& /*name*/) const override { return {}; }
};

}  // namespace

ConstantSP text(const std::string& value) {
  return new String(DolphinString(value));
}
ConstantSP blob(const std::string& value) {
  return new String(DolphinString(value), true);
}
ConstantSP integer(int value) {
  return new Int(value);
}
ConstantSP long_integer(long long value) {
  return new Long(value);
}
ConstantSP number(double value) {
  return new Double(value);
}
ConstantSP boolean(bool value) {
  return new Bool(value);
}
ConstantSP null_value() {
  return new Void(true);
}
ConstantSP omitted() {
  return new Void();
}

ConstantSP texts(const std::vector<std::string>& values, DATA_TYPE type) {
  StringColumn column(type, values.size());
  for (const std::string& value : values)
    column.append(value);
  return column.finish();
}

ConstantSP config(std::initializer_list<std::pair<std::string, ConstantSP>> entries) {
  const DictionarySP dictionary = Util::createDictionary(DT_STRING, SymbolBaseSP(), DT_ANY, SymbolBaseSP());
  for (const auto& [key, value] : entries)
    dictionary->set(text(key), value);
  return dictionary;
}

FunctionDefSP handler(HandlerBody body, int parameters) {
  return new TestHandler(std::move(body), parameters);
}

FunctionDefSP ignoring_handler() {
  return handler([](Heap*, const std::vector<std::string>&) {});
}

SessionSP session_of(const std::string& user) {
  SessionSP session = new TestSession();
  session->setUser(AuthenticatedUserSP(new AuthenticatedUser(user, false, false)));
  return session;
}

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

}  // namespace rocketmq::plugin::test
