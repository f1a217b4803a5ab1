// Scripts that are cancelled with Ctrl-C while a function of the plugin waits.

#include <gmock/gmock.h>

#include <chrono>
#include <utility>

#include "integration/process_fixture.h"
#include "support/sanitizer_cost.h"

namespace rocketmq::test {
namespace {

using testing::HasSubstr;

class CancelledScript : public ProcessFixture {
 protected:
  ~CancelledScript() override { cluster().resume("broker-a"); }

  /// Ctrl-C, and how long the process takes to end after it.
  static std::chrono::milliseconds time_to_end(HostProcess& process) {
    const auto begin = std::chrono::steady_clock::now();
    process.interrupt();
    EXPECT_GT(process.wait(seconds(30)), 0) << process.output();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  }

  /// Far less than the function would go on for. It takes a second, and the process needs up to three to
  /// close its clients without a broker's answer.
  static constexpr std::chrono::milliseconds bound = std::chrono::milliseconds(15'000) * time_factor;
};

const std::vector<std::string> with_log{"--log-level", "info"};

TEST_F(CancelledScript, ASendToABrokerThatDoesNotAnswerEndsAndSaysWhatIsStored) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  const auto process = host(R"(
producer = RocketMQ::createProducer(namesrv, "sender", {sendMsgTimeout: 500, retryTimes: 1000})
bodies = "m" + string(0..9999)
do{
    RocketMQ::send(producer, bodies, ")" +
                                topic + R"(")
    print("sent")
}while(true)
)",
                            with_log);
  ASSERT_TRUE(process->says("sent", seconds(60))) << process->output();
  cluster().pause("broker-a");
  ASSERT_TRUE(process->says("not a byte came", seconds(60))) << process->output();
  EXPECT_LT(time_to_end(*process), bound);
  EXPECT_THAT(process->output(), HasSubstr("of 10000 messages stored"));
  EXPECT_THAT(process->output(), HasSubstr("it was cancelled"));
}

TEST_F(CancelledScript, AReadFromABrokerThatDoesNotAnswerEnds) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  send(*producer(), topic, numbered(10));
  const auto process = host(R"(
for(i in 0:100000){
    rows = RocketMQ::readMessages(namesrv, ")" +
                            topic + R"(")
    if(size(rows) == 10) print("read")
}
)");
  ASSERT_TRUE(process->says("read", seconds(60))) << process->output();
  cluster().pause("broker-a");
  // A read that had begun before may still have had its answers; the next one waits for its first.
  std::string output;
  auto changed = std::chrono::steady_clock::now();
  const auto quiet = [&] {
    const auto now = std::chrono::steady_clock::now();
    if (std::exchange(output, process->output()) != output) changed = now;
    return now - changed > std::chrono::milliseconds(500);
  };
  ASSERT_TRUE(eventually(quiet));
  EXPECT_LT(time_to_end(*process), bound);
  EXPECT_THAT(process->output(), HasSubstr("cancelled"));
}

TEST_F(CancelledScript, APollThatWaitsEnds) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 1);
  const auto process = host(R"(
consumer = RocketMQ::createConsumer(namesrv, "g", ")" +
                            topic + R"(")
print("polls")
RocketMQ::poll(consumer, 10, 600000)
)");
  ASSERT_TRUE(process->says("polls", seconds(60))) << process->output();
  EXPECT_LT(time_to_end(*process), bound);
}

}  // namespace
}  // namespace rocketmq::test
