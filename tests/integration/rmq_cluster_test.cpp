// rmq topics, topic, groups, group: what a cluster has, beside what RocketMQ's admin tool says of it.

#include <filesystem>

#include "integration/rmq_fixture.h"

namespace rocketmq::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

class RmqCluster : public RmqTest {
 protected:
  /// What bash offers for the last word of a command line.
  static std::vector<std::string> completions(const std::vector<std::string>& line) {
    const auto root = std::filesystem::path(ROCKETMQ_BROKER_SCRIPT).parent_path().parent_path();
    std::vector<std::string> call{
        "bash",
        "-c",
        "PATH=$2:$PATH; source \"$1\"; shift 2; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); "
        "_rmq; printf '%s\\n' \"${COMPREPLY[@]}\"",
        "bash",
        root / "docs/completion/rmq.bash",
        std::filesystem::path(ROCKETMQ_RMQ).parent_path()};
    call.insert(call.end(), line.begin(), line.end());
    const Program::Result result = run_program(call, "", environment());
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_EQ(result.errors, "") << testing::PrintToString(line);
    return split(result.output, '\n');
  }
};

TEST_F(RmqCluster, TopicsAreListedOnePerLineWithoutRocketMQsOwn) {
  const std::string topic = topic_with(2, 5);
  const auto topics = lines_of({"topics"});
  EXPECT_THAT(topics, Contains(topic));
  EXPECT_THAT(topics, Not(Contains("TBW102")));
  EXPECT_THAT(topics, Not(Contains("broker-a")));
  EXPECT_THAT(output_of({"topics", "--json"}), HasSubstr("{\"topic\":\"" + topic + "\"}\n"));
  EXPECT_THAT(output_of({"topics", "-l"}), ContainsRegex(topic + "\t2\t5\t20[0-9T:.-]+\tbroker-a\n"));
}

TEST_F(RmqCluster, AllTopicsAreThoseOfTheAdminTool) {
  (void)topic_with(1, 0);
  const auto ours = lines_of({"topics", "--all"});
  const auto tools = split(cluster().admin({"topicList"}), '\n');
  EXPECT_THAT(ours, IsSupersetOf(tools));
  EXPECT_THAT(ours.size(), tools.size());
}

TEST_F(RmqCluster, ATopicsQueuesAreThoseOfTheAdminTool) {
  const std::string topic = topic_with(2, 3);
  const auto queues = lines_of({"topic", topic});
  ASSERT_EQ(queues.size(), 2U);
  EXPECT_THAT(queues[0], ContainsRegex("^broker-a\t0\t0\t[12]\t[12]\t20[^\t]+\trw$"));
  const std::string status = cluster().admin({"topicStatus", "-t", topic});
  for (const std::string& queue : queues) {
    const auto cells = split(queue, '\t');
    EXPECT_THAT(status, ContainsRegex(cells[0] + " +" + cells[1] + " +" + cells[2] + " +" + cells[3] + " "));
  }
  const std::string route = output_of({"topic", topic, "--route"});
  EXPECT_THAT(route, ContainsRegex("^DefaultCluster\tbroker-a\t0\t127.0.0.1:[0-9]+\t2\t2\trw\n$"));
  EXPECT_THAT(cluster().admin({"topicRoute", "-t", topic}), HasSubstr(split(route, '\t')[3]));
  EXPECT_THAT(output_of({"topic", topic, "--json"}),
              ContainsRegex("^\\{\"topic\":\"" + topic + "\",\"brokers\":\\[.*\"queues\":\\[.*\\]\\}\n$"));
}

TEST_F(RmqCluster, AGroupsProgressAndMembersAreThoseOfTheAdminTool) {
  const std::string topic = topic_with(2, 6);
  const std::string group = name("g");
  HandlingConsumer consumer(config(topic, group));
  ASSERT_TRUE(eventually([&] { return consumer.count() == 6; }));
  std::string queues;
  // The offset is stored every five seconds.
  ASSERT_TRUE(eventually([&] {
    queues = output_of({"group", group});
    return queues.find(topic + "\tbroker-a\t0\t3\t3\t0\t") != std::string::npos &&
           queues.find(topic + "\tbroker-a\t1\t3\t3\t0\t") != std::string::npos;
  })) << queues;
  EXPECT_THAT(queues, HasSubstr('\t' + consumer.client_id() + '\n'));
  const std::string progress = cluster().admin({"consumerProgress", "-g", group});
  for (const std::string& line : split(queues, '\n')) {
    const auto cells = split(line, '\t');
    ASSERT_EQ(cells.size(), 8U) << line;
    EXPECT_THAT(progress, ContainsRegex(cells[0] + " +" + cells[1] + " +" + cells[2] + " +" + cells[4] +
                                        " +" + cells[3] + " +" + cells[5] + " "));
  }

  const std::string connection = cluster().admin({"consumerConnection", "-g", group});
  const auto member = split(lines_of({"group", group, "--members"}).at(0), '\t');
  EXPECT_EQ(member[0], consumer.client_id());
  EXPECT_EQ(member[2], "CPP");
  for (const std::string& cell : member)
    EXPECT_THAT(connection, HasSubstr(cell));

  const std::string json = output_of({"group", group, "--json"});
  EXPECT_THAT(
      json, AllOf(HasSubstr("{\"group\":\"" + group +
                            "\",\"lag\":0,\"messageModel\":\"CLUSTERING\","
                            "\"consumeType\":\"CONSUME_PASSIVELY\","
                            "\"consumeFromWhere\":\"CONSUME_FROM_FIRST_OFFSET\",\"members\":[{"),
                  HasSubstr("{\"topic\":\"" + topic + "\",\"expression\":\"*\",\"expressionType\":\"TAG\"}"),
                  HasSubstr("\"lag\":0,\"lastConsumedTimestamp\":")));
  EXPECT_THAT(output_of({"topic", topic, "--groups"}), HasSubstr(group + "\n"));
  EXPECT_THAT(output_of({"groups"}), HasSubstr(group + "\n"));
  EXPECT_THAT(output_of({"groups", "-l"}), HasSubstr(group + "\t1\tCLUSTERING\t0\n"));

  consumer.leave();
  send_spread(topic, {"later"});
  wait_until_readable(topic, 7);
  EXPECT_THAT(output_of({"groups", "-l"}), HasSubstr(group + "\t0\t-\t1\n"));
  EXPECT_THAT(output_of({"group", group, "--json"}), HasSubstr("\"lag\":1,"));
  EXPECT_EQ(output_of({"group", group, "--members"}), "");
}

TEST_F(RmqCluster, WhatDoesNotExistIsAFailureAndAWrongNameWrongUsage) {
  const Program::Result topic = rmq({"topic", "no_such_topic"});
  EXPECT_EQ(topic.exit_code, 1);
  EXPECT_EQ(topic.output, "");
  EXPECT_THAT(topic.errors, AllOf(HasSubstr("rmq: "), HasSubstr("no_such_topic")));
  const Program::Result group = rmq({"group", "no_such_group"});
  EXPECT_EQ(group.exit_code, 1);
  EXPECT_THAT(group.errors, HasSubstr("no broker knows the group 'no_such_group'"));
  EXPECT_EQ(rmq({"group", "no_such_group", "--members"}).exit_code, 1);
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"topic", "a b"},
                                             {"group", "a b"},
                                             {"read", "t\xc3\xa9"},
                                             {"send", "a/b"},
                                             {"topics", "-n", "host"}}) {
    const Program::Result wrong = rmq(arguments, "line\n");
    EXPECT_EQ(wrong.exit_code, 2) << testing::PrintToString(arguments) << wrong.errors;
    EXPECT_EQ(wrong.output, "");
  }
}

TEST_F(RmqCluster, ANameServerThatIsAwayIsNamed) {
  const Program::Result result = rmq({"topics", "-n", "127.0.0.1:9"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("127.0.0.1:9"));
}

TEST_F(RmqCluster, BashCompletesCommandsOptionsTopicsAndGroups) {
  const std::string topic = topic_with(1, 1);
  const std::string group = name("g");
  HandlingConsumer consumer(config(topic, group));
  ASSERT_TRUE(eventually([&] { return consumer.count() == 1; }));
  EXPECT_THAT(completions({"rmq", "re"}), ElementsAre("read", "reset"));
  EXPECT_THAT(completions({"rmq", "reset", "--d"}), ElementsAre("--dry-run"));
  EXPECT_THAT(completions({"rmq", "read", "--since", "f"}), ElementsAre("first"));
  EXPECT_THAT(completions({"rmq", "-n", ""}), ElementsAre("")) << "an address is the user's own";
  // What the cluster does not tell within two seconds is not offered, and a group is listed once its broker
  // has progress of it.
  const auto offers = [](const std::vector<std::string>& line, const std::string& only) {
    return eventually([&] { return completions(line) == std::vector<std::string>{only}; });
  };
  const std::string part_of_topic = topic.substr(0, topic.size() - 1);
  EXPECT_TRUE(offers({"rmq", "read", "-c", "1", part_of_topic}, topic));
  EXPECT_TRUE(offers({"rmq", "group", group.substr(0, group.size() - 1)}, group));
  EXPECT_TRUE(offers({"rmq", "reset", group, part_of_topic}, topic));
}

TEST_F(RmqCluster, HelpHasExamplesAndGoesToStandardOutput) {
  for (const char* command :
       {"topics", "topic", "groups", "group", "send", "read", "message", "reset", "dlq"}) {
    const std::string help = output_of({command, "--help"});
    EXPECT_THAT(help, AllOf(HasSubstr("Examples:"), HasSubstr(std::string("rmq ") + command)));
  }
  EXPECT_THAT(output_of({"--help"}), AllOf(HasSubstr("NAMESRV_ADDR"), HasSubstr("reset")));
  EXPECT_THAT(output_of({"--version"}), ContainsRegex("^rmq [0-9]+\\.[0-9]+\\.[0-9]+\n$"));
  const Program::Result typo = rmq({"topcs"});
  EXPECT_EQ(typo.exit_code, 2);
  EXPECT_EQ(typo.errors, "rmq: there is no command 'topcs'; did you mean 'topics'?; see `rmq --help`\n");
}

TEST_F(RmqCluster, TheProgramIsSmallAndNeedsNoLibraryButTheSystems) {
  if (time_factor > 1) GTEST_SKIP() << "a sanitizer is in it";
  EXPECT_LT(std::filesystem::file_size(ROCKETMQ_RMQ), 10'000'000U);
  const Program::Result needs = run_program({"readelf", "-d", ROCKETMQ_RMQ});
  for (const std::string& line : split(needs.output, '\n')) {
    if (line.find("(NEEDED)") == std::string::npos) continue;
    EXPECT_THAT(line, ContainsRegex("\\[(libc|libm|ld-linux-x86-64|libstdc\\+\\+|libgcc_s)\\.so"));
  }
}

}  // namespace
}  // namespace rocketmq::test
