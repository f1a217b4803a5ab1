// Not in builds with a sanitizer, which bring an operator new of their own.

#include "memory_shortage.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "client/producer.h"
#include "fake_cluster.h"
#include "scripted_consumer.h"

namespace rocketmq::test {
namespace {

class ConsumerShortOfMemory : public ScriptedConsumer {
 protected:
  static constexpr std::int64_t all = 10;

  ConsumerShortOfMemory() {
    stored_ = all;
    // One message a reply, so that there are several.
    on(RequestCode::pull_message, [](const FakeRequest& request) {
      std::int64_t offset = 0;
      EXPECT_EQ(request.header.ext_fields.read("queueOffset", offset), Errc::ok);
      if (offset >= all) return Action::never();
      wire::PullMessageReply reply;
      reply.next_begin_offset = offset + 1;
      reply.max_offset = all;
      return Action::reply(reply.to_command(), messages(offset, offset + 1));
    });
  }

  /// Takes until every message has come; a message may come again.
  void receive_all(Consumer& consumer, int failing) {
    std::set<std::string> received;
    const auto deadline = steady_clock::now() + 30s;
    while (received.size() < static_cast<std::size_t>(all) && steady_clock::now() < deadline) {
      try {
        Lease lease = take(consumer, 1s);
        for (std::size_t i = 0; i < lease.size(); ++i)
          received.insert(std::string(as_text(lease[i].body)));
        lease.acknowledge();
      } catch (const std::exception&) {
        // As a job does: it takes again.
        std::this_thread::sleep_for(10ms);
      }
    }
    EXPECT_EQ(received.size(), static_cast<std::size_t>(all)) << "allocation " << failing << '\n' << log_;
  }
};

// One allocation of several is made to fail; each of them would take too long.
TEST_F(ConsumerShortOfMemory, GoesOnWhateverAllocationFails) {
  int failed = 0;
  for (int failing = 1; !HasFailure(); failing += 13) {
    const std::size_t commits_before = committed().size();
    const auto all_committed = [&] {
      const auto offsets = committed();
      return offsets.size() > commits_before && offsets.back() == all;
    };
    auto consumer = start(ConsumeFromWhere::first_offset);
    fail_allocation_of_io_threads(failing);
    receive_all(*consumer, failing);
    const bool reached = stop_failing_allocations();
    consumer->close(3s);
    if (!all_committed()) {
      // It failed at the very end. What is not committed then is received once more by whoever comes next.
      consumer = start(ConsumeFromWhere::first_offset);
      receive_all(*consumer, failing);
      consumer->close(3s);
    }
    EXPECT_TRUE(all_committed()) << "allocation " << failing << '\n' << log_;
    if (!reached) break;
    ++failed;
  }
  EXPECT_GT(failed, 5) << "hardly any allocation has failed";
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
  int failed = 0;
  for (int failing = 1; !testing::Test::HasFailure(); failing += 5) {
    FakeCluster cluster;
    const auto producer = Producer::start(cluster.producer_config());
    const std::string id = producer->client_id();
    fail_allocation_of_io_threads(failing);
    (void)send_from_threads(*producer);
    const bool reached = stop_failing_allocations();
    const auto begin = steady_clock::now();
    EXPECT_EQ(send_from_threads(*producer), 0U) << "allocation " << failing;
    EXPECT_LT(steady_clock::now() - begin, 10s) << "allocation " << failing;
    EXPECT_EQ(producer->client_id(), id);
    if (!reached) break;
    ++failed;
  }
  EXPECT_GT(failed, 10) << "hardly any allocation has failed";
}

}  // namespace
}  // namespace rocketmq::test
