// select and exec.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lang/ast.h"

namespace host {

// The columns that names inside a select mean first.
struct SqlScope {
  const std::vector<std::string>* names = nullptr;
  std::vector<ConstantSP> columns;
  INDEX rows = 0;

  // A null pointer if there is no such column.
  [[nodiscard]] ConstantSP find(const std::string& name) const;
  // The given rows only.
  [[nodiscard]] SqlScope take(const ConstantSP& positions) const;
};

struct SelectColumn {
  ExpressionPtr expression;  // null for *
  std::string alias;         // empty if none
};

struct SelectParts {
  bool exec = false;
  std::vector<SelectColumn> columns;
  ExpressionPtr source;
  std::vector<ExpressionPtr> conditions;
  std::vector<ExpressionPtr> order;
};

class Select : public Expression {
 public:
  Select(Position where, SelectParts parts) : Expression(where), parts_(std::move(parts)) {}
  ConstantSP evaluate(const Context& context) const override;

 private:
  struct Output;
  [[nodiscard]] SqlScope read_source(const Context& context, std::vector<std::string>& names) const;
  [[nodiscard]] SqlScope filter(const Context& context, SqlScope scope) const;
  [[nodiscard]] Output project(const Context& context, const SqlScope& scope) const;
  void sort(const Context& context, const SqlScope& scope, Output& output) const;

  SelectParts parts_;
};

// count(*)
class RowCount : public Expression {
 public:
  using Expression::Expression;
  ConstantSP evaluate(const Context& context) const override;
  std::string column_name() const override { return "count"; }
};

}  // namespace host
