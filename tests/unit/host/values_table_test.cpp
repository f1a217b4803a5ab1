// Tables: what can be appended, what errors say, how they print.
#include <gtest/gtest.h>

#include "ScalarImp.h"
#include "TableImp.h"

HOST_SDK_USE;

namespace {

TableSP messages() {
  return Util::createTable({"msg"}, vector<DATA_TYPE>{DT_STRING}, 0, 0);
}

string appendError(const TableSP& table, vector<ConstantSP> values) {
  INDEX rows = -1;
  string error;
  EXPECT_FALSE(table->append(values, rows, error));
  EXPECT_EQ(rows, 0);
  return error;
}

INDEX appended(const TableSP& table, vector<ConstantSP> values) {
  INDEX rows = -1;
  string error;
  EXPECT_TRUE(table->append(values, rows, error)) << error;
  return rows;
}

VectorSP texts(const vector<string>& values) {
  VectorSP vector = Util::createVector(DT_STRING, 0);
  vector->appendString(values.data(), static_cast<int>(values.size()));
  return vector;
}

TEST(TablePrint, ShowsHeaderDashesAndRows) {
  const TableSP table = messages();
  EXPECT_EQ(table->getString(), "msg\n---");
  appended(table, {texts({"msg1", "a"})});
  EXPECT_EQ(table->getString(), "msg \n----\nmsg1\na   ");
}

TEST(TablePrint, AlignsColumnsByCharactersNotBytes) {
  const TableSP table = Util::createTable(
      {"id", "t"}, vector<ConstantSP>{Util::createVector(DT_INT, 0), Util::createVector(DT_STRING, 0)});
  appended(table, {new Int(1), new String("\xC3\xA4\xC3\xA4")});
  appended(table, {new Void(), new String("a\nb")});
  EXPECT_EQ(table->getString(), "id t   \n-- ----\n1  \xC3\xA4\xC3\xA4  \n   a\\nb");
}

TEST(TablePrint, CutsLongTablesAndCells) {
  const TableSP table = messages();
  appended(table, {texts(vector<string>(25, "x"))});
  const string text = table->getString();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 22);
  EXPECT_EQ(text.substr(text.size() - 4), "\n...");
  table->clear();
  EXPECT_EQ(table->size(), 0);
  appended(table, {texts({string(500, 'y'), "\x1b[2J"})});
  const string cut = table->getString();
  EXPECT_NE(cut.find(string(97, 'y') + "...\n"), string::npos);
  EXPECT_EQ(cut.find(string(98, 'y')), string::npos);
  EXPECT_NE(cut.find("\\x1b[2J"), string::npos);
}

TEST(TablePrint, FoldsWideTablesSoThatNoColumnIsHidden) {
  vector<string> names;
  vector<ConstantSP> columns;
  for (int i = 0; i < 9; ++i) {
    names.push_back("column" + std::to_string(i));
    columns.emplace_back(new NanoTimestamp(1704164645123456789LL));
  }
  const TableSP table = Util::createTable(names, columns);
  const string text = table->getString();
  EXPECT_NE(text.find("column8"), string::npos);
  for (const string& line : Util::split(text, '\n')) {
    EXPECT_LE(line.size(), 120U);
  }
}

TEST(TableAppend, ConvertsNumbersAndStrings) {
  const TableSP table = Util::createTable({"n", "b"}, vector<DATA_TYPE>{DT_DOUBLE, DT_BLOB}, 0, 0);
  EXPECT_EQ(appended(table, {new Int(1), new String("x")}), 1);
  EXPECT_EQ(table->getColumn("N")->getDouble(0), 1.0);
  EXPECT_EQ(table->getColumn("b")->getType(), DT_BLOB);
  const VectorSP row = Util::createVector(DT_ANY, 0);
  row->append(new Int(2));
  row->append(new String("y"));
  EXPECT_EQ(appended(table, {row}), 1);
  EXPECT_EQ(appended(table, {ConstantSP(table)}), 2);
  EXPECT_EQ(table->size(), 4);
}

TEST(TableAppend, ThatFailsSaysWhyAndChangesNothing) {
  const TableSP table = Util::createTable({"id", "msg"}, vector<DATA_TYPE>{DT_INT, DT_STRING}, 0, 0);
  EXPECT_EQ(appendError(table, {new Int(1)}),
            "The number of columns to append (1) does not match that of the table (2).");
  EXPECT_EQ(appendError(table, {new Int(1), new Int(2)}),
            "Failed to append data to column 'msg': Incompatible type. Expected: STRING, Actual: INT");
  EXPECT_EQ(appendError(table, {Util::createVector(DT_INT, 2), texts({"a"})}),
            "The columns to append must have the same length.");
  EXPECT_EQ(table->size(), 0);
  EXPECT_EQ(table->getColumn(0)->size(), 0);
  table->setReadOnly(true);
  EXPECT_EQ(appendError(table, {new Int(1), new String("a")}), "The table is read-only.");
}

TEST(TableColumns, AreFoundByNameInAnyCase) {
  const TableSP table = messages();
  EXPECT_EQ(table->getColumnIndex("MSG"), 0);
  EXPECT_EQ(table->getColumnIndex("other"), -1);
  EXPECT_EQ(table->getColumnName(0), "msg");
  EXPECT_EQ(table->getColumnType(0), DT_STRING);
  EXPECT_EQ(table->keys()->getString(), "[\"msg\"]");
  try {
    table->getColumn("other");
    FAIL() << "no exception";
  } catch (const TableRuntimeException& error) {
    EXPECT_STREQ(error.what(), "Unrecognized column name other");
  }
  EXPECT_THROW(table->getColumn(1), TableRuntimeException);
}

TEST(TableCreation, RefusesWhatIsNoTable) {
  EXPECT_THROW(Util::createTable({"a", "A"}, vector<DATA_TYPE>{DT_INT, DT_INT}, 0, 0), TableRuntimeException);
  EXPECT_THROW(Util::createTable({"a"}, vector<DATA_TYPE>{DT_INT, DT_INT}, 0, 0), TableRuntimeException);
  EXPECT_THROW(Util::createTable({}, vector<DATA_TYPE>{}, 0, 0), TableRuntimeException);
  EXPECT_THROW(Util::createTable({"a", "b"}, vector<ConstantSP>{Util::createVector(DT_INT, 1),
                                                                Util::createVector(DT_INT, 2)}),
               TableRuntimeException);
}

TEST(TableRows, ComeAsDictionariesCellsAndSubTables) {
  const TableSP table = messages();
  appended(table, {texts({"a", "b", "c"})});
  EXPECT_EQ(table->get(1)->getString(), "msg->b");
  EXPECT_EQ(table->get(0, 2)->getString(), "c");
  const VectorSP rows = Util::createVector(DT_INT, 0);
  const vector<int> raw{2, 0};
  rows->appendInt(raw.data(), 2);
  EXPECT_EQ(table->get(ConstantSP(rows))->getString(), "msg\n---\nc  \na  ");
  const TableSP copy = table->getValue();
  table->clear();
  EXPECT_EQ(copy->rows(), 3);
  EXPECT_EQ(TableSP(copy->getInstance())->rows(), 0);
}

TEST(TableKinds, TellStreamTables) {
  const TableSP table = messages();
  EXPECT_EQ(table->getTableType(), BASICTBL);
  EXPECT_TRUE(table->isBasicTable());
  table->setRealtimeTable(true);
  EXPECT_EQ(table->getTableType(), REALTIMETBL);
}

}  // namespace
