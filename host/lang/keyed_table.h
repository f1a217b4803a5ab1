// The table that keyedTable makes: at most one row a key.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "TableImp.h"

HOST_SDK_USE;

namespace host {

// What is appended takes the place of the row that has its key.
class KeyedTable : public BasicTable {
 public:
  // Takes the rows of `rows`. Throws RuntimeException if a key column is none of its columns.
  KeyedTable(const std::vector<std::string>& key_columns, const TableSP& rows);

  bool append(vector<ConstantSP>& values, INDEX& insertedRows, string& errMsg) override;
  bool clear() override;
  ConstantSP getInstance() const override;
  ConstantSP getValue() const override;

 private:
  [[nodiscard]] std::string key_of(const TableSP& rows, INDEX row) const;

  std::vector<std::string> key_columns_;
  std::map<std::string, INDEX> rows_;
};

}  // namespace host
