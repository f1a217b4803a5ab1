#include "lang/keyed_table.h"

#include "Util.h"

namespace host {
namespace {

std::vector<std::string> names_of(const TableSP& table) {
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(table->columns()));
  for (INDEX i = 0; i < table->columns(); ++i)
    names.push_back(table->getColumnName(i));
  return names;
}

vector<ConstantSP> empty_columns_of(const TableSP& table) {
  vector<ConstantSP> columns;
  columns.reserve(static_cast<std::size_t>(table->columns()));
  for (INDEX i = 0; i < table->columns(); ++i)
    columns.emplace_back(Util::createVector(table->getColumnType(i), 0));
  return columns;
}

}  // namespace

KeyedTable::KeyedTable(const std::vector<std::string>& key_columns, const TableSP& rows)
    : BasicTable(empty_columns_of(rows), names_of(rows)), key_columns_(key_columns) {
  if (key_columns.empty()) throw RuntimeException("A keyed table needs a key column");
  for (const auto& name : key_columns) {
    if (!contain(name)) throw RuntimeException("The key column " + name + " is no column of the table");
  }
  vector<ConstantSP> values{rows};
  INDEX inserted = 0;
  std::string error;
  if (!KeyedTable::append(values, inserted, error)) throw RuntimeException(error);
}

std::string KeyedTable::key_of(const TableSP& rows, INDEX row) const {
  std::string key;
  for (const auto& name : key_columns_) {
    const auto part = rows->getColumn(name)->getString(row);
    key += std::to_string(part.size()) + ":" + part;
  }
  return key;
}

bool KeyedTable::append(vector<ConstantSP>& values, INDEX& insertedRows, string& errMsg) {
  insertedRows = 0;
  // Converted to the types of the columns first, so that nothing has changed if that fails.
  const TableSP fresh = BasicTable::getInstance();
  INDEX count = 0;
  if (!fresh->append(values, count, errMsg)) return false;
  const LockGuard<Mutex> guard(getLock());
  for (INDEX row = 0; row < count; ++row) {
    const auto [place, is_new] = rows_.emplace(key_of(fresh, row), BasicTable::size());
    vector<ConstantSP> cells;
    for (INDEX i = 0; i < columns(); ++i) {
      const ConstantSP cell = fresh->get(i, row);
      cells.push_back(cell);
      if (!is_new) getColumn(i)->set(place->second, cell);
    }
    INDEX one = 0;
    if (is_new && !BasicTable::append(cells, one, errMsg)) {
      rows_.erase(place);
      return false;
    }
    ++insertedRows;
  }
  return true;
}

bool KeyedTable::clear() {
  const LockGuard<Mutex> guard(getLock());
  rows_.clear();
  return BasicTable::clear();
}

ConstantSP KeyedTable::getInstance() const {
  return new KeyedTable(key_columns_, BasicTable::getInstance());
}

ConstantSP KeyedTable::getValue() const {
  return new KeyedTable(key_columns_, BasicTable::getValue());
}

}  // namespace host
