#include "transport/http_get.h"

#include <gmock/gmock.h>

#include <asio/io_context.hpp>

#include "support/fake_broker_sockets.h"

namespace rocketmq::transport {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

struct Exchange {
  int calls = 0;
  Failure failure;
  std::string reply;
};

Exchange get(const std::string& host, const std::string& port, std::chrono::milliseconds timeout = 10s,
             std::size_t max_bytes = 64 * 1024) {
  Exchange result;
  asio::io_context context;
  http_get(context, host, port, "GET /rocketmq/nsaddr HTTP/1.1\r\nHost: x\r\n\r\n", timeout, max_bytes,
           [&result](const Failure& failure, std::string reply) {
             ++result.calls;
             result.failure = failure;
             result.reply = std::move(reply);
           });
  EXPECT_EQ(result.calls, 0) << "the handler must not be called from within http_get";
  context.run();
  EXPECT_EQ(result.calls, 1);
  return result;
}

TEST(HttpGet, ReadsUntilTheServerCloses) {
  test::FakeHttpServer server("HTTP/1.0 200 OK\r\n\r\n10.0.0.1:9876", true);
  const Exchange result = get("127.0.0.1", server.port());
  EXPECT_FALSE(result.failure.failed()) << result.failure.message;
  EXPECT_EQ(result.reply, "HTTP/1.0 200 OK\r\n\r\n10.0.0.1:9876");
}

TEST(HttpGet, ReadsUntilTheReplyIsCompleteOnAConnectionThatStaysOpen) {
  test::FakeHttpServer server("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd", false);
  const Exchange result = get("localhost", server.port());
  EXPECT_FALSE(result.failure.failed()) << result.failure.message;
  EXPECT_THAT(result.reply, HasSubstr("abcd"));
}

TEST(HttpGet, AReplyThatDoesNotComeTimesOut) {
  test::FakeHttpServer server("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nabcd", false);
  const Exchange result = get("127.0.0.1", server.port(), 100ms);
  EXPECT_EQ(result.failure.code, Errc::request_timeout);
  EXPECT_THAT(result.failure.message, HasSubstr("127.0.0.1:" + server.port()));
  EXPECT_THAT(result.failure.message, HasSubstr("100 ms"));
  EXPECT_EQ(result.reply, "");
}

TEST(HttpGet, AConnectionThatIsNotMadeTimesOut) {
  test::BlackHole hole;
  const Exchange result = get("127.0.0.1", std::to_string(hole.port()), 100ms);
  EXPECT_EQ(result.failure.code, Errc::connect_timeout);
}

TEST(HttpGet, ANonsensePortIsRefused) {
  EXPECT_EQ(get("127.0.0.1", "http").failure.code, Errc::invalid_address);
}

TEST(HttpGet, AnEmptyReplyAndAnOverlongOneAreErrors) {
  test::FakeHttpServer empty("", true);
  EXPECT_EQ(get("127.0.0.1", empty.port()).failure.code, Errc::connection_closed);
  test::FakeHttpServer flood("HTTP/1.0 200 OK\r\n\r\n" + std::string(5000, 'x'), true);
  EXPECT_EQ(get("127.0.0.1", flood.port(), 10s, 1000).failure.code, Errc::too_large);
}

TEST(HttpGet, CanBeGivenUp) {
  test::FakeHttpServer server("", false);
  asio::io_context context;
  Failure outcome;
  int calls = 0;
  const auto cancel = http_get(context, "127.0.0.1", server.port(), "GET / HTTP/1.1\r\n\r\n", 1h, 1000,
                               [&](const Failure& failure, const std::string&) {
                                 ++calls;
                                 outcome = failure;
                               });
  cancel();
  cancel();
  context.run();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(outcome.code, Errc::closed);
}

}  // namespace
}  // namespace rocketmq::transport
