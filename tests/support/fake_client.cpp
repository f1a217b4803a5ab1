#include "support/fake_client.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "rocketmq/bytes.h"

namespace rocketmq {

namespace fake {

Client& Client::instance() {
  // Never destroyed: threads of jobs that still wait in it must hold up no exit of a process or of a forked
  // child, as they hold up none where the client is the real one.
  static auto* const client = new Client();
  return *client;
}

void Client::reset() {
  const std::lock_guard lock(mutex_);
  ready_.clear();
  next_offset_ = 0;
  sent_.clear();
  acknowledged_.clear();
  not_committed_.clear();
  commits_ = 0;
  commit_error_.reset();
  rejected_.clear();
  rejected_for_good_ = 0;
  pauses_.clear();
  start_error_.reset();
  range_size_.reset();
  reading_is_held_ = false;
  status_ = {};
  on_seek_ = nullptr;
  send_error_ = nullptr;
  during_send_ = nullptr;
  producer_config_.reset();
  consumer_config_.reset();
  ends_.clear();
}

void Client::deliver(const std::vector<std::string>& bodies, int queue_id) {
  const std::lock_guard lock(mutex_);
  for (const std::string& body : bodies)
    ready_.push_back({body, next_offset_++, queue_id});
  changed_.notify_all();
}

void Client::refuse_start(Error error) {
  const std::lock_guard lock(mutex_);
  start_error_ = std::move(error);
}

void Client::fail_commit(Error error) {
  const std::lock_guard lock(mutex_);
  commit_error_ = std::move(error);
}

int Client::commits() const {
  const std::lock_guard lock(mutex_);
  return commits_;
}

void Client::commit() {
  const std::lock_guard lock(mutex_);
  if (commit_error_) throw *std::exchange(commit_error_, std::nullopt);
  ++commits_;
  not_committed_.clear();
}

void Client::rewind() {
  std::vector<StoredMessage> again;
  {
    const std::lock_guard lock(mutex_);
    again = std::exchange(not_committed_, {});
  }
  give_back(std::move(again));
}

void Client::set_range_size(RangeSize size) {
  const std::lock_guard lock(mutex_);
  range_size_ = size;
}

void Client::hold_reading() {
  const std::lock_guard lock(mutex_);
  reading_is_held_ = true;
}

Client::ReaderState Client::reader_started() {
  const std::lock_guard lock(mutex_);
  if (start_error_) throw *std::exchange(start_error_, std::nullopt);
  return {std::exchange(ready_, {}), range_size_, reading_is_held_};
}

void Client::hold_send(std::function<void()> meanwhile) {
  const std::lock_guard lock(mutex_);
  during_send_ = std::move(meanwhile);
}

void Client::fail_next_send(std::exception_ptr error) {
  const std::lock_guard lock(mutex_);
  send_error_ = std::move(error);
}

void Client::set_status(ConsumerStatus status) {
  const std::lock_guard lock(mutex_);
  status_ = std::move(status);
}

ConsumerStatus Client::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

std::vector<SeekResult> Client::seek(const SeekTarget& target) {
  std::function<std::vector<SeekResult>(const SeekTarget&)> answer;
  {
    const std::lock_guard lock(mutex_);
    answer = on_seek_;
  }
  return answer ? answer(target) : std::vector<SeekResult>();
}

void Client::on_seek(std::function<std::vector<SeekResult>(const SeekTarget&)> answer) {
  const std::lock_guard lock(mutex_);
  on_seek_ = std::move(answer);
}

std::vector<SentMessages> Client::sent() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

std::vector<std::string> Client::acknowledged() const {
  const std::lock_guard lock(mutex_);
  return acknowledged_;
}

std::size_t Client::rejected_for_good() const {
  const std::lock_guard lock(mutex_);
  return rejected_for_good_;
}

std::vector<std::string> Client::rejected() const {
  const std::lock_guard lock(mutex_);
  return rejected_;
}

std::vector<std::chrono::milliseconds> Client::pauses() const {
  const std::lock_guard lock(mutex_);
  return pauses_;
}

std::size_t Client::ready_count() const {
  const std::lock_guard lock(mutex_);
  return ready_.size();
}

int Client::waiting_pollers() const {
  const std::lock_guard lock(mutex_);
  return waiting_pollers_;
}

int Client::live_producers() const {
  const std::lock_guard lock(mutex_);
  return live_producers_;
}

int Client::live_consumers() const {
  const std::lock_guard lock(mutex_);
  return live_consumers_;
}

int Client::closed_consumers() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(std::count(ends_.begin(), ends_.end(), "consumer closed"));
}

std::vector<std::string> Client::ends() const {
  const std::lock_guard lock(mutex_);
  return ends_;
}

std::optional<ProducerConfig> Client::producer_config() const {
  const std::lock_guard lock(mutex_);
  return producer_config_;
}

std::optional<ConsumerConfig> Client::consumer_config() const {
  const std::lock_guard lock(mutex_);
  return consumer_config_;
}

bool Client::eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

void Client::producer_started(const ProducerConfig& config) {
  const std::lock_guard lock(mutex_);
  if (start_error_) throw *std::exchange(start_error_, std::nullopt);
  producer_config_ = config;
  ++live_producers_;
}

void Client::consumer_started(const ConsumerConfig& config) {
  const std::lock_guard lock(mutex_);
  if (start_error_) throw *std::exchange(start_error_, std::nullopt);
  consumer_config_ = config;
  ++live_consumers_;
}

void Client::producer_gone() {
  const std::lock_guard lock(mutex_);
  --live_producers_;
}

void Client::ended(const std::string& what) {
  const std::lock_guard lock(mutex_);
  ends_.push_back(what);
}

void Client::consumer_gone() {
  const std::lock_guard lock(mutex_);
  --live_consumers_;
}

void Client::wait_in_send() {
  std::unique_lock lock(mutex_);
  const auto meanwhile = std::exchange(during_send_, nullptr);
  lock.unlock();
  if (meanwhile) meanwhile();
}

void Client::store(SentMessages messages) {
  const std::lock_guard lock(mutex_);
  if (send_error_) std::rethrow_exception(std::exchange(send_error_, nullptr));
  sent_.push_back(std::move(messages));
}

std::vector<StoredMessage> Client::poll(const PollLimits& limits, const std::function<bool()>& interrupted) {
  std::unique_lock lock(mutex_);
  const auto first_postponed = [&] {
    return std::find_if(ready_.begin(), ready_.end(),
                        [](const StoredMessage& message) { return message.was_postponed; });
  };
  const auto is_held_back = [&](const StoredMessage& message) {
    return std::any_of(ready_.begin(), ready_.end(), [&](const StoredMessage& other) {
      return other.was_postponed && other.queue_id == message.queue_id;
    });
  };
  const auto others = [&] {
    return ready_.size() -
           static_cast<std::size_t>(std::count_if(ready_.begin(), ready_.end(), is_held_back));
  };
  ++waiting_pollers_;
  changed_.wait_until(lock, limits.deadline, [&] {
    return interrupted() || first_postponed() != ready_.end() || others() >= limits.min_rows;
  });
  --waiting_pollers_;
  std::vector<StoredMessage> taken;
  if (interrupted()) return taken;
  std::deque<StoredMessage> left;
  const bool repeats = first_postponed() != ready_.end() && others() < limits.min_rows;
  const int queue_id = repeats ? first_postponed()->queue_id : -1;
  for (const StoredMessage& message : ready_) {
    const bool wanted = repeats ? message.queue_id == queue_id : !is_held_back(message);
    if (wanted && taken.size() < limits.max_rows) {
      taken.push_back(message);
    } else {
      left.push_back(message);
    }
  }
  ready_ = std::move(left);
  return taken;
}

void Client::wake() {
  const std::lock_guard lock(mutex_);
  changed_.notify_all();
}

void Client::rejected_for_good(std::size_t messages) {
  const std::lock_guard lock(mutex_);
  rejected_for_good_ += messages;
}

void Client::postponed(std::chrono::milliseconds pause) {
  const std::lock_guard lock(mutex_);
  pauses_.push_back(pause);
}

void Client::finish(const std::vector<StoredMessage>& messages, const std::vector<std::size_t>& rejected) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const bool is_rejected = std::find(rejected.begin(), rejected.end(), i) != rejected.end();
    (is_rejected ? rejected_ : acknowledged_).push_back(messages[i].body);
    not_committed_.push_back(messages[i]);
  }
}

void Client::give_back(std::vector<StoredMessage> messages) {
  const std::lock_guard lock(mutex_);
  ready_.insert(ready_.begin(), messages.begin(), messages.end());
  changed_.notify_all();
}

}  // namespace fake

// --- Delivery
// ------------------------------------------------------------------------------------------------

class Delivery::Impl {
 public:
  Impl(std::vector<fake::StoredMessage> stored, std::string topic)
      : topic_(std::move(topic)), stored_(std::move(stored)) {
    for (const fake::StoredMessage& message : stored_) {
      ReceivedMessage received;
      received.topic = topic_;
      received.broker_name = "broker-a";
      received.queue_id = message.queue_id;
      received.queue_offset = message.offset;
      received.body = as_bytes(message.body);
      messages_.push_back(received);
    }
  }
  /// A reader's: stored at the time that is its offset, and not acknowledged.
  explicit Impl(const fake::StoredMessage& message) : Impl({message}, "topic") {
    messages_.front().store_time_ms = message.offset;
    finished_ = true;
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (!finished_) fake::Client::instance().give_back(stored_);
  }

  std::vector<std::size_t> rejected;
  [[nodiscard]] const std::vector<ReceivedMessage>& messages() const { return messages_; }
  [[nodiscard]] std::size_t queue_end(std::size_t row) const {
    std::size_t end = row + 1;
    while (end < stored_.size() && stored_[end].queue_id == stored_[row].queue_id)
      ++end;
    return end;
  }
  void postpone(std::size_t row) { postponed_.push_back(row); }
  [[nodiscard]] bool is_postponed(std::size_t row) const {
    return std::any_of(postponed_.begin(), postponed_.end(), [&](std::size_t first) {
      return first <= row && stored_[first].queue_id == stored_[row].queue_id;
    });
  }
  [[nodiscard]] bool is_repeated() const { return stored_.front().was_postponed; }
  void acknowledge_first(std::size_t rows) {
    std::vector<fake::StoredMessage> done;
    std::vector<std::size_t> rejected_of_done;
    std::vector<fake::StoredMessage> left;
    for (std::size_t row = 0; row < stored_.size(); ++row) {
      const bool is_rejected = std::find(rejected.begin(), rejected.end(), row) != rejected.end();
      if (row >= rows || (is_postponed(row) && !is_rejected)) {
        left.push_back(stored_[row]);
        left.back().was_postponed = left.back().was_postponed || is_postponed(row);
      } else {
        if (is_rejected) rejected_of_done.push_back(done.size());
        done.push_back(stored_[row]);
      }
    }
    fake::Client::instance().finish(done, rejected_of_done);
    fake::Client::instance().give_back(std::move(left));
    finished_ = true;
  }

 private:
  std::string topic_;
  std::vector<fake::StoredMessage> stored_;
  std::vector<ReceivedMessage> messages_;
  std::vector<std::size_t> postponed_;
  bool finished_ = false;
};

Delivery::Delivery() = default;
Delivery::Delivery(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Delivery::~Delivery() = default;
Delivery::Delivery(Delivery&&) noexcept = default;
Delivery& Delivery::operator=(Delivery&&) noexcept = default;
std::size_t Delivery::size() const noexcept {
  return impl_ ? impl_->messages().size() : 0;
}
std::size_t Delivery::bytes() const noexcept {
  std::size_t bytes = 0;
  for (const ReceivedMessage& message : messages())
    bytes += message.body.size();
  return bytes;
}
const ReceivedMessage& Delivery::operator[](std::size_t index) const noexcept {
  return impl_->messages()[index];
}
std::span<const ReceivedMessage> Delivery::messages() const noexcept {
  return impl_ ? std::span<const ReceivedMessage>(impl_->messages()) : std::span<const ReceivedMessage>();
}
void Delivery::reject(std::span<const std::size_t> indexes) {
  impl_->rejected.insert(impl_->rejected.end(), indexes.begin(), indexes.end());
}

void Delivery::reject_for_good(std::span<const std::size_t> indexes) {
  fake::Client::instance().rejected_for_good(indexes.size());
  reject(indexes);
}
std::size_t Delivery::queue_end(std::size_t index) const noexcept {
  return impl_->queue_end(index);
}
void Delivery::postpone(std::size_t index, std::chrono::milliseconds first_pause) {
  fake::Client::instance().postponed(first_pause);
  impl_->postpone(index);
}
bool Delivery::is_postponed(std::size_t index) const noexcept {
  return impl_->is_postponed(index);
}
bool Delivery::is_repeated() const noexcept {
  return impl_->is_repeated();
}
void Delivery::acknowledge() {
  acknowledge_first(size());
}
void Delivery::acknowledge_first(std::size_t rows) {
  impl_->acknowledge_first(rows);
  impl_.reset();
}

// --- Consumer ---------------------------------------------------------------------------------------------

class Consumer::Impl {
 public:
  explicit Impl(const ConsumerConfig& config)
      : topic(config.subscriptions.at(0).topic), client_id("fake@" + config.group) {
    fake::Client::instance().consumer_started(config);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { fake::Client::instance().consumer_gone(); }

  std::string topic;
  std::string client_id;
  std::atomic<bool> interrupted{false};
};

std::unique_ptr<Consumer> Consumer::start(ConsumerConfig config) {
  return std::unique_ptr<Consumer>(new Consumer(std::make_shared<Impl>(config)));
}
Consumer::Consumer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Consumer::~Consumer() = default;
Delivery Consumer::poll(const PollLimits& limits) {
  auto stored = fake::Client::instance().poll(limits, [this] { return impl_->interrupted.load(); });
  if (stored.empty()) return {};
  return Delivery(std::make_unique<Delivery::Impl>(std::move(stored), impl_->topic));
}
void Consumer::interrupt() {
  if (!impl_->interrupted.exchange(true)) fake::Client::instance().ended("consumer interrupted");
  fake::Client::instance().wake();
}
void Consumer::close(std::chrono::milliseconds /*deadline*/) {
  interrupt();
  fake::Client::instance().ended("consumer closed");
}
std::vector<SeekResult> Consumer::seek(const SeekTarget& target, std::chrono::milliseconds /*deadline*/) {
  return fake::Client::instance().seek(target);
}
void Consumer::commit(std::chrono::milliseconds /*deadline*/) {
  fake::Client::instance().commit();
}
void Consumer::rewind(std::chrono::milliseconds /*deadline*/) {
  fake::Client::instance().rewind();
}
ConsumerStatus Consumer::status() const {
  return fake::Client::instance().status();
}
const std::string& Consumer::client_id() const noexcept {
  return impl_->client_id;
}

// --- Producer ---------------------------------------------------------------------------------------------

class Producer::Impl {
 public:
  explicit Impl(const ProducerConfig& config) : client_id("fake@" + config.group) {
    fake::Client::instance().producer_started(config);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { fake::Client::instance().producer_gone(); }

  std::string client_id;
};

std::unique_ptr<Producer> Producer::start(ProducerConfig config) {
  return std::unique_ptr<Producer>(new Producer(std::make_unique<Impl>(config)));
}
Producer::Producer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Producer::~Producer() = default;
void Producer::send(std::string_view topic, std::string_view tag, std::span<const std::string_view> bodies) {
  send(topic, {.bodies = bodies, .tags = {&tag, 1}});
}
void Producer::send(std::string_view topic, const OutgoingMessages& messages,
                    const IsCancelled& is_cancelled) {
  fake::Client::instance().wait_in_send();
  if (is_cancelled && is_cancelled())
    throw SendError({Errc::send_failed, "cancelled", {}}, {{0, messages.bodies.size(), {}, {}}});
  const bool tagged = messages.tags.size() == 1;
  fake::SentMessages sent{std::string(topic), tagged ? std::string(messages.tags.front()) : "", {}};
  for (const std::string_view body : messages.bodies)
    sent.bodies.emplace_back(body);
  fake::Client::instance().store(std::move(sent));
}
std::uint64_t Producer::retries() const noexcept {
  return 0;
}
void Producer::close(std::chrono::milliseconds /*deadline*/) {
  fake::Client::instance().ended("producer closed");
}
const std::string& Producer::client_id() const noexcept {
  return impl_->client_id;
}

// --- Reader -----------------------------------------------------------------------------------------------

class Reader::Impl {
 public:
  Impl() : state(fake::Client::instance().reader_started()) {
    for (const fake::StoredMessage& message : state.messages) {
      const auto found = std::find_if(ranges.begin(), ranges.end(), [&](const QueueRange& range) {
        return range.queue_id == message.queue_id;
      });
      if (found == ranges.end()) ranges.push_back({"broker-a", message.queue_id, 0, 0});
    }
    messages = state.size ? state.size->messages : static_cast<std::int64_t>(state.messages.size());
  }

  fake::Client::ReaderState state;
  std::vector<QueueRange> ranges;
  std::int64_t messages = 0;
  std::optional<std::int64_t> last;  // The offset of the last message that was read.
};

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::~Reader() = default;
std::unique_ptr<Reader> Reader::start(ReaderConfig /*config*/) {
  return std::unique_ptr<Reader>(new Reader(std::make_unique<Impl>()));
}
const std::vector<QueueRange>& Reader::ranges() const noexcept {
  return impl_->ranges;
}
std::int64_t Reader::messages() const noexcept {
  return impl_->messages;
}
std::optional<std::size_t> Reader::estimated_bytes(std::chrono::steady_clock::time_point /*deadline*/) {
  return impl_->state.size ? impl_->state.size->bytes : 0;
}
Delivery Reader::read(std::chrono::steady_clock::time_point deadline) {
  if (impl_->state.held) {
    std::this_thread::sleep_until(deadline);
    return {};
  }
  const fake::StoredMessage message = impl_->state.messages.front();
  impl_->state.messages.pop_front();
  impl_->last = message.offset;
  return Delivery(std::make_unique<Delivery::Impl>(message));
}
bool Reader::finished() const {
  return !impl_->state.held && impl_->state.messages.empty();
}
std::optional<std::int64_t> Reader::oldest_to_come_ms() const {
  return impl_->last;
}

// --- What is asked of brokers without a client of its own --------------------------------------------------

std::vector<TopicQueue> topic_queues(const ClientConfig& /*client*/, std::string_view /*topic*/) {
  return {};
}
std::vector<GroupQueue> group_progress(const ClientConfig& /*client*/, std::string_view /*group*/,
                                       std::string_view /*topic*/) {
  return {};
}

}  // namespace rocketmq
