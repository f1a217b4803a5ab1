#include "rmq/options.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <map>

#include "rmq/option_errors.h"

namespace rocketmq::rmq {

namespace {

constexpr const char* format_help =
    "a line for each message, such as '%{offset} %{tag} %{body}'; `man rmq` lists the names";

/// An option that may be given several times, with one value each. A value in brackets is no list.
void repeatable(CLI::Option* option) {
  option->expected(1)->take_all()->allow_extra_args(false);
}

/// All options of all commands, bound to the structs that they fill.
class Parser {
 public:
  explicit Parser(Invocation& out);
  [[nodiscard]] bool parse(int argc, const char* const* argv);

 private:
  CLI::App& add(const char* name, const char* text, const char* examples);
  void add_common();
  void add_topics();
  void add_topic();
  void add_groups();
  void add_group();
  void add_send();
  void add_read();
  void add_message();
  void add_reset();
  void add_dlq();
  static void add_range(CLI::App& sub, RangeOptions& range);
  static void add_format(CLI::App& sub, FormatOptions& format);

  Invocation& out_;
  CLI::App app_{"Looks into RocketMQ: topics, groups and messages", "rmq"};
  TopicsOptions topics_;
  TopicOptions topic_;
  GroupsOptions groups_;
  GroupOptions group_;
  SendOptions send_;
  ReadOptions read_;
  MessageOptions message_;
  ResetOptions reset_;
  DlqOptions dlq_;
};

Parser::Parser(Invocation& out) : out_(out) {
  app_.require_subcommand(1);
  app_.fallthrough();
  app_.set_version_flag("-V,--version", RMQ_VERSION);
  app_.footer(
      "Examples:\n"
      "  export NAMESRV_ADDR=127.0.0.1:9876\n"
      "  rmq topics\n"
      "  rmq send orders < lines.txt\n"
      "  rmq read orders --since 10m --follow\n"
      "  rmq group billing\n"
      "\n`rmq COMMAND --help` shows the options of a command and examples.");
  add_common();
  add_topics();
  add_topic();
  add_groups();
  add_group();
  add_send();
  add_read();
  add_message();
  add_reset();
  add_dlq();
}

CLI::App& Parser::add(const char* name, const char* text, const char* examples) {
  CLI::App& sub = *app_.add_subcommand(name, text);
  sub.footer(std::string("Examples:\n") + examples +
             "\nOptions of all commands, such as -n and --json, are in `rmq --help`.");
  return sub;
}

void Parser::add_common() {
  CommonOptions& common = out_.common;
  app_.add_option("-n,--namesrv", common.name_servers, "name servers: host:port, several with ';'")
      ->envname("NAMESRV_ADDR");
  app_.add_flag("--json", common.json, "JSON, an object per line; `send` reads it");
  app_.add_option("--credentials", common.credentials_file,
                  "a file with accessKey and secretKey that only you may read; otherwise "
                  "ROCKETMQ_ACCESS_KEY and ROCKETMQ_SECRET_KEY count")
      ->envname("ROCKETMQ_CREDENTIALS");
  app_.add_option("--namespace", common.name_space, "prefix of topics and groups");
  app_.add_flag("--tls", common.tls.enabled, "connect with TLS");
  app_.add_option("--tls-ca", common.tls.ca_file, "CAs to trust (PEM) in place of the system's");
  app_.add_option("--tls-cert", common.tls.cert_file, "own certificate (PEM)");
  app_.add_option("--tls-key", common.tls.key_file,
                  "its key (PEM); ROCKETMQ_TLS_KEY_PASSWORD has the password");
  app_.add_flag_callback(
      "--tls-insecure", [&common] { common.tls.verify = common.tls.verify_host = false; },
      "take any certificate");
  app_.add_flag_callback(
      "--tls-any-host", [&common] { common.tls.verify_host = false; }, "take a certificate of another host");
  app_.add_option("--connect-timeout", common.connect_timeout_ms, "in milliseconds (3000)")
      ->check(CLI::Range(1, 600'000));
  app_.add_option("--color", common.color, "auto, always or never")
      ->transform(CLI::CheckedTransformer(std::map<std::string, ColorChoice>{
          {"auto", ColorChoice::automatic}, {"always", ColorChoice::always}, {"never", ColorChoice::never}}));
  app_.add_flag("-v,--verbose", common.verbose, "tell what the client does, on standard error");
}

void Parser::add_topics() {
  CLI::App& sub = add("topics", "list the topics",
                      "  rmq topics\n"
                      "  rmq topics -l              with queues, messages and the last store time\n"
                      "  rmq topics --all --json    also RocketMQ's own\n");
  sub.add_flag("-a,--all", topics_.all, "also RocketMQ's own, retry and dead-letter topics");
  sub.add_flag("-l,--long", topics_.details, "also what is in them");
  sub.final_callback([this] { out_.command = topics_; });
}

void Parser::add_topic() {
  CLI::App& sub = add("topic", "show the queues of a topic",
                      "  rmq topic orders\n"
                      "  rmq topic orders --route   where it is, and which rights it has\n"
                      "  rmq topic orders --groups  who consumes it\n");
  sub.add_option("topic", topic_.topic)->required();
  CLI::Option* const route = sub.add_flag("-r,--route", topic_.route, "brokers, their addresses and queues");
  sub.add_flag("-g,--groups", topic_.groups, "groups that consume it, or did")->excludes(route);
  sub.final_callback([this] { out_.command = topic_; });
}

void Parser::add_groups() {
  CLI::App& sub = add("groups", "list the consumer groups",
                      "  rmq groups\n"
                      "  rmq groups -l              with members and lag\n");
  sub.add_flag("-l,--long", groups_.details, "also members, model and lag");
  sub.final_callback([this] { out_.command = groups_; });
}

void Parser::add_group() {
  CLI::App& sub = add("group", "show how far a group is, and its members",
                      "  rmq group billing\n"
                      "  rmq group billing --members\n"
                      "  rmq group billing --json | jq .lag\n");
  sub.add_option("group", group_.group)->required();
  sub.add_flag("-m,--members", group_.members,
               "only the members; without a terminal, without it only queues");
  sub.final_callback([this] { out_.command = group_; });
}

void Parser::add_send() {
  CLI::App& sub = add("send", "send lines as messages",
                      "  rmq send orders < lines.txt\n"
                      "  echo hello | rmq send orders --tag greeting --keys k1\n"
                      "  rmq send pictures --whole a.png b.png\n"
                      "  rmq read orders --json | rmq send copy --json\n");
  sub.add_option("topic", send_.topic)->required();
  sub.add_option("files", send_.files, "read in place of standard input; - is standard input");
  sub.add_option("-t,--tag", send_.tag, "tag of each message");
  sub.add_option("-k,--keys", send_.keys, "keys of each message, with blanks between them");
  repeatable(sub.add_option("-p,--property", send_.properties, "NAME=VALUE, repeatable"));
  sub.add_option("--order-key", send_.order_key, "all messages go to the queue of this key, in order");
  CLI::Option* const level =
      sub.add_option("--delay-level", send_.delay_level, "1 to 18: 1s 5s 10s 30s 1m ... 2h")
          ->check(CLI::Range(1, 18));
  sub.add_option("--deliver-at", send_.deliver_at, "a time, or 10m from now; brokers of 5.0 or later")
      ->excludes(level);
  sub.add_option("--group", send_.group, "producer group (rmq)");
  sub.add_flag("--whole", send_.whole, "each file, or standard input, is one message");
  sub.add_flag("--skip-empty", send_.skip_empty, "leave empty lines out; otherwise they are an error");
  sub.final_callback([this] { out_.command = send_; });
}

void Parser::add_read() {
  CLI::App& sub = add("read", "read the messages of a topic, as a member of no group",
                      "  rmq read orders --since 10m\n"
                      "  rmq read orders --since 2026-11-28T10:00 --until 11:00 --filter 'new || paid'\n"
                      "  rmq read orders --follow --format '%{offset} %{tag} %{body}'\n"
                      "  rmq read orders --json | jq -r .body\n"
                      "  rmq read orders --raw -c 1 > body\n");
  sub.add_option("topic", read_.topic)->required();
  add_range(sub, read_.range);
  sub.add_flag("-f,--follow", read_.follow, "go on with new messages; without --since only these are read");
  repeatable(sub.add_option("-q,--queue", read_.queues, "BROKER:ID or ID, repeatable"));
  CLI::Option* const filter = sub.add_option("--filter", read_.filter, "tags: 'a || b'");
  sub.add_option("--sql", read_.sql, "an SQL92 condition on properties")->excludes(filter);
  add_format(sub, read_.format);
  sub.final_callback([this] { out_.command = read_; });
}

void Parser::add_message() {
  CLI::App& sub = add("message", "show messages by id or by key",
                      "  rmq message orders 7F0000010A2B18B4AAC21A2B3C4D0000\n"
                      "  rmq message orders --key order-17 --json\n");
  sub.add_option("topic", message_.topic)->required();
  CLI::Option* const ids = sub.add_option("ids", message_.ids, "message ids");
  sub.add_option("-k,--key", message_.key, "a key that the messages have")->excludes(ids);
  add_range(sub, message_.range);
  add_format(sub, message_.format);
  sub.final_callback([this] { out_.command = message_; });
}

void Parser::add_reset() {
  CLI::App& sub = add("reset", "move a group in a topic; asks before it does",
                      "  rmq reset billing orders --to 2h --dry-run\n"
                      "  rmq reset billing orders --to first\n"
                      "  rmq reset billing orders --to 1200 --queue broker-a:3 --yes\n");
  sub.add_option("group", reset_.group)->required();
  sub.add_option("topic", reset_.topic)->required();
  sub.add_option("--to", reset_.to, "first, last, a time, 10m (ago) or an offset")->required();
  repeatable(sub.add_option("-q,--queue", reset_.queues, "BROKER:ID or ID, repeatable: only these"));
  sub.add_flag("--dry-run", reset_.dry_run, "only show what would be done");
  sub.add_flag("-y,--yes", reset_.yes, "do not ask");
  sub.final_callback([this] { out_.command = reset_; });
}

void Parser::add_dlq() {
  CLI::App& sub = add("dlq", "list what a group has given up, or send it to the group again",
                      "  rmq dlq billing\n"
                      "  rmq dlq billing --since 1h --resend --dry-run\n"
                      "  rmq dlq billing --id 7F0000010A2B18B4AAC21A2B3C4D0000 --resend --yes\n");
  sub.add_option("group", dlq_.group)->required();
  add_range(sub, dlq_.range);
  repeatable(sub.add_option("--id", dlq_.ids, "only the message with this id, repeatable"));
  CLI::Option* const resend =
      sub.add_flag("--resend", dlq_.resend, "send them to the group again; they stay in the queue as well");
  sub.add_flag("--dry-run", dlq_.dry_run, "only show what would be sent")->needs(resend);
  sub.add_flag("-y,--yes", dlq_.yes, "do not ask")->needs(resend);
  add_format(sub, dlq_.format);
  sub.final_callback([this] { out_.command = dlq_; });
}

void Parser::add_range(CLI::App& sub, RangeOptions& range) {
  sub.add_option("-s,--since", range.since, "10m (ago), a time, first, last or an offset");
  sub.add_option("-u,--until", range.until, "the same; what lies there is not read");
  sub.add_option("-c,--count", range.count, "end after so many messages")
      ->check(CLI::Range(std::int64_t{1}, std::numeric_limits<std::int64_t>::max()));
}

void Parser::add_format(CLI::App& sub, FormatOptions& format) {
  sub.add_option("-o,--format", format.format, format_help);
  sub.add_flag("--raw", format.raw, "bytes as they are; without --format only bodies");
}

bool Parser::parse(int argc, const char* const* argv) {
  try {
    app_.parse(argc, argv);
    return true;
  } catch (const CLI::Success& help) {
    (void)app_.exit(help, std::cout, std::cerr);
    std::cout.flush();
    return false;
  } catch (const CLI::ParseError& error) {
    refuse(app_, error);
  }
}

}  // namespace

bool read_options(int argc, const char* const* argv, Invocation& out) {
  return Parser(out).parse(argc, argv);
}

}  // namespace rocketmq::rmq
