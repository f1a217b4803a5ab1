// From the syntax tree to the program: names, functions and argument counts are settled here, which is what
// DolphinDB does when it parses a segment.
#pragma once

#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "lang/ast.h"
#include "lang/expressions.h"
#include "lang/session.h"
#include "lang/sql.h"
#include "lang/syntax.h"

namespace host {

// Builds the statements of one segment. Function definitions and `use` take effect in the session at once, as
// later statements of the same segment need them. Throws SyntaxError for unknown names and wrong argument
// counts.
class Builder {
 public:
  Builder(const Layout& layout, ScriptSession& session) : layout_(layout), session_(session) {}

  Block build(std::span<const SyntaxNode> statements);

 private:
  // The variables that are known where the builder is.
  struct Scope {
    bool function = false;
    std::string name;  // of the function that is being defined
    std::set<std::string> names;
    std::set<std::string> read_only;  // parameters that are not mutable
  };

  StatementPtr statement(const SyntaxNode& node);
  StatementPtr assignment(const SyntaxNode& node);
  StatementPtr condition(const SyntaxNode& node);
  StatementPtr loop(const SyntaxNode& node);
  StatementPtr protection(const SyntaxNode& node);
  Block block(const SyntaxNode& node);
  Block body(const SyntaxNode& node);
  FunctionDefSP function(const SyntaxNode& parameters, const SyntaxNode& body, const std::string& name);
  void define(const SyntaxNode& node);

  ExpressionPtr expression(const SyntaxNode& node);
  ExpressionPtr name(const SyntaxNode& node);
  ExpressionPtr qualified_name(const SyntaxNode& node);
  ExpressionPtr unary(const SyntaxNode& node);
  ExpressionPtr binary(const SyntaxNode& node);
  ExpressionPtr range(const SyntaxNode& node);
  ExpressionPtr list(const SyntaxNode& node);
  ExpressionPtr dictionary(const SyntaxNode& node);
  ExpressionPtr postfix(const SyntaxNode& node);
  ExpressionPtr index(ExpressionPtr base, const SyntaxNode& node);
  ExpressionPtr array_type(const SyntaxNode& name);
  ExpressionPtr select(const SyntaxNode& node);
  SelectColumn select_column(const SyntaxNode& node);

  // Where a call's function comes from; `function` is null if only the run knows it.
  struct Callee {
    ExpressionPtr expression;
    FunctionDefSP function;
    std::string name;
  };
  Callee callee(const SyntaxNode& node);
  Callee callee_of_name(const std::string& name, const SyntaxNode& node);
  ExpressionPtr call(Callee callee, ExpressionPtr self, const SyntaxNode& arguments);
  ExpressionPtr table_call(const SyntaxNode& call, TableKind kind, ExpressionPtr self);
  Arguments arguments(const SyntaxNode& node, const Callee& callee, ExpressionPtr self);
  void check_count(const Callee& callee, std::size_t count, const SyntaxNode& node);

  [[nodiscard]] bool knows_variable(const std::string& name) const;
  void add_variable(const std::string& name);
  [[nodiscard]] Position position(const SyntaxNode& node) const { return layout_.position(node.offset); }
  [[noreturn]] void fail(const SyntaxNode& node, const std::string& message) const;
  [[noreturn]] void fail_read_only(const SyntaxNode& parameter) const;

  const Layout& layout_;
  ScriptSession& session_;
  Scope scope_;
  std::set<std::string> shared_;  // names that this segment shares
  bool sql_ = false;
};

}  // namespace host
