// rmq send and read: messages go in and come out as they were.

#include <chrono>
#include <csignal>
#include <cstring>
#include <map>
#include <memory>
#include <string>

#include "integration/rmq_fixture.h"

namespace rocketmq::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class RmqMessages : public RmqTest {
 protected:
  static std::string shell_quoted(const std::string& text) { return "'" + text + "'"; }
  /// A line of a shell, in which `rmq` is ours.
  static Program::Result shell(const std::string& line) {
    return run_program({"bash", "-c", "rmq() { " ROCKETMQ_RMQ " \"$@\"; }; " + line}, "", environment());
  }
};

TEST_F(RmqMessages, LinesComeOutAsTheyWereSent) {
  const std::string topic = topic_with(1, 0);
  const std::string lines = "one\ntwo words\t and a tab\nd\xc3\xa9j\xc3\xa0 \xff\nlast";
  EXPECT_EQ(output_of({"send", topic}, lines), "");
  wait_until_readable(topic, 4);
  EXPECT_EQ(output_of({"read", topic, "--raw"}), lines + "\n");
  EXPECT_THAT(output_of({"read", topic}),
              ContainsRegex("^20[^\t]+\tbroker-a\t0\t0\t-\t-\tone\n20[^\t]+\tbroker-a\t0\t1\t-\t-\ttwo "
                            "words\\\\t and a tab\n"));
}

TEST_F(RmqMessages, TagKeysAndPropertiesComeOut) {
  const std::string topic = topic_with(1, 0);
  (void)output_of({"send", topic, "--tag", "red", "--keys", "k1 k2", "-p", "a=x=y", "-p", "b=z"}, "body\n");
  wait_until_readable(topic, 1);
  EXPECT_EQ(output_of({"read", topic, "--format", "%{offset} %{tag} %{keys} %{property:a} %{body}"}),
            "0 red k1 k2 x=y body\n");
  EXPECT_THAT(
      output_of({"read", topic, "--json"}),
      AllOf(HasSubstr("\"tag\":\"red\",\"keys\":\"k1 k2\""),
            HasSubstr("\"properties\":{\"a\":\"x=y\",\"b\":\"z\"}"), HasSubstr("\"body\":\"body\"}\n")));
}

TEST_F(RmqMessages, JsonGoesFromOneTopicToAnother) {
  const std::string topic = topic_with(1, 0);
  const std::string copy = name("copy");
  cluster().create_topic(copy, 1);
  EXPECT_EQ(output_of({"send", topic, "--json"},
                      R"({"body":"text\n","tag":"red","keys":["k1","k2"],"properties":{"p":"v"}})"
                      "\n"
                      R"({"bodyBase64":"/wA=","orderKey":"o"})"
                      "\n"),
            "{\"topic\":\"" + topic + "\",\"sent\":2}\n");
  wait_until_readable(topic, 2);
  const Program::Result result = shell("rmq read " + topic + " --json | rmq send " + copy + " --json");
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(result.output, "{\"topic\":\"" + copy + "\",\"sent\":2}\n");
  wait_until_readable(copy, 2);
  const std::string format = "%{tag}|%{keys}|%{property:p}|%{base64}";
  EXPECT_EQ(output_of({"read", copy, "--format", format}),
            "red|k1 k2|v|dGV4dAo=\n||" + std::string("|/wA=\n"));
  EXPECT_EQ(output_of({"read", copy, "--format", format}), output_of({"read", topic, "--format", format}));
}

TEST_F(RmqMessages, AFileMayBeOneMessage) {
  const std::string topic = topic_with(1, 0);
  const Program::Result result = shell("printf 'a\\nb\\n' | rmq send " + topic + " --whole");
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  wait_until_readable(topic, 1);
  EXPECT_EQ(output_of({"read", topic, "--raw", "-c", "1"}), "a\nb\n\n");
}

TEST_F(RmqMessages, AWrongLineIsNamedAndWhatStandsBeforeItIsSent) {
  const std::string topic = topic_with(1, 0);
  Program::Result result = rmq({"send", topic}, "one\ntwo\n\nfour\n");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.errors,
            "rmq: line 3 of standard input is empty, and RocketMQ stores no message without a body; "
            "--skip-empty leaves empty lines out (2 messages were sent)\n");
  result = rmq({"send", topic, "--json"}, "{\"body\":\"three\"}\n{\"body\":4}\n");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("line 2 of standard input: 'body' is no text (1 messages were sent)"));
  EXPECT_EQ(output_of({"send", topic, "--skip-empty"}, "\nfour\n\n"), "");
  wait_until_readable(topic, 4);
  EXPECT_EQ(output_of({"read", topic, "--raw"}), "one\ntwo\nthree\nfour\n");
  result = rmq({"send", topic, "-p", "novalue"}, "x\n");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("'novalue' is not NAME=VALUE"));
  EXPECT_EQ(rmq({"send", topic, "-p", "TAGS=x"}, "x\n").exit_code, 2);
  EXPECT_EQ(rmq({"send", topic, "/no/such/file"}).exit_code, 1);
  EXPECT_EQ(rmq({"send", topic, "--deliver-at", "soon"}, "x\n").exit_code, 2);
}

TEST_F(RmqMessages, MessagesOfAllQueuesComeByTheTimeOfTheirStoring) {
  const std::string topic = topic_with(4, 24);
  std::vector<std::string> times;
  std::vector<std::string> bodies;
  for (const std::string& line : lines_of({"read", topic, "--format", "%{storedMs} %{body}"})) {
    times.push_back(split(line, ' ')[0]);
    bodies.push_back(split(line, ' ')[1]);
  }
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end())) << testing::PrintToString(times);
  EXPECT_THAT(bodies, testing::UnorderedElementsAreArray(numbered("m", 24)));
  EXPECT_EQ(lines_of({"read", topic, "--raw", "-c", "3"}).size(), 3U);
}

TEST_F(RmqMessages, ARangeIsOfTimesOrOffsetsAndQueues) {
  const std::string topic = topic_with(1, 3);
  const auto times = lines_of({"read", topic, "--format", "%{stored}"});
  ASSERT_EQ(times.size(), 3U);
  EXPECT_EQ(output_of({"read", topic, "--raw", "--since", "1"}), "m1\nm2\n");
  EXPECT_EQ(output_of({"read", topic, "--raw", "--since", "1", "--until", "2"}), "m1\n");
  EXPECT_EQ(output_of({"read", topic, "--raw", "--since", "3"}), "");
  for (const auto& [place, time] :
       std::map<std::string, std::string>{{"4", ""},
                                          {"1700000000", "@1700000000, which is 2023-11-1"},
                                          {"1700000000123", "@1700000000.123,"}}) {
    const Program::Result beyond = rmq({"read", topic, "--raw", "--since", place});
    EXPECT_EQ(beyond.exit_code, 2) << place;
    EXPECT_THAT(beyond.errors, AllOf(HasSubstr("--since " + place + ": no queue of topic '" + topic + "'"),
                                     HasSubstr("the furthest ends at 3"), HasSubstr(time)));
  }
  EXPECT_EQ(output_of({"read", topic, "--raw", "--since", "10m", "--until", "now"}), "m0\nm1\nm2\n");
  EXPECT_EQ(output_of({"read", topic, "--raw", "--since", "last"}), "");
  EXPECT_THAT(output_of({"read", topic, "--raw", "--since", times[1]}), HasSubstr("m1\nm2\n"));
  EXPECT_EQ(output_of({"read", topic, "--raw", "--queue", "broker-a:0"}), "m0\nm1\nm2\n");
  const Program::Result missing = rmq({"read", topic, "--queue", "broker-a:7"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.errors, HasSubstr("has no queue 'broker-a:7'"));
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"--since", "yesterday"},
                                             {"--until", "10x"},
                                             {"--since", "2", "--until", "1"},
                                             {"--since", "10m", "--until", "1h"},
                                             {"--format", "%{ofset}"},
                                             {"--queue", "x"},
                                             {"--json", "--raw"},
                                             {"--follow", "--until", "1h"},
                                             {"--filter", "||"}}) {
    std::vector<std::string> arguments{"read", topic};
    arguments.insert(arguments.end(), wrong.begin(), wrong.end());
    const Program::Result result = rmq(arguments);
    EXPECT_NE(result.exit_code, 0) << testing::PrintToString(wrong);
    EXPECT_THAT(result.errors, Not(IsEmpty())) << testing::PrintToString(wrong);
  }
}

TEST_F(RmqMessages, AFilterChoosesByTagOrProperties) {
  const std::string topic = topic_with(1, 0);
  for (const char* tag : {"red", "green", "blue"})
    (void)output_of(
        {"send", topic, "--tag", tag, "-p", std::string("length=") + std::to_string(std::strlen(tag))},
        std::string(tag) + "\n");
  wait_until_readable(topic, 3);
  EXPECT_EQ(output_of({"read", topic, "--raw", "--filter", "red || blue"}), "red\nblue\n");
  EXPECT_EQ(output_of({"read", topic, "--raw", "--sql", "length > 3"}), "green\nblue\n");
  EXPECT_EQ(rmq({"read", topic, "--sql", "length >"}).exit_code, 1);
}

TEST_F(RmqMessages, ReadingMakesNoGroupAndMovesNone) {
  const std::string topic = topic_with(2, 4);
  (void)output_of({"read", topic});
  EXPECT_EQ(output_of({"topic", topic, "--groups"}), "");
}

TEST_F(RmqMessages, FollowingGivesWhatComesAndEndsAtCtrlC) {
  const std::string topic = topic_with(2, 4);
  Program all(words({"read", topic, "--follow", "--since", "first", "--raw"}), environment());
  EXPECT_TRUE(all.says("m3\n", seconds(20)));
  Program from_now(words({"read", topic, "--follow", "--format", "new %{body}"}), environment());
  // It is there when something that is sent again and again has come.
  int sent = 0;
  EXPECT_TRUE(eventually([&] {
    send_spread(topic, {"n" + std::to_string(sent++)});
    return from_now.says("new n", milliseconds(300));
  }));
  const std::string last = "n" + std::to_string(sent - 1) + "\n";
  EXPECT_TRUE(all.says(last, seconds(20)));
  EXPECT_TRUE(from_now.says(last, seconds(20)));
  for (Program* each : {&all, &from_now})
    each->signal(SIGINT);
  const Program::Result of_all = all.wait(seconds(20));
  EXPECT_EQ(of_all.exit_code, 128 + SIGINT);
  EXPECT_EQ(of_all.errors, "");
  // Those of one millisecond come in any order if they lie in different queues: m0 and m2 share one.
  const std::string& lines = of_all.output;
  EXPECT_THAT(split(lines.substr(0, 12), '\n'), testing::UnorderedElementsAre("m0", "m1", "m2", "m3"));
  EXPECT_LT(lines.find("m0\n"), lines.find("m2\n"));
  EXPECT_LT(lines.find("m1\n"), lines.find("m3\n"));
  const Program::Result of_new = from_now.wait(seconds(20));
  EXPECT_EQ(of_new.exit_code, 128 + SIGINT);
  EXPECT_THAT(of_new.output, Not(HasSubstr("m3")));
  EXPECT_EQ(of_new.output.back(), '\n');
}

TEST_F(RmqMessages, FollowingGoesOnAfterItsBrokerWasAway) {
  const std::string topic = topic_with(1, 1);
  Program program(words({"read", topic, "--follow", "--since", "first", "--raw"}), environment());
  EXPECT_TRUE(program.says("m0\n", seconds(20)));
  cluster().kill("broker-a");
  cluster().restart("broker-a");
  EXPECT_TRUE(eventually([&] { return rmq({"send", topic}, "again\n").exit_code == 0; }));
  EXPECT_TRUE(program.says("again\n", seconds(60)));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(seconds(20)).exit_code, 128 + SIGTERM);
}

TEST_F(RmqMessages, AReaderThatGoesEndsItWithoutAWord) {
  const std::string topic = topic_with(1, 0);
  (void)output_of({"send", topic, "--skip-empty"}, [] {
    std::string lines;
    for (int i = 0; i < 20'000; ++i)
      lines += "line " + std::to_string(i) + " with a few more words\n";
    return lines;
  }());
  wait_until_readable(topic, 20'000);
  for (const char* options : {"--raw", "--json", ""}) {
    const Program::Result result = shell("set -o pipefail; rmq read " + topic + " " + options +
                                         " | head -n 1; echo \"${PIPESTATUS[0]}\"");
    EXPECT_EQ(result.errors, "") << options;
    EXPECT_THAT(result.output, testing::AnyOf(testing::EndsWith("\n0\n"), testing::EndsWith("\n141\n")));
  }
}

TEST_F(RmqMessages, ADiskThatIsFullIsAFailure) {
  const std::string topic = topic_with(1, 1);
  const Program::Result result = shell("rmq read " + topic + " > /dev/full");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("the standard output cannot be written: No space left on device"));
}

TEST_F(RmqMessages, SendingTakesLinesAsTheyComeAndEndsAtCtrlCWithWholeOnes) {
  const std::string topic = topic_with(1, 0);
  Program program(words({"send", topic}), environment());
  program.write("first\nsec");
  EXPECT_TRUE(eventually([&] { return output_of({"read", topic, "--raw"}) == "first\n"; }));
  program.write("ond\nthi");
  EXPECT_TRUE(eventually([&] { return output_of({"read", topic, "--raw"}) == "first\nsecond\n"; }));
  program.signal(SIGINT);
  const Program::Result result = program.wait(seconds(20));
  EXPECT_EQ(result.exit_code, 128 + SIGINT);
  EXPECT_EQ(result.errors, "rmq: 2 messages sent to " + topic + "\n");
  EXPECT_EQ(output_of({"read", topic, "--raw"}), "first\nsecond\n");
}

TEST_F(RmqMessages, CtrlCEndsASendAndAReadOfABrokerThatDoesNotAnswer) {
  const std::string topic = topic_with(1, 0);
  Program send(words({"send", topic}), environment());
  send.write("first\n");
  EXPECT_TRUE(eventually([&] { return output_of({"read", topic, "--raw"}) == "first\n"; }));
  cluster().pause("broker-a");
  const std::shared_ptr<void> resumed(nullptr, [](void*) { cluster().resume("broker-a"); });
  send.write("second\n");
  Program read(words({"read", topic}), environment());
  const auto begin = std::chrono::steady_clock::now();
  send.signal(SIGINT);
  EXPECT_EQ(send.wait(seconds(20)).exit_code, 128 + SIGINT);
  read.signal(SIGINT);
  EXPECT_EQ(read.wait(seconds(20)).exit_code, 128 + SIGINT);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(10));
}

TEST_F(RmqMessages, ADelayedMessageComesLater) {
  const std::string topic = topic_with(1, 0);
  EXPECT_EQ(output_of({"send", topic, "--delay-level", "1"}, "delayed\n"), "");
  EXPECT_TRUE(eventually([&] { return output_of({"read", topic, "--raw"}) == "delayed\n"; }));
}

}  // namespace
}  // namespace rocketmq::test
