// The nodes of expressions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lang/ast.h"
#include "lang/operators.h"

namespace host {

// A constant value, a function among them.
class Literal : public Expression {
 public:
  Literal(Position where, ConstantSP value) : Expression(where), value_(std::move(value)) {}
  ConstantSP evaluate(const Context&) const override { return value_; }
  [[nodiscard]] const ConstantSP& value() const { return value_; }

 private:
  ConstantSP value_;
};

// A name: a column inside SQL, else a variable, a shared table or a function, in this order.
class Variable : public Expression {
 public:
  Variable(Position where, std::string name) : Expression(where), name_(std::move(name)) {}
  ConstantSP evaluate(const Context& context) const override;
  std::string column_name() const override { return name_; }
  bool is_variable() const override { return true; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::string name_;
};

class Unary : public Expression {
 public:
  Unary(Position where, bool is_not, ExpressionPtr operand)
      : Expression(where), not_(is_not), operand_(std::move(operand)) {}
  ConstantSP evaluate(const Context& context) const override;

 private:
  bool not_;
  ExpressionPtr operand_;
};

class Binary : public Expression {
 public:
  Binary(Position where, Operator op, ExpressionPtr left, ExpressionPtr right)
      : Expression(where), op_(op), left_(std::move(left)), right_(std::move(right)) {}
  ConstantSP evaluate(const Context& context) const override;
  std::string column_name() const override { return left_->column_name(); }

 private:
  Operator op_;
  ExpressionPtr left_;
  ExpressionPtr right_;
};

// a..b or a:b.
class Range : public Expression {
 public:
  Range(Position where, bool is_pair, ExpressionPtr first, ExpressionPtr last)
      : Expression(where), pair_(is_pair), first_(std::move(first)), last_(std::move(last)) {}
  ConstantSP evaluate(const Context& context) const override;

 private:
  bool pair_;
  ExpressionPtr first_;
  ExpressionPtr last_;
};

// A list of values: [1, 2] makes a vector where it can, (1, 2) always a tuple.
class List : public Expression {
 public:
  List(Position where, bool is_tuple, std::vector<ExpressionPtr> items)
      : Expression(where), tuple_(is_tuple), items_(std::move(items)) {}
  ConstantSP evaluate(const Context& context) const override;

 private:
  bool tuple_;
  std::vector<ExpressionPtr> items_;
};

// {k: v}: a dictionary from STRING to ANY.
class DictionaryLiteral : public Expression {
 public:
  using Entry = std::pair<ExpressionPtr, ExpressionPtr>;
  DictionaryLiteral(Position where, std::vector<Entry> entries)
      : Expression(where), entries_(std::move(entries)) {}
  ConstantSP evaluate(const Context& context) const override;

 private:
  std::vector<Entry> entries_;
};

// Null pointers among the arguments are the ones that were left out.
using Arguments = std::vector<ExpressionPtr>;

class Call : public Expression {
 public:
  // `callee` gives the function when the call runs.
  Call(Position where, ExpressionPtr callee, Arguments arguments)
      : Expression(where), callee_(std::move(callee)), arguments_(std::move(arguments)) {}
  ConstantSP evaluate(const Context& context) const override;
  std::string column_name() const override;

 private:
  ExpressionPtr callee_;
  Arguments arguments_;
};

// f{a, , c}
class PartialCall : public Expression {
 public:
  PartialCall(Position where, ExpressionPtr callee, Arguments arguments)
      : Expression(where), callee_(std::move(callee)), arguments_(std::move(arguments)) {}
  ConstantSP evaluate(const Context& context) const override;

 private:
  ExpressionPtr callee_;
  Arguments arguments_;
};

// The functions that make tables; the only ones that see the names of their arguments.
enum class TableKind { plain, stream, keyed };
// table, streamTable, keyedTable; none for other names.
std::optional<TableKind> table_kind(std::string_view function);

// table(a, b as c), streamTable(...) and keyedTable(keys, ...).
class TableConstruction : public Expression {
 public:
  TableConstruction(Position where, TableKind kind, Arguments columns, std::vector<std::string> names)
      : Expression(where), kind_(kind), columns_(std::move(columns)), names_(std::move(names)) {}
  ConstantSP evaluate(const Context& context) const override;

 private:
  TableKind kind_;
  Arguments columns_;
  std::vector<std::string> names_;
};

class Index : public Expression {
 public:
  Index(Position where, ExpressionPtr base, ExpressionPtr index)
      : Expression(where), base_(std::move(base)), index_(std::move(index)) {}
  ConstantSP evaluate(const Context& context) const override;
  [[nodiscard]] const Expression& base() const { return *base_; }
  [[nodiscard]] const Expression& index() const { return *index_; }

 private:
  ExpressionPtr base_;
  ExpressionPtr index_;
};

// x.name without a call: a column of a table or an entry of a dictionary.
class Member : public Expression {
 public:
  Member(Position where, ExpressionPtr base, std::string name)
      : Expression(where), base_(std::move(base)), name_(std::move(name)) {}
  ConstantSP evaluate(const Context& context) const override;
  std::string column_name() const override { return name_; }

 private:
  ExpressionPtr base_;
  std::string name_;
};

// A vector of zeros, or of NULLs where a type has no zero.
ConstantSP default_vector(DATA_TYPE type, INDEX size, INDEX capacity);
// x[i] for every form of x.
ConstantSP element_of(const ConstantSP& base, const ConstantSP& index);
// x[i] = value. Throws if it does not fit.
void set_element(const ConstantSP& base, const ConstantSP& index, const ConstantSP& value);
// table(capacity:size, names, types) or table(columns...), with a name for each argument. For a keyed table
// the key columns come first.
ConstantSP make_table(TableKind kind, vector<ConstantSP> arguments, std::vector<std::string> names);

}  // namespace host
