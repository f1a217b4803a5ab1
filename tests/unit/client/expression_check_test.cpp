// Each response code to the question whether an SQL92 condition can be read (46).

#include "scripted_consumer.h"

namespace rocketmq::test {
namespace {

class ExpressionCheck : public ScriptedConsumer {
 protected:
  std::string error_of_start(std::int32_t code) {
    on(RequestCode::check_client_config,
       [code](const FakeRequest&) { return Action::reply(code, {}, "as the test says"); });
    ConsumerConfig config;
    config.client.name_server_addresses = server_.address();
    config.client.connect_timeout_ms = 1000 * time_factor;
    config.group = "group";
    config.subscriptions = {{"topic"}};
    config.expression_type = ExpressionType::sql92;
    config.subscriptions.front().sub_expression = "a > 1";
    try {
      Consumer::start(std::move(config))->close(1s);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }
};

TEST_F(ExpressionCheck, ABrokerThatHasNotLookedAtTheExpressionDoesNotKeepAJobFromStarting) {
  for (const std::int32_t code : {0, 2, 3, 14, 215, 1500})
    EXPECT_EQ(error_of_start(code), "") << code;
}

TEST_F(ExpressionCheck, AnyOtherAnswerIsAnErrorInTheBrokersWords) {
  for (const std::int32_t code : {1,  4,  10, 11, 12, 13, 15, 16,  17,  18,  19,  20,  21,  22,
                                  23, 24, 25, 26, 27, 28, 29, 204, 205, 206, 207, 208, 501, 9999}) {
    const std::string error = error_of_start(code);
    EXPECT_NE(error.find("the expression 'a > 1' was refused with"), std::string::npos)
        << code << ": " << error;
    EXPECT_NE(error.find("said " + std::to_string(code) + ": as the test says"), std::string::npos) << error;
  }
}

}  // namespace
}  // namespace rocketmq::test
