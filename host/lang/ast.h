// The program as the interpreter runs it. Nodes never change once built: handler threads of the plugin
// evaluate them at the same time as the main script.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CoreConcept.h"
#include "lang/script_error.h"

HOST_SDK_USE;

namespace host {

struct SqlScope;

// What an evaluation works in. One thread at a time; cheap to copy.
struct Context {
  Heap* heap = nullptr;           // the variables of the running function, or of the session
  const SqlScope* sql = nullptr;  // the rows a select works on, if any

  [[nodiscard]] Session* session() const { return heap->currentSession(); }
};

class Expression {
 public:
  explicit Expression(Position where) : where_(where) {}
  Expression(const Expression&) = delete;
  Expression& operator=(const Expression&) = delete;
  virtual ~Expression() = default;

  [[nodiscard]] virtual ConstantSP evaluate(const Context& context) const = 0;
  // What the expression is called as a column without an alias; empty if it has no name of its own.
  [[nodiscard]] virtual std::string column_name() const { return {}; }
  // Whether the value belongs to a variable, so that storing it elsewhere needs a copy.
  [[nodiscard]] virtual bool is_variable() const { return false; }
  // The value for storing in a variable or element: DolphinDB assigns by value.
  [[nodiscard]] ConstantSP evaluate_to_store(const Context& context) const;
  [[nodiscard]] Position where() const { return where_; }

 private:
  Position where_;
};
using ExpressionPtr = std::unique_ptr<const Expression>;

// How a statement ended.
enum class Flow { next, break_loop, continue_loop, return_value };

class Statement {
 public:
  explicit Statement(Position where) : where_(where) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  virtual ~Statement() = default;

  // Runs the statement. `result` is the value of `return`, or of the last expression statement.
  virtual Flow execute(const Context& context, ConstantSP& result) const = 0;
  // True if execute() leaves a value that a prompt shows.
  [[nodiscard]] virtual bool shows_value() const { return false; }
  [[nodiscard]] Position where() const { return where_; }

 private:
  Position where_;
};
using StatementPtr = std::unique_ptr<const Statement>;

// Statements in their order. Errors that leave it carry the place of the statement.
struct Block {
  std::vector<StatementPtr> statements;
  Flow execute(const Context& context, ConstantSP& result) const;
};

struct Parameter {
  std::string name;
  bool is_mutable = false;
};

struct FunctionBody {
  std::string name;  // empty for a lambda
  std::vector<Parameter> parameters;
  Block block;
};

// Runs one statement and gives errors that have none its place.
Flow execute_statement(const Statement& statement, const Context& context, ConstantSP& result);

}  // namespace host
