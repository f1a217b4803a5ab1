#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/core/client_core.h"
#include "client/core/route_table.h"
#include "rocketmq/bytes.h"
#include "rocketmq/client_config.h"
#include "rocketmq/error.h"

namespace rocketmq::client {

/// A client that is in no group and only asks: brokers hear no heartbeat of it. Its functions wait for the
/// answers; not to be called from its loop.
class Questions {
 public:
  /// No question takes longer, because each request has a time limit of its own.
  static constexpr std::chrono::seconds longest_wait{120};
  static constexpr std::chrono::milliseconds look_for_cancel{100};

  /// Connects to a name server. Throws Error, as ClientCore does. `on_failure` is called on any thread after
  /// an exception has broken off some work of the client; it must not throw. Once `is_cancelled` says
  /// true, what waits throws Error cancelled.
  explicit Questions(ClientConfig config, std::function<void()> on_failure = {},
                     IsCancelled is_cancelled = {});
  ~Questions() { core_->close(std::chrono::milliseconds(0)); }
  Questions(const Questions&) = delete;
  Questions& operator=(const Questions&) = delete;

  [[nodiscard]] const std::shared_ptr<ClientCore>& core() const noexcept { return core_; }

  /// Runs `ask` on the loop with a function that takes the outcome, and waits for that.
  template <class Outcome>
  [[nodiscard]] Outcome wait(std::function<void(std::function<void(Outcome)> tell)> ask) {
    throw_if_cancelled();
    const auto told = std::make_shared<std::promise<Outcome>>();
    std::future<Outcome> outcome = told->get_future();
    core_->post(
        [ask = std::move(ask), told] { ask([told](Outcome out) { told->set_value(std::move(out)); }); });
    const auto deadline = std::chrono::steady_clock::now() + longest_wait;
    while (outcome.wait_for(look_for_cancel) != std::future_status::ready &&
           std::chrono::steady_clock::now() < deadline) {
      throw_if_cancelled();
    }
    if (outcome.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
      try {
        return outcome.get();
      } catch (const std::future_error&) {
        // An exception has broken off what would have told it.
        throw Error(Errc::client_failed, describe(Errc::client_failed));
      }
    }
    throw Error(Errc::deadline_exceeded, "the brokers did not answer in time");
  }

  /// The route of a topic. Throws Error: topic_not_found, no_name_server, server_refused.
  [[nodiscard]] RoutePtr route(const std::string& wire_topic);

  /// A request to one broker.
  struct Question {
    std::string address;
    wire::Command command;
    std::string what;  ///< For the failure: what the question is about.
  };
  struct Answer {
    Failure failure;
    wire::Command header;
    SharedBytes body;
  };
  /// Asks all at once. The answers have the order of the questions.
  [[nodiscard]] std::vector<Answer> ask(std::vector<Question> questions);
  /// Asks a name server: the current one, and the next ones if it cannot say. `what` as for a Question.
  /// Throws Error if none can.
  [[nodiscard]] Answer ask_name_server(const wire::Command& command, const std::string& what);

 private:
  void throw_if_cancelled() const {
    if (is_cancelled_ && is_cancelled_()) throw Error(Errc::cancelled, describe(Errc::cancelled));
  }

  const IsCancelled is_cancelled_;
  std::shared_ptr<ClientCore> core_;
};

}  // namespace rocketmq::client
