#include "client/consumer/offset_committer.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rocketmq::client {
namespace {

/// A store that answers when the test says so.
class HeldStore : public OffsetStore {
 public:
  void load(const MessageQueue& /*queue*/, LoadHandler handler) override {
    loads.push_back(std::move(handler));
  }
  void store(const MessageQueue& /*queue*/, std::int64_t offset, StoreHandler handler) override {
    offsets.push_back(offset);
    stores.push_back(std::move(handler));
  }

  void answer_load(std::optional<std::int64_t> offset, const Failure& failure = {}) {
    ASSERT_FALSE(loads.empty());
    const LoadHandler handler = std::move(loads.front());
    loads.erase(loads.begin());
    handler(failure, offset);
  }
  void answer_store(const Failure& failure = {}) {
    ASSERT_FALSE(stores.empty());
    const StoreHandler handler = std::move(stores.front());
    stores.erase(stores.begin());
    handler(failure);
  }

  std::vector<LoadHandler> loads;
  std::vector<StoreHandler> stores;
  std::vector<std::int64_t> offsets;
};

/// A queue whose messages are done as far as `done_up_to` says, and a store under way for the first five.
class OffsetCommitterTest : public testing::Test {
 protected:
  OffsetCommitterTest() {
    ClientConfig config;
    config.name_server_addresses = "127.0.0.1:1";
    context_.core = ClientCore::create(std::move(config));
    context_.queues = std::make_shared<AssignedQueues>(AssignedQueues::Limits{100, 1000});
    auto store = std::make_unique<HeldStore>();
    store_ = store.get();
    context_.store = std::move(store);
    context_.group = "group";
    queue_ =
        std::make_shared<AssignedQueue>(MessageQueue{"topic", "broker-a", 0}, "topic", false, subscribe({}));
    context_.queues->assign(queue_);
    context_.queues->reset(queue_, 0);
    committer_ = std::make_shared<OffsetCommitter>(context_, queue_);
    committer_->begin(0);
    done_up_to(5);
    committer_->commit([this] { ended_.emplace_back("first"); });
  }

  void done_up_to(std::int64_t offset) {
    Segment segment;  // Without a message, so that its offsets count as done at once.
    segment.begin = context_.queues->next_offset(queue_);
    segment.next_begin = offset;
    EXPECT_EQ(context_.queues->add(queue_, std::move(segment)), ProcessQueue::AddResult::added);
    EXPECT_EQ(context_.queues->commit_offset(queue_), offset);
  }

  /// More is done and to be stored, and then the queue is let go, while the first store is still under way.
  void let_go_while_a_commit_waits() {
    done_up_to(8);
    committer_->commit([this] { ended_.emplace_back("waiting"); });
    committer_->commit_after_drop([this] { ended_.emplace_back("let go"); });
    EXPECT_EQ(store_->offsets, std::vector<std::int64_t>{5});
    EXPECT_TRUE(store_->loads.empty());
    EXPECT_TRUE(ended_.empty());
    store_->answer_store();
    EXPECT_EQ(store_->offsets, std::vector<std::int64_t>{5});
  }

  /// Answers every question until none is left.
  void answer_loads(std::optional<std::int64_t> offset) {
    ASSERT_FALSE(store_->loads.empty());
    while (!store_->loads.empty())
      store_->answer_load(offset);
  }

  ConsumerContext context_;
  HeldStore* store_ = nullptr;
  AssignedQueuePtr queue_;
  std::shared_ptr<OffsetCommitter> committer_;
  std::vector<std::string> ended_;
};

TEST_F(OffsetCommitterTest, ACommitThatWaitsIsMadeOnceTheStoreUnderWayIsOver) {
  done_up_to(8);
  committer_->commit([this] { ended_.emplace_back("waiting"); });
  EXPECT_EQ(store_->offsets, std::vector<std::int64_t>{5});
  store_->answer_store();
  EXPECT_EQ(store_->offsets, (std::vector<std::int64_t>{5, 8}));
  EXPECT_EQ(ended_, std::vector<std::string>{"first"});
  store_->answer_store();
  EXPECT_EQ(ended_, (std::vector<std::string>{"first", "waiting"}));
}

TEST_F(OffsetCommitterTest, OnlyWhatGoesForwardIsStored) {
  store_->answer_store();
  committer_->commit([this] { ended_.emplace_back("the same"); });
  context_.queues->reset(queue_, 4);
  committer_->commit([this] { ended_.emplace_back("less"); });
  EXPECT_EQ(store_->offsets, std::vector<std::int64_t>{5});
  EXPECT_EQ(ended_, (std::vector<std::string>{"first", "the same", "less"}));
}

TEST_F(OffsetCommitterTest, AFailedStoreIsTriedAgain) {
  store_->answer_store({Errc::request_timeout, "no reply", std::nullopt});
  EXPECT_EQ(ended_, std::vector<std::string>{"first"});
  committer_->commit([] {});
  EXPECT_EQ(store_->offsets, (std::vector<std::int64_t>{5, 5}));
}

TEST_F(OffsetCommitterTest, AfterARestartASmallerOffsetIsStored) {
  store_->answer_store();
  context_.queues->reset(queue_, 3);
  committer_->restart();
  committer_->commit([] {});
  store_->answer_store();
  committer_->commit([] {});
  EXPECT_EQ(store_->offsets, (std::vector<std::int64_t>{5, 3}));
}

TEST_F(OffsetCommitterTest, AStoreFromBeforeARestartSaysNothingAfterIt) {
  context_.queues->reset(queue_, 3);
  committer_->restart();
  committer_->commit([] {});
  EXPECT_EQ(store_->offsets, std::vector<std::int64_t>{5}) << "still one at a time";
  store_->answer_store();
  EXPECT_EQ(store_->offsets, (std::vector<std::int64_t>{5, 3}));
}

TEST_F(OffsetCommitterTest, ACommitThatWaitsWhenItsQueueIsLetGoDoesNotTakeTheNextOwnerBack) {
  let_go_while_a_commit_waits();
  answer_loads(20);
  EXPECT_EQ(store_->offsets, std::vector<std::int64_t>{5});
  EXPECT_EQ(ended_, (std::vector<std::string>{"first", "waiting", "let go"}));
}

TEST_F(OffsetCommitterTest, ACommitThatWaitsWhenItsQueueIsLetGoIsMadeWhereNobodyWentFurther) {
  let_go_while_a_commit_waits();
  answer_loads(5);
  EXPECT_EQ(store_->offsets, (std::vector<std::int64_t>{5, 8}));
  store_->answer_store();
  // Whoever waited for that store looks once more before it stores anything.
  while (!store_->loads.empty())
    store_->answer_load(8);
  EXPECT_EQ(store_->offsets, (std::vector<std::int64_t>{5, 8}));
  EXPECT_EQ(ended_, (std::vector<std::string>{"first", "waiting", "let go"}));
}

TEST_F(OffsetCommitterTest, ACommitThatWaitsWhenItsQueueIsLetGoEndsWhereTheStoreCannotBeAsked) {
  let_go_while_a_commit_waits();
  while (!store_->loads.empty())
    store_->answer_load(std::nullopt, {Errc::request_timeout, "no reply", std::nullopt});
  EXPECT_EQ(store_->offsets, std::vector<std::int64_t>{5});
  EXPECT_EQ(ended_, (std::vector<std::string>{"first", "waiting", "let go"}));
}

TEST_F(OffsetCommitterTest, WhatABrokerHasForgottenIsStoredAgainAlsoWhereItDoesNotAnswerAtOnce) {
  store_->answer_store();
  committer_->store_again();
  store_->answer_load(std::nullopt, {Errc::request_timeout, "no reply", std::nullopt});
  committer_->commit([] {});
  EXPECT_EQ(store_->offsets, std::vector<std::int64_t>{5});
  store_->answer_load(3);
  committer_->commit([] {});
  EXPECT_EQ(store_->offsets, (std::vector<std::int64_t>{5, 5}));
}

TEST_F(OffsetCommitterTest, WhatAFormerOwnerHasSetBackIsStoredAgainAlsoWhereNothingMoreComes) {
  store_->answer_store();
  for (int i = 0; i < OffsetCommitter::commits_between_looks - 1; ++i)
    committer_->commit([] {});
  EXPECT_TRUE(store_->loads.empty());
  committer_->commit([] {});
  store_->answer_load(3);
  committer_->commit([] {});
  EXPECT_EQ(store_->offsets, (std::vector<std::int64_t>{5, 5}));
}

TEST_F(OffsetCommitterTest, LookingAfterWhatIsStoredLeavesANewOwnersProgressAlone) {
  store_->answer_store();
  committer_->store_again();
  store_->answer_load(20);
  committer_->commit([] {});
  EXPECT_EQ(store_->offsets, std::vector<std::int64_t>{5});
}

}  // namespace
}  // namespace rocketmq::client
