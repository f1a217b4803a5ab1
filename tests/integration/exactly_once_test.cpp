// Rows and offsets in one transaction, and a process that dies wherever it may.

#include "integration/child_consumer.h"
#include "integration/cluster_fixture.h"
#include "integration/row_file.h"

namespace rocketmq::test {
namespace {

class ExactlyOnce : public ClusterFixture {
 protected:
  static void SetUpTestSuite() { start_cluster({}); }
  static void TearDownTestSuite() { stop_cluster(); }

  static void send(const std::string& topic, std::int64_t messages) {
    constexpr std::int64_t at_once = 50'000;
    const auto sender = producer();
    for (std::int64_t first = 0; first < messages; first += at_once) {
      std::vector<std::string> bodies;
      for (std::int64_t i = first; i < std::min(messages, first + at_once); ++i)
        bodies.push_back("order " + std::to_string(i));
      sender->send(topic, "", std::vector<std::string_view>(bodies.begin(), bodies.end()));
    }
  }

  /// `kills` processes that die, each after its part of the messages, and one that ends.
  static void expect_each_once(std::int64_t messages, int kills) {
    const std::string topic = name("t");
    cluster().create_topic(topic, 8);
    send(topic, messages);
    const TemporaryDirectory directory;
    const std::string file = directory.path() + "/rows.db";
    auto options = child_options(topic, name("g"));
    options["file"] = file;
    options["until"] = std::to_string(messages);
    options["after"] = std::to_string(messages / (kills + 1));
    const std::vector<std::string> places{"handler", "before the file's commit",
                                          "before the offset's commit"};
    std::int64_t before = 0;
    for (int i = 0; i < kills; ++i) {
      options["kill"] = places[static_cast<std::size_t>(i) % places.size()];
      ChildConsumer killed(options, ROCKETMQ_EXACTLY_ONCE_PROCESS);
      ASSERT_TRUE(killed.wait_end()) << "killed: " << options["kill"];
      ASSERT_TRUE(killed.lines("ended").empty()) << "it was not killed";
      ASSERT_EQ(killed.lines("failed"), std::vector<std::string>{});
      const std::int64_t rows = RowFile(file).number("SELECT count(*) FROM rows");
      EXPECT_GT(rows, before) << "what was committed stays: " << options["kill"];
      before = rows;
    }
    options["kill"] = "";
    ChildConsumer last(options, ROCKETMQ_EXACTLY_ONCE_PROCESS);
    ASSERT_TRUE(last.wait_end()) << RowFile(file).number("SELECT count(*) FROM rows") << " rows; "
                                 << testing::PrintToString(last.lines("notice"));
    EXPECT_EQ(last.lines("failed"), std::vector<std::string>{});
    EXPECT_EQ(last.lines("ended").size(), 1U);
    const RowFile rows(file);
    EXPECT_EQ(rows.number("SELECT count(*) FROM rows"), messages);
    EXPECT_EQ(rows.number("SELECT count(DISTINCT body) FROM rows"), messages);
    EXPECT_EQ(rows.number("SELECT count(*) FROM (SELECT queue_offset - lag(queue_offset, 1, -1) OVER "
                          "(PARTITION BY broker, queue ORDER BY rowid) AS step FROM rows) WHERE step <> 1"),
              0)
        << "each queue in its order";
  }
};

TEST_F(ExactlyOnce, EachMessageIsOneRowWhereverItsProcessIsKilled) {
  expect_each_once(40'000, 3);
}

class ExactlyOnceFull : public ExactlyOnce {};

TEST_F(ExactlyOnceFull, AMillionMessagesAndTenKills) {
  expect_each_once(1'000'000, 10);
}

}  // namespace
}  // namespace rocketmq::test
