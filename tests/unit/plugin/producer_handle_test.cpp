#include "plugin/producer_handle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin/argument_error.h"
#include "plugin/producer_registry.h"
#include "script_values.h"
#include "support/fake_client.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::HasSubstr;

class ProducerHandleTest : public ::testing::Test {
 protected:
  ProducerHandleTest() { client().reset(); }
  static fake::Client& client() { return fake::Client::instance(); }
  ConstantSP make() {
    ProducerConfig config;
    config.group = "group1";
    return make_producer_handle(session_->getHeap().get(), Producer::start(config), "group1");
  }
  static std::string error(const ConstantSP& handle) {
    return error_of([&] { static_cast<void>(producer_of(handle)); });
  }

  SessionSP session_ = session_of("alice");
};

TEST_F(ProducerHandleTest, TheLastReferenceClosesTheProducer) {
  ConstantSP handle = make();
  ConstantSP second = handle;
  EXPECT_EQ(client().live_producers(), 1);
  EXPECT_NE(producer_of(second), nullptr);
  handle.clear();
  EXPECT_EQ(client().live_producers(), 1);
  second.clear();
  EXPECT_EQ(client().live_producers(), 0);
  EXPECT_EQ(ProducerRegistry::instance().size(), 0U);
}

TEST_F(ProducerHandleTest, AHandleThatAFunctionHoldsOutlivesTheSessionThatMadeIt) {
  // forward{producer} as a handler: its job goes on when the session has ended.
  ConstantSP handle = make();
  session_.clear();
  EXPECT_NE(producer_of(handle), nullptr);
  handle.clear();
  EXPECT_EQ(client().live_producers(), 0);
}

TEST_F(ProducerHandleTest, EachHandleIsItsOwnProducer) {
  const ConstantSP first = make();
  const ConstantSP second = make();
  EXPECT_NE(producer_of(first), producer_of(second));
}

TEST_F(ProducerHandleTest, OtherValuesAreRefused) {
  EXPECT_EQ(error(text("x")),
            "producer must be the object that createProducer returned; given: the STRING scalar \"x\".");
  EXPECT_THAT(error(integer(1)), HasSubstr("given: the INT scalar 1."));
}

TEST_F(ProducerHandleTest, AResourceOfAnotherKindIsRefusedWhateverNumberItCarries) {
  const ConstantSP ours = make();
  const ConstantSP foreign =
      Util::createResource(ours->getLong(), "another plugin's connection", FunctionDefSP(), session_.get());
  EXPECT_EQ(error(foreign),
            "producer must be the object that createProducer returned; given: the resource "
            "\"another plugin's connection\".");
}

TEST_F(ProducerHandleTest, AClosedProducerIsSaidToBeClosed) {
  const ConstantSP handle = make();
  EXPECT_NE(ProducerRegistry::instance().remove(handle->getLong()), nullptr);
  EXPECT_THAT(error(handle), HasSubstr("is closed; create a new one."));
}

}  // namespace
}  // namespace rocketmq::plugin::test
