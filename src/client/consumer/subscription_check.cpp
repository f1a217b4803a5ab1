#include "client/consumer/subscription_check.h"

#include <functional>
#include <future>
#include <string>
#include <utility>

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

/// Lives until its answer comes, which may be after the wait for it.
class SubscriptionCheck : public std::enable_shared_from_this<SubscriptionCheck> {
 public:
  using Tell = std::function<void(Failure)>;
  SubscriptionCheck(const ConsumerContext& context, const ConsumerConfig& config,
                    std::shared_ptr<const wire::SubscriptionData> subscription)
      : context_(context), config_(config), subscription_(std::move(subscription)) {}

  void find_broker(const Tell& tell);

 private:
  void ask(const std::string& topic, const Tell& tell);
  [[nodiscard]] Failure objection(Failure refused) const;
  [[nodiscard]] bool is_sql92() const noexcept { return config_.expression_type == ExpressionType::sql92; }

  const ConsumerContext& context_;
  const ConsumerConfig& config_;
  const std::shared_ptr<const wire::SubscriptionData> subscription_;
};

void SubscriptionCheck::find_broker(const Tell& tell) {
  RouteTable& routes = context_.core->routes();
  routes.get(context_.topic, [self = shared_from_this(), tell](const Failure& failure, const RoutePtr&) {
    if (failure.code != Errc::topic_not_found) {
      // Without a condition the heartbeats have told already whether we may.
      return self->is_sql92() ? self->ask(self->context_.topic, tell) : tell({});
    }
    // Any broker can tell; this topic is on each of them.
    self->context_.core->routes().get(every_brokers_topic, [self, tell](const Failure&, const RoutePtr&) {
      self->ask(every_brokers_topic, tell);
      self->context_.core->routes().forget(every_brokers_topic);
    });
  });
}

void SubscriptionCheck::ask(const std::string& topic, const Tell& tell) {
  const std::string address = context_.core->routes().any_broker_of(topic);
  if (address.empty()) return tell({});
  wire::CheckClientConfigRequest request;
  request.client_id = context_.core->client_id();
  request.group = context_.group;
  request.subscription = *subscription_;
  context_.core->request(
      address, request.to_command(), std::make_shared<const std::string>(request.encode_body()),
      context_.core->connect_timeout(),
      [self = shared_from_this(), tell, address](const Failure& transport,
                                                 const wire::ReceivedCommand& reply) {
        if (transport.failed() || says_nothing_about_expressions(reply.header.code)) return tell({});
        tell(self->objection(failure_of(transport, reply, address,
                                        self->is_sql92()
                                            ? "the expression '" + self->config_.sub_expression + "'"
                                            : "the subscription of group '" + self->config_.group + "'")));
      });
}

Failure SubscriptionCheck::objection(Failure refused) const {
  if (refused.failed() && !is_access_refusal(refused)) {
    if (!is_sql92()) return {};  // Of tags no broker has an opinion.
    refused.code = Errc::invalid_argument;
  } else if (refused.failed() && !is_sql92()) {
    refused.message =
        "group '" + config_.group + "' may not consume topic '" + config_.topic + "': " + refused.message;
  }
  return refused;
}

}  // namespace

void check_subscription(const ConsumerContext& context, const ConsumerConfig& config,
                        const std::shared_ptr<const wire::SubscriptionData>& subscription,
                        std::chrono::steady_clock::time_point deadline) {
  const auto check = std::make_shared<SubscriptionCheck>(context, config, subscription);
  const auto result = std::make_shared<std::promise<Failure>>();
  std::future<Failure> answer = result->get_future();
  context.core->post([check, result] {
    check->find_broker([result](Failure failure) { result->set_value(std::move(failure)); });
  });
  if (answer.wait_until(deadline) != std::future_status::ready) return;
  if (Failure failure = answer.get(); failure.failed()) throw Error(std::move(failure));
}

}  // namespace rocketmq::client
