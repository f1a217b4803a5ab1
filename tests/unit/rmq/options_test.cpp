#include "rmq/options.h"

#include <gmock/gmock.h>

#include <cstdlib>

#include "rmq/client_settings.h"
#include "rmq/outgoing_batch.h"
#include "rmq/usage_error.h"
#include "rocketmq/message_fields.h"
#include "thrown_text.h"

namespace rocketmq::rmq {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class Options : public testing::Test {
 protected:
  Options() { unsetenv("NAMESRV_ADDR"); }
  ~Options() override { unsetenv("NAMESRV_ADDR"); }

  static Invocation parse(std::vector<const char*> words) {
    words.insert(words.begin(), "rmq");
    Invocation invocation;
    EXPECT_TRUE(read_options(static_cast<int>(words.size()), words.data(), invocation));
    return invocation;
  }
  static std::string refusal(const std::vector<const char*>& words) {
    return thrown_text<UsageError>([&] { (void)parse(words); });
  }
};

TEST_F(Options, CommonOnesStandBeforeOrBehindTheCommand) {
  for (const Invocation& invocation :
       {parse({"-n", "h:1", "--json", "topics", "-l"}), parse({"topics", "-l", "--json", "-n", "h:1"})}) {
    EXPECT_EQ(invocation.common.name_servers, "h:1");
    EXPECT_TRUE(invocation.common.json);
    EXPECT_TRUE(std::get<TopicsOptions>(invocation.command).details);
    EXPECT_FALSE(std::get<TopicsOptions>(invocation.command).all);
  }
}

TEST_F(Options, TheNameServersComeFromTheEnvironmentUnlessTheyAreGiven) {
  setenv("NAMESRV_ADDR", "env:1", 1);
  EXPECT_EQ(parse({"topics"}).common.name_servers, "env:1");
  EXPECT_EQ(parse({"topics", "-n", "given:1"}).common.name_servers, "given:1");
  unsetenv("NAMESRV_ADDR");
  EXPECT_EQ(thrown_text<UsageError>([] { (void)client_settings(parse({"topics"}).common); }),
            "no name server is given; use -n host:port, or set NAMESRV_ADDR");
}

TEST_F(Options, OfReading) {
  const auto options = std::get<ReadOptions>(
      parse({"read", "t", "-s", "10m", "-c", "5", "-q", "a:0", "-q", "1", "--filter", "x || y", "--raw"})
          .command);
  EXPECT_EQ(options.topic, "t");
  EXPECT_EQ(options.range.since, "10m");
  EXPECT_EQ(options.range.count, 5);
  EXPECT_THAT(options.queues, ElementsAre("a:0", "1"));
  EXPECT_EQ(options.filter, "x || y");
  EXPECT_TRUE(options.format.raw);
}

TEST_F(Options, OfSending) {
  const auto options = std::get<SendOptions>(
      parse({"send", "t", "a", "-", "-t", "x", "-p", "a=b", "-p", "c=d=e", "--delay-level", "3"}).command);
  EXPECT_THAT(options.files, ElementsAre("a", "-"));
  EXPECT_THAT(options.properties, ElementsAre("a=b", "c=d=e"));
  EXPECT_EQ(options.delay_level, 3);
}

// Lists are told with commas elsewhere; a property's value has them as they are.
// The parser of options would take such a value for a list.
TEST_F(Options, AValueInBracketsStaysAsItIs) {
  const auto options = std::get<SendOptions>(parse({"send", "t", "-p", "[a=1,b]", "-p", "[k=v]"}).command);
  EXPECT_THAT(options.properties, ElementsAre("[a=1,b]", "[k=v]"));
  EXPECT_THAT(std::get<DlqOptions>(parse({"dlq", "g", "--id", "[x,y]"}).command).ids, ElementsAre("[x,y]"));
}

TEST_F(Options, APropertyIsPartedAtItsFirstSignOnly) {
  const auto options =
      std::get<SendOptions>(parse({"send", "t", "-p", "city=a,b=c", "--property", "n=1"}).command);
  EXPECT_THAT(options.properties, ElementsAre("city=a,b=c", "n=1"));
  OutgoingBatch batch(options, false);
  batch.set({{"body", 1}}, "file");
  const OutgoingMessages messages = batch.messages(0, 1);
  ASSERT_EQ(messages.properties.size(), 1U);
  std::string_view rest = messages.properties[0];
  MessageProperty property;
  ASSERT_TRUE(next_property(rest, property));
  EXPECT_EQ(property.name, "city");
  EXPECT_EQ(property.value, "a,b=c");
  ASSERT_TRUE(next_property(rest, property));
  EXPECT_EQ(property.name, "n");
  EXPECT_EQ(property.value, "1");
  EXPECT_FALSE(next_property(rest, property));
}

TEST_F(Options, TlsIsOnIfAnythingOfItIsGiven) {
  EXPECT_FALSE(client_settings(parse({"-n", "h:1", "topics"}).common).tls.enabled);
  EXPECT_TRUE(client_settings(parse({"-n", "h:1", "topics", "--tls"}).common).tls.verify);
  const TlsConfig tls = client_settings(parse({"-n", "h:1", "topics", "--tls-insecure"}).common).tls;
  EXPECT_TRUE(tls.enabled);
  EXPECT_FALSE(tls.verify);
  EXPECT_TRUE(client_settings(parse({"-n", "h:1", "topics", "--tls-ca", "f"}).common).tls.enabled);
}

TEST_F(Options, TyposAreNamedWithWhatMayBeMeant) {
  EXPECT_EQ(refusal({"topcs"}), "there is no command 'topcs'; did you mean 'topics'?; see `rmq --help`");
  EXPECT_EQ(refusal({"read", "t", "--sinse", "10m"}),
            "'--sinse' is not understood; did you mean '--since'?; see `rmq read --help`");
  EXPECT_EQ(refusal({"topics", "--jsn"}),
            "'--jsn' is not understood; did you mean '--json'?; see `rmq topics --help`");
  EXPECT_THAT(refusal({"topics", "extra"}), HasSubstr("'extra' is not understood"));
  EXPECT_THAT(refusal({}), HasSubstr("see `rmq --help`"));
}

TEST_F(Options, EachCommandRefusesWhatItCannotUse) {
  EXPECT_THAT(refusal({"topic"}), AllOf(HasSubstr("topic is required"), HasSubstr("rmq topic --help")));
  EXPECT_THAT(refusal({"group"}), HasSubstr("group is required"));
  EXPECT_THAT(refusal({"send"}), HasSubstr("topic is required"));
  EXPECT_THAT(refusal({"reset", "g", "t"}), HasSubstr("--to is required"));
  EXPECT_THAT(refusal({"reset", "g", "--to", "first"}), HasSubstr("topic is required"));
  EXPECT_THAT(refusal({"dlq", "g", "--yes"}), HasSubstr("--resend"));
  EXPECT_THAT(refusal({"dlq", "g", "--dry-run"}), HasSubstr("--resend"));
  EXPECT_THAT(refusal({"read", "t", "-c", "0"}), HasSubstr("--count"));
  EXPECT_THAT(refusal({"read", "t", "-c", "many"}), HasSubstr("--count"));
  EXPECT_THAT(refusal({"read", "t", "--filter", "a", "--sql", "b"}), HasSubstr("excludes"));
  EXPECT_THAT(refusal({"message", "t", "ID", "--key", "k"}), HasSubstr("excludes"));
  EXPECT_THAT(refusal({"topic", "t", "--route", "--groups"}), HasSubstr("excludes"));
  EXPECT_THAT(refusal({"send", "t", "--delay-level", "19"}), HasSubstr("--delay-level"));
  EXPECT_THAT(refusal({"send", "t", "--delay-level", "1", "--deliver-at", "1h"}), HasSubstr("excludes"));
  EXPECT_THAT(refusal({"topics", "--color", "blue"}), HasSubstr("--color"));
  EXPECT_THAT(refusal({"topics", "--connect-timeout", "0"}), HasSubstr("--connect-timeout"));
  EXPECT_THAT(refusal({"topics", "-n"}), HasSubstr("--namesrv"));
}

}  // namespace
}  // namespace rocketmq::rmq
