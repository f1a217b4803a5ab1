// Consumers without a handler, from their configuration to their handle, with a client in memory.

#include "plugin/polled_consumer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "plugin/argument_error.h"
#include "plugin/consumer_handle.h"
#include "plugin/process_exit.h"
#include "script_values.h"
#include "support/fake_client.h"

namespace rocketmq::plugin::test {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const IsCancelled go_on = [] { return false; };

class PolledConsumerTest : public ::testing::Test {
 protected:
  PolledConsumerTest() { client().reset(); }
  static fake::Client& client() { return fake::Client::instance(); }

  static JobConfig read(const ConstantSP& dictionary) {
    return read_polled_config({"127.0.0.1:9876", "group1", {{"topic1"}}}, dictionary);
  }
  std::shared_ptr<PolledConsumer> make(const ConstantSP& dictionary = ConstantSP()) {
    return std::make_shared<PolledConsumer>(read(dictionary), session_);
  }
  static std::vector<std::string> poll(PolledConsumer& consumer, int most = 1000,
                                       std::chrono::milliseconds timeout = 0ms) {
    const TableSP table = consumer.poll(most, timeout, go_on);
    std::vector<std::string> values;
    for (INDEX i = 0; i < table->size(); ++i)
      values.push_back(table->getColumn(0)->get(i)->getString());
    return values;
  }
  static ConstantSP json(std::initializer_list<std::pair<std::string, ConstantSP>> more = {}) {
    const ConstantSP keys = config(more);
    const DictionarySP dictionary = keys;
    dictionary->set(text("format"), text("JSON"));
    dictionary->set(text("schema"), Util::createTable({"name", "type"}, {texts({"n"}), texts({"INT"})}));
    return keys;
  }

  SessionSP session_ = session_of("alice");
};

TEST_F(PolledConsumerTest, HasTheKeysOfAJobThatNeedNoHandler) {
  JobConfig target;
  ConfigReader reader("consumerConfig");
  add_polled_consumer_keys(reader, target);
  std::vector<std::string> names;
  for (const ConfigKey& key : reader.keys())
    names.push_back(key.name);
  EXPECT_THAT(names, ::testing::UnorderedElementsAre(
                         "sessionCredentials", "namesrvDomain", "nameSpace", "instanceName", "unitName",
                         "tcpTransportConnectTimeout", "useTLS", "tlsCaFile", "tlsCertFile", "tlsKeyFile",
                         "tlsKeyPassword", "tlsVerify", "tlsVerifyHost", "messageModel", "consumeFromWhere",
                         "expressionType", "pullMsgThreadPoolCount", "columns", "format", "schema",
                         "delimiter", "errorHandler", "consumeTimestamp", "startOffsets"));
  for (const char* key : {"maxReconsumeTimes", "asyncPull", "consumeThreadCount", "onError", "jobName"}) {
    EXPECT_THAT(error_of([&] {
                  (void)read(config({{key, integer(1)}}));
                }),
                AllOf(HasSubstr("consumerConfig"), HasSubstr(key)));
  }
  EXPECT_FALSE(read(ConstantSP()).consumer.auto_commit);
}

TEST_F(PolledConsumerTest, APollIsATableOfWhatIsThereUpToItsLimit) {
  const auto consumer = make(config({{"format", text("STRING")}}));
  client().deliver({"a", "b", "c"});
  EXPECT_THAT(poll(*consumer, 2), ElementsAre("a", "b"));
  EXPECT_THAT(poll(*consumer), ElementsAre("c"));
  const TableSP nothing = consumer->poll(1000, 0ms, go_on);
  EXPECT_EQ(nothing->size(), 0);
  EXPECT_EQ(nothing->getColumnName(0), "msg");
}

TEST_F(PolledConsumerTest, APollWaitsForTheFirstMessage) {
  const auto consumer = make(config({{"format", text("STRING")}}));
  auto polled = std::async(std::launch::async, [&] { return poll(*consumer, 1000, 60s); });
  ASSERT_TRUE(fake::Client::eventually([&] { return client().waiting_pollers() == 1; }));
  client().deliver({"late"});
  EXPECT_THAT(polled.get(), ElementsAre("late"));
}

TEST_F(PolledConsumerTest, WhatWasNotCommittedComesAgainAfterARewind) {
  const auto consumer = make(config({{"format", text("STRING")}}));
  client().deliver({"a", "b", "c"});
  EXPECT_THAT(poll(*consumer, 1), ElementsAre("a"));
  consumer->commit(go_on);
  EXPECT_EQ(client().commits(), 1);
  EXPECT_THAT(poll(*consumer, 1), ElementsAre("b"));
  consumer->rewind(go_on);
  EXPECT_THAT(poll(*consumer), ElementsAre("b", "c"));
  client().fail_commit(Error(Errc::connect_failed, "broker-a is gone"));
  EXPECT_THAT(error_of([&] { consumer->commit(go_on); }), HasSubstr("broker-a is gone"));
}

TEST_F(PolledConsumerTest, BodiesThatDoNotFitAreLeftOut) {
  const auto consumer = make(json());
  client().deliver({R"({"n": 1})", "{", R"({"n": 3})"});
  EXPECT_THAT(poll(*consumer), ElementsAre("1", "3"));
  client().deliver({"{"});
  EXPECT_THAT(poll(*consumer), IsEmpty());
}

TEST_F(PolledConsumerTest, AnErrorHandlerGetsBodiesThatDoNotFitAndIfItFailsNothingIsPolled) {
  std::vector<std::string> given_up;
  bool fails = true;
  const FunctionDefSP keep = handler([&](Heap*, const std::vector<std::string>& messages) {
    if (fails) throw RuntimeException("no space left");
    given_up = messages;
  });
  const auto consumer = make(json({{"errorHandler", keep}}));
  client().deliver({R"({"n": 1})", "{bad"});
  EXPECT_THAT(error_of([&] { (void)poll(*consumer); }),
              AllOf(HasSubstr("errorHandler failed, so nothing was polled: "), HasSubstr("no space left"),
                    HasSubstr("offset=1")));
  fails = false;
  EXPECT_THAT(poll(*consumer), ElementsAre("1"));
  EXPECT_THAT(given_up, ElementsAre("{bad"));
}

TEST_F(PolledConsumerTest, ItsOwnFunctionsCannotUseIt) {
  std::shared_ptr<PolledConsumer> consumer;
  std::vector<std::string> errors;
  const FunctionDefSP use = handler([&](Heap*, const std::vector<std::string>&) {
    errors.push_back(error_of([&] { (void)poll(*consumer); }));
    errors.push_back(error_of([&] { consumer->commit(go_on); }));
    errors.push_back(error_of([&] { consumer->close(0ms); }));
  });
  consumer = make(json({{"errorHandler", use}}));
  client().deliver({"{bad", R"({"n": 1})"});
  EXPECT_THAT(poll(*consumer), ElementsAre("1"));
  ASSERT_EQ(errors.size(), 3U);
  EXPECT_THAT(errors, ::testing::Each(HasSubstr("errorHandler or startOffsets, cannot do this")));
}

TEST_F(PolledConsumerTest, ACancelledScriptEndsItsPollAndItsWaitForAnother) {
  const auto consumer = make();
  EXPECT_THAT(error_of([&] { (void)consumer->poll(1, 60s, [] { return true; }); }), HasSubstr("cancelled"));
  auto polled = std::async(std::launch::async, [&] { return poll(*consumer, 1000, 60s); });
  ASSERT_TRUE(fake::Client::eventually([&] { return client().waiting_pollers() == 1; }));
  EXPECT_THAT(error_of([&] { consumer->commit([] { return true; }); }), HasSubstr("cancelled"));
  consumer->close(3s);
  EXPECT_THAT(polled.get(), IsEmpty());
}

TEST_F(PolledConsumerTest, ClosingEndsAPollThatRuns) {
  const auto consumer = make();
  auto polled = std::async(std::launch::async, [&] { return poll(*consumer, 1000, 60s); });
  ASSERT_TRUE(fake::Client::eventually([&] { return client().waiting_pollers() == 1; }));
  consumer->close(3s);
  EXPECT_THAT(polled.get(), IsEmpty());
  EXPECT_THAT(error_of([&] { (void)poll(*consumer); }), HasSubstr("the consumer is closed"));
  EXPECT_THAT(client().ends(), Contains("consumer closed"));
}

TEST_F(PolledConsumerTest, AHandleIsClosedByItsLastReferenceByCloseAndAtTheExit) {
  Heap* const heap = session_->getHeap().get();
  ConstantSP first = make_consumer_handle(heap, make(), "group1");
  const ConstantSP second = make_consumer_handle(heap, make(), "group1");
  const ConstantSP third = make_consumer_handle(heap, make(), "group1");
  EXPECT_EQ(client().live_consumers(), 3);
  first.clear();
  EXPECT_EQ(client().live_consumers(), 2);
  EXPECT_TRUE(close_consumer_of(second));
  EXPECT_FALSE(close_consumer_of(second));
  EXPECT_EQ(client().live_consumers(), 1);
  EXPECT_THAT(error_of([&] { (void)consumer_of(second); }),
              AllOf(HasSubstr("the consumer \"RocketMQ consumer group1 "), HasSubstr("is closed")));
  close_everything(5s);
  EXPECT_EQ(client().live_consumers(), 0);
  EXPECT_EQ(open_consumers().size(), 0U);
}

TEST_F(PolledConsumerTest, OtherValuesAreNoConsumers) {
  EXPECT_EQ(error_of([] { (void)consumer_of(text("x")); }),
            "consumer must be the object that createConsumer returned; given: the STRING scalar \"x\".");
}

}  // namespace
}  // namespace rocketmq::plugin::test
