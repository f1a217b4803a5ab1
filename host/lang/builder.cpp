#include "lang/builder.h"

#include <utility>

#include "ScalarImp.h"
#include "lang/functions.h"
#include "lang/runtime.h"
#include "lang/statements.h"

namespace host {

void Builder::fail(const SyntaxNode& node, const std::string& message) const {
  throw SyntaxError(position(node), message);
}

void Builder::fail_read_only(const SyntaxNode& parameter) const {
  fail(parameter, "Constant variable [" + parameter.text + "] can't be modified; declare it as mutable " +
                      parameter.text);
}

bool Builder::knows_variable(const std::string& name) const {
  if (scope_.names.count(name) != 0 || shared_.count(name) != 0) return true;
  if (!scope_.function && session_.getHeap()->contains(name)) return true;
  return !Runtime::instance().find_shared(name).isNull();
}

void Builder::add_variable(const std::string& name) {
  scope_.names.insert(name);
  scope_.read_only.erase(name);
}

Block Builder::build(std::span<const SyntaxNode> statements) {
  Block result;
  for (const auto& node : statements) {
    auto built = statement(node);
    if (built != nullptr) result.statements.push_back(std::move(built));
  }
  return result;
}

Block Builder::block(const SyntaxNode& node) {
  return build(node.children);
}

Block Builder::body(const SyntaxNode& node) {
  return node.kind == Syntax::block ? block(node) : build(std::span(&node, 1));
}

// Null for statements that take effect now.
StatementPtr Builder::statement(const SyntaxNode& node) {
  const auto where = position(node);
  const auto& parts = node.children;
  switch (node.kind) {
    case Syntax::def_statement:
      define(node);
      return nullptr;
    case Syntax::use_statement:
      if (!Runtime::instance().has_module(parts[0].text)) {
        fail(parts[0], "Can't find the module " + parts[0].text + "; load it and put `go` before `use`");
      }
      session_.functions().use(parts[0].text);
      return nullptr;
    case Syntax::go_statement:
      fail(node, "`go` cannot be inside a block");
    case Syntax::if_statement:
      return condition(node);
    case Syntax::for_statement:
    case Syntax::while_statement:
    case Syntax::do_statement:
      return loop(node);
    case Syntax::try_statement:
      return protection(node);
    case Syntax::throw_statement:
      return std::make_unique<Throw>(where, expression(parts[0]));
    case Syntax::return_statement:
      return std::make_unique<Leave>(where, Flow::return_value,
                                     parts.empty() ? nullptr : expression(parts[0]));
    case Syntax::break_statement:
      return std::make_unique<Leave>(where, Flow::break_loop, nullptr);
    case Syntax::continue_statement:
      return std::make_unique<Leave>(where, Flow::continue_loop, nullptr);
    case Syntax::share_statement: {
      auto table = expression(parts[0]);
      shared_.insert(parts[1].text);
      return std::make_unique<Share>(where, std::move(table), parts[1].text);
    }
    case Syntax::assert_statement: {
      auto number = parts.size() > 1 ? expression(parts[0]) : nullptr;
      return std::make_unique<Assert>(where, std::move(number), expression(parts.back()));
    }
    default:
      return assignment(node);
  }
}

StatementPtr Builder::assignment(const SyntaxNode& node) {
  const auto where = position(node);
  const auto& parts = node.children;
  if (parts.size() == 1) return std::make_unique<ExpressionStatement>(where, expression(parts[0]));
  const auto& target = parts[0];
  const auto op = parts[1].text == "=" ? std::nullopt : operator_of(parts[1].text);
  if (target.kind == Syntax::name) {
    if (scope_.read_only.count(target.text) != 0) fail_read_only(target);
    if (op && !knows_variable(target.text)) fail(target, "Cannot recognize the token " + target.text);
    auto value = expression(parts[2]);
    add_variable(target.text);
    return std::make_unique<AssignVariable>(where, target.text, op, std::move(value));
  }
  if (target.kind == Syntax::postfix && target.children.back().kind == Syntax::index) {
    const auto& variable = target.children.front();
    if (scope_.read_only.count(variable.text) != 0) fail_read_only(variable);
    auto value = expression(parts[2]);
    auto built = expression(target);
    auto element = std::unique_ptr<const Index>(dynamic_cast<const Index*>(built.release()));
    return std::make_unique<AssignElement>(where, std::move(element), op, std::move(value));
  }
  fail(target, "Only a variable or an element like x[i] can be assigned");
}

StatementPtr Builder::condition(const SyntaxNode& node) {
  auto test = expression(node.children[0]);
  auto yes = body(node.children[1]);
  auto no = node.children.size() > 2 ? body(node.children[2]) : Block{};
  return std::make_unique<If>(position(node), std::move(test), std::move(yes), std::move(no));
}

StatementPtr Builder::loop(const SyntaxNode& node) {
  const auto& parts = node.children;
  if (node.kind == Syntax::for_statement) {
    // name, the operator `in`, the sequence, the body
    auto sequence = expression(parts[parts.size() - 2]);
    add_variable(parts[0].text);
    return std::make_unique<For>(position(node), parts[0].text, std::move(sequence), body(parts.back()));
  }
  const bool body_first = node.kind == Syntax::do_statement;
  auto inner = body_first ? body(parts[0]) : Block{};
  auto test = expression(parts[body_first ? 1 : 0]);
  if (!body_first) inner = body(parts[1]);
  return std::make_unique<While>(position(node), body_first, std::move(test), std::move(inner));
}

StatementPtr Builder::protection(const SyntaxNode& node) {
  const auto& parts = node.children;
  auto inner = block(parts[0]);
  add_variable(parts[1].text);
  return std::make_unique<Try>(position(node), std::move(inner), parts[1].text, block(parts[2]));
}

FunctionDefSP Builder::function(const SyntaxNode& parameters, const SyntaxNode& body_node,
                                const std::string& name) {
  auto result = std::make_shared<FunctionBody>();
  result->name = name;
  Scope outer = std::exchange(scope_, Scope{true, name, {}, {}});
  const bool outer_sql = std::exchange(sql_, false);
  for (const auto& node : parameters.children) {
    Parameter parameter;
    const auto& parts = node.children;
    parameter.is_mutable = parts[0].kind == Syntax::mutable_mark;
    const std::size_t at = parameter.is_mutable ? 1 : 0;
    parameter.name = parts[at].text;
    if (!scope_.names.insert(parameter.name).second)
      fail(node, "There are two parameters named " + parameter.name);
    if (!parameter.is_mutable) scope_.read_only.insert(parameter.name);
    result->parameters.push_back(std::move(parameter));
  }
  result->block = block(body_node);
  scope_ = std::move(outer);
  sql_ = outer_sql;
  return new UserFunction(std::move(result));
}

void Builder::define(const SyntaxNode& node) {
  const auto& name = node.children[0].text;
  session_.functions().define(name, function(node.children[1], node.children[2], name));
}

}  // namespace host
