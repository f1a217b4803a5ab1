#include "plugin/entries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "plugin/job_registry.h"
#include "plugin/process_exit.h"
#include "script_values.h"
#include "support/fake_client.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using Entry = ConstantSP (*)(Heap*, std::vector<ConstantSP>&);

class EntriesTest : public ::testing::Test {
 protected:
  EntriesTest() { client().reset(); }
  static fake::Client& client() { return fake::Client::instance(); }
  ConstantSP call(Entry entry, std::vector<ConstantSP> arguments) {
    return entry(session_->getHeap().get(), arguments);
  }
  /// The text of the IllegalArgumentException that a call ends with.
  std::string refusal(Entry entry, const std::vector<ConstantSP>& arguments) {
    try {
      call(entry, arguments);
    } catch (const IllegalArgumentException& error) {
      return error.what();
    } catch (const std::exception& error) {
      ADD_FAILURE() << "another exception: " << error.what();
    }
    return {};
  }
  std::string failure(Entry entry, const std::vector<ConstantSP>& arguments) {
    try {
      call(entry, arguments);
    } catch (const RuntimeException& error) {
      return error.what();
    } catch (const std::exception& error) {
      ADD_FAILURE() << "another exception: " << error.what();
    }
    return {};
  }

  SessionSP session_ = session_of("alice");
};

constexpr const char* producer_usage =
    "[PLUGIN::RocketMQ] Usage: createProducer(namesrvAddr, groupName, [producerConfig]). ";
constexpr const char* send_usage =
    "[PLUGIN::RocketMQ] Usage: send(producer, data, topic, [tag=\"\"], [sendConfig]). ";
constexpr const char* job_usage =
    "[PLUGIN::RocketMQ] Usage: createSubJob(namesrvAddr, groupName, topic, handler, [subExpression=\"*\"], "
    "[consumerConfig]). ";

TEST_F(EntriesTest, ErrorsInArgumentsStartWithTheUsage) {
  EXPECT_EQ(refusal(rocketmqCreateProducer, {}),
            std::string(producer_usage) +
                "The function expects 2~3 argument(s), but the actual number of arguments is: 0");
  EXPECT_EQ(refusal(rocketmqCreateProducer, {integer(1), text("g")}),
            std::string(producer_usage) + "namesrvAddr must be a STRING scalar; given: the INT scalar 1.");
  EXPECT_THAT(refusal(rocketmqCreateProducer, {text("a:1"), text("g"), text("config")}),
              HasSubstr("producerConfig must be a dictionary of (STRING, ANY); given: a STRING scalar."));
  EXPECT_THAT(refusal(rocketmqSend, {text("p"), text("d"), text("t")}), StartsWith(send_usage));
  EXPECT_THAT(refusal(rocketmqCreateSubJob, {text("a:1"), text("g"), text("t"), text("h")}),
              StartsWith(job_usage));
  EXPECT_EQ(
      refusal(rocketmqCancelSubJob, {text("nobody")}),
      "[PLUGIN::RocketMQ] Usage: cancelSubJob(jobId). there is no job \"nobody\"; getSubJobStat() lists all "
      "jobs.");
  EXPECT_THAT(refusal(rocketmqGetSubJobStat, {integer(1)}),
              HasSubstr("The function expects 0 argument(s), but the actual number of arguments is: 1"));
  EXPECT_FALSE(client().producer_config().has_value()) << "nothing was started";
  EXPECT_FALSE(client().consumer_config().has_value()) << "nothing was started";
}

TEST_F(EntriesTest, ABadAddressIsAnArgumentErrorAndASilentServerARuntimeError) {
  client().refuse_start(Error(Errc::invalid_address, "\"nowhere\" is not host:port"));
  EXPECT_EQ(refusal(rocketmqCreateProducer, {text("nowhere"), text("g")}),
            std::string(producer_usage) + "\"nowhere\" is not host:port");
  client().refuse_start(Error(Errc::no_name_server, "no name server answered: 127.0.0.1:1"));
  EXPECT_EQ(failure(rocketmqCreateProducer, {text("127.0.0.1:1"), text("g")}),
            "[PLUGIN::RocketMQ] createProducer: no name server answered: 127.0.0.1:1");
}

TEST_F(EntriesTest, SendsScalarsVectorsAndTags) {
  const ConstantSP producer = call(rocketmqCreateProducer, {text("127.0.0.1:9876"), text("group1")});
  EXPECT_EQ(producer->getType(), DT_RESOURCE);
  EXPECT_TRUE(call(rocketmqSend, {producer, text("msg1"), text("topic1")})->getBool());
  EXPECT_TRUE(call(rocketmqSend, {producer, texts({"a", "b"}), text("topic1"), text("tagA")})->getBool());
  EXPECT_TRUE(call(rocketmqSend, {producer, texts({}), text("topic1"), omitted()})->getBool());
  const auto sent = client().sent();
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_THAT(sent[0].bodies, ElementsAre("msg1"));
  EXPECT_EQ(sent[0].tag, "");
  EXPECT_THAT(sent[1].bodies, ElementsAre("a", "b"));
  EXPECT_EQ(sent[1].tag, "tagA");
  EXPECT_TRUE(sent[2].bodies.empty());
}

TEST_F(EntriesTest, ASharedTableThatAnotherSessionAppendsToMeanwhileIsSentAsItWas) {
  const ConstantSP producer = call(rocketmqCreateProducer, {text("127.0.0.1:9876"), text("group1")});
  std::vector<std::string> expected;
  for (int i = 0; i < 1000; ++i)
    expected.push_back("a message that is too long for a string's own memory " + std::to_string(i));
  const TableSP table = Util::createTable({"msg"}, std::vector<ConstantSP>{texts(expected, DT_BLOB)});
  table->setSharedTable(true);
  client().hold_send([&] {
    std::thread([&] {
      std::vector<ConstantSP> more{texts(std::vector<std::string>(100'000, "more"), DT_BLOB)};
      INDEX rows = 0;
      std::string reason;
      EXPECT_TRUE(table->append(more, rows, reason)) << reason;
      EXPECT_TRUE(table->clear());
    }).join();
  });
  EXPECT_TRUE(call(rocketmqSend, {producer, table->getColumn(0), text("topic1")})->getBool());
  EXPECT_EQ(client().sent().at(0).bodies, expected);
}

TEST_F(EntriesTest, AFailedSendThrowsAndNeverReturnsFalse) {
  const ConstantSP producer = call(rocketmqCreateProducer, {text("127.0.0.1:9876"), text("group1")});
  client().fail_send(Error(Errc::send_failed, "3 of 5 messages are stored"));
  EXPECT_EQ(failure(rocketmqSend, {producer, text("a"), text("topic1")}),
            "[PLUGIN::RocketMQ] send: 3 of 5 messages are stored");
  client().fail_send(Error(Errc::message_too_large, "the message at index 0 is too large"));
  EXPECT_EQ(refusal(rocketmqSend, {producer, text("a"), text("topic1")}),
            std::string(send_usage) + "the message at index 0 is too large");
}

TEST_F(EntriesTest, AJobIsCreatedShownAndCancelled) {
  const ConstantSP id =
      call(rocketmqCreateSubJob, {text("127.0.0.1:9876"), text("group1"), text("topic1"), ignoring_handler(),
                                  omitted(), config({{"consumeThreadCount", integer(2)}})});
  EXPECT_EQ(client().consumer_config()->subscriptions.at(0).sub_expression, "*");
  client().deliver({"a"});
  ASSERT_TRUE(client().eventually([&] { return client().acknowledged().size() == 1; }));
  const TableSP stat = call(rocketmqGetSubJobStat, {});
  EXPECT_EQ(stat->getColumn(0)->getString(stat->size() - 1), id->getString());
  EXPECT_TRUE(call(rocketmqCancelSubJob, {id})->getBool());
  EXPECT_FALSE(call(rocketmqCancelSubJob, {id})->getBool());
}

TEST_F(EntriesTest, ABroadcastingJobGetsADirectoryForItsProgress) {
  const ConstantSP id =
      call(rocketmqCreateSubJob, {text("127.0.0.1:9876"), text("group1"), text("topic1"), ignoring_handler(),
                                  omitted(), config({{"messageModel", text("BROADCASTING")}})});
  EXPECT_EQ(client().consumer_config()->offset_directory, "./rocketmq_offsets");
  EXPECT_TRUE(call(rocketmqCancelSubJob, {id})->getBool());
}

TEST_F(EntriesTest, TheProcessExitClosesEverything) {
  const ConstantSP producer = call(rocketmqCreateProducer, {text("127.0.0.1:9876"), text("group1")});
  call(rocketmqCreateSubJob, {text("127.0.0.1:9876"), text("group1"), text("topic1"), ignoring_handler()});
  close_everything(std::chrono::seconds(5));
  EXPECT_EQ(client().live_consumers(), 0);
  EXPECT_EQ(client().live_producers(), 0);
  EXPECT_THAT(refusal(rocketmqSend, {producer, text("a"), text("topic1")}), HasSubstr("is closed"));
}

TEST_F(EntriesTest, TheProcessExitClosesEverythingAlsoWhereTheSystemGivesNoMoreThreads) {
  const ConstantSP producer = call(rocketmqCreateProducer, {text("127.0.0.1:9876"), text("group1")});
  call(rocketmqCreateSubJob, {text("127.0.0.1:9876"), text("group1"), text("topic1"), ignoring_handler()});
  pthread_attr_t usual;
  ASSERT_EQ(pthread_getattr_default_np(&usual), 0);
  pthread_attr_t impossible;
  ASSERT_EQ(pthread_attr_init(&impossible), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&impossible, std::size_t{1} << 46), 0);  // No address space has room.
  ASSERT_EQ(pthread_setattr_default_np(&impossible), 0);
  EXPECT_NO_THROW(close_everything(std::chrono::seconds(5)));
  ASSERT_EQ(pthread_setattr_default_np(&usual), 0);
  EXPECT_EQ(client().live_consumers(), 0);
  EXPECT_EQ(client().live_producers(), 0);
}

// The server may start programs by fork. Whatever of a child ends by exit() and not by _exit() must neither
// wait for threads that it does not have, nor end what its parent goes on with.
TEST_F(EntriesTest, AForkedChildExitsAtOnceAndClosesNothingOfItsParents) {
  const ConstantSP producer = call(rocketmqCreateProducer, {text("127.0.0.1:9876"), text("group1")});
  call(rocketmqCreateSubJob, {text("127.0.0.1:9876"), text("group1"), text("topic1"), ignoring_handler()});
  ASSERT_TRUE(client().eventually([] { return client().waiting_pollers() == 1; }));
  (void)std::fflush(nullptr);
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::alarm(10);  // Ends a child that waits for what never comes, and the test with it.
    std::exit(0);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(4)) << "it waits for 5 s";
  EXPECT_EQ(client().live_consumers(), 1);
  EXPECT_TRUE(call(rocketmqSend, {producer, text("a"), text("topic1")})->getBool());
  close_everything(std::chrono::seconds(5));
}

}  // namespace
}  // namespace rocketmq::plugin::test
