#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rocketmq/consumer.h"
#include "rocketmq/error.h"
#include "rocketmq/producer.h"
#include "rocketmq/reader.h"
#include "rocketmq/topic_view.h"

namespace rocketmq::fake {

struct StoredMessage {
  std::string body;
  std::int64_t offset = 0;
  int queue_id = 3;
  bool was_postponed = false;
};

struct SentMessages {
  std::string topic;
  std::string tag;
  std::vector<std::string> bodies;
};

/// What stands behind Producer and Consumer where a test links `fake_client` in place of the real client:
/// messages in memory, and a record of what was done with them. What is postponed comes again at once, in a
/// delivery of its own, unless enough of other queues is there. Thread-safe.
class Client {
 public:
  static Client& instance();

  void reset();

  /// Makes messages ready; their offsets count from 0.
  void deliver(const std::vector<std::string>& bodies, int queue_id = 3);
  /// The next start of a producer or consumer throws this.
  void refuse_start(Error error);
  /// What consumers tell of themselves.
  void set_status(ConsumerStatus status);
  [[nodiscard]] ConsumerStatus status() const;
  /// What consumers answer when they are moved; called without a lock.
  void on_seek(std::function<std::vector<SeekResult>(const SeekTarget&)> answer);
  /// What readers say that a range holds, in place of what is ready.
  struct RangeSize {
    std::int64_t messages = 0;
    std::size_t bytes = 0;
  };
  void set_range_size(RangeSize size);
  /// Readers get nothing more, and do not end.
  void hold_reading();
  /// The next commit throws this.
  void fail_commit(Error error);
  /// How often consumers committed.
  [[nodiscard]] int commits() const;
  /// The next send calls this before it looks at the bodies, as if it waited for a broker.
  void hold_send(std::function<void()> meanwhile);
  /// The next send throws this.
  template <class E>
  void fail_send(E error) {
    fail_next_send(std::make_exception_ptr(std::move(error)));
  }

  [[nodiscard]] std::vector<SentMessages> sent() const;
  [[nodiscard]] std::vector<std::string> acknowledged() const;
  [[nodiscard]] std::vector<std::string> rejected() const;
  /// How many of these were rejected for good.
  [[nodiscard]] std::size_t rejected_for_good() const;
  /// The pauses that deliveries were postponed with, one a time.
  [[nodiscard]] std::vector<std::chrono::milliseconds> pauses() const;
  [[nodiscard]] std::size_t ready_count() const;
  /// Threads inside a take that waits for messages.
  [[nodiscard]] int waiting_pollers() const;
  [[nodiscard]] int live_producers() const;
  [[nodiscard]] int live_consumers() const;
  [[nodiscard]] int closed_consumers() const;
  /// What ended, in order: "consumer interrupted", "consumer closed", "producer closed".
  [[nodiscard]] std::vector<std::string> ends() const;
  [[nodiscard]] std::optional<ProducerConfig> producer_config() const;
  [[nodiscard]] std::optional<ConsumerConfig> consumer_config() const;

  /// Waits until `condition` holds; false where it does not within 10 s. It is asked without a lock held.
  static bool eventually(const std::function<bool()>& condition);

  // For the fake Producer, Consumer and Delivery.
  void producer_started(const ProducerConfig& config);
  void consumer_started(const ConsumerConfig& config);
  struct ReaderState {
    std::deque<StoredMessage> messages;
    std::optional<RangeSize> size;
    bool held = false;
  };
  [[nodiscard]] ReaderState reader_started();
  void producer_gone();
  void ended(const std::string& what);
  void consumer_gone();
  void wait_in_send();
  void store(SentMessages messages);
  std::vector<StoredMessage> poll(const PollLimits& limits, const std::function<bool()>& interrupted);
  void wake();
  std::vector<SeekResult> seek(const SeekTarget& target);
  void finish(const std::vector<StoredMessage>& messages, const std::vector<std::size_t>& rejected);
  void give_back(std::vector<StoredMessage> messages);
  void commit();
  void rewind();
  void rejected_for_good(std::size_t messages);
  void postponed(std::chrono::milliseconds pause);

 private:
  void fail_next_send(std::exception_ptr error);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<StoredMessage> ready_;
  std::int64_t next_offset_ = 0;
  std::vector<SentMessages> sent_;
  std::vector<std::string> acknowledged_;
  std::vector<StoredMessage> not_committed_;  // Acknowledged since the last commit.
  int commits_ = 0;
  std::optional<Error> commit_error_;
  std::vector<std::string> rejected_;
  std::size_t rejected_for_good_ = 0;
  std::vector<std::chrono::milliseconds> pauses_;
  ConsumerStatus status_;
  std::function<std::vector<SeekResult>(const SeekTarget&)> on_seek_;
  std::optional<Error> start_error_;
  std::optional<RangeSize> range_size_;
  bool reading_is_held_ = false;
  std::exception_ptr send_error_;
  std::function<void()> during_send_;
  std::optional<ProducerConfig> producer_config_;
  std::optional<ConsumerConfig> consumer_config_;
  int waiting_pollers_ = 0;
  int live_producers_ = 0;
  int live_consumers_ = 0;
  std::vector<std::string> ends_;
};

}  // namespace rocketmq::fake
