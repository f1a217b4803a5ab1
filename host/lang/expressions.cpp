#include "lang/expressions.h"

#include "ScalarImp.h"
#include "lang/functions.h"
#include "lang/runtime.h"
#include "lang/session.h"
#include "lang/sql.h"

namespace host {
namespace {

FunctionDefSP evaluate_function(const Expression& callee, const Context& context) {
  const ConstantSP value = callee.evaluate(context);
  if (value->getType() != DT_FUNCTIONDEF) {
    throw RuntimeException("A " + Util::getDataTypeString(value->getType()) +
                           " cannot be called; a function is needed");
  }
  return value;
}

std::string callee_name(const Expression& callee) {
  if (const auto* literal = dynamic_cast<const Literal*>(&callee)) return literal->value()->getString();
  return callee.column_name();
}

}  // namespace

ConstantSP Expression::evaluate_to_store(const Context& context) const {
  ConstantSP value = evaluate(context);
  if (!is_variable()) return value;
  if (value->isVector() && !value->isTuple()) return value->getValue();
  if (value->isTable() && !TableSP(value)->isSharedTable()) return value->getValue();
  if (value->isDictionary()) {
    const DictionarySP from = value;
    const DictionarySP to = Util::createDictionary(from->getKeyType(), nullptr, from->getType(), nullptr);
    const ConstantSP keys = from->keys();
    for (INDEX i = 0; i < keys->size(); ++i)
      to->set(keys->get(i), from->getMember(keys->get(i)));
    return to;
  }
  return value;
}

ConstantSP Variable::evaluate(const Context& context) const {
  if (context.sql != nullptr) {
    ConstantSP column = context.sql->find(name_);
    if (!column.isNull()) return column;
  }
  ConstantSP value = context.heap->getReference(name_);
  if (!value.isNull()) return value;
  value = Runtime::instance().find_shared(name_);
  if (!value.isNull()) return value;
  const FunctionDefSP function = context.session()->getFunctionDef(name_);
  if (!function.isNull()) return function;
  const auto type = Util::getDataType(name_);
  if (type != DT_VOID) return new Int(type);
  throw RuntimeException("There is no variable, shared table or function named " + name_ +
                         (context.sql != nullptr ? ", and the table has no such column" : ""));
}

ConstantSP Unary::evaluate(const Context& context) const {
  const ConstantSP operand = operand_->evaluate(context);
  return not_ ? logical_not(operand) : negate(operand);
}

ConstantSP Binary::evaluate(const Context& context) const {
  ConstantSP left = left_->evaluate(context);
  const bool logical = op_ == Operator::logical_and || op_ == Operator::logical_or;
  if (logical && left->isScalar() && left->getCategory() == LOGICAL && !left->isNull()) {
    if ((left->getBool() != 0) == (op_ == Operator::logical_or)) return left;
  }
  return apply(op_, left, right_->evaluate(context));
}

ConstantSP Range::evaluate(const Context& context) const {
  const ConstantSP first = first_->evaluate(context);
  const ConstantSP last = last_->evaluate(context);
  return pair_ ? pair_of(first, last) : make_range(first, last);
}

ConstantSP List::evaluate(const Context& context) const {
  vector<ConstantSP> values;
  values.reserve(items_.size());
  for (const auto& item : items_)
    values.push_back(item->evaluate_to_store(context));
  return tuple_ ? tuple_of(values) : make_vector(values);
}

ConstantSP DictionaryLiteral::evaluate(const Context& context) const {
  const DictionarySP result = Util::createDictionary(DT_STRING, nullptr, DT_ANY, nullptr);
  for (const auto& [key, value] : entries_) {
    // A bare word is the key itself, as in JSON without quotes.
    const auto* word = dynamic_cast<const Variable*>(key.get());
    const ConstantSP name = word != nullptr ? ConstantSP(new String(word->name())) : key->evaluate(context);
    if (!name->isScalar() || name->getCategory() != LITERAL) {
      throw RuntimeException("The keys of a dictionary literal must be names or strings");
    }
    result->set(name, value->evaluate_to_store(context));
  }
  return result;
}

ConstantSP Call::evaluate(const Context& context) const {
  const FunctionDefSP function = evaluate_function(*callee_, context);
  vector<ConstantSP> values;
  values.reserve(arguments_.size());
  for (const auto& argument : arguments_) {
    values.push_back(argument == nullptr ? ConstantSP(new Void()) : argument->evaluate(context));
  }
  return call_function(context, function, values);
}

std::string Call::column_name() const {
  const auto column =
      arguments_.empty() || arguments_.front() == nullptr ? "" : arguments_.front()->column_name();
  return column.empty() ? callee_name(*callee_) : callee_name(*callee_) + "_" + column;
}

ConstantSP PartialCall::evaluate(const Context& context) const {
  const FunctionDefSP function = evaluate_function(*callee_, context);
  const auto given = static_cast<int>(arguments_.size());
  if (given > function->getMaxParamCount()) function->checkArgumentSize(given);
  vector<ConstantSP> values;
  for (const auto& argument : arguments_) {
    values.push_back(argument == nullptr ? ConstantSP() : argument->evaluate(context));
  }
  return Util::createPartialFunction(function, values);
}

std::optional<TableKind> table_kind(std::string_view function) {
  if (function == "table") return TableKind::plain;
  if (function == "streamTable") return TableKind::stream;
  if (function == "keyedTable") return TableKind::keyed;
  return std::nullopt;
}

ConstantSP TableConstruction::evaluate(const Context& context) const {
  vector<ConstantSP> values;
  for (const auto& column : columns_) {
    if (column == nullptr) throw RuntimeException("An argument of table(...) is missing");
    values.push_back(column->evaluate_to_store(context));
  }
  return make_table(kind_, values, names_);
}

ConstantSP Index::evaluate(const Context& context) const {
  return element_of(base_->evaluate(context), index_->evaluate(context));
}

ConstantSP Member::evaluate(const Context& context) const {
  const ConstantSP base = base_->evaluate(context);
  if (!base->isTable() && !base->isDictionary()) {
    throw RuntimeException("." + name_ + " needs a table or a dictionary; a method call needs ( )");
  }
  return element_of(base, new String(name_));
}

}  // namespace host
