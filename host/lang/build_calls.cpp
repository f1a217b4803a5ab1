// The part of the builder that makes calls: which function, which arguments, and how many.
#include "lang/builder.h"

namespace host {

Builder::Callee Builder::callee(const SyntaxNode& node) {
  return callee_of_name(node.text, node);
}

Builder::Callee Builder::callee_of_name(const std::string& name, const SyntaxNode& node) {
  const auto where = position(node);
  // The function that is being defined has no value yet; its calls of itself find it when they run.
  if (name == scope_.name) return {std::make_unique<Variable>(where, name), {}, name};
  if (scope_.names.count(name) == 0) {
    const FunctionDefSP function = session_.getFunctionDef(name);
    if (!function.isNull()) return {std::make_unique<Literal>(where, function), function, name};
  }
  if (!knows_variable(name)) fail(node, "Cannot recognize the token " + name);
  return {std::make_unique<Variable>(where, name), {}, name};
}

void Builder::check_count(const Callee& callee, std::size_t count, const SyntaxNode& node) {
  if (callee.function.isNull()) return;
  // Without any argument the server notices only when the call runs.
  if (count == 0) return;
  try {
    callee.function->checkArgumentSize(static_cast<int>(count));
  } catch (const IllegalArgumentException& error) {
    fail(node, error.what());
  }
}

Arguments Builder::arguments(const SyntaxNode& node, const Callee& callee, ExpressionPtr self) {
  Arguments result;
  if (self != nullptr) result.push_back(std::move(self));
  const auto& parts = node.children;
  const bool none = parts.size() == 1 && parts[0].children.empty();
  for (std::size_t i = 0; i < parts.size() && !none; ++i) {
    if (parts[i].children.empty()) {
      result.push_back(nullptr);
      continue;
    }
    const auto& value = parts[i].children[0];
    if (parts[i].children.size() > 1) fail(parts[i], "`as` belongs into select and table(...)");
    if (value.kind == Syntax::star) {
      if (callee.name != "count" || parts.size() != 1) fail(value, "* is possible only in count(*)");
      result.push_back(std::make_unique<RowCount>(position(value)));
    } else {
      result.push_back(expression(value));
    }
  }
  return result;
}

ExpressionPtr Builder::call(Callee target, ExpressionPtr self, const SyntaxNode& node) {
  if (const auto kind = table_kind(target.name)) return table_call(node, *kind, std::move(self));
  if (target.expression != nullptr && target.function.isNull()) {
    const auto* literal = dynamic_cast<const Literal*>(target.expression.get());
    if (literal != nullptr && literal->value()->getType() == DT_FUNCTIONDEF) {
      target.function = literal->value();
      target.name = target.function->getFullName();
    } else if (literal != nullptr) {
      fail(node, "Only a function can be called");
    }
  }
  auto values = arguments(node, target, std::move(self));
  if (values.size() == 1 && dynamic_cast<const RowCount*>(values.front().get()) != nullptr) {
    return std::move(values.front());
  }
  check_count(target, values.size(), node);
  return std::make_unique<Call>(position(node), std::move(target.expression), std::move(values));
}

ExpressionPtr Builder::table_call(const SyntaxNode& node, TableKind kind, ExpressionPtr self) {
  Arguments columns;
  std::vector<std::string> names;
  const auto add = [&](ExpressionPtr column, std::string name) {
    if (name.empty()) name = column->column_name();
    if (name.empty()) name = "C" + std::to_string(columns.size() - (kind == TableKind::keyed ? 1 : 0));
    names.push_back(std::move(name));
    columns.push_back(std::move(column));
  };
  if (self != nullptr) add(std::move(self), "");
  for (const auto& argument : node.children) {
    if (argument.children.empty() || argument.children[0].kind == Syntax::star) {
      fail(node, "table(...) needs columns, or capacity:size, names and types");
    }
    std::string alias;
    if (argument.children.size() > 1) {
      const auto& word = argument.children[1].children[0];
      alias = word.kind == Syntax::symbols ? word.text.substr(1) : word.text;
    }
    add(expression(argument.children[0]), alias);
  }
  return std::make_unique<TableConstruction>(position(node), kind, std::move(columns), std::move(names));
}

}  // namespace host
