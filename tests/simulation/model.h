#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "rocketmq/producer.h"
#include "wire/message_queue.h"

namespace rocketmq::simulation {

/// A promise of the client that did not hold.
class BrokenPromise : public std::runtime_error {
  using runtime_error::runtime_error;
};

/// What must be true of a group and its producers, told by the simulated world step by step. Throws
/// BrokenPromise.
class Model {
 public:
  using Queue = wire::MessageQueue;

  /// From now on nothing is checked: clients that are torn down in the middle of their work tell no more
  /// than that, and the first broken promise must not be hidden.
  void end() noexcept { over_ = true; }

  // What brokers do.
  void stored(const Queue& queue, std::int64_t offset, const std::string& body);
  /// A broker stores a failed message elsewhere for a later delivery, or among the dead letters.
  void sent_back(const Queue& queue, std::int64_t offset);
  /// The same where the broker knows only what is in it.
  void sent_back(const std::string& body);
  void asked_for_offset(const std::string& client, const Queue& queue);
  void committed(const std::string& client, const Queue& queue, std::int64_t offset);
  /// A member closes. Its last word may be late and come after that of who has its queues then, which the
  /// protocol cannot prevent.
  void leaves(const std::string& client) { leaving_.insert(client); }
  /// A commit was so long on its way that somebody else may have gone further meanwhile.
  void came_late(const Queue& queue) { set_back_.insert(queue); }
  [[nodiscard]] bool may_be_set_back(const Queue& queue) const { return set_back_.contains(queue); }
  /// The broker lost its latest offsets, or an operator moved them: for a while clients may go back.
  void offsets_moved();

  // What producers are told.
  void sent(const std::vector<std::string>& bodies, const std::vector<SendRange>& ranges);

  // What consumers are given, and what they finish.
  void delivered(const std::string& client, const Queue& queue, std::int64_t offset, const std::string& body);
  void finished(const std::string& client, const Queue& queue, std::int64_t offset);
  void rejected(const Queue& queue, std::int64_t offset);
  /// The notice of a message that no broker takes back: only if the handler failed on it that often.
  void given_up(const std::string& text, int max_reconsume_times);
  /// Grows each time a client starts a queue again. Deliveries from before say nothing about the order.
  [[nodiscard]] std::uint64_t epoch(const std::string& client, const Queue& queue) const;
  void ended_delivery(const std::string& client, const Queue& queue, std::uint64_t epoch,
                      std::int64_t last_offset);

  /// Whether every stored message is finished, in the queue that it was stored in.
  [[nodiscard]] bool all_finished() const;
  [[nodiscard]] std::string unfinished() const;
  /// How often a body was delivered.
  [[nodiscard]] int deliveries(const std::string& body) const;
  [[nodiscard]] std::size_t stored_count() const noexcept { return places_.size(); }
  [[nodiscard]] std::size_t delivered_count() const noexcept { return delivered_count_; }
  [[nodiscard]] std::size_t committed_count() const noexcept { return committed_count_; }
  [[nodiscard]] std::int64_t end_of(const Queue& queue) const;

 private:
  void broken(const std::string& promise) const;

  using Place = std::pair<Queue, std::int64_t>;
  std::map<Place, std::string> places_;
  std::map<std::string, std::vector<Place>> stored_at_;
  std::set<Place> finished_;
  std::set<Place> rejected_;
  std::map<std::string, int> rejections_;  // By body.
  std::map<Queue, std::int64_t> finished_up_to_;
  std::map<std::string, int> deliveries_;
  std::map<std::pair<std::string, Queue>, std::int64_t> last_commit_;
  std::map<std::pair<std::string, Queue>, std::uint64_t> epochs_;
  std::map<std::pair<std::string, Queue>, std::int64_t> last_done_;
  std::chrono::nanoseconds moved_until_{0};
  std::set<std::string> leaving_;
  std::set<Queue> set_back_;
  struct Word {
    std::string client;
    std::int64_t offset = 0;
    std::chrono::nanoseconds time{0};
  };
  std::map<Queue, Word> newest_;
  bool over_ = false;
  std::size_t delivered_count_ = 0;
  std::size_t committed_count_ = 0;
};

}  // namespace rocketmq::simulation
