#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "transport/request.h"

namespace rocketmq::transport {

/// The requests of one connection that wait for a reply, by opaque. Knows neither sockets nor clocks: time
/// comes in, requests to finish go out. A request leaves the table exactly once, through take, expire or
/// remove_all. Not thread-safe.
///
/// An opaque is in one of these states:
/// - waiting: its request is in the table and has a deadline;
/// - abandoned: its deadline passed; a reply may still come and is then known to be late. Only the newest
///   `abandoned_limit` are remembered;
/// - unknown: never added, answered already, or abandoned too long ago.
class RequestTable {
 public:
  static constexpr std::size_t abandoned_limit = 4096;

  /// What a reply's opaque turned out to be.
  enum class Match {
    waiting,  ///< The reply belongs to the request that take() gave out.
    late,     ///< Its request was abandoned; drop the reply.
    unknown,  ///< Nobody asked, or the reply came twice; drop it.
  };

  /// Adds a waiting request under its opaque and deadline. False, and nothing changed, when the opaque
  /// waits already.
  [[nodiscard]] bool add(RequestPtr request);

  /// Takes out the request that a reply belongs to; `request` is set only for Match::waiting.
  [[nodiscard]] Match take(std::int32_t opaque, RequestPtr& request);

  /// Takes out every request whose deadline is not after `now`, earliest first, and remembers the opaques
  /// as abandoned.
  [[nodiscard]] std::vector<RequestPtr> expire(Clock::time_point now);

  /// Takes out every request, in the order of the deadlines; late replies are then unknown.
  [[nodiscard]] std::vector<RequestPtr> remove_all();

  /// The earliest deadline, if anything waits.
  [[nodiscard]] std::optional<Clock::time_point> next_deadline() const;

  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }
  [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }

 private:
  void abandon(std::int32_t opaque);

  std::unordered_map<std::int32_t, RequestPtr> waiting_;
  std::set<std::pair<Clock::time_point, std::int32_t>> deadlines_;  // One for each in waiting_.
  std::unordered_set<std::int32_t> abandoned_;
  std::deque<std::int32_t> abandoned_order_;  // Oldest first; may name opaques whose reply came late.
};

}  // namespace rocketmq::transport
