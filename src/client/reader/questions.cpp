#include "client/reader/questions.h"

#include <cstddef>

#include "client/core/name_servers.h"

namespace rocketmq::client {

namespace {

/// A broker looks into each queue of a topic, so it may take longer than for a single offset.
constexpr std::chrono::milliseconds answer_timeout{10'000};

}  // namespace

Questions::Questions(ClientConfig config, std::function<void()> on_failure, IsCancelled is_cancelled)
    : is_cancelled_(std::move(is_cancelled)), core_(ClientCore::create(std::move(config))) {
  if (on_failure) core_->set_failure_handler(std::move(on_failure));
  core_->start();
}

RoutePtr Questions::route(const std::string& wire_topic) {
  using Outcome = std::pair<Failure, RoutePtr>;
  auto [failure, route] = wait<Outcome>([this, wire_topic](const std::function<void(Outcome)>& tell) {
    core_->routes().get(wire_topic, [tell](const Failure& why, RoutePtr found) {
      tell({why, std::move(found)});
    });
  });
  throw_if(failure);
  return route;
}

std::vector<Questions::Answer> Questions::ask(std::vector<Question> questions) {
  if (questions.empty()) return {};
  struct Asked {
    std::vector<Question> questions;
    std::vector<Answer> answers;
    std::size_t open = 0;
  };
  const auto asked = std::make_shared<Asked>();
  asked->answers.resize(questions.size());
  asked->open = questions.size();
  asked->questions = std::move(questions);
  return wait<std::vector<Answer>>([this, asked](const std::function<void(std::vector<Answer>)>& tell) {
    for (std::size_t i = 0; i < asked->questions.size(); ++i) {
      Question& question = asked->questions[i];
      core_->request(question.address, std::move(question.command), nullptr, answer_timeout,
                     [asked, tell, i](const Failure& transport, const wire::ReceivedCommand& reply) {
                       const Question& about = asked->questions[i];
                       asked->answers[i] = {failure_of(transport, reply, about.address, about.what),
                                            reply.header, reply.body};
                       if (--asked->open == 0) tell(std::move(asked->answers));
                     });
    }
  });
}

Questions::Answer Questions::ask_name_server(const wire::Command& command, const std::string& what) {
  auto answer = wait<Answer>([this, command, what](const std::function<void(Answer)>& tell) {
    core_->name_servers().request(
        command, answer_timeout,
        [tell, what](const Failure& failure, const std::string& address, wire::ReceivedCommand&& reply) {
          tell({failure_of(failure, reply, address, what), std::move(reply.header), std::move(reply.body)});
        });
  });
  throw_if(answer.failure);
  return answer;
}

}  // namespace rocketmq::client
