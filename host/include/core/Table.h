// Table: named columns of equal length.
#pragma once

#include "Concurrent.h"
#include "core/Constant.h"

HOST_SDK_BEGIN

/// An in-memory table.
///
/// Thread-safety: every method of the host's tables takes getLock() itself, so threads may append while
/// others read sizes or print. Whoever reads a column got from getColumn() while others may append holds
/// the lock meanwhile:
///
///     LockGuard<Mutex> guard(table->getLock());
///
/// or works on the copy that getValue() makes. A server's table has a lock only when it is shared, and
/// its append() does not take it.
class Table : public Constant {
 public:
  Table() : Constant(DF_TABLE, DT_DICTIONARY, MIXED) {}

  virtual ConstantSP getColumn(const string& name) const = 0;
  virtual ConstantSP getColumn(INDEX index) const = 0;
  INDEX columns() const override = 0;
  INDEX size() const override = 0;
  virtual const string& getColumnName(int index) const = 0;
  /// -1 if there is no such column.
  virtual int getColumnIndex(const string& name) const = 0;
  virtual void setColumnName(int index, const string& name) = 0;
  virtual DATA_TYPE getColumnType(int index) const = 0;
  virtual bool contain(const string& name) const = 0;
  virtual const string& getName() const = 0;
  virtual void setName(const string& name) = 0;
  string getScript() const override { return getName(); }

  /// Appends one value a column (vectors of equal length, or scalars), or the one table or tuple that
  /// `values` holds. On failure nothing is appended, false is returned and errMsg says why.
  virtual bool append(vector<ConstantSP>& values, INDEX& insertedRows, string& errMsg) = 0;
  /// Removes all rows.
  virtual bool clear() { return false; }

  virtual TABLE_TYPE getTableType() const = 0;
  virtual bool isBasicTable() const { return false; }
  virtual bool isSegmentedTable() const { return false; }
  virtual bool isAppendable() const { return false; }

  bool isSharedTable() const { return shared_; }
  void setSharedTable(bool option) { shared_ = option; }
  /// A stream table.
  bool isRealtimeTable() const { return realtime_; }
  void setRealtimeTable(bool option) { realtime_ = option; }
  Mutex* getLock() const { return &lock_; }

 private:
  mutable Mutex lock_;
  bool shared_ = false;
  bool realtime_ = false;
};

HOST_SDK_END
