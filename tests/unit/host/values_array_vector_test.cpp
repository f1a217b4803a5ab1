// Array vectors: rows of any length.
#include <gtest/gtest.h>

#include "ScalarImp.h"
#include "SpecialConstant.h"
#include "TableImp.h"

HOST_SDK_USE;

namespace {

VectorSP ints(const vector<int>& values) {
  VectorSP vector = Util::createVector(DT_INT, 0);
  vector->appendInt(values.data(), static_cast<int>(values.size()));
  return vector;
}

VectorSP arrays(const vector<int>& ends, const vector<int>& values) {
  return new FastArrayVector(ints(ends), ints(values));
}

const DATA_TYPE int_arrays = static_cast<DATA_TYPE>(DT_INT + ARRAY_TYPE_BASE);

TEST(ArrayVectors, AreMadeOfValuesAndOfWhereRowsEnd) {
  const VectorSP vector = arrays({3, 5, 6}, {1, 2, 3, 4, 5, INT_MIN});
  EXPECT_EQ(vector->size(), 3);
  EXPECT_EQ(vector->getType(), int_arrays);
  EXPECT_EQ(vector->getType(), 68);
  EXPECT_EQ(vector->getCategory(), ARRAY);
  EXPECT_TRUE(vector->isArray());
  EXPECT_FALSE(vector->isTuple());
  EXPECT_EQ(vector->getString(), "[[1,2,3],[4,5],[null]]");
  EXPECT_EQ(vector->getString(1), "[4,5]");
  EXPECT_EQ(vector->get(0)->getString(), "[1,2,3]");
  EXPECT_EQ(vector->get(0)->getType(), DT_INT);
  EXPECT_FALSE(vector->isNull(1));
  EXPECT_TRUE(vector->isNull(2));
  EXPECT_TRUE(vector->hasNull());
  EXPECT_TRUE(vector->getNullFlag());
  EXPECT_FALSE(arrays({1}, {7})->getNullFlag());
  EXPECT_THROW((void)vector->get(3), RuntimeException);
  EXPECT_THROW((void)vector->get(-1), RuntimeException);
}

TEST(ArrayVectors, RefuseEmptyRowsAndEndsThatAreNotTheValues) {
  EXPECT_EQ(arrays({}, {})->getString(), "[]");
  EXPECT_THROW(arrays({0, 2}, {1, 2}), RuntimeException);
  EXPECT_THROW(arrays({2, 2}, {1, 2}), RuntimeException);
  EXPECT_THROW(arrays({2, 1}, {1}), RuntimeException);
  EXPECT_THROW(arrays({1}, {1, 2}), RuntimeException);
  EXPECT_THROW(arrays({3}, {1, 2}), RuntimeException);
}

TEST(ArrayVectors, HaveTypesWithNamesAndNumbers) {
  EXPECT_EQ(Util::getDataTypeString(int_arrays), "INT[]");
  EXPECT_EQ(Util::getDataType("double[]"), 80);
  EXPECT_EQ(Util::getDataType("TIMESTAMP[]"), DT_TIMESTAMP + ARRAY_TYPE_BASE);
  for (const char* name : {"STRING[]", "SYMBOL[]", "BLOB[]", "ANY[]", "VOID[]", "INT[][]", "[]", "INT["})
    EXPECT_EQ(Util::getDataType(name), DT_VOID) << name;
  EXPECT_THROW(Util::createVector(static_cast<DATA_TYPE>(DT_STRING + ARRAY_TYPE_BASE), 0), RuntimeException);
  EXPECT_THROW(Util::createConstant(int_arrays), RuntimeException);
}

TEST(ArrayVectors, TakeArrayVectorsScalarsAndTuplesOfRows) {
  const VectorSP vector = Util::createVector(int_arrays, 1);
  EXPECT_TRUE(vector->isNull(0));
  EXPECT_TRUE(vector->append(ConstantSP(arrays({2, 3}, {1, 2, 3}))));
  EXPECT_TRUE(vector->append(ConstantSP(new Int(4))));
  EXPECT_TRUE(vector->append(ConstantSP(new Double(5.4))));
  const VectorSP rows = Util::createVector(DT_ANY, 0);
  rows->append(ConstantSP(ints({6, 7})));
  rows->append(ConstantSP(ints({})));
  rows->append(ConstantSP(new Int(8)));
  EXPECT_TRUE(vector->append(ConstantSP(rows)));
  EXPECT_EQ(vector->getString(), "[[null],[1,2],[3],[4],[5],[6,7],[null],[8]]");
  EXPECT_TRUE(vector->append(vector));
  EXPECT_EQ(vector->size(), 16);
}

TEST(ArrayVectors, StayAsTheyAreIfARowDoesNotFit) {
  const VectorSP vector = arrays({2}, {1, 2});
  EXPECT_FALSE(vector->append(ConstantSP(ints({1, 2}))));
  EXPECT_FALSE(vector->append(ConstantSP(new String("a"))));
  const VectorSP rows = Util::createVector(DT_ANY, 0);
  rows->append(ConstantSP(ints({6, 7})));
  rows->append(ConstantSP(new String("a")));
  EXPECT_FALSE(vector->append(ConstantSP(rows)));
  EXPECT_FALSE(vector->append(ConstantSP(arrays({1}, {1})), 1, 1));
  EXPECT_FALSE(ints({1})->append(ConstantSP(vector)));
  EXPECT_EQ(vector->getString(), "[[1,2]]");
  EXPECT_FALSE(vector->set(0, ConstantSP(new Int(1))));
}

TEST(ArrayVectors, GivePartsAndCopies) {
  const VectorSP vector = arrays({3, 5, 6}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(vector->get(ConstantSP(ints({2, 0, 9})))->getString(), "[[6],[1,2,3],[null]]");
  EXPECT_EQ(vector->getSubVector(1, 2)->getString(), "[[4,5],[6]]");
  const auto& rows = dynamic_cast<const FastArrayVector&>(*vector);
  EXPECT_EQ(rows.column(1)->getString(), "[2,5,]");
  EXPECT_EQ(rows.column(-1)->getString(), "[,,]");
  const VectorSP copy = vector->getValue();
  vector->clear();
  EXPECT_EQ(vector->getString(), "[]");
  EXPECT_EQ(copy->getString(), "[[1,2,3],[4,5],[6]]");
  EXPECT_EQ(copy->getInstance(2)->getString(), "[[null],[null]]");
  copy->resize(1);
  EXPECT_EQ(copy->getString(), "[[1,2,3]]");
}

TEST(ArrayVectors, AreColumnsOfTables) {
  const TableSP table = Util::createTable({"id", "v"}, {DT_INT, int_arrays}, 0, 1);
  vector<ConstantSP> values{ConstantSP(ints({1, 2})), ConstantSP(arrays({2, 3}, {7, 8, 9}))};
  INDEX inserted = 0;
  string error;
  EXPECT_TRUE(table->append(values, inserted, error)) << error;
  EXPECT_EQ(table->getString(), "id v    \n-- -----\n1  [7,8]\n2  [9]  ");
  EXPECT_EQ(table->get(0)->getMember(ConstantSP(new String("v")))->getString(), "[7,8]");
  values = {ConstantSP(new Int(3)), ConstantSP(ints({1, 2}))};
  EXPECT_FALSE(table->append(values, inserted, error));
  EXPECT_EQ(table->size(), 2);
}

}  // namespace
