#include "wire/http_reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bytes_of.h"

namespace rocketmq::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

NameServerQuery query(std::string_view domain, std::string_view unit = "") {
  NameServerQuery out;
  const Failure failure = make_name_server_query(domain, unit, out);
  EXPECT_FALSE(failure.failed()) << failure.message;
  return out;
}

TEST(NameServerQuery, UnderstandsTheThreeForms) {
  EXPECT_EQ(query("jmenv.example.net").url, "http://jmenv.example.net:8080/rocketmq/nsaddr");
  EXPECT_EQ(query("10.0.0.1:9000").url, "http://10.0.0.1:9000/rocketmq/nsaddr");
  EXPECT_EQ(query("http://a.example/list?x=1").url, "http://a.example:80/list?x=1");
  EXPECT_EQ(query("http://a.example:81").url, "http://a.example:81/");
  EXPECT_EQ(query("[::1]:9000").url, "http://[::1]:9000/rocketmq/nsaddr");
  EXPECT_EQ(query("[::1]:9000").host, "::1");
  EXPECT_EQ(query("[::1]").port, "8080");
  EXPECT_EQ(query(" a ", "unit1").url, "http://a:8080/rocketmq/nsaddr-unit1?nofix=1");
}

TEST(NameServerQuery, AsksInHttp) {
  EXPECT_EQ(query("a:9000").request,
            "GET /rocketmq/nsaddr HTTP/1.0\r\nHost: a:9000\r\nAccept: */*\r\nConnection: close\r\n\r\n");
}

TEST(NameServerQuery, RefusesWhatCouldChangeTheRequest) {
  for (const char* domain : {"", "  ", "a b", "a\r\nX: y", "https://a", "ftp://a", "a/b", ":80",
                             "a:", "a:99999", "http://", "http://:80/x", "a:b:c"}) {
    NameServerQuery out;
    const Failure failure = make_name_server_query(domain, "", out);
    EXPECT_EQ(failure.code, Errc::invalid_address) << domain;
    EXPECT_THAT(failure.message, HasSubstr("give a domain, host:port or an http:// URL")) << domain;
  }
  NameServerQuery out;
  EXPECT_EQ(make_name_server_query("a", "u\r\nX: y", out).code, Errc::invalid_address);
}

Errc parse(std::string_view bytes, HttpReply& out) {
  return parse_http_reply(bytes, out);
}

TEST(HttpReply, BodyByLengthChunksOrEnd) {
  HttpReply reply;
  ASSERT_EQ(parse("HTTP/1.1 200 OK\r\ncontent-LENGTH: 3\r\n\r\nabcdef", reply), Errc::ok);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "abc");
  ASSERT_EQ(parse("HTTP/1.0 404\nServer: x\n\nnot found", reply), Errc::ok);
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.body, "not found");
  ASSERT_EQ(
      parse(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
          reply),
      Errc::ok);
  EXPECT_EQ(reply.body, "abc0123456789");
}

TEST(HttpReply, KnowsWhenItIsComplete) {
  const std::string by_length = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n";
  for (const std::string& whole : {by_length, chunked}) {
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const Bytes cut = exact(std::string_view(whole).substr(0, length));
      HttpReply reply;
      EXPECT_FALSE(http_reply_complete(as_text(cut))) << length;
      EXPECT_EQ(parse(as_text(cut), reply), Errc::truncated) << length;
    }
    EXPECT_TRUE(http_reply_complete(whole));
  }
  EXPECT_FALSE(http_reply_complete("HTTP/1.0 200 OK\r\n\r\nany length"));
  EXPECT_TRUE(http_reply_complete("SSH-2.0-x"));
}

TEST(HttpReply, BadOnesAreNamed) {
  const struct {
    std::string bytes;
    Errc expected;
  } cases[] = {
      {"HTTP/2 200\r\n\r\n", Errc::bad_header},
      {"HTTP/1.1 20\r\n\r\n", Errc::bad_header},
      {"HTTP/1.1 abc OK\r\n\r\n", Errc::bad_header},
      {"HTTP/1.1 2000\r\n\r\n", Errc::bad_header},
      {"nonsense\r\n\r\n", Errc::bad_header},
      {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", Errc::bad_header},
      {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", Errc::bad_header},
      {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", Errc::bad_header},
      {"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n", Errc::too_large},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", Errc::bad_header},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", Errc::bad_header},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n", Errc::bad_header},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFF\r\n", Errc::too_large},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n", Errc::bad_header},
      {"HTTP/1.1 200 OK\r\n\r\n" + std::string(max_http_reply_bytes, 'x'), Errc::too_large},
  };
  for (const auto& c : cases) {
    HttpReply reply;
    EXPECT_EQ(parse(c.bytes, reply), c.expected) << c.bytes.substr(0, 80);
  }
}

TEST(NameServerReply, TheFirstLineIsTheList) {
  std::vector<Address> list;
  ASSERT_FALSE(
      parse_name_server_reply("HTTP/1.1 200 OK\r\n\r\n\n 10.0.0.1:9876;10.0.0.2:9876 \nignored", "u", list)
          .failed());
  EXPECT_THAT(list, ElementsAre(Address{"10.0.0.1", 9876}, Address{"10.0.0.2", 9876}));
}

TEST(NameServerReply, Ipv6AddressesNeedNoBrackets) {
  std::vector<Address> list;
  ASSERT_FALSE(parse_name_server_reply("HTTP/1.1 200 OK\r\n\r\n::1:9876;[fd00::2]:9876", "u", list).failed());
  EXPECT_THAT(list, ElementsAre(Address{"::1", 9876}, Address{"fd00::2", 9876}));
}

TEST(NameServerReply, FailuresNameTheUrlAndTheReason) {
  std::vector<Address> list;
  Failure failure = parse_name_server_reply("HTTP/1.1 503 x\r\n\r\na:1", "http://d/x", list);
  EXPECT_EQ(failure.code, Errc::no_name_server);
  EXPECT_EQ(failure.message, "name-server list http://d/x: the server answered with status 503");
  failure = parse_name_server_reply("HTTP/1.1 200 OK\r\n\r\n<html>", "http://d/x", list);
  EXPECT_EQ(failure.code, Errc::invalid_address);
  EXPECT_THAT(failure.message, HasSubstr("name-server list http://d/x: the address '<html>'"));
  failure = parse_name_server_reply("HTTP/1.1 200 OK\r\n\r\n", "http://d/x", list);
  EXPECT_THAT(failure.message, HasSubstr("is empty"));
  failure = parse_name_server_reply("HTTP/1.1", "http://d/x", list);
  EXPECT_EQ(failure.code, Errc::truncated);
  EXPECT_TRUE(list.empty());
}

}  // namespace
}  // namespace rocketmq::wire
