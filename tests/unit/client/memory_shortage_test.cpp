// Not in builds with a sanitizer, which bring an operator new of their own.

#include "memory_shortage.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "client/consumer/delivery.h"
#include "fake_cluster.h"
#include "rocketmq/producer.h"
#include "scripted_consumer.h"

namespace rocketmq::test {
namespace {

/// So many allocations are made to fail, each in a run of its own. A run goes on until its allocation has
/// failed, so how many fail does not depend on how much is going on.
constexpr int failures = 14;

class ConsumerShortOfMemory : public ScriptedConsumer {
 protected:
  ConsumerShortOfMemory() {
    // One message a reply, and always one more.
    on(RequestCode::pull_message, [](const FakeRequest& request) {
      std::int64_t offset = 0;
      EXPECT_EQ(request.header.ext_fields.read("queueOffset", offset), Errc::ok);
      wire::PullMessageReply reply;
      reply.next_begin_offset = offset + 1;
      reply.max_offset = offset + 100;
      return Action::reply(reply.to_command(), messages(offset, offset + 1));
    });
    max_cached_messages_ = 20;
  }

  /// Takes until the allocation has failed and ten messages more have come. A message may come again, and
  /// none may be missing. Returns how many have come.
  std::size_t receive(Consumer& consumer) {
    std::set<std::string> received;
    bool failed = false;
    std::size_t enough = 0;
    const auto deadline = steady_clock::now() + 30s;
    while ((!failed || received.size() < enough) && steady_clock::now() < deadline) {
      try {
        Delivery delivery = poll(consumer, 1s);
        for (std::size_t i = 0; i < delivery.size(); ++i)
          received.insert(std::string(as_text(delivery[i].body)));
        delivery.acknowledge();
      } catch (const std::exception&) {
        // As a job does: it takes again.
        std::this_thread::sleep_for(10ms);
      }
      if (!failed && allocation_has_failed()) {
        failed = true;
        enough = received.size() + 10;
      }
    }
    EXPECT_TRUE(failed) << "it has not come to that allocation";
    EXPECT_GE(received.size(), enough) << "after the failure nothing comes any more";
    for (std::size_t i = 0; i < received.size(); ++i)
      EXPECT_TRUE(received.contains("m" + std::to_string(i))) << i << " is missing";
    return received.size();
  }
};

TEST_F(ConsumerShortOfMemory, GoesOnWhateverAllocationFails) {
  for (int i = 0; i < failures && !HasFailure(); ++i) {
    const int failing = 1 + 5 * i;
    const auto consumer = start(ConsumeFromWhere::first_offset);
    fail_allocation_of_io_threads(failing);
    const std::size_t received = receive(*consumer);
    consumer->close(3s);
    const auto offsets = committed();
    ASSERT_FALSE(offsets.empty());
    EXPECT_EQ(offsets.back(), static_cast<std::int64_t>(received)) << "allocation " << failing << '\n'
                                                                   << log_;
  }
}

/// Several threads send one by one and in vectors, so that the I/O thread has to work for them.
std::size_t send_from_threads(Producer& producer) {
  std::atomic<std::size_t> thrown{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&producer, &thrown, i] {
      const std::vector<std::string_view> bodies(i == 0 ? 50 : 1, "hello");
      for (int k = 0; k < 3; ++k) {
        try {
          producer.send("t", {}, bodies);
        } catch (const std::exception&) {
          ++thrown;
        }
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  return thrown;
}

TEST(ProducerShortOfMemory, EverySendEndsAndTheNextOnesSucceedWhateverAllocationFails) {
  for (int i = 0; i < failures && !testing::Test::HasFailure(); ++i) {
    const int failing = 1 + 5 * i;
    FakeCluster cluster;
    const auto producer = Producer::start(cluster.producer_config());
    const std::string id = producer->client_id();
    fail_allocation_of_io_threads(failing);
    const auto deadline = steady_clock::now() + 30s;
    while (!allocation_has_failed() && steady_clock::now() < deadline)
      (void)send_from_threads(*producer);
    EXPECT_TRUE(allocation_has_failed()) << "it has not come to allocation " << failing;
    std::this_thread::sleep_for(50ms);  // What was thrown has to be caught first, on another thread.
    const auto begin = steady_clock::now();
    EXPECT_EQ(send_from_threads(*producer), 0U) << "allocation " << failing;
    EXPECT_LT(steady_clock::now() - begin, 10s) << "allocation " << failing;
    EXPECT_EQ(producer->client_id(), id);
  }
}

// Its end is a destructor: what leaves it ends the process.
TEST(ReturnedMessageShortOfMemory, IsGivenBackWithoutAnAllocation) {
  const auto ready = std::make_shared<client::AssignedQueues>(client::AssignedQueues::Limits{100, 1U << 20});
  const auto queue = std::make_shared<client::AssignedQueue>(client::MessageQueue{"topic", "broker", 0},
                                                             "topic", false, client::subscribe({}));
  ready->assign(queue);
  ASSERT_TRUE(ready->hand_out_again(7, queue, client::Segment{0, 1, {}, 1}));
  auto delivery = std::make_unique<Delivery::Impl>(ready, true);
  delivery->parts() = ready->poll({1, 1, 1, steady_clock::now()}, {});
  ASSERT_TRUE(delivery->is_returned());
  bool failed = true;
  std::thread([&delivery, &failed] {
    pthread_setname_np(pthread_self(), "rocketmq-io");
    fail_allocation_of_io_threads(1);
    delivery.reset();
    failed = allocation_has_failed();
    EXPECT_THROW(std::string(1000, 'x'), std::bad_alloc);
  }).join();
  EXPECT_FALSE(failed);
  const auto returned = ready->collect().returned;
  ASSERT_EQ(returned.size(), 1U);
  EXPECT_EQ(returned.front().part.returned, 7U);
  EXPECT_EQ(returned.front().end, client::ReturnedMessage::End::given_back);
}

}  // namespace
}  // namespace rocketmq::test
