// Vectors: typed numbers, strings, tuples, pairs.
#include <gtest/gtest.h>

#include <numeric>

#include "ScalarImp.h"

HOST_SDK_USE;

namespace {

VectorSP ints(const vector<int>& values) {
  VectorSP vector = Util::createVector(DT_INT, 0, 4);
  vector->appendInt(values.data(), static_cast<int>(values.size()));
  return vector;
}

VectorSP strings(DATA_TYPE type, const vector<string>& values) {
  VectorSP vector = Util::createVector(type, 0);
  vector->appendString(values.data(), static_cast<int>(values.size()));
  return vector;
}

TEST(VectorText, ReadsAsTheConsoleShowsIt) {
  EXPECT_EQ(ints({1, INT_MIN, 3})->getString(), "[1,,3]");
  EXPECT_EQ(strings(DT_STRING, {"a", "", "c"})->getString(), "[\"a\",,\"c\"]");
  vector<int> many(100);
  std::iota(many.begin(), many.end(), 0);
  EXPECT_EQ(ints(many)->getString(), "[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19...]");
  const VectorSP pair = Util::createPair(DT_INT);
  pair->setInt(0, 1);
  pair->setInt(1, 2);
  EXPECT_EQ(pair->getString(), "1 : 2");
  EXPECT_TRUE(pair->isPair());
  EXPECT_TRUE(pair->isVector());
  EXPECT_FALSE(pair->isArray());
}

TEST(VectorForms, AreWhatThePluginAsksFor) {
  const VectorSP plain = ints({1});
  EXPECT_TRUE(plain->isArray());
  EXPECT_FALSE(plain->isTuple());
  EXPECT_EQ(plain->getCategory(), INTEGRAL);
  const VectorSP tuple = Util::createVector(DT_ANY, 0);
  EXPECT_TRUE(tuple->isTuple());
  EXPECT_TRUE(tuple->isArray());
  EXPECT_EQ(Util::getCategory(tuple->getType()), MIXED);
  EXPECT_THROW(Util::createVector(DT_UUID, 0), RuntimeException);
}

TEST(StringVectors, GiveBytesWithoutLossInEveryWay) {
  const string bytes("\0x\xff\n", 4);
  const VectorSP blobs = strings(DT_BLOB, {"a", bytes, ""});
  EXPECT_EQ(blobs->getString(1), bytes);
  EXPECT_EQ(blobs->getStringRef(1).getString(), bytes);
  vector<DolphinString*> buffer(3);
  DolphinString** chunk = blobs->getStringConst(0, 3, buffer.data());
  EXPECT_EQ(chunk[1]->getString(), bytes);
  EXPECT_TRUE(blobs->isNull(2));
  EXPECT_EQ(blobs->get(1)->getType(), DT_BLOB);

  const VectorSP copy = Util::createVector(DT_STRING, 0);
  vector<const DolphinString*> pointers(chunk, chunk + 3);
  EXPECT_TRUE(copy->appendString(pointers.data(), 3));
  EXPECT_EQ(copy->getString(1), bytes);
  EXPECT_THROW(blobs->getStringConst(1, 3, buffer.data()), RuntimeException);
}

TEST(NumericVectors, ConvertRawValuesButNotTheirNulls) {
  const VectorSP longs = Util::createVector(DT_LONG, 0);
  const vector<int> raw{1, INT_MIN};
  EXPECT_TRUE(longs->appendInt(raw.data(), 2));
  EXPECT_EQ(longs->getLong(0), 1);
  EXPECT_EQ(longs->getLong(1), LLONG_MIN);
  EXPECT_FALSE(longs->getNullFlag());
  EXPECT_TRUE(longs->hasNull());

  const VectorSP bools = Util::createVector(DT_BOOL, 0);
  EXPECT_TRUE(bools->append(ints({0, 5, INT_MIN})));
  EXPECT_EQ(bools->getString(), "[false,true,]");
  EXPECT_TRUE(bools->getNullFlag());
}

TEST(NumericVectors, GiveRunsOfElements) {
  const VectorSP vector = ints({1, 2, 3});
  std::array<double, 2> buffer{};
  EXPECT_TRUE(vector->getDouble(1, 2, buffer.data()));
  EXPECT_EQ(buffer[1], 3.0);
  EXPECT_EQ(vector->getDoubleConst(0, 2, buffer.data())[1], 2.0);
  EXPECT_FALSE(vector->getDouble(2, 2, buffer.data()));
}

TEST(VectorAppend, ThatDoesNotFitChangesNothing) {
  const VectorSP vector = ints({1});
  EXPECT_FALSE(vector->append(new String("x")));
  EXPECT_FALSE(vector->append(new NanoTimestamp(1)));
  const VectorSP mixed = Util::createVector(DT_ANY, 0);
  mixed->append(new Int(2));
  mixed->append(new String("x"));
  EXPECT_FALSE(vector->append(mixed));
  EXPECT_EQ(vector->getString(), "[1]");
  EXPECT_TRUE(vector->append(new Double(2.6)));
  EXPECT_TRUE(vector->append(new Void()));
  EXPECT_TRUE(vector->append(vector));
  EXPECT_EQ(vector->getString(), "[1,3,,1,3,]");
}

TEST(VectorAppend, StringsAndBlobsTakeEachOther) {
  const VectorSP blobs = Util::createVector(DT_BLOB, 0);
  EXPECT_TRUE(blobs->append(strings(DT_STRING, {"a"})));
  EXPECT_TRUE(blobs->append(new String("b")));
  EXPECT_FALSE(blobs->append(new Int(1)));
  EXPECT_EQ(blobs->size(), 2);
}

TEST(VectorIndexing, OutsideIsAnErrorForOneAndNullForMany) {
  const VectorSP vector = ints({10, 20});
  EXPECT_EQ(vector->get(1)->getInt(), 20);
  EXPECT_THROW(vector->get(2), RuntimeException);
  EXPECT_THROW(vector->getInt(-1), RuntimeException);
  EXPECT_EQ(vector->get(ConstantSP(ints({1, 5, -1})))->getString(), "[20,,]");
  EXPECT_EQ(vector->getSubVector(1, 1)->getString(), "[20]");
  EXPECT_THROW(vector->getSubVector(1, 2), RuntimeException);
}

TEST(VectorSet, ChangesElements) {
  const VectorSP vector = ints({1, 2, 3});
  EXPECT_TRUE(vector->set(0, new Int(9)));
  EXPECT_FALSE(vector->set(0, new String("x")));
  EXPECT_TRUE(vector->set(ConstantSP(ints({1, 2})), new Int(0)));
  EXPECT_EQ(vector->getString(), "[9,0,0]");
  vector->fill(0, 2, ints({4, 5}));
  vector->setNull(2);
  EXPECT_EQ(vector->getString(), "[4,5,]");
  EXPECT_FALSE(vector->getNullFlag()) << "setNull writes raw, as setLong does; the flag is the caller's";
  vector->resize(1);
  vector->resize(2);
  EXPECT_EQ(vector->getString(), "[4,]");
}

TEST(VectorCopy, SharesNothing) {
  const VectorSP vector = ints({1, 2});
  const VectorSP copy = vector->getValue();
  vector->setInt(0, 7);
  EXPECT_EQ(copy->getString(), "[1,2]");
  EXPECT_EQ(VectorSP(vector->getInstance())->getString(), "[,]");
}

TEST(Tuples, HoldAnythingAndTakeAVectorAsOneElement) {
  const VectorSP tuple = Util::createVector(DT_ANY, 0);
  tuple->append(new Int(1));
  tuple->append(new String("a"));
  tuple->append(ints({2, 3}));
  tuple->append(new Void(true));
  EXPECT_EQ(tuple->getString(), "(1,\"a\",[2,3],)");
  EXPECT_TRUE(tuple->isNull(3));
  const VectorSP more = Util::createVector(DT_ANY, 0);
  more->append(tuple);
  EXPECT_EQ(more->size(), 4);
  const VectorSP copy = tuple->getValue();
  tuple->get(2)->set(0, new Int(9));
  EXPECT_EQ(copy->getString(), "(1,\"a\",[2,3],)");
  const VectorSP numbers = Util::createVector(DT_INT, 0);
  EXPECT_TRUE(numbers->append(tuple, 0, 1));
  EXPECT_EQ(numbers->getInt(0), 1);
}

}  // namespace
