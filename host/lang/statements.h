// The nodes of statements. Definitions, `use` and `go` take effect while a script is parsed and have none.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lang/ast.h"
#include "lang/expressions.h"

namespace host {

class ExpressionStatement : public Statement {
 public:
  ExpressionStatement(Position where, ExpressionPtr value) : Statement(where), value_(std::move(value)) {}
  Flow execute(const Context& context, ConstantSP& result) const override;
  bool shows_value() const override { return true; }

 private:
  ExpressionPtr value_;
};

// name = value, name += value
class AssignVariable : public Statement {
 public:
  AssignVariable(Position where, std::string name, std::optional<Operator> op, ExpressionPtr value)
      : Statement(where), name_(std::move(name)), op_(op), value_(std::move(value)) {}
  Flow execute(const Context& context, ConstantSP& result) const override;

 private:
  std::string name_;
  std::optional<Operator> op_;
  ExpressionPtr value_;
};

// x[i] = value, x[i] += value
class AssignElement : public Statement {
 public:
  AssignElement(Position where, std::unique_ptr<const Index> target, std::optional<Operator> op,
                ExpressionPtr value)
      : Statement(where), target_(std::move(target)), op_(op), value_(std::move(value)) {}
  Flow execute(const Context& context, ConstantSP& result) const override;

 private:
  std::unique_ptr<const Index> target_;
  std::optional<Operator> op_;
  ExpressionPtr value_;
};

class If : public Statement {
 public:
  If(Position where, ExpressionPtr condition, Block yes, Block no)
      : Statement(where), condition_(std::move(condition)), yes_(std::move(yes)), no_(std::move(no)) {}
  Flow execute(const Context& context, ConstantSP& result) const override;

 private:
  ExpressionPtr condition_;
  Block yes_;
  Block no_;
};

class For : public Statement {
 public:
  For(Position where, std::string name, ExpressionPtr sequence, Block body)
      : Statement(where), name_(std::move(name)), sequence_(std::move(sequence)), body_(std::move(body)) {}
  Flow execute(const Context& context, ConstantSP& result) const override;

 private:
  std::string name_;
  ExpressionPtr sequence_;
  Block body_;
};

// while(condition) { } and do { } while(condition).
class While : public Statement {
 public:
  While(Position where, bool body_first, ExpressionPtr condition, Block body)
      : Statement(where), body_first_(body_first), condition_(std::move(condition)), body_(std::move(body)) {}
  Flow execute(const Context& context, ConstantSP& result) const override;

 private:
  bool body_first_;
  ExpressionPtr condition_;
  Block body_;
};

class Try : public Statement {
 public:
  Try(Position where, Block body, std::string name, Block handler)
      : Statement(where), body_(std::move(body)), name_(std::move(name)), handler_(std::move(handler)) {}
  Flow execute(const Context& context, ConstantSP& result) const override;

 private:
  Block body_;
  std::string name_;
  Block handler_;
};

class Throw : public Statement {
 public:
  Throw(Position where, ExpressionPtr value) : Statement(where), value_(std::move(value)) {}
  Flow execute(const Context& context, ConstantSP& result) const override;

 private:
  ExpressionPtr value_;
};

// return, break and continue.
class Leave : public Statement {
 public:
  Leave(Position where, Flow flow, ExpressionPtr value)
      : Statement(where), flow_(flow), value_(std::move(value)) {}
  Flow execute(const Context& context, ConstantSP& result) const override;

 private:
  Flow flow_;
  ExpressionPtr value_;  // null unless `return` has one
};

class Share : public Statement {
 public:
  Share(Position where, ExpressionPtr table, std::string name)
      : Statement(where), table_(std::move(table)), name_(std::move(name)) {}
  Flow execute(const Context& context, ConstantSP& result) const override;

 private:
  ExpressionPtr table_;
  std::string name_;
};

class Assert : public Statement {
 public:
  Assert(Position where, ExpressionPtr number, ExpressionPtr condition)
      : Statement(where), number_(std::move(number)), condition_(std::move(condition)) {}
  Flow execute(const Context& context, ConstantSP& result) const override;

 private:
  ExpressionPtr number_;  // null if the assertion has none
  ExpressionPtr condition_;
};

// Makes a table visible to all sessions under a name.
void share_table(const ConstantSP& table, const std::string& name);
// Appends a table, a tuple or one value for each column. Returns the number of new rows; throws if it fails.
INDEX append_rows(const TableSP& table, vector<ConstantSP> values);
// The text `print` shows for a value.
std::string printed(const ConstantSP& value);
void print_value(Session* session, const ConstantSP& value);

}  // namespace host
