#include <gmock/gmock.h>

#include "remoting_fixture.h"

namespace rocketmq::transport {
namespace {

using ::testing::HasSubstr;

class ServerRequestTest : public RemotingTest {
 protected:
  /// A client is connected once it had a reply.
  void connect(FakeServer& server) {
    server.on(10, [](const FakeRequest&) { return Action::reply(0); });
    ASSERT_FALSE(get(ask(server.address(), 10)).failure.failed());
  }

  /// The next request of a server is not answered; its responder goes into `promise`.
  void keep_responder(std::promise<Responder>& promise) {
    remoting().set_request_handler([&promise](const std::string&, wire::ReceivedCommand&&,
                                              Responder respond) { promise.set_value(std::move(respond)); });
  }
};

TEST_F(ServerRequestTest, IsHandedOverAndAnsweredUnderItsNumber) {
  FakeServer server;
  (void)remoting();
  remoting().set_request_handler(
      [](const std::string& address, wire::ReceivedCommand&& request, const Responder& respond) {
        Response answer;
        answer.header.code = 0;
        answer.header.remark = std::string(as_text(request.body.view));
        answer.body = std::make_shared<const std::string>("running at " + address);
        respond(std::move(answer));
      });
  connect(server);
  const std::int32_t opaque = server.send_request(command(307), "who");
  const auto answer = server.wait_answer(opaque);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->header.is_response());
  EXPECT_FALSE(answer->header.is_one_way());
  EXPECT_EQ(answer->header.code, 0);
  EXPECT_EQ(answer->header.remark, "who");
  EXPECT_EQ(answer->body, "running at " + server.address());
}

TEST_F(ServerRequestTest, MayBeAnsweredLater) {
  FakeServer server;
  std::promise<Responder> promise;
  keep_responder(promise);
  connect(server);
  const std::int32_t opaque = server.send_request(command(309));
  Responder respond = promise.get_future().get();
  Response answer;
  answer.header.code = 5;
  on_loop([&] { respond(std::move(answer)); });
  const auto received = server.wait_answer(opaque);
  ASSERT_TRUE(received);
  EXPECT_EQ(received->header.code, 5);
}

TEST_F(ServerRequestTest, AnAnswerAfterTheConnectionWentIsHarmless) {
  FakeServer server;
  std::promise<Responder> promise;
  keep_responder(promise);
  connect(server);
  server.send_request(command(309));
  Responder respond = promise.get_future().get();
  server.close_connections();
  EXPECT_TRUE(wait_log("closed the connection"));
  finish();
  respond({});
  EXPECT_TRUE(wait_log("was dropped"));
}

TEST_F(ServerRequestTest, AOneWayRequestHasNoResponder) {
  FakeServer server;
  std::promise<bool> promise;
  (void)remoting();
  remoting().set_request_handler(
      [&promise](const std::string&, wire::ReceivedCommand&& request, const Responder& respond) {
        promise.set_value(request.header.code == 40 && !respond);
      });
  connect(server);
  server.send_request(command(40), {}, true);
  EXPECT_TRUE(promise.get_future().get());
}

TEST_F(ServerRequestTest, IsRefusedWhereNobodyHandlesIt) {
  FakeServer server;
  connect(server);
  const auto answer = server.wait_answer(server.send_request(command(221)));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->header.code, 3);
  EXPECT_EQ(answer->header.remark, "request code 221 is not supported by this client");
}

TEST_F(ServerRequestTest, AHandlerThatThrowsIsAnsweredAsAnError) {
  FakeServer server;
  (void)remoting();
  remoting().set_request_handler([](const std::string&, wire::ReceivedCommand&&, const Responder&) {
    throw std::runtime_error("not today");
  });
  connect(server);
  const auto answer = server.wait_answer(server.send_request(command(307)));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->header.code, 1);
  EXPECT_TRUE(wait_log("threw: not today"));
}

TEST_F(ServerRequestTest, DoesNotDisturbAReplyWithTheSameNumber) {
  FakeServer server;
  (void)remoting();
  remoting().set_request_handler([](const std::string&, wire::ReceivedCommand&&, const Responder&) {});
  server.on(11, [](const FakeRequest& request) {
    // A request of the server under the number of ours must not be taken for its reply.
    wire::Command header;
    header.code = 40;
    header.opaque = request.header.opaque;
    header.flag = wire::Command::one_way_flag;
    std::string bytes;
    wire::append_frame_head(bytes, header, wire::SerializeType::json, 0);
    header.code = 0;
    header.flag = wire::Command::response_flag;
    wire::append_frame_head(bytes, header, wire::SerializeType::json, 4);
    return Action::raw(bytes + "real");
  });
  EXPECT_EQ(get(ask(server.address(), 11)).body, "real");
}

}  // namespace
}  // namespace rocketmq::transport
