#include "plugin/data_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin/argument_error.h"
#include "script_values.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::string_literals;

std::string error(const ConstantSP& data) {
  return error_of([&] { static_cast<void>(read_bodies(data)); });
}

TEST(DataReader, ScalarIsOneBody) {
  const ConstantSP data = text("msg1");
  EXPECT_THAT(read_bodies(data).views, ElementsAre("msg1"));
}

TEST(DataReader, BytesAndNulsArriveAsTheyAre) {
  const std::string bytes = "\0\x01\xff\0end\0"s;
  const ConstantSP scalar = blob(bytes);
  EXPECT_THAT(read_bodies(scalar).views, ElementsAre(bytes));
  const ConstantSP vector = texts({bytes, "second", std::string(100'000, '\0')}, DT_BLOB);
  EXPECT_THAT(read_bodies(vector).views, ElementsAre(bytes, "second", std::string(100'000, '\0')));
}

TEST(DataReader, VectorKeepsItsOrderOverManyChunks) {
  std::vector<std::string> expected;
  for (int i = 0; i < 100'000; ++i)
    expected.push_back("message " + std::to_string(i));
  const ConstantSP data = texts(expected);
  const Texts read = read_bodies(data);
  const std::vector<std::string_view>& bodies = read.views;
  ASSERT_EQ(bodies.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    ASSERT_EQ(bodies[i], expected[i]);
}

TEST(DataReader, SymbolVectorIsReadAsTexts) {
  const ConstantSP data = texts({"IBM", "MSFT", "IBM"}, DT_SYMBOL);
  EXPECT_THAT(read_bodies(data).views, ElementsAre("IBM", "MSFT", "IBM"));
}

TEST(DataReader, WhatBelongsToTheSessionIsNotCopied) {
  const ConstantSP variable = texts({"a", "b"});
  variable->setTemporary(false);
  const Texts bodies = read_bodies(variable);
  EXPECT_TRUE(bodies.copy.empty());
  EXPECT_THAT(bodies.views, ElementsAre("a", "b"));
}

TEST(DataReader, AColumnOfATableIsCopiedSinceAnotherSessionMayAppendToIt) {
  std::vector<std::string> expected;
  for (int i = 0; i < 1000; ++i)
    expected.push_back("a message that is too long for any string's own memory " + std::to_string(i));
  const TableSP table = Util::createTable({"msg"}, std::vector<ConstantSP>{texts(expected, DT_BLOB)});
  const Texts bodies = read_bodies(table->getColumn(0));
  // As another session does; the strings move.
  std::string reason;
  INDEX rows = 0;
  std::vector<ConstantSP> more{texts(std::vector<std::string>(100'000, "x"), DT_BLOB)};
  ASSERT_TRUE(table->append(more, rows, reason)) << reason;
  ASSERT_TRUE(table->clear());
  EXPECT_THAT(bodies.views, ::testing::ElementsAreArray(expected));
}

TEST(DataReader, ASynchronizedValueIsCopied) {
  const ConstantSP data = texts({"a"});
  data->setSynchronized(true);
  EXPECT_FALSE(read_bodies(data).copy.empty());
}

TEST(DataReader, EmptyVectorsAreNothingToSend) {
  const ConstantSP typed = texts({});
  EXPECT_TRUE(read_bodies(typed).views.empty());
  const ConstantSP untyped = Util::createVector(DT_ANY, 0);
  EXPECT_TRUE(read_bodies(untyped).views.empty());
}

TEST(DataReader, EmptyElementsAreNamedByTheirIndex) {
  EXPECT_THAT(error(texts({"a", "b", "", "d"})), HasSubstr("the element at index 2 is empty."));
  EXPECT_THAT(error(text("")), HasSubstr("data must not be NULL or empty"));
  std::vector<std::string> many(70'000, "x");
  many[69'999].clear();
  EXPECT_THAT(error(texts(many)), HasSubstr("the element at index 69999 is empty."));
}

TEST(DataReader, OtherTypesAndFormsAreRefused) {
  EXPECT_EQ(error(integer(1)), "data must be a STRING or BLOB scalar or vector; given: an INT scalar.");
  EXPECT_THAT(error(Util::createVector(DT_INT, 2)), HasSubstr("given: an INT vector of 2 elements."));
  EXPECT_THAT(error(config({})), HasSubstr("given: a dictionary."));
  const ConstantSP column = texts({"a"});
  EXPECT_THAT(error(Util::createTable({"c"}, std::vector<ConstantSP>{column})),
              HasSubstr("data is a table; with {format: \"JSON\"} as sendConfig"));
  EXPECT_THAT(error(Util::createPair(DT_STRING)), HasSubstr("given: a STRING pair."));
  EXPECT_THAT(error(Util::createVector(DT_ANY, 2)), HasSubstr("given: an ANY vector of 2 elements."));
}

}  // namespace
}  // namespace rocketmq::plugin::test
