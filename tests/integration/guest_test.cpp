// The plugin is a guest in a database process: what was there before it came works on, and what it used is
// given back.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "integration/consumer_fixture.h"
#include "support/host_process.h"

namespace rocketmq::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Guest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    RealBroker::Options options;
    options.extra = {"--tls"};
    cluster_ = std::make_unique<RealBroker>(options);
    cluster_->create_topic("guest", 4);
  }
  static void TearDownTestSuite() { cluster_.reset(); }

  /// Loads the plugin, uses all of it and closes everything: signed requests, a message that is compressed, a
  /// job with more than one thread of each kind. Returns what the process printed.
  static std::string use_everything(const std::vector<std::string>& libraries) {
    const std::string script = R"(
loadPlugin("RocketMQ")
go
namesrv = getEnv("ROCKETMQ_NAMESRV")
def appendData(table1, data){ table1.append!(data) }
share table(1:0, ["msg"], [BLOB]) as rows
job = RocketMQ::createSubJob(namesrv, "guest", "guest", appendData{rows}, "*",
    {consumeFromWhere: "CONSUME_FROM_FIRST_OFFSET", consumeThreadCount: 3, pullMsgThreadPoolCount: 2,
     sessionCredentials: ["key", "secret", "channel"], useTLS: true, tlsVerify: false})
producer = RocketMQ::createProducer(namesrv, "guest", {sessionCredentials: ["key", "secret", "channel"],
    useTLS: true, tlsVerify: false})
big = "compress me "
for(i in 0:10) big = big + big
RocketMQ::send(producer, [big, "small"], "guest")
for(i in 0:3000){
    if(size(rows) >= 2) break
    sleep(10)
}
texts = string(rows.msg)
print("received " + string(size(rows)) + " intact " + string(sum(texts == big)))
print(RocketMQ::cancelSubJob(job))
undef("producer")
)";
    return run(script, libraries);
  }

  static std::string run(const std::string& script, const std::vector<std::string>& libraries) {
    HostProcess process(ROCKETMQ_GUEST_HOST, cluster_->name_servers(), script, libraries);
    exit_code_ = process.wait(seconds(90));
    return process.output();
  }

  static inline int exit_code_ = -1;

 private:
  static inline std::unique_ptr<RealBroker> cluster_;
};

TEST_F(Guest, ProcessIsAsItWasAfterEverythingIsClosed) {
  const std::string output = use_everything({});
  EXPECT_THAT(output, HasSubstr("received 2 intact 1"));
  EXPECT_THAT(output, HasSubstr("the process is as it was"));
  EXPECT_THAT(output, Not(HasSubstr("changed:")));
  EXPECT_EQ(exit_code_, 0) << output;
}

TEST_F(Guest, WhatIsNotClosedIsSeen) {
  const std::string output = run(R"(
loadPlugin("RocketMQ")
go
def ignoreData(data){ return 1 }
RocketMQ::createSubJob(getEnv("ROCKETMQ_NAMESRV"), "left", "guest", ignoreData, "*", {useTLS: true, tlsVerify: false})
)",
                                 {});
  EXPECT_THAT(output, HasSubstr("changed: + thread"));
  EXPECT_THAT(output, HasSubstr("changed: + open file"));
  EXPECT_EQ(exit_code_, 1) << output;
}

TEST_F(Guest, OtherVersionsOfItsLibrariesInTheProcessAreNeitherUsedNorDisturbed) {
  const std::string output = use_everything({ROCKETMQ_FOREIGN_LIBRARIES});
  EXPECT_THAT(output, HasSubstr("received 2 intact 1"));
  EXPECT_THAT(output, HasSubstr("libraries before: zlib 0.9.foreign OpenSSL 9469967 foreign calls 0\n"
                                "libraries after: zlib 0.9.foreign OpenSSL 9469967 foreign calls 0\n"));
  EXPECT_EQ(exit_code_, 0) << output;
}

TEST_F(Guest, TheSharedLibrariesOfTheSystemWorkBesideIt) {
  const std::string output = use_everything({"libz.so.1", "libcrypto.so.3", "libssl.so.3"});
  EXPECT_THAT(output, HasSubstr("received 2 intact 1"));
  const auto before = output.find("libraries before: zlib 1.");
  const auto after = output.find("libraries after: zlib 1.");
  ASSERT_NE(before, std::string::npos) << output;
  ASSERT_NE(after, std::string::npos) << output;
  const auto line = [&output](std::size_t at) {
    const auto start = output.find(": ", at);
    return output.substr(start, output.find('\n', at) - start);
  };
  EXPECT_EQ(line(before), line(after));
  EXPECT_THAT(line(after), HasSubstr("compressed 0"));
  EXPECT_THAT(line(after), HasSubstr("sha256"));
  EXPECT_EQ(exit_code_, 0) << output;
}

}  // namespace
}  // namespace rocketmq::test
