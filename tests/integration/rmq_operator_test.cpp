// rmq message, reset and dlq: finding messages, moving groups, and what groups have given up.

#include "integration/rmq_fixture.h"

namespace rocketmq::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class RmqOperator : public RmqTest {
 protected:
  /// A group that has handled all of the topic and runs no more.
  static std::string group_behind(const std::string& topic, std::size_t messages) {
    const std::string group = name("g");
    HandlingConsumer consumer(config(topic, group));
    EXPECT_TRUE(eventually([&] { return consumer.count() == messages; }));
    consumer.leave();
    return group;
  }
  static std::string committed(const std::string& group, const std::string& topic) {
    std::string offsets;
    for (const std::string& line : lines_of({"group", group})) {
      const auto cells = split(line, '\t');
      if (cells[0] == topic) offsets += cells[3] + " ";
    }
    return offsets;
  }
  /// A group that gave up a message with this body.
  static std::string group_that_gave_up(const std::string& topic, const std::string& body) {
    const std::string group = name("g");
    (void)output_of({"send", topic, "--tag", "red", "--keys", "k1", "-p", "a=b"}, body + "\n");
    ConsumerConfig wanted = config(topic, group);
    wanted.max_reconsume_times = 3;
    const auto consumer = Consumer::start(std::move(wanted));
    EXPECT_TRUE(eventually([&] {
      Delivery delivery = consumer->poll(limits_until(seconds(1)));
      if (delivery.empty()) return false;
      const std::size_t first = 0;
      delivery.reject_for_good(std::span(&first, 1));
      delivery.acknowledge();
      return true;
    }));
    consumer->close(seconds(10));
    EXPECT_TRUE(eventually([&] { return rmq({"topic", "%DLQ%" + group}).exit_code == 0; }));
    return group;
  }
};

TEST_F(RmqOperator, AMessageIsFoundByItsIdsAndByItsKeys) {
  const std::string topic = topic_with(2, 3);
  (void)output_of({"send", topic, "--keys", "k1 k2", "--tag", "red"}, "wanted\n");
  wait_until_readable(topic, 4);
  const std::string format = "%{id} %{placeId} %{body}";
  const auto line = lines_of({"read", topic, "--format", format}).at(3);
  const auto ids = split(line, ' ');
  // Brokers build their index a moment later.
  EXPECT_TRUE(eventually([&] { return rmq({"message", topic, ids[0]}).exit_code == 0; }));
  for (const std::vector<std::string>& how : std::vector<std::vector<std::string>>{
           {ids[0]}, {ids[1]}, {"--key", "k1"}, {"--key", "k2", "--since", "10m"}}) {
    std::vector<std::string> arguments{"message", topic, "--format", format};
    arguments.insert(arguments.end(), how.begin(), how.end());
    EXPECT_EQ(output_of(arguments), line + "\n") << testing::PrintToString(how);
  }
  EXPECT_EQ(output_of({"message", topic, ids[0], "--json"}),
            output_of({"read", topic, "--json", "--since", "0"})
                .substr(output_of({"read", topic, "--json"}).rfind("{\"topic\"")));
  std::vector<std::string> by_id_of_the_tool{"queryMsgById", "-i", ids[1]};
  if (RealBroker::is_at_least(5, 2)) by_id_of_the_tool.insert(by_id_of_the_tool.end(), {"-t", topic});
  const std::string by_id = cluster().admin(by_id_of_the_tool);
  EXPECT_THAT(by_id, AllOf(HasSubstr("UNIQ_KEY=" + ids[0]), HasSubstr("red")));
  EXPECT_THAT(cluster().admin({"queryMsgByKey", "-t", topic, "-k", "k1"}), HasSubstr(ids[0]));

  Program::Result result = rmq({"message", topic, ids[0], "NONE"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.output, HasSubstr("wanted"));
  EXPECT_EQ(result.errors, "rmq: topic '" + topic + "' has no message 'NONE'\n");
  result = rmq({"message", topic, "--key", "k"});
  EXPECT_EQ(result.exit_code, 1) << "a part of a key is none";
  result = rmq({"message", topic, "--key", "k1", "--until", "1h"});
  EXPECT_EQ(result.exit_code, 1) << "stored later";
  // At this place of the commit log no message begins, and no broker has that address.
  std::string other = ids[1];
  other.back() = other.back() == '1' ? '2' : '1';
  EXPECT_EQ(rmq({"message", topic, other}).exit_code, 1);
  other.replace(0, 8, "01020304");
  EXPECT_THAT(rmq({"message", topic, other}).errors, HasSubstr("the id names the broker at 1.2.3.4:"));
  EXPECT_EQ(rmq({"message", topic}).exit_code, 2);
  EXPECT_EQ(rmq({"message", topic, ids[0], "--since", "1h"}).exit_code, 2);
}

TEST_F(RmqOperator, AResetIsShownFirstAndWithoutATerminalNeedsYes) {
  const std::string topic = topic_with(1, 5);
  const std::string group = group_behind(topic, 5);
  EXPECT_EQ(output_of({"reset", group, topic, "--to", "first", "--dry-run"}),
            "broker-a\t0\t0\t5\t5\t0\t-5\n");
  EXPECT_EQ(output_of({"reset", group, topic, "--to", "2", "--dry-run", "--json"}),
            "{\"brokerName\":\"broker-a\",\"queueId\":0,\"minOffset\":0,\"maxOffset\":5,\"oldOffset\":5,"
            "\"newOffset\":2,\"change\":-3}\n");
  const Program::Result result = rmq({"reset", group, topic, "--to", "first"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("nothing was done: standard input is no terminal"));
  EXPECT_EQ(committed(group, topic), "5 ");
}

TEST_F(RmqOperator, AGroupThatDoesNotRunIsMovedToAnyPlace) {
  const std::string topic = topic_with(2, 6);
  const std::string group = group_behind(topic, 6);
  EXPECT_THAT(output_of({"reset", group, topic, "--to", "first", "--yes"}),
              "broker-a\t0\t0\t3\t3\t0\t-3\nbroker-a\t1\t0\t3\t3\t0\t-3\n");
  EXPECT_EQ(committed(group, topic), "0 0 ");
  (void)output_of({"reset", group, topic, "--to", "2", "--queue", "1", "--yes"});
  EXPECT_EQ(committed(group, topic), "0 2 ");
  const Program::Result beyond =
      rmq({"reset", group, topic, "--to", "1700000000", "--queue", "broker-a:0", "--yes"});
  EXPECT_EQ(beyond.exit_code, 2);
  EXPECT_THAT(beyond.errors, HasSubstr("A time in seconds is @1700000000"));
  EXPECT_EQ(committed(group, topic), "0 2 ") << "nothing is moved";
  EXPECT_THAT(output_of({"reset", group, topic, "--to", "3", "--queue", "broker-a:0", "--yes"}),
              "broker-a\t0\t0\t3\t0\t3\t3\n");
  EXPECT_EQ(committed(group, topic), "3 2 ");
  const auto times = lines_of({"read", topic, "--format", "%{stored}"});
  (void)output_of({"reset", group, topic, "--to", "last", "--yes"});
  EXPECT_EQ(committed(group, topic), "3 3 ");
  (void)output_of({"reset", group, topic, "--to", "1h", "--yes"});
  EXPECT_EQ(committed(group, topic), "0 0 ");
  EXPECT_THAT(cluster().admin({"consumerProgress", "-g", group}), ContainsRegex("Diff Total: 6"));
  HandlingConsumer consumer(config(topic, group));
  EXPECT_TRUE(eventually([&] { return consumer.count() == 6; })) << consumer.count();
}

TEST_F(RmqOperator, ATimeIsTheOneThatTheAdminToolFinds) {
  const std::string topic = topic_with(1, 0);
  for (const std::string& body : numbered("m", 4)) {
    send_spread(topic, {body});
    // 4.x finds any message of the millisecond, we the first one.
    std::this_thread::sleep_for(milliseconds(2));
  }
  const std::string group = group_behind(topic, 4);
  const auto times = lines_of({"read", topic, "--format", "%{storedMs}"});
  const std::string ms = times[2];
  const std::string at = "@" + ms.substr(0, ms.size() - 3) + "." + ms.substr(ms.size() - 3);
  const std::string plan = output_of({"reset", group, topic, "--to", at, "--dry-run"});
  (void)cluster().admin({"resetOffsetByTime", "-g", group, "-t", topic, "-s", ms});
  EXPECT_EQ(committed(group, topic), split(plan, '\t')[5] + " ") << plan;
}

TEST_F(RmqOperator, ARunningGroupFollows) {
  const std::string topic = topic_with(2, 6);
  const std::string group = name("g");
  HandlingConsumer consumer(config(topic, group));
  ASSERT_TRUE(eventually([&] { return consumer.count() == 6; }));
  ASSERT_TRUE(eventually([&] { return committed(group, topic) == "3 3 "; }));
  EXPECT_THAT(output_of({"reset", group, topic, "--to", "first", "--yes"}),
              AllOf(HasSubstr("broker-a\t0\t0\t3\t3\t0\t-3\n"), HasSubstr("broker-a\t1\t0\t3\t3\t0\t-3\n")));
  EXPECT_TRUE(eventually([&] { return consumer.count() == 12; })) << consumer.count();
  const Program::Result single = rmq({"reset", group, topic, "--to", "2", "--queue", "0", "--yes"});
  if (RealBroker::is_at_least(5, 2)) {
    EXPECT_EQ(single.exit_code, 0) << single.errors;
    EXPECT_TRUE(eventually([&] { return consumer.count() == 13; })) << consumer.count();
  } else {
    EXPECT_EQ(single.exit_code, 1);
    EXPECT_THAT(single.errors,
                AllOf(HasSubstr("it has running members"), HasSubstr("moves no single queues")));
  }
}

TEST_F(RmqOperator, AResetOfWhatIsNotThereMovesNothing) {
  const std::string topic = topic_with(1, 1);
  Program::Result result = rmq({"reset", "no_such_group", topic, "--to", "first", "--yes"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("no broker knows the group 'no_such_group'"));
  const std::string group = group_behind(topic, 1);
  result = rmq({"reset", group, "no_such_topic", "--to", "first", "--yes"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("no_such_topic"));
  result = rmq({"reset", group, topic, "--to", "0", "--queue", "9", "--yes"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("has no queue '9'"));
  EXPECT_EQ(rmq({"reset", group, topic, "--to", "sometime", "--yes"}).exit_code, 2);
  EXPECT_EQ(committed(group, topic), "1 ");
}

TEST_F(RmqOperator, DeadLettersAreListedAndSentToTheirGroupAgain) {
  const std::string topic = topic_with(1, 0);
  const std::string group = group_that_gave_up(topic, "dead");
  EXPECT_TRUE(eventually([&] { return rmq({"dlq", group, "--raw"}).output == "dead\n"; }));
  EXPECT_EQ(output_of({"dlq", group, "--format", "%{property:RETRY_TOPIC} %{tag} %{keys} %{property:a}"}),
            topic + " red k1 b\n");
  EXPECT_THAT(output_of({"dlq", group, "--resend", "--dry-run"}), HasSubstr("\tdead\n"));
  const Program::Result asked = rmq({"dlq", group, "--resend"});
  EXPECT_EQ(asked.exit_code, 2);
  EXPECT_THAT(asked.errors, HasSubstr("nobody can be asked"));
  EXPECT_EQ(output_of({"dlq", group, "--resend", "--yes", "--id", "NONE"}), "");

  HandlingConsumer other(config(topic, name("other")));
  HandlingConsumer consumer(config(topic, group));
  ASSERT_TRUE(eventually([&] { return other.count() == 1; }));
  EXPECT_EQ(output_of({"dlq", group, "--resend", "--yes"}), topic + "\t1\n");
  ASSERT_TRUE(eventually([&] { return consumer.count() == 1; }));
  EXPECT_EQ(consumer.all()[0].body, "dead");
  EXPECT_EQ(consumer.all()[0].tag, "red");
  EXPECT_EQ(consumer.all()[0].topic, topic);
  EXPECT_EQ(output_of({"dlq", group, "--raw"}), "dead\n") << "it stays where it was";
  EXPECT_EQ(other.count(), 1U) << "no other group gets it again";
}

TEST_F(RmqOperator, AGroupThatGaveUpNothingHasNoDeadLetters) {
  const Program::Result result = rmq({"dlq", "no_such_group"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("group 'no_such_group' has given up no message"));
}

}  // namespace
}  // namespace rocketmq::test
