#include "plugin/process_exit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "job_fixture.h"
#include "plugin/producer_handle.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::ElementsAre;
using namespace std::chrono_literals;
using Messages = std::vector<std::string>;

class ProcessExitTest : public JobTest {
 protected:
  /// The jobs that an exit ends are those of the process.
  static void create_job(const FunctionDefSP& function, const SessionSP& session) {
    JobRegistry::instance().create(job_config(), function, {session});
  }

  ConstantSP make_producer() {
    ProducerConfig config;
    config.group = "group1";
    return make_producer_handle(session_->getHeap().get(), Producer::start(config),
                                {"group1", {}, {}, {}, 0});
  }

  SessionSP session_ = session_of("alice");
};

TEST_F(ProcessExitTest, AHandlerThatSendsFinishesItsCallBeforeTheProducersAreClosed) {
  ConstantSP producer = make_producer();
  client().deliver({"a"});
  std::atomic<bool> called{false};
  std::atomic<bool> sent{false};
  create_job(handler([&](Heap*, const Messages&) {
               called = true;
               if (!client().eventually([&] { return !client().ends().empty(); })) return;
               const std::string_view bodies[] = {"forwarded"};
               producer_of(producer).producer->send("topic2", "", bodies);
               sent = true;
             }),
             session_of("alice"));
  ASSERT_TRUE(client().eventually([&] { return called.load(); }));
  close_everything(10s);
  EXPECT_TRUE(sent);
  EXPECT_THAT(client().ends(), ElementsAre("consumer interrupted", "consumer closed", "producer closed"));
  EXPECT_THAT(client().acknowledged(), ElementsAre("a"));
  EXPECT_EQ(client().live_producers(), 0);
}

TEST_F(ProcessExitTest, AHandlerThatDoesNotReturnKeepsNoProducerFromClosing) {
  ConstantSP producer = make_producer();
  client().deliver({"a"});
  std::atomic<bool> called{false};
  std::atomic<bool> go_on{false};
  create_job(handler([&](Heap*, const Messages&) {
               called = true;
               client().eventually([&] { return go_on.load(); });
             }),
             session_of("alice"));
  ASSERT_TRUE(client().eventually([&] { return called.load(); }));
  const auto begin = std::chrono::steady_clock::now();
  close_everything(200ms);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  // The producer's time may be too short for a thread that has to start first.
  EXPECT_TRUE(client().eventually([] { return client().ends().size() == 2; }));
  EXPECT_THAT(client().ends(), ElementsAre("consumer interrupted", "producer closed"));
  go_on = true;
  EXPECT_TRUE(JobRegistry::instance().shut_down(std::chrono::steady_clock::now() + 10s));
}

}  // namespace
}  // namespace rocketmq::plugin::test
