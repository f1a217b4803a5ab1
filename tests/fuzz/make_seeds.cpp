// Writes the seeds of the fuzz targets with the encoders of the library: `fuzz_make_seeds tests/fuzz/corpus`.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "base/byte_writer.h"
#include "client/consumer/offset_file.h"
#include "support/offset_list.h"
#include "support/send_reply.h"
#include "support/stored_message_encoder.h"
#include "wire/batch.h"
#include "wire/compression.h"
#include "wire/consume_stats.h"
#include "wire/consumer_status.h"
#include "wire/frame.h"
#include "wire/group.h"
#include "wire/offsets.h"
#include "wire/properties.h"
#include "wire/pull.h"
#include "wire/reset_offset.h"
#include "wire/response_code.h"
#include "wire/route.h"
#include "wire/stored_message.h"
#include "wire/topic_stats.h"

namespace {

using namespace rocketmq;

class Corpus {
 public:
  explicit Corpus(std::filesystem::path directory) : directory_(std::move(directory)) {}

  void add(const std::string& target, const std::string& name, std::string_view bytes) {
    const auto folder = directory_ / target;
    std::filesystem::create_directories(folder);
    std::ofstream file(folder / name, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    good_ = good_ && file.good();
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  std::filesystem::path directory_;
  bool good_ = true;
};

std::string after(char first, std::string_view rest) {
  std::string text(1, first);
  text += rest;
  return text;
}

std::string frame(const wire::Command& command, wire::SerializeType type, std::string_view body) {
  std::string text;
  wire::append_frame_head(text, command, type, body.size());
  text += body;
  return text;
}

wire::Command pull_reply(std::int32_t code) {
  wire::PullMessageReply reply;
  reply.next_begin_offset = 110;
  reply.max_offset = 120;
  wire::Command command = reply.to_command();
  command.code = code;
  return command;
}

std::string properties(std::string_view tag) {
  std::string text;
  (void)wire::append_property(text, wire::property::tags, tag);
  (void)wire::append_property(text, wire::property::keys, "k1 k2");
  (void)wire::append_property(text, wire::property::unique_key, "AC11000100010000000000000000");
  return text;
}

std::string stored(std::int64_t offset, std::string_view body, std::int32_t sys_flag = 0,
                   std::string_view more = {}, std::string topic = "topic") {
  const std::string all = properties("tag") + std::string(more);
  wire::StoredMessageView message;
  message.queue_offset = offset;
  message.physical_offset = offset;
  message.sys_flag = sys_flag;
  message.topic = topic;
  message.body = as_bytes(body);
  message.properties = all;
  std::string text;
  (void)wire::append_stored_message(text, message);
  return text;
}

std::string compressed(wire::Compression how, std::string_view body) {
  std::string text;
  (void)wire::compress(how, 5, as_bytes(body), text);
  return text;
}

std::string batch(int items) {
  std::string text;
  for (int i = 0; i < items; ++i)
    (void)wire::append_batch_item(text, i, as_bytes("body " + std::to_string(i)), properties("tag"));
  return text;
}

std::string inner_batch(std::int64_t offset) {
  std::string count;
  (void)wire::append_property(count, wire::property::inner_num, "3");
  return stored(offset, batch(3), wire::message_flag::need_unwrap | wire::message_flag::inner_batch, count);
}

void add_frames(Corpus& corpus) {
  using wire::SerializeType;
  const std::string json = frame(pull_reply(0), SerializeType::json, stored(100, "hello"));
  const std::string binary = frame(pull_reply(20), SerializeType::binary, "");
  corpus.add("frame", "json", after('\x10', json));
  corpus.add("frame", "binary_and_json", after('\x03', binary + json));
  corpus.add("frame", "large",
             after('\xFF', frame(pull_reply(0), SerializeType::json, std::string(20'000, 'x')) + json));
  for (const auto& [name, command] :
       {std::pair<const char*, wire::Command>{"pull", pull_reply(0)},
        {"send", wire::SendMessageReply{"0A", 1, 7, {}, {}, {}, "r", true}.to_command()},
        {"offset", wire::OffsetReply{5}.to_command()},
        {"reset", wire::ResetOffsetRequest{"topic", "group", 1, true}.to_command()},
        {"running", wire::GetConsumerRunningInfoRequest{"g", "c", true}.to_command()}}) {
    std::string text;
    wire::append_header(text, command, SerializeType::json);
    corpus.add("command", std::string(name) + "_json", after('\0', text));
    text.clear();
    wire::append_header(text, command, SerializeType::binary);
    corpus.add("command", std::string(name) + "_binary", after('\1', text));
  }
}

void add_json(Corpus& corpus) {
  corpus.add("json", "standard", R"({"a":[1,-2.5e3,true,null,"t\u00e9\n"],"b":{"c":"\ud83d\ude00"}})");
  corpus.add("json", "fastjson", R"({0:"ip:1",{"queueId":0,"topic":"t"}:123,[1]:2,'s':'q',bare:1,})");
  corpus.add("json", "deep", std::string(60, '[') + std::string(60, ']'));
  corpus.add("json", "too_deep", std::string(70, '[') + std::string(70, ']'));
}

void add_routes(Corpus& corpus) {
  wire::TopicRouteData route;
  route.queue_datas = {{"a", 4, 4, 6, 0}, {"b", 2, 2, 4, 0}};
  route.broker_datas = {{"c", "a", {{0, "127.0.0.1:1"}, {1, "127.0.0.1:2"}}, "", false},
                        {"c", "b", {{0, "h:1"}}, "", false}};
  corpus.add("route", "two_brokers", route.encode_body());
  route.order_topic_conf = "a:2;b:1";
  corpus.add("route", "ordered", route.encode_body());
  wire::TopicQueueMapping mapping;
  mapping.topic = "topic";
  mapping.scope = "__global__";
  mapping.total_queues = 2;
  mapping.broker_name = "a";
  mapping.epoch = 3;
  mapping.current_ids = {{0, 0}, {1, 1}};
  route.topic_queue_mapping_by_broker = {{"a", mapping}};
  corpus.add("route", "static", route.encode_body());
  corpus.add(
      "route", "fastjson",
      R"({"brokerDatas":[{"brokerAddrs":{0:"h:1"},"brokerName":"a","cluster":"c"}],"queueDatas":[{"brokerName":"a",)"
      R"("perm":6,"readQueueNums":1,"topicSynFlag":0,"writeQueueNums":1}]})");
  std::string many = R"({"brokerDatas":[],"queueDatas":[)";
  for (int i = 0; i < 8; ++i) {
    many += R"({"brokerName":"b)" + std::to_string(i) +
            R"(","perm":6,"readQueueNums":65535,"writeQueueNums":65535,"topicSysFlag":0},)";
  }
  corpus.add("route", "too_many_queues", many + "]}");
}

void add_messages(Corpus& corpus) {
  const std::string text(500, 'a');
  const std::pair<const char*, wire::Compression> ways[] = {
      {"zlib", wire::Compression::zlib}, {"lz4", wire::Compression::lz4}, {"zstd", wire::Compression::zstd}};
  std::string all;
  for (const auto& [name, how] : ways) {
    const std::string one = stored(101, compressed(how, text), wire::compression_flags(how));
    corpus.add("stored_message", name, one);
    corpus.add(
        "stored_message", std::string("bomb_") + name,
        stored(1, compressed(how, std::string(std::size_t{1} << 20, '\0')), wire::compression_flags(how)));
    all += one;
  }
  corpus.add("stored_message", "plain", stored(100, "hello") + stored(101, "world"));
  corpus.add("stored_message", "long_topic", stored(100, "hello", 0, {}, std::string(200, 't')));
  corpus.add("stored_message", "inner_batch", inner_batch(100));
  const std::string zipped = compressed(wire::Compression::zlib, batch(3));
  corpus.add("stored_message", "compressed_inner_batch",
             stored(100, zipped,
                    wire::message_flag::need_unwrap | wire::message_flag::inner_batch |
                        wire::compression_flags(wire::Compression::zlib)));
  // Options, next, min and max offsets near 100, rows; see targets/delivery.cpp.
  const std::string near = "\x1A\x10\x20";
  corpus.add("delivery", "found", after('\x20', near + "\x03" + stored(100, "one") + stored(101, "two")));
  corpus.add("delivery", "cut",
             after('\x08', near + "\x03" + stored(100, "one") + stored(101, "two").substr(0, 40)));
  corpus.add("delivery", "inner_batch", after('\x00', near + "\x02" + inner_batch(100) + stored(103, "x")));
  corpus.add("delivery", "compressed", after('\x28', near + "\x02" + all));
  corpus.add("delivery", "moved", after('\x03', near + "\x02"));
  corpus.add("delivery", "filtered", after('\x02', near + "\x02"));
  std::string far("\xFF", 1);
  ByteWriter(far).put<std::int64_t>(INT64_MAX);
  corpus.add("delivery", "far",
             after('\x08', far + far + far + "\x02" + stored(INT64_MAX, "end").substr(0, 150)));
  corpus.add("batch", "three", batch(3));
  corpus.add("batch", "cut", batch(3).substr(0, 100));
}

void add_lists(Corpus& corpus) {
  corpus.add("lists", "members", after('\0', wire::ConsumerIdList{{"a@1", "b@2"}}.encode_body()));
  corpus.add(
      "lists", "connection",
      after('\1', wire::ConsumerConnection{{"a@1"}, {wire::SubscriptionData{}}, "CLUSTERING"}.encode_body()));
  corpus.add("lists", "progress", after('\2', wire::ConsumeStats{{{{"topic", "a", 0}, 5}}}.encode_body()));
  wire::ConsumerRunningInfo info;
  info.subscriptions.emplace_back();
  corpus.add("lists", "running", after('\3', info.encode_body()));
  corpus.add("lists", "topic", after('\4', wire::TopicStats{{{{"topic", "a", 0}, 1, 5, 9}}}.encode_body()));
  wire::ResetOffsetBody reset;
  reset.offsets = {{{"topic", "a", 0}, 5}, {{"topic", "b", 3}, -1}};
  corpus.add("reset_offset", "map", reset.encode_body());
  corpus.add("reset_offset", "list", wire::encode_as_list(reset));
  corpus.add("reset_offset", "quoted",
             R"({"offsetTable":{"{\"brokerName\":\"a\",\"queueId\":0,\"topic\":\"t\"}":5}})");
  wire::ConsumerStatusBody status;
  status.offsets = reset.offsets;
  corpus.add("consumer_requests", "status", status.encode_body());
  corpus.add("http_reply", "length", "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n127.0.0.1:1");
  corpus.add("http_reply", "chunks",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhost:\r\n4\r\n1234\r\n0\r\n\r\n");
  corpus.add("http_reply", "open", "HTTP/1.0 200\r\n\r\n a:1;b:2 \nmore");
  corpus.add("http_reply", "refused", "HTTP/1.1 404 Not Found\r\n\r\n");
  corpus.add("offset_file", "two", client::encode_offsets({{{"topic", "a", 0}, 5}, {{"topic", "b", 1}, 6}}));
  corpus.add("offset_file", "none", client::encode_offsets({}));
}

// Plans of answers, a byte or more a request; see targets/hostile_broker.cpp.
void add_hostile_brokers(Corpus& corpus) {
  const std::pair<const char*, std::string> plans[] = {
      {"never", std::string(200, '\1')},          {"breaks", std::string(200, '\2')},
      {"refuses", std::string(200, '\3')},        {"system_error", std::string(200, '\4') + "\1"},
      {"late", std::string(200, '\x60')},         {"twice", std::string(200, '\7')},
      {"asks_at_once", std::string(200, '\x80')},
  };
  for (const auto& [name, plan] : plans)
    corpus.add("hostile_broker", name, plan);
  std::minstd_rand random(7);
  for (int i = 0; i < 12; ++i) {
    std::string plan;
    for (int n = 0; n < 300; ++n) {
      // Half of the answers are sensible, so that the clients come further than their start.
      const auto byte = static_cast<unsigned>(random());
      plan += static_cast<char>((byte & 0x100U) != 0 ? byte & 0xFFU : 0x20U);
    }
    corpus.add("hostile_broker", "mixed_" + std::to_string(i), plan);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s DIRECTORY\n", arguments[0]);
    return 2;
  }
  Corpus corpus(arguments[1]);
  add_frames(corpus);
  add_json(corpus);
  add_routes(corpus);
  add_messages(corpus);
  add_lists(corpus);
  add_hostile_brokers(corpus);
  if (!corpus.good()) std::fprintf(stderr, "the seeds could not be written to %s\n", arguments[1]);
  return corpus.good() ? 0 : 1;
}
