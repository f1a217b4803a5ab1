// BasicTable: the in-memory table.
#pragma once

#include <functional>

#include "CoreConcept.h"

HOST_SDK_BEGIN

class BasicTable : public Table {
 public:
  /// Takes the vectors as columns, not copies of them. They must be of one length, and every column must
  /// have a name of its own.
  BasicTable(const vector<ConstantSP>& cols, const vector<string>& colNames);

  ConstantSP getColumn(const string& name) const override;
  ConstantSP getColumn(INDEX index) const override;
  INDEX columns() const override { return static_cast<INDEX>(columns_.size()); }
  INDEX size() const override;
  const string& getColumnName(int index) const override;
  int getColumnIndex(const string& name) const override;
  void setColumnName(int index, const string& name) override;
  DATA_TYPE getColumnType(int index) const override;
  bool contain(const string& name) const override { return getColumnIndex(name) >= 0; }
  const string& getName() const override { return name_; }
  void setName(const string& name) override { name_ = name; }

  bool append(vector<ConstantSP>& values, INDEX& insertedRows, string& errMsg) override;
  bool clear() override;
  bool isBasicTable() const override { return true; }
  bool isAppendable() const override { return true; }
  TABLE_TYPE getTableType() const override { return isRealtimeTable() ? REALTIMETBL : BASICTBL; }

  using Constant::getString;
  /// The table as the console shows it; see Util::DISPLAY_ROWS and Util::DISPLAY_WIDTH.
  string getString() const override;
  using Constant::get;
  /// A row, as a dictionary from column name to value.
  ConstantSP get(INDEX index) const override;
  /// The value of one cell.
  ConstantSP get(INDEX column, INDEX row) const override;
  /// The rows at the positions of a vector, as a new table.
  ConstantSP get(const ConstantSP& index) const override;
  /// A column by its name.
  ConstantSP getMember(const ConstantSP& key) const override { return getColumn(key->getString()); }
  /// The column names.
  ConstantSP keys() const override;
  /// A tuple of copies of the columns.
  ConstantSP values() const override;
  /// A table of the same columns and no rows.
  ConstantSP getInstance() const override;
  /// A copy of all rows.
  ConstantSP getValue() const override;

 private:
  /// A table of the same names, each column made from one of this table.
  ConstantSP derive(const std::function<ConstantSP(const VectorSP&)>& makeColumn) const;
  bool convertColumns(const vector<ConstantSP>& values, vector<VectorSP>& converted, string& errMsg) const;
  size_t checkedIndex(int index) const;

  vector<VectorSP> columns_;
  vector<string> names_;
  string name_;
};

using BasicTableSP = ValuePointer<BasicTable>;

HOST_SDK_END
