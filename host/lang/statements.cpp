#include "lang/statements.h"

#include <cstdlib>
#include <new>

#include "ScalarImp.h"
#include "lang/runtime.h"

namespace host {
namespace {

// Gives the exception in flight a place and a type, unless it has them.
[[noreturn]] void rethrow_at(Position where) {
  try {
    throw;
  } catch (const ScriptError&) {
    throw;
  } catch (const Interrupted&) {
    throw;
  } catch (const AssertionFailed&) {
    throw;
  } catch (const SyntaxError&) {
    throw;
  } catch (const OperatorRuntimeException& e) {
    throw ScriptError(where, "SYSTEM_Operator", e.what());
  } catch (const UserException& e) {
    throw ScriptError(where, e.getExceptionType(), e.what());
  } catch (const std::bad_alloc&) {
    throw ScriptError(where, "SYSTEM_Memory", "Out of memory");
  } catch (const std::exception& e) {
    throw ScriptError(where, "SYSTEM_Runtime", e.what());
  }
}

bool ends_loop(Flow flow) {
  return flow == Flow::break_loop || flow == Flow::return_value;
}

ConstantSP combined(std::optional<Operator> op, const ConstantSP& old, const ConstantSP& value) {
  return op ? apply(*op, old, value) : value;
}

}  // namespace

Flow execute_statement(const Statement& statement, const Context& context, ConstantSP& result) {
  try {
    Runtime::instance().check_interrupt();
    return statement.execute(context, result);
  } catch (...) {
    rethrow_at(statement.where());
  }
}

Flow Block::execute(const Context& context, ConstantSP& result) const {
  for (const auto& statement : statements) {
    const Flow flow = execute_statement(*statement, context, result);
    if (flow != Flow::next) return flow;
  }
  return Flow::next;
}

Flow ExpressionStatement::execute(const Context& context, ConstantSP& result) const {
  result = value_->evaluate(context);
  return Flow::next;
}

Flow AssignVariable::execute(const Context& context, ConstantSP& /*result*/) const {
  ConstantSP value = value_->evaluate_to_store(context);
  if (op_) value = combined(op_, Variable(where(), name_).evaluate(context), value);
  context.heap->addItem(name_, value);
  return Flow::next;
}

Flow AssignElement::execute(const Context& context, ConstantSP& /*result*/) const {
  const ConstantSP base = target_->base().evaluate(context);
  const ConstantSP index = target_->index().evaluate(context);
  const ConstantSP value = value_->evaluate_to_store(context);
  set_element(base, index, op_ ? combined(op_, element_of(base, index), value) : value);
  return Flow::next;
}

Flow If::execute(const Context& context, ConstantSP& result) const {
  return is_true(condition_->evaluate(context), "The condition of `if`") ? yes_.execute(context, result)
                                                                         : no_.execute(context, result);
}

Flow For::execute(const Context& context, ConstantSP& result) const {
  const ConstantSP sequence = sequence_->evaluate(context);
  const bool pair = sequence->isPair() && sequence->getCategory() == INTEGRAL;
  if (!sequence->isVector() || sequence->getCategory() == ARRAY) {
    throw RuntimeException("`for` needs a vector or a pair a:b");
  }
  long long from = 0;
  long long to = sequence->size();
  if (pair) {
    from = sequence->getLong(0);
    to = sequence->getLong(1);
  }
  // Of a pair the larger end is left out: 1:3 gives 1 and 2, 3:1 gives 2 and 1.
  for (long long step = 0; step < std::abs(to - from); ++step) {
    const auto i = from <= to ? from + step : from - 1 - step;
    context.heap->addItem(
        name_, pair ? ConstantSP(new Int(static_cast<int>(i))) : sequence->get(static_cast<INDEX>(i)));
    const Flow flow = body_.execute(context, result);
    if (ends_loop(flow)) return flow == Flow::break_loop ? Flow::next : flow;
    Runtime::instance().check_interrupt();
  }
  return Flow::next;
}

Flow While::execute(const Context& context, ConstantSP& result) const {
  bool skip_check = body_first_;
  while (skip_check || is_true(condition_->evaluate(context), "The condition of `while`")) {
    skip_check = false;
    const Flow flow = body_.execute(context, result);
    if (ends_loop(flow)) return flow == Flow::break_loop ? Flow::next : flow;
    Runtime::instance().check_interrupt();
  }
  return Flow::next;
}

Flow Try::execute(const Context& context, ConstantSP& result) const {
  try {
    return body_.execute(context, result);
  } catch (const ScriptError& error) {
    const VectorSP exception = Util::createPair(DT_STRING);
    exception->setString(0, error.type());
    exception->setString(1, error.what());
    context.heap->addItem(name_, exception);
  }
  return handler_.execute(context, result);
}

Flow Throw::execute(const Context& context, ConstantSP& /*result*/) const {
  const ConstantSP value = value_->evaluate(context);
  if (value->isPair() && value->getCategory() == LITERAL) {  // a caught exception
    throw ScriptError(where(), value->getString(0), value->getString(1));
  }
  throw ScriptError(where(), "USER", value->getString());
}

Flow Leave::execute(const Context& context, ConstantSP& result) const {
  if (flow_ == Flow::return_value)
    result = value_ == nullptr ? ConstantSP(new Void(true)) : value_->evaluate(context);
  return flow_;
}

Flow Share::execute(const Context& context, ConstantSP& /*result*/) const {
  share_table(table_->evaluate(context), name_);
  return Flow::next;
}

Flow Assert::execute(const Context& context, ConstantSP& /*result*/) const {
  const auto number = number_ == nullptr ? std::string() : number_->evaluate(context)->getString() + " ";
  const ConstantSP value = condition_->evaluate(context);
  const bool scalar =
      value->isScalar() && (value->getCategory() == LOGICAL || value->getCategory() == INTEGRAL);
  if (scalar && !value->isNull() && value->getLong() != 0) return Flow::next;
  const auto given = scalar ? "gives " + (value->isNull() ? "NULL" : value->getString())
                            : "gives a " + Util::getDataTypeString(value->getType()) + " " +
                                  Util::getDataFormString(value->getForm()) + " instead of a boolean";
  throw AssertionFailed(where(), "assert " + number + "failed: the expression " + given);
}

void share_table(const ConstantSP& table, const std::string& name) {
  if (!table->isTable()) {
    throw RuntimeException("Only tables can be shared, not a " + Util::getDataFormString(table->getForm()));
  }
  Runtime::instance().share(name, table);
}

INDEX append_rows(const TableSP& table, vector<ConstantSP> values) {
  const auto before = table->size();
  INDEX inserted = 0;
  std::string error;
  if (!table->append(values, inserted, error)) throw RuntimeException("Cannot append to the table: " + error);
  return inserted > 0 ? inserted : table->size() - before;
}

std::string printed(const ConstantSP& value) {
  return value->isNothing() ? "" : value->getString();
}

void print_value(Session* session, const ConstantSP& value) {
  const OutputSP output = session->getOutput();
  if (!output.isNull()) output->message(printed(value));
}

}  // namespace host
