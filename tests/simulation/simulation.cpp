#include "simulation/simulation.h"

#include <algorithm>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "simulation/model.h"
#include "simulation/simulated_cluster.h"
#include "simulation/simulated_consumer.h"
#include "simulation/simulated_loop.h"
#include "simulation/simulated_producer.h"
#include "simulation/virtual_time.h"

namespace rocketmq::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using LogLine = std::function<void(const std::string&)>;

constexpr seconds time_of_faults{40};
constexpr seconds patience{240};  // Until all is finished once the faults are over.
constexpr seconds settling{75};   // Until members and routes are known to all.
constexpr milliseconds close_deadline{5000};

/// A consumer with its handler's threads, each of which holds a delivery for a while and ends it in some way.
class Handler {
 public:
  Handler(Model& model, std::minstd_rand& random, const std::string& name, const ConsumerConfig& config,
          const LogSink& log)
      : model_(model),
        random_(random),
        sends_back_(config.max_reconsume_times.has_value()),
        consumer_(name, config, log) {
    consumer_.start();
    const std::size_t threads = 1 + random_() % 3;
    for (std::size_t i = 0; i < threads; ++i)
      work();
  }

  [[nodiscard]] SimulatedConsumer& consumer() noexcept { return consumer_; }
  /// From now on everything is handled well.
  void behave() noexcept {
    behaves_ = true;
    paused_until_ = {};
  }
  /// As pauseSubJob, and later resumeSubJob: no message is taken meanwhile.
  void pause(milliseconds time) { paused_until_ = VirtualTime::now() + time; }
  /// The handlers return, so that closing can end.
  void stop() noexcept { stopped_ = true; }
  void kill() {
    stopped_ = true;
    killed_ = true;
    consumer_.kill();
  }

 private:
  using DeliveryPtr = std::shared_ptr<Delivery::Impl>;

  void later(milliseconds delay, std::function<void()> what) {
    VirtualTime::after(delay, [alive = std::weak_ptr(alive_), what = std::move(what)] {
      if (!alive.expired()) what();
    });
  }

  void work() {
    if (stopped_) return;
    const bool paused = VirtualTime::now() < paused_until_;
    DeliveryPtr delivery = paused ? nullptr : DeliveryPtr(consumer_.poll(1 + random_() % 6));
    if (!delivery) {
      later(milliseconds(50 + random_() % 100), [this] { work(); });
      return;
    }
    if (delivery->is_returned()) return finish_returned(delivery);
    std::vector<std::uint64_t> epochs;
    for (const ReceivedMessage& row : delivery->rows()) {
      model_.delivered(consumer_.client_id(), queue_of(row), row.queue_offset,
                       std::string(as_text(row.body)));
      epochs.push_back(model_.epoch(consumer_.client_id(), queue_of(row)));
    }
    const bool slow = !behaves_ && random_() % 30 == 0;
    later(slow ? milliseconds(4000) : milliseconds(random_() % 300), [this, delivery, epochs] {
      if (killed_) return;
      end(*delivery, epochs);
      work();
    });
  }

  // No broker has taken it back, so it comes again, past the order of its queue.
  void finish_returned(const DeliveryPtr& delivery) {
    later(milliseconds(random_() % 300), [this, delivery] {
      if (killed_) return;
      for (const ReceivedMessage& row : delivery->rows())
        model_.finished(consumer_.client_id(), queue_of(row), row.queue_offset);
      delivery->acknowledge();
      work();
    });
  }

  // Retried messages show their first topic, but the row's queue is that of the retry topic.
  [[nodiscard]] Model::Queue queue_of(const ReceivedMessage& row) const {
    return {std::string(row.topic), std::string(row.broker_name), row.queue_id};
  }

  void finish_rows(const Delivery::Impl& delivery, const std::vector<std::uint64_t>& epochs,
                   std::size_t count, bool reject_last) {
    for (std::size_t i = 0; i < count; ++i) {
      if (delivery.is_postponed(i)) continue;
      const ReceivedMessage& row = delivery.rows()[i];
      const Model::Queue queue = queue_of(row);
      if (reject_last && i + 1 == count && sends_back_) {
        model_.rejected(queue, row.queue_offset);
      } else {
        model_.finished(consumer_.client_id(), queue, row.queue_offset);
      }
      model_.ended_delivery(consumer_.client_id(), queue, epochs[i], row.queue_offset);
    }
  }

  // The model is told first: what the client does at once, it may do.
  void end(Delivery::Impl& delivery, const std::vector<std::uint64_t>& epochs) {
    const std::size_t rows = delivery.rows().size();
    const std::size_t way = behaves_ ? 0 : random_() % 20;
    if (way < 15) {
      finish_rows(delivery, epochs, rows, false);
      delivery.acknowledge();
    } else if (way < 17) {
      finish_rows(delivery, epochs, rows, true);
      delivery.reject(rows - 1);
      delivery.acknowledge();
    } else if (way < 19) {
      const std::size_t done = random_() % (rows + 1);
      finish_rows(delivery, epochs, done, false);
      delivery.acknowledge_first(done);
    } else if (random_() % 2 == 0) {
      delivery.give_back();
    } else {
      delivery.postpone(random_() % rows, milliseconds(0));
      finish_rows(delivery, epochs, rows, false);
      delivery.acknowledge();
    }
  }

  Model& model_;
  std::minstd_rand& random_;
  const bool sends_back_;
  bool behaves_ = false;
  VirtualTime::Duration paused_until_{};
  bool stopped_ = false;
  bool killed_ = false;
  SimulatedConsumer consumer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

class Simulation {
 public:
  Simulation(std::uint64_t seed, LogLine log) : log_(std::move(log)), random_(seed_of(seed)) {
    cluster_ = std::make_unique<SimulatedCluster>(model_, random_, 1 + number(2), 1 + number(3));
    config_.group = SimulatedCluster::group;
    config_.subscriptions = {{SimulatedCluster::topic}};
    config_.consume_from_where = ConsumeFromWhere::first_offset;
    config_.max_cached_messages = 20 + static_cast<std::size_t>(number(200));
    if (number(2) == 0) config_.max_reconsume_times = 1 + number(3);
    config_.on_notice = [this](const ConsumerNotice& notice) {
      if (notice.given_up > 0) model_.given_up(notice.text, config_.max_reconsume_times.value_or(0));
    };
  }

  void run() {
    choose_faults();
    for (int i = 1 + number(2); i > 0; --i)
      add_producer();
    for (int i = 1 + number(3); i > 0; --i)
      add_consumer();
    const auto end_of_faults = VirtualTime::now() + time_of_faults;
    for (int i = number(8); i > 0; --i)
      VirtualTime::after(milliseconds(number(40'000)), [this] { something_happens(); });
    for (const auto& producer : producers_)
      send_regularly(producer.get(), end_of_faults);
    run_until(end_of_faults, [] { return false; });
    heal();
    finish_everything();
    VirtualTime::Duration settled = VirtualTime::now() + settling;
    run_until(settled, [] { return false; });
    deliver_exactly_once();
    close_everything();
  }

  [[nodiscard]] const Model& model() const noexcept { return model_; }
  void end() noexcept { model_.end(); }

 private:
  static std::minstd_rand::result_type seed_of(std::uint64_t seed) {
    std::mt19937_64 mixer(seed);
    return static_cast<std::minstd_rand::result_type>(mixer() % 2'147'483'646U + 1);
  }

  [[nodiscard]] int number(int below) { return static_cast<int>(random_() >> 4U) % below; }
  [[nodiscard]] double share(double most) { return number(3) == 0 ? most * number(100) / 100 : 0; }

  void note(const std::string& line) const {
    if (log_) log_(std::to_string(VirtualTime::now_ms().count()) + " " + line);
  }

  [[nodiscard]] LogSink sink(const std::string& name) const {
    if (!log_) return {};
    return [this, name](LogLevel, std::string_view line) { note(name + ": " + std::string(line)); };
  }

  template <class Done>
  bool run_until(VirtualTime::Duration end, const Done& done) {
    while (true) {
      SimulatedLoops::run_ready(random_);
      if (done()) return true;
      if (!VirtualTime::run_next(end)) return false;
    }
  }

  void choose_faults() {
    Faults& faults = cluster_->faults;
    faults.lost_request = share(0.05);
    faults.lost_reply = share(0.05);
    faults.broken_before = share(0.05);
    faults.broken_after = share(0.05);
    faults.refused = share(0.15);
    faults.weakly_stored = share(0.1);
    faults.slow = share(0.03);
    faults.garbled_pull = share(0.1);
  }

  void add_producer() {
    const std::string name = "producer" + std::to_string(++last_client_);
    producers_.push_back(std::make_unique<SimulatedProducer>(name, sink(name)));
    producers_.back()->start();
  }

  void add_consumer() {
    const std::string name = "consumer" + std::to_string(++last_client_);
    note(name + " joins");
    consumers_.push_back(std::make_unique<Handler>(model_, random_, name, config_, sink(name)));
  }

  void send_regularly(SimulatedProducer* producer, VirtualTime::Duration end) {
    VirtualTime::after(milliseconds(100 + number(2500)), [this, producer, end] {
      if (VirtualTime::now() >= end) return;
      if (producer->is_started()) send(*producer, 1 + number(12));
      send_regularly(producer, end);
    });
  }

  std::vector<std::string> send(SimulatedProducer& producer, int count) {
    std::vector<std::string> bodies;
    ++last_send_;
    for (int i = 0; i < count; ++i)
      bodies.push_back("send" + std::to_string(last_send_) + "-" + std::to_string(i));
    producer.send(SimulatedCluster::topic, bodies, 1 + static_cast<std::size_t>(number(4)),
                  [this, bodies](const std::vector<SendRange>& ranges) { model_.sent(bodies, ranges); });
    return bodies;
  }

  void something_happens() {
    const auto broker = static_cast<std::size_t>(number(static_cast<int>(cluster_->broker_count())));
    switch (number(10)) {
      case 0:
      case 1:
        note("a broker is killed");
        cluster_->kill_broker(broker);
        VirtualTime::after(milliseconds(200 + number(8000)), [this, broker] {
          note("and started");
          cluster_->start_broker(broker);
        });
        break;
      case 2:
        if (consumers_.size() < 4) add_consumer();
        break;
      case 3:
        if (!consumers_.empty()) close_consumer();
        break;
      case 4:
        if (!consumers_.empty()) {
          note("a consumer is killed");
          consumers_.back()->kill();
          dead_.push_back(std::move(consumers_.back()));
          consumers_.pop_back();
        }
        break;
      case 5:
        note("a queue is added");
        cluster_->add_queue(broker);
        break;
      case 6:
        cluster_->set_writable(broker, false);
        VirtualTime::after(milliseconds(number(5000)),
                           [this, broker] { cluster_->set_writable(broker, true); });
        break;
      case 7:
        if (consumers_.empty()) break;
        note("a consumer seeks");
        consumers_[static_cast<std::size_t>(number(static_cast<int>(consumers_.size())))]->consumer().seek(
            number(20));
        break;
      case 8:
        if (consumers_.empty()) break;
        note("a consumer is paused");
        consumers_[static_cast<std::size_t>(number(static_cast<int>(consumers_.size())))]->pause(
            milliseconds(number(15'000)));
        break;
      default:
        note("an operator resets the offsets");
        cluster_->reset_offsets(number(20));
        break;
    }
  }

  void close_consumer() {
    note("a consumer is closed");
    Handler* const handler = consumers_.front().get();
    dead_.push_back(std::move(consumers_.front()));
    consumers_.erase(consumers_.begin());
    ++closing_;
    handler->stop();
    model_.leaves(handler->consumer().client_id());
    const auto begun = VirtualTime::now();
    handler->consumer().close(close_deadline, [this, begun](bool) { check_closed(begun); });
  }

  void check_closed(VirtualTime::Duration begun) {
    --closing_;
    if (VirtualTime::now() > begun + close_deadline + milliseconds(1)) {
      throw BrokenPromise("closing took longer than its deadline");
    }
  }

  void heal() {
    note("the faults are over");
    cluster_->faults = {};
    for (std::size_t i = 0; i < cluster_->broker_count(); ++i) {
      cluster_->start_broker(i);
      cluster_->set_writable(i, true);
    }
    if (consumers_.empty()) add_consumer();
    for (const auto& handler : consumers_)
      handler->behave();
  }

  void finish_everything() {
    const auto sends_ended = [this] {
      return std::all_of(producers_.begin(), producers_.end(),
                         [](const auto& producer) { return producer->running() == 0; });
    };
    const bool done = run_until(VirtualTime::now() + patience,
                                [&] { return sends_ended() && closing_ == 0 && model_.all_finished(); });
    if (!sends_ended()) throw BrokenPromise("a send does not end");
    if (closing_ > 0) throw BrokenPromise("a consumer does not end");
    if (!done)
      throw BrokenPromise("not everything is received once the faults are over:" + model_.unfinished());
  }

  // Once all is calm, nothing comes twice.
  void deliver_exactly_once() {
    note("the last messages");
    std::vector<std::string> bodies;
    for (const auto& producer : producers_) {
      const auto sent = send(*producer, 10);
      bodies.insert(bodies.end(), sent.begin(), sent.end());
    }
    if (!run_until(VirtualTime::now() + seconds(20), [this] { return model_.all_finished(); })) {
      throw BrokenPromise("without faults something is not received:" + model_.unfinished());
    }
    run_until(VirtualTime::now() + seconds(5), [] { return false; });
    for (const std::string& body : bodies) {
      if (model_.deliveries(body) != 1) {
        throw BrokenPromise("without faults '" + body + "' was delivered " +
                            std::to_string(model_.deliveries(body)) + " times");
      }
    }
  }

  void close_everything() {
    for (const auto& handler : consumers_) {
      if (handler->consumer().ready().delivered() != 0)
        throw BrokenPromise("a delivery is counted that has ended");
      handler->stop();
      ++closing_;
      handler->consumer().close(close_deadline, [this, begun = VirtualTime::now()](bool in_order) {
        check_closed(begun);
        if (!in_order) throw BrokenPromise("without faults a consumer did not close in order");
      });
    }
    for (const auto& producer : producers_) {
      ++closing_;
      producer->close(close_deadline, [this, begun = VirtualTime::now()] { check_closed(begun); });
    }
    run_until(VirtualTime::now() + close_deadline + seconds(1), [this] { return closing_ == 0; });
    if (closing_ > 0) throw BrokenPromise("closing does not end");
    for (const Model::Queue& queue : cluster_->queues()) {
      if (!model_.may_be_set_back(queue) && cluster_->stored_offset(queue) != model_.end_of(queue)) {
        throw BrokenPromise("after a close in order " + to_string(queue) + " is committed up to " +
                            std::to_string(cluster_->stored_offset(queue)) + " of " +
                            std::to_string(model_.end_of(queue)));
      }
    }
  }

  LogLine log_;
  std::minstd_rand random_;
  Model model_;
  std::unique_ptr<SimulatedCluster> cluster_;
  ConsumerConfig config_;
  std::vector<std::unique_ptr<SimulatedProducer>> producers_;
  std::vector<std::unique_ptr<Handler>> consumers_;
  std::vector<std::unique_ptr<Handler>> dead_;
  int last_client_ = 0;
  int last_send_ = 0;
  int closing_ = 0;
};

}  // namespace

Outcome simulate(std::uint64_t seed, const LogLine& log) {
  VirtualTime::restart(seed);
  Outcome outcome;
  {
    Simulation simulation(seed, log);
    try {
      simulation.run();
    } catch (const BrokenPromise& broken) {
      outcome.problem = broken.what();
    }
    simulation.end();
    outcome.stored = simulation.model().stored_count();
    outcome.delivered = simulation.model().delivered_count();
    outcome.committed = simulation.model().committed_count();
  }
  VirtualTime::restart(seed);
  return outcome;
}

}  // namespace rocketmq::simulation
