#include "simulation/model.h"

#include <algorithm>

#include "simulation/virtual_time.h"

namespace rocketmq::simulation {
namespace {

std::string at(const Model::Queue& queue, std::int64_t offset) {
  return to_string(queue) + " offset " + std::to_string(offset);
}

}  // namespace

void Model::broken(const std::string& promise) const {
  if (!over_) throw BrokenPromise(promise);
}

void Model::stored(const Queue& queue, std::int64_t offset, const std::string& body) {
  places_[{queue, offset}] = body;
  stored_at_[body].emplace_back(queue, offset);
}

void Model::sent_back(const Queue& queue, std::int64_t offset) {
  if (!places_.contains({queue, offset})) {
    broken("a message was sent back that is not stored: " + at(queue, offset));
  }
  finished_.insert({queue, offset});
}

void Model::sent_back(const std::string& body) {
  for (const Place& place : stored_at_[body]) {
    if (rejected_.contains(place)) finished_.insert(place);
  }
}

void Model::asked_for_offset(const std::string& client, const Queue& queue) {
  last_commit_.erase({client, queue});
  last_done_.erase({client, queue});
  ++epochs_[{client, queue}];
}

void Model::offsets_moved() {
  // What was on its way is over by then.
  moved_until_ = VirtualTime::now() + std::chrono::seconds(10);
  last_commit_.clear();
  last_done_.clear();
}

std::uint64_t Model::epoch(const std::string& client, const Queue& queue) const {
  const auto found = epochs_.find({client, queue});
  return found == epochs_.end() ? 0 : found->second;
}

void Model::ended_delivery(const std::string& client, const Queue& queue, std::uint64_t epoch_of_delivery,
                           std::int64_t last_offset) {
  if (epoch(client, queue) != epoch_of_delivery || VirtualTime::now() < moved_until_) return;
  last_done_[{client, queue}] = last_offset;
}

// No commit passes an unfinished message, and none goes back.
void Model::committed(const std::string& client, const Queue& queue, std::int64_t offset) {
  ++committed_count_;
  std::int64_t& done = finished_up_to_[queue];
  while (finished_.contains({queue, done}))
    ++done;
  if (offset > done) {
    broken(client + " committed " + at(queue, offset) + " although offset " + std::to_string(done) +
           " is not finished");
  }
  if (leaving_.contains(client)) set_back_.insert(queue);
  // Who lets a queue go looks first and then stores; between the two, another one may have stored.
  Word& newest = newest_[queue];
  const bool crossed =
      newest.client != client && VirtualTime::now() - newest.time < std::chrono::milliseconds(50);
  if (crossed && offset < newest.offset) set_back_.insert(queue);
  newest = {client, offset, VirtualTime::now()};
  if (VirtualTime::now() < moved_until_) return;
  const auto [last, first] = last_commit_.try_emplace({client, queue}, offset);
  if (!first && offset < last->second) {
    broken(client + " committed " + at(queue, offset) + " after " + std::to_string(last->second));
  }
  last->second = offset;
}

// What is acknowledged to the sender is stored; what is reported as not stored is not; all is accounted for.
void Model::sent(const std::vector<std::string>& bodies, const std::vector<SendRange>& ranges) {
  std::size_t next = 0;
  for (const SendRange& range : ranges) {
    if (range.first != next) broken("a send reports a gap at message " + std::to_string(next));
    next += range.count;
    if (next > bodies.size()) break;
    for (std::size_t i = range.first; i < next; ++i) {
      const bool is_stored = stored_at_.contains(bodies[i]);
      if (range.outcome == SendOutcome::stored && !is_stored) {
        broken("'" + bodies[i] + "' was acknowledged to its sender and is not stored");
      }
      if (range.outcome == SendOutcome::not_stored && is_stored) {
        broken("'" + bodies[i] + "' was reported as not stored and is stored: " + range.failure.message);
      }
    }
  }
  if (next != bodies.size()) {
    broken("a send of " + std::to_string(bodies.size()) + " messages reports on " + std::to_string(next));
  }
}

void Model::delivered(const std::string& client, const Queue& queue, std::int64_t offset,
                      const std::string& body) {
  ++delivered_count_;
  const auto place = places_.find({queue, offset});
  if (place == places_.end() || place->second != body) {
    broken(client + " was given '" + body + "' which is not stored at " + at(queue, offset));
  }
  const auto done = last_done_.find({client, queue});
  if (done != last_done_.end() && offset <= done->second) {
    broken(client + " was given " + at(queue, offset) + " after it had finished " +
           std::to_string(done->second));
  }
  ++deliveries_[body];
}

void Model::finished(const std::string& client, const Queue& queue, std::int64_t offset) {
  if (!finished_.insert({queue, offset}).second) return;
  if (!places_.contains({queue, offset})) {
    broken(client + " finished " + at(queue, offset) + ", which is not stored");
  }
}

void Model::rejected(const Queue& queue, std::int64_t offset) {
  rejected_.insert({queue, offset});
  ++rejections_[places_[{queue, offset}]];
}

void Model::given_up(const std::string& text, int max_reconsume_times) {
  const auto place = std::find_if(rejected_.begin(), rejected_.end(), [&text](const Place& rejected) {
    const auto& [queue, offset] = rejected;
    return text.starts_with("the message at offset " + std::to_string(offset) + " of " + to_string(queue) +
                            " is given up");
  });
  if (place == rejected_.end()) return broken("given up, though no handler failed on it: " + text);
  if (rejections_[places_[*place]] <= max_reconsume_times) broken("given up too soon: " + text);
  finished_.insert(*place);
}

bool Model::all_finished() const {
  return std::all_of(places_.begin(), places_.end(),
                     [this](const auto& place) { return finished_.contains(place.first); });
}

std::string Model::unfinished() const {
  std::string text;
  for (const auto& [place, body] : places_) {
    if (!finished_.contains(place)) text += "\n  '" + body + "' at " + at(place.first, place.second);
  }
  return text;
}

int Model::deliveries(const std::string& body) const {
  const auto found = deliveries_.find(body);
  return found == deliveries_.end() ? 0 : found->second;
}

std::int64_t Model::end_of(const Queue& queue) const {
  std::int64_t end = 0;
  for (const auto& [place, body] : places_) {
    if (place.first == queue) end = std::max(end, place.second + 1);
  }
  return end;
}

}  // namespace rocketmq::simulation
