#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "job_fixture.h"
#include "plugin/job_registry.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Messages = std::vector<std::string>;

class JobPauseTest : public JobTest {
 protected:
  std::string create_recording(JobConfig config = job_config()) {
    return create(handler([this](Heap*, const Messages& messages) { calls_.add(messages); }),
                  std::move(config));
  }
  /// A job whose handler has begun its first call, and returns when go_on_ is set.
  std::string create_waiting(JobConfig config = job_config()) {
    std::string id = create(handler([this](Heap*, const Messages& messages) {
                              calls_.add(messages);
                              inside_ = true;
                              client().eventually([this] { return go_on_.load(); });
                            }),
                            std::move(config));
    EXPECT_TRUE(client().eventually([this] { return inside_.load(); }));
    return id;
  }

  Calls calls_;
  std::atomic<bool> inside_{false};
  std::atomic<bool> go_on_{false};
};

TEST_F(JobPauseTest, APausedJobGetsNothingUntilItIsResumedAndThenGetsEverything) {
  const std::string id = create_recording();
  EXPECT_TRUE(registry_.pause(id));
  client().deliver({"a", "b"});
  // A thread that was waiting for messages takes these and gives them back.
  EXPECT_TRUE(client().eventually([] { return client().waiting_pollers() == 0; }));
  EXPECT_TRUE(client().eventually([] { return client().ready_count() == 2; }));
  EXPECT_THAT(calls_.all(), IsEmpty());
  EXPECT_TRUE(registry_.resume(id));
  EXPECT_TRUE(client().eventually([] { return client().acknowledged().size() == 2; }));
  EXPECT_THAT(calls_.all(), ElementsAre(Messages{"a", "b"}));
  EXPECT_EQ(stat_of(id).processed_count, 2);
}

TEST_F(JobPauseTest, ASecondPauseAndASecondResumeChangeNothing) {
  const std::string id = create_recording();
  EXPECT_FALSE(registry_.resume(id));
  EXPECT_TRUE(registry_.pause(id));
  EXPECT_FALSE(registry_.pause(id));
  EXPECT_TRUE(registry_.resume(id));
  EXPECT_FALSE(registry_.resume(id));
}

TEST_F(JobPauseTest, TheRunningCallEndsAndIsAcknowledgedBeforePauseReturns) {
  client().deliver({"a"});
  const std::string id = create_waiting();
  std::atomic<bool> paused{false};
  std::thread pauser([&] { paused = registry_.pause(id); });
  EXPECT_TRUE(client().eventually([&] { return registry_.reports(id, administrator)[0].paused; }));
  client().deliver({"b"});
  go_on_ = true;
  pauser.join();
  EXPECT_TRUE(paused);
  EXPECT_THAT(client().acknowledged(), ElementsAre("a"));
  EXPECT_THAT(calls_.all(), ElementsAre(Messages{"a"}));
}

TEST_F(JobPauseTest, APauseThatLosesPatienceSaysWhatHappens) {
  client().deliver({"a"});
  const std::string id = create_waiting();
  EXPECT_EQ(error_of([&] { registry_.pause(id, std::chrono::milliseconds(20)); }),
            "job \"" + id +
                "\" is paused, but its handler has not returned within 20 ms; the call that runs "
                "goes on, and none follows");
  client().deliver({"b"});
  go_on_ = true;
  EXPECT_FALSE(registry_.pause(id)) << "it is paused already; now its call has ended";
  EXPECT_THAT(calls_.all(), ElementsAre(Messages{"a"}));
}

TEST_F(JobPauseTest, AJobCanPauseItselfFromItsHandler) {
  client().deliver({"a"});
  std::atomic<bool> changed{false};
  const std::string id = create(handler([&](Heap*, const Messages& messages) {
    calls_.add(messages);
    if (messages == Messages{"a"}) changed = registry_.pause(registry_.stats(administrator)[0].job_id);
  }));
  EXPECT_TRUE(client().eventually([] { return client().acknowledged().size() == 1; }));
  EXPECT_TRUE(changed);
  client().deliver({"b"});
  EXPECT_TRUE(registry_.resume(id));
  EXPECT_TRUE(client().eventually([] { return client().acknowledged().size() == 2; }));
  EXPECT_THAT(calls_.all(), ElementsAre(Messages{"a"}, Messages{"b"}));
}

// A call that fails is repeated in smaller ones; a pause does not wait for all of them.
TEST_F(JobPauseTest, RepeatedCallsEndAtAPauseAndTheRestComesAfterIt) {
  client().deliver({"a", "bad", "c", "d"});
  std::string id;
  std::atomic<bool> known{false};
  std::atomic<int> calls{0};
  id = create(handler([&](Heap*, const Messages& messages) {
    client().eventually([&] { return known.load(); });
    if (++calls == 1) registry_.pause(id);
    for (const std::string& message : messages) {
      if (message == "bad") throw std::runtime_error("bad");
    }
  }));
  known = true;
  EXPECT_TRUE(client().eventually([&] { return calls == 1; }));
  EXPECT_TRUE(client().eventually([] { return client().ready_count() == 4; }));
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(stat_of(id).failed_count, 0);
  EXPECT_TRUE(registry_.resume(id));
  EXPECT_TRUE(client().eventually([&] { return stat_of(id).failed_count == 1; }));
  EXPECT_TRUE(client().eventually([&] { return stat_of(id).processed_count == 3; }));
}

TEST_F(JobPauseTest, APausedJobIsCancelledAtOnce) {
  const std::string id = create_recording(job_config(3));
  EXPECT_TRUE(registry_.pause(id));
  EXPECT_TRUE(registry_.cancel(id, std::chrono::seconds(5)));
  EXPECT_EQ(client().closed_consumers(), 1);
}

TEST_F(JobPauseTest, AnEndedOrUnknownJobIsAnError) {
  const std::string id = create_recording();
  EXPECT_TRUE(registry_.cancel(id));
  const std::string ended = "job \"" + id + "\" has ended; createSubJob starts another one.";
  EXPECT_EQ(error_of([&] { registry_.pause(id); }), ended);
  EXPECT_EQ(error_of([&] { registry_.resume(id); }), ended);
  EXPECT_THAT(error_of([&] { registry_.pause("nobody"); }), HasSubstr("there is no job \"nobody\""));
}

TEST_F(JobPauseTest, AJobIsPausedByItsName) {
  JobConfig config = job_config();
  config.name = "ticks";
  create_recording(config);
  EXPECT_TRUE(registry_.pause("ticks"));
  EXPECT_TRUE(registry_.resume("ticks"));
}

// Pauses come and go while several threads handle; nothing is lost, and nothing is handled while it lasts.
TEST_F(JobPauseTest, ManyPausesLoseAndRepeatNothing) {
  constexpr int rounds = 50;
  std::atomic<bool> is_paused{false};
  std::atomic<int> calls_in_pause{0};
  const std::string id = create(handler([&](Heap*, const Messages& messages) {
                                  if (is_paused) ++calls_in_pause;
                                  calls_.add(messages);
                                }),
                                job_config(3));
  for (int i = 0; i < rounds; ++i) {
    client().deliver({"m" + std::to_string(i)}, i % 4);
    EXPECT_TRUE(registry_.pause(id));
    is_paused = true;
    client().deliver({"n" + std::to_string(i)}, i % 4);
    is_paused = false;
    EXPECT_TRUE(registry_.resume(id));
  }
  EXPECT_TRUE(client().eventually([] { return client().acknowledged().size() == 2U * rounds; }));
  EXPECT_EQ(calls_in_pause, 0);
  EXPECT_EQ(stat_of(id).processed_count, 2 * rounds);
}

TEST_F(JobPauseTest, ASeekWaitsForTheRunningCallAndNoneBeginsMeanwhile) {
  client().deliver({"a"});
  std::atomic<int> calls_in_seek{-1};
  client().on_seek([&](const SeekTarget& target) {
    EXPECT_EQ(target.kind, SeekTarget::Kind::last);
    client().deliver({"b"});
    std::this_thread::yield();
    calls_in_seek = static_cast<int>(calls_.all().size());
    return std::vector<SeekResult>{{"topic1", "broker-a", 3, 1, 2}};
  });
  const std::string id = create_waiting();
  std::vector<SeekResult> moved;
  std::thread seeker([&] {
    moved = registry_.seek(id, [](const std::vector<std::string>& topics) {
      EXPECT_THAT(topics, ElementsAre("topic1"));
      return SeekTarget{.kind = SeekTarget::Kind::last, .time_ms = 0, .offsets = {}};
    });
  });
  go_on_ = true;
  seeker.join();
  EXPECT_EQ(calls_in_seek, 1) << "the one that was running";
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].new_offset, 2);
  EXPECT_TRUE(client().eventually([] { return client().acknowledged().size() == 2; })) << "it goes on";
}

TEST_F(JobPauseTest, ASeekThatLosesPatienceMovesNothing) {
  client().deliver({"a"});
  client().on_seek([](const SeekTarget&) {
    ADD_FAILURE() << "it was moved";
    return std::vector<SeekResult>();
  });
  const std::string id = create_waiting();
  EXPECT_EQ(error_of([&] {
              (void)registry_.seek(
                  id, [](const auto&) { return SeekTarget(); }, std::chrono::milliseconds(20));
            }),
            "job \"" + id + "\" is not moved, because its handler has not returned within 20 ms");
  go_on_ = true;
  EXPECT_TRUE(client().eventually([] { return client().acknowledged().size() == 1; }));
}

}  // namespace
}  // namespace rocketmq::plugin::test
