#pragma once

#include <gmock/gmock.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "integration/operator_fixture.h"
#include "integration/topic_reader.h"
#include "support/program.h"

namespace rocketmq::test {

/// The program rmq against the one broker of these tests.
class RmqTest : public OperatorTest {
 protected:
  static std::vector<std::string> words(const std::vector<std::string>& arguments) {
    std::vector<std::string> all{ROCKETMQ_RMQ};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
  }
  static std::map<std::string, std::string> environment() {
    return {{"NAMESRV_ADDR", cluster().name_servers()}, {"TZ", "UTC"}};
  }
  static Program::Result rmq(const std::vector<std::string>& arguments, const std::string& input = "") {
    return run_program(words(arguments), input, environment());
  }
  /// The standard output of a command that must succeed and complain of nothing.
  static std::string output_of(const std::vector<std::string>& arguments, const std::string& input = "") {
    const Program::Result result = rmq(arguments, input);
    EXPECT_EQ(result.exit_code, 0) << testing::PrintToString(arguments) << '\n' << result.errors;
    EXPECT_EQ(result.errors, "") << testing::PrintToString(arguments);
    return result.output;
  }
  static std::vector<std::string> lines_of(const std::vector<std::string>& arguments) {
    return split(output_of(arguments), '\n');
  }
  static void wait_until_readable(const std::string& topic, std::int64_t messages) {
    test::wait_until_readable(client_of(cluster()), topic, messages);
  }
  static std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);)
      parts.push_back(part);
    return parts;
  }
  /// A topic of this test with messages m0, m1 ... in queue 0, 1 ... in turn.
  static std::string topic_with(int queues, int messages) {
    const std::string topic = name("t");
    cluster().create_topic(topic, queues);
    if (messages == 0) return topic;
    send_spread(topic, numbered("m", messages));
    wait_until_readable(topic, messages);
    return topic;
  }
};

}  // namespace rocketmq::test
