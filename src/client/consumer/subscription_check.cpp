#include "client/consumer/subscription_check.h"

#include <functional>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "client/core/access_refusal.h"
#include "client/core/route_table.h"
#include "wire/heartbeat.h"
#include "wire/response_code.h"

namespace rocketmq::client {

namespace {

/// Each broker creates it when it starts.
constexpr const char* every_brokers_topic = "SELF_TEST_TOPIC";

// A broker that is busy, stopping, or has no such request has not looked at the expression.
bool says_nothing_about_expressions(std::int32_t code) {
  using wire::ResponseCode;
  return code == ResponseCode::system_busy || code == ResponseCode::flow_control ||
         code == ResponseCode::service_not_available || code == ResponseCode::go_away ||
         code == ResponseCode::request_code_not_supported;
}

/// Its answer may come after the wait for it.
struct Question {
  const ConsumerContext& context;
  std::shared_ptr<const wire::SubscriptionData> subscription;
  std::function<void(Failure)> tell;

  [[nodiscard]] bool is_sql92() const { return subscription->expression_type != "TAG"; }
  [[nodiscard]] std::string group() const { return context.core->unwrap_name(context.group); }
  [[nodiscard]] std::string topic() const { return context.core->unwrap_name(subscription->topic); }
};

Failure objection(const Question& question, Failure refused) {
  if (refused.failed() && !is_access_refusal(refused)) {
    if (!question.is_sql92()) return {};  // Of tags no broker has an opinion.
    refused.code = Errc::invalid_argument;
  } else if (refused.failed() && !question.is_sql92()) {
    refused.message = "group '" + question.group() + "' may not consume topic '" + question.topic() +
                      "': " + refused.message;
  }
  return refused;
}

void ask_a_broker(const std::string& topic, const Question& question) {
  const ConsumerContext& context = question.context;
  const std::string address = context.core->routes().any_broker_of(topic);
  if (address.empty()) return question.tell({});
  wire::CheckClientConfigRequest request;
  request.client_id = context.core->client_id();
  request.group = context.group;
  request.subscription = *question.subscription;
  context.core->request(
      address, request.to_command(), std::make_shared<const std::string>(request.encode_body()),
      context.core->connect_timeout(),
      [question, address](const Failure& transport, const wire::ReceivedCommand& reply) {
        if (transport.failed() || says_nothing_about_expressions(reply.header.code)) return question.tell({});
        const std::string subject = question.is_sql92()
                                        ? "the expression '" + question.subscription->sub_string + "'"
                                        : "the subscription of group '" + question.group() + "'";
        question.tell(objection(question, failure_of(transport, reply, address, subject)));
      });
}

void find_a_broker(const Question& question) {
  RouteTable& routes = question.context.core->routes();
  const std::string& topic = question.subscription->topic;
  routes.get(topic, [question, &routes](const Failure& failure, const RoutePtr&) {
    if (failure.code != Errc::topic_not_found) {
      // Without a condition the heartbeats have told already whether we may.
      return question.is_sql92() ? ask_a_broker(question.subscription->topic, question) : question.tell({});
    }
    // Any broker can tell; this topic is on each of them.
    routes.get(every_brokers_topic, [question, &routes](const Failure&, const RoutePtr&) {
      ask_a_broker(every_brokers_topic, question);
      routes.forget(every_brokers_topic);
    });
  });
}

}  // namespace

void check_subscriptions(const ConsumerContext& context, std::chrono::steady_clock::time_point deadline) {
  std::vector<std::future<Failure>> answers;
  for (const SubscribedTopic& topic : context.user_topics()) {
    const auto result = std::make_shared<std::promise<Failure>>();
    answers.push_back(result->get_future());
    const Question question{context, topic.subscription,
                            [result](Failure failure) { result->set_value(std::move(failure)); }};
    context.core->post([question] { find_a_broker(question); });
  }
  for (std::future<Failure>& answer : answers) {
    if (answer.wait_until(deadline) != std::future_status::ready) continue;
    if (Failure failure = answer.get(); failure.failed()) throw Error(std::move(failure));
  }
}

}  // namespace rocketmq::client
