// Dictionaries.
#include <gtest/gtest.h>

#include "ScalarImp.h"

HOST_SDK_USE;

namespace {

DictionarySP dictionary(DATA_TYPE key, DATA_TYPE value) {
  return Util::createDictionary(key, nullptr, value, nullptr);
}

ConstantSP key(const string& text) {
  return new String(text);
}

TEST(DictionaryTest, TakesKeysAsValuesOnly) {
  const DictionarySP config = dictionary(DT_STRING, DT_ANY);
  EXPECT_THROW(config->set(string("group"), new Int(1)), RuntimeException);
  EXPECT_TRUE(config->set(key("group"), new Int(1)));
  EXPECT_THROW(static_cast<void>(config->getMember(string("group"))), RuntimeException);
}

TEST(DictionaryTest, HoldsAConfigAsScriptsWriteIt) {
  const DictionarySP config = dictionary(DT_STRING, DT_ANY);
  EXPECT_TRUE(config->set(key("group"), new String("g1")));
  EXPECT_TRUE(config->set(ConstantSP(new String("batchSize")), new Int(32)));
  EXPECT_TRUE(config->set(key("group"), new String("g2")));
  EXPECT_EQ(config->getKeyType(), DT_STRING);
  EXPECT_EQ(config->getType(), DT_ANY);
  EXPECT_TRUE(config->isDictionary());
  EXPECT_EQ(config->size(), 2);
  EXPECT_EQ(config->getMember(key("group"))->getString(), "g2");
  EXPECT_TRUE(config->getMember(key("absent"))->isNothing());
  EXPECT_TRUE(config->getMember(key("absent"))->isNull());
  EXPECT_EQ(config->keys()->getString(), "[\"group\",\"batchSize\"]");
  EXPECT_EQ(config->values()->getString(), "(\"g2\",32)");
  EXPECT_EQ(config->getString(), "group->g2\nbatchSize->32");
}

TEST(DictionaryTest, OfOneTypeConvertsItsValues) {
  const DictionarySP counts = dictionary(DT_INT, DT_LONG);
  EXPECT_TRUE(counts->set(ConstantSP(new Long(1)), new Int(5)));
  EXPECT_FALSE(counts->set(ConstantSP(new Int(1)), new String("x")));
  EXPECT_FALSE(counts->set(key("a"), new Int(1)));
  EXPECT_EQ(counts->getMember(ConstantSP(new Int(1)))->getType(), DT_LONG);
  EXPECT_EQ(counts->getMember(ConstantSP(new Int(2)))->getScript(), "00l");
  EXPECT_EQ(counts->values()->getType(), DT_LONG);
  EXPECT_THROW(dictionary(DT_ANY, DT_INT), RuntimeException);
}

TEST(DictionaryTest, TakesAndGivesManyAtOnce) {
  const DictionarySP squares = dictionary(DT_INT, DT_INT);
  const VectorSP keys = Util::createVector(DT_INT, 0);
  const vector<int> raw{1, 2};
  keys->appendInt(raw.data(), 2);
  EXPECT_TRUE(squares->set(ConstantSP(keys), keys));
  EXPECT_EQ(squares->getMember(ConstantSP(keys))->getString(), "[1,2]");
  EXPECT_FALSE(squares->set(ConstantSP(keys), Util::createVector(DT_INT, 3)));
}

TEST(DictionaryTest, ForgetsRemovedKeys) {
  const DictionarySP d = dictionary(DT_STRING, DT_INT);
  d->set(key("a"), new Int(1));
  d->set(key("b"), new Int(2));
  EXPECT_TRUE(d->remove(new String("a")));
  EXPECT_FALSE(d->remove(new String("a")));
  EXPECT_EQ(d->getString(), "b->2");
  d->clear();
  EXPECT_EQ(d->count(), 0);
}

TEST(DictionaryTest, ACopySharesNothingThatChanges) {
  const DictionarySP d = dictionary(DT_STRING, DT_ANY);
  const VectorSP list = Util::createVector(DT_INT, 1);
  d->set(key("list"), list);
  const DictionarySP copy = d->getValue();
  list->setInt(0, 5);
  EXPECT_EQ(copy->getMember(key("list"))->getString(), "[]");
  EXPECT_EQ(d->getMember(key("list"))->getString(), "[5]");
}

}  // namespace
