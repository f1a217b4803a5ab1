// A consumer of several topics.

#include <map>
#include <set>

#include "scripted_consumer.h"

namespace rocketmq::test {
namespace {

class SeveralTopics : public ScriptedConsumer {
 protected:
  SeveralTopics() {
    more_ = {{"prices", "a || b"}};
    topics_ = {"topic", "prices"};
    on(RequestCode::pull_message, [this](const FakeRequest& request) {
      const std::lock_guard lock(mutex_);
      pulls_.emplace(*request.header.ext_fields.find("topic"),
                     std::stoll(*request.header.ext_fields.find("queueOffset")));
      return Action::never();
    });
  }

  /// The first pull of each topic, once so many are pulled from.
  std::map<std::string, std::int64_t> first_pulls(std::size_t topics) {
    EXPECT_TRUE(wait([&] { return pulled().size() == topics; }));
    return pulled();
  }
  [[nodiscard]] std::map<std::string, std::int64_t> pulled() const {
    const std::lock_guard lock(mutex_);
    return pulls_;
  }
  /// Answers for one topic, and as `other` for the rest.
  void progress(const std::string& topic, const FakeServer::Script& of_it, const FakeServer::Script& other) {
    on(RequestCode::query_consumer_offset, [=](const FakeRequest& request) {
      return *request.header.ext_fields.find("topic") == topic ? of_it(request) : other(request);
    });
  }
  static Action none(const FakeRequest& /*request*/) {
    return Action::reply(wire::to_int(ResponseCode::query_not_found));
  }
  std::string refusal() {
    try {
      (void)start(ConsumeFromWhere::last_offset);
    } catch (const Error& error) {
      return error.what();
    }
    return "(started)";
  }

  std::map<std::string, std::int64_t> pulls_;
};

using Pulls = std::map<std::string, std::int64_t>;

TEST_F(SeveralTopics, AreAllPulledFromAndToldToTheBrokerEachWithItsExpression) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(first_pulls(2), (Pulls{{"prices", 0}, {"topic", 0}}));
  const std::string heartbeat = server_.received(wire::to_int(RequestCode::heart_beat)).at(0).body;
  EXPECT_NE(heartbeat.find(R"("subString":"a || b")"), std::string::npos) << heartbeat;
  for (const char* topic : {"topic", "prices", "%RETRY%group"})
    EXPECT_NE(heartbeat.find(R"("topic":")" + std::string(topic) + '"'), std::string::npos) << heartbeat;
}

TEST_F(SeveralTopics, OneThatDoesNotExistYetIsLookedForAndTheOthersAreReceived) {
  topics_ = {"topic"};
  const auto consumer = start(ConsumeFromWhere::last_offset);
  EXPECT_EQ(first_pulls(1), (Pulls{{"topic", 10}}));
  EXPECT_EQ(lines_with("topic 'prices' is looked for until it exists"), 1U);
  {
    const std::lock_guard lock(mutex_);
    topics_.insert("prices");
  }
  EXPECT_EQ(first_pulls(2).at("prices"), 0) << "what it holds was sent after the start";
}

TEST_F(SeveralTopics, AGroupThatIsNewToOneOfThemStartsThereAsANewOne) {
  progress(
      "topic", [](const FakeRequest&) { return Action::reply(wire::OffsetReply{7}.to_command()); }, none);
  const auto consumer = start(ConsumeFromWhere::last_offset);
  EXPECT_EQ(first_pulls(2), (Pulls{{"prices", 10}, {"topic", 7}}));
}

TEST_F(SeveralTopics, OneWhoseProgressCannotBeFoundOutDoesNotKeepTheOthersWaiting) {
  std::atomic<bool> broken{true};
  progress(
      "prices",
      [&broken](const FakeRequest& request) {
        return broken ? Action::reply(wire::to_int(ResponseCode::system_error)) : none(request);
      },
      none);
  const auto consumer = start(ConsumeFromWhere::last_offset);
  EXPECT_EQ(first_pulls(1), (Pulls{{"topic", 10}}));
  EXPECT_EQ(lines_with("the group's progress in topic 'prices'"), 1U);
  broken = false;
  EXPECT_EQ(first_pulls(2).at("prices"), 10) << "a new group from the last offset";
}

TEST_F(SeveralTopics, AreRefusedByNameIfTheBrokerDoesNotAllowOneOfThem) {
  progress(
      "prices",
      [](const FakeRequest&) {
        return Action::reply(wire::to_int(ResponseCode::no_permission), {}, "has no permission to access");
      },
      none);
  const std::string error = refusal();
  EXPECT_NE(error.find("may not consume topic 'prices'"), std::string::npos) << error;
}

TEST_F(SeveralTopics, AreAtLeastOneAndEachOnce) {
  more_ = {{"topic", "x"}};
  EXPECT_EQ(refusal(), "topic 'topic' is subscribed to twice");
  try {
    ConsumerConfig config;
    config.client.name_server_addresses = server_.address();
    config.group = "group";
    (void)Consumer::start(std::move(config));
    ADD_FAILURE() << "started";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "there is no topic to subscribe to");
  }
}

TEST_F(SeveralTopics, OfMembersOfAGroupInOneProcessMustBeTheSame) {
  const auto first = start(ConsumeFromWhere::last_offset);
  more_.clear();
  const std::string error = refusal();
  EXPECT_NE(
      error.find("topic 'topic', expression '*' and topic 'prices', expression 'a || b', CLUSTERING, and "
                 "this one would have topic 'topic', expression '*', CLUSTERING"),
      std::string::npos)
      << error;
}

TEST_F(SeveralTopics, ARefusalNamesTheDifferenceOnlyIfThereAreMany) {
  more_.clear();
  for (int i = 0; i < 20; ++i)
    more_.push_back({"t" + std::to_string(i)});
  const auto first = start(ConsumeFromWhere::last_offset);
  more_[7].sub_expression = "red";
  const std::string error = refusal();
  EXPECT_NE(
      error.find(
          " has topic 't7', expression '*' and 20 topics that both have, CLUSTERING, and this one would "
          "have topic 't7', expression 'red' and 20 topics that both have, CLUSTERING"),
      std::string::npos)
      << error;
}

}  // namespace
}  // namespace rocketmq::test
