#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace rocketmq::client {

/// Decides what a consumer's user is told of that keeps it from receiving: what does not pass by itself at
/// once, anything else when it has lasted for `patience`. One cause, such as a missing permission, mostly
/// concerns many queues and is met again and again; it is told once, and again when it had gone for
/// `forget_after`. Pure; not thread-safe.
class Troubles {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds patience{30};
  static constexpr std::chrono::minutes forget_after{10};
  static constexpr std::chrono::seconds moment{2};
  /// Nothing that fails is tried less often.
  static constexpr std::chrono::seconds longest_pause{70};
  static constexpr std::size_t max_told = 64;

  enum class Kind {
    may_pass,  ///< A server that is away or busy, for example.
    lasting,   ///< Somebody has to do something first.
  };

  /// `subject` (a queue, a broker, the topic) cannot be received from, because of `cause`. Whether to tell.
  [[nodiscard]] bool add(const std::string& subject, const std::string& cause, Kind kind, TimePoint now) {
    Present& span = met_.try_emplace(subject, Present{now, now, {}, kind}).first->second;
    if (now - span.last >= patience) span.first = now;
    span.last = now;
    span.cause = cause;
    span.kind = kind;
    if (kind == Kind::may_pass && now - span.first < patience) return false;
    if (const auto told = told_.find(cause); told != told_.end() && now - told->second < forget_after) {
      told->second = now;
      return false;
    }
    make_room(now);
    told_.insert_or_assign(cause, now);
    return true;
  }

  /// The subject can be received from, or is none of ours any more.
  void end(const std::string& subject) { met_.erase(subject); }

  struct Present {
    TimePoint first;  ///< Since then.
    TimePoint last;   ///< Met again.
    std::string cause;
    Kind kind = Kind::may_pass;
  };
  /// By subject: what is in the way at present. What may pass is not, before it has lasted for a moment; and
  /// what was not met again for long has passed.
  [[nodiscard]] std::map<std::string, Present> present(TimePoint now) const {
    std::map<std::string, Present> all;
    for (const auto& [subject, trouble] : met_) {
      const bool counts = trouble.kind == Kind::lasting || trouble.last - trouble.first >= moment;
      if (counts && now - trouble.last < longest_pause) all.emplace(subject, trouble);
    }
    return all;
  }

 private:
  void make_room(TimePoint now) {
    std::erase_if(met_, [now](const auto& met) { return now - met.second.last >= forget_after; });
    std::erase_if(told_, [now](const auto& told) { return now - told.second >= forget_after; });
    if (told_.size() < max_told) return;
    told_.erase(std::min_element(told_.begin(), told_.end(), [](const auto& left, const auto& right) {
      return left.second < right.second;
    }));
  }

  std::map<std::string, Present> met_;     // By subject.
  std::map<std::string, TimePoint> told_;  // By cause: when it was met last.
};

}  // namespace rocketmq::client
