#include "lang/sql.h"

#include <algorithm>
#include <numeric>

#include "ScalarImp.h"
#include "lang/expressions.h"
#include "lang/operators.h"

namespace host {

struct Select::Output {
  std::vector<std::string> names;
  std::vector<ConstantSP> columns;
};

namespace {

ConstantSP positions_vector(const std::vector<INDEX>& positions) {
  const VectorSP result = Util::createVector(DT_INT, 0, static_cast<INDEX>(positions.size()));
  result->appendInt(positions.data(), static_cast<int>(positions.size()));
  return result;
}

ConstantSP repeat(const ConstantSP& value, INDEX count) {
  const VectorSP result =
      Util::createVector(value->getType() == DT_VOID ? DT_STRING : value->getType(), count);
  if (count > 0) result->fill(0, count, value);
  return result;
}

// Column names must differ: a second `x` becomes `x_1`.
std::string unique_name(std::string name, const std::vector<std::string>& taken) {
  if (name.empty()) name = "col" + std::to_string(taken.size());
  std::string candidate = name;
  for (int n = 1; std::find(taken.begin(), taken.end(), candidate) != taken.end(); ++n) {
    candidate = name + "_" + std::to_string(n);
  }
  return candidate;
}

std::string name_of(const SelectColumn& column) {
  if (!column.alias.empty()) return column.alias;
  // A constant is called what it reads.
  if (const auto* literal = dynamic_cast<const Literal*>(column.expression.get()))
    return literal->value()->getString();
  return column.expression->column_name();
}

}  // namespace

ConstantSP SqlScope::find(const std::string& name) const {
  const auto at = std::find(names->begin(), names->end(), name);
  if (at == names->end()) return {};
  return columns[static_cast<std::size_t>(at - names->begin())];
}

SqlScope SqlScope::take(const ConstantSP& positions) const {
  SqlScope result;
  result.names = names;
  result.rows = positions->size();
  for (const auto& column : columns)
    result.columns.push_back(column->get(positions));
  return result;
}

ConstantSP RowCount::evaluate(const Context& context) const {
  if (context.sql == nullptr) throw RuntimeException("count(*) belongs into select or exec");
  return new Int(context.sql->rows);
}

// A copy of the table's rows, so that others may append while the select runs.
SqlScope Select::read_source(const Context& context, std::vector<std::string>& names) const {
  const ConstantSP source = parts_.source->evaluate(context);
  if (!source->isTable()) {
    throw RuntimeException("`from` needs a table, not a " + Util::getDataFormString(source->getForm()));
  }
  const TableSP table = source;
  const LockGuard<Mutex> guard(table->getLock());
  SqlScope scope;
  scope.names = &names;
  scope.rows = table->size();
  const bool only_counts = parts_.conditions.empty() && parts_.columns.size() == 1 &&
                           dynamic_cast<const RowCount*>(parts_.columns.front().expression.get()) != nullptr;
  for (INDEX i = 0; i < table->columns() && !only_counts; ++i) {
    names.push_back(table->getColumnName(i));
    scope.columns.push_back(table->getColumn(i)->getValue());
  }
  return scope;
}

SqlScope Select::filter(const Context& context, SqlScope scope) const {
  for (const auto& condition : parts_.conditions) {
    const ConstantSP flags = condition->evaluate(Context{context.heap, &scope});
    std::vector<INDEX> kept;
    if (flags->isScalar()) {
      if (is_true(flags, "A condition of `where`")) continue;
    } else if (!flags->isVector() || flags->size() != scope.rows || flags->isTuple() ||
               flags->getCategory() == LITERAL) {
      throw RuntimeException("A condition of `where` must give one boolean for each row");
    } else {
      for (INDEX i = 0; i < scope.rows; ++i) {
        if (!flags->isNull(i) && flags->getDouble(i) != 0) kept.push_back(i);
      }
    }
    scope = scope.take(positions_vector(kept));
  }
  return scope;
}

Select::Output Select::project(const Context& context, const SqlScope& scope) const {
  Output output;
  const Context inner{context.heap, &scope};
  bool all_scalar = true;
  for (const auto& column : parts_.columns) {
    if (column.expression == nullptr) {
      for (std::size_t i = 0; i < scope.columns.size(); ++i) {
        output.names.push_back(unique_name((*scope.names)[i], output.names));
        output.columns.push_back(scope.columns[i]);
      }
      all_scalar = false;
      continue;
    }
    const ConstantSP value = column.expression->evaluate(inner);
    if (!value->isScalar() && !value->isVector()) {
      throw RuntimeException("A column of `select` must be a scalar or a vector");
    }
    all_scalar = all_scalar && value->isScalar();
    output.names.push_back(unique_name(name_of(column), output.names));
    output.columns.push_back(value);
  }
  if (parts_.exec && all_scalar && output.columns.size() == 1) return output;
  const INDEX rows = all_scalar ? 1 : scope.rows;
  for (auto& column : output.columns) {
    if (column->isScalar()) column = repeat(column, rows);
    if (column->size() != output.columns.front()->size()) {
      throw RuntimeException("The columns of `select` have different lengths");
    }
  }
  return output;
}

void Select::sort(const Context& context, const SqlScope& scope, Output& output) const {
  if (parts_.order.empty() || output.columns.empty() || !output.columns.front()->isVector()) return;
  const INDEX rows = output.columns.front()->size();
  if (rows < 2) return;
  // Names of the result come first, then those of the source.
  std::vector<std::string> names = output.names;
  SqlScope sortable;
  sortable.names = &names;
  sortable.columns = output.columns;
  sortable.rows = rows;
  for (std::size_t i = 0; i < scope.columns.size(); ++i) {
    names.push_back((*scope.names)[i]);
    sortable.columns.push_back(scope.columns[i]);
  }
  std::vector<ConstantSP> keys;
  for (const auto& item : parts_.order) {
    keys.push_back(item->evaluate(Context{context.heap, &sortable}));
    if (!keys.back()->isVector() || keys.back()->size() != rows) {
      throw RuntimeException("`order by` needs one value for each row");
    }
  }
  std::vector<INDEX> positions(static_cast<std::size_t>(rows));
  std::iota(positions.begin(), positions.end(), 0);
  std::stable_sort(positions.begin(), positions.end(), [&](INDEX a, INDEX b) {
    for (const auto& key : keys) {
      const int order = compare_scalars(key->get(a), key->get(b));
      if (order != 0) return order < 0;
    }
    return false;
  });
  const ConstantSP order = positions_vector(positions);
  for (auto& column : output.columns)
    column = column->get(order);
}

ConstantSP Select::evaluate(const Context& context) const {
  std::vector<std::string> names;
  const SqlScope scope = filter(context, read_source(context, names));
  Output output = project(context, scope);
  sort(context, scope, output);
  if (parts_.exec && output.columns.size() == 1) return output.columns.front();
  for (auto& column : output.columns) {
    // Columns of the result must not be shared with each other or with a variable.
    if (!column->isTuple()) column = column->getValue();
  }
  return Util::createTable(output.names, output.columns);
}

}  // namespace host
