// A producer and a consumer among servers that do what the input says: answer sensibly, wrongly, late, twice
// or never, break connections, and ask things by themselves. On virtual time, without sockets; see
// tests/simulation.
//
// Each request of a client takes its answer from the input. Once that is used up, the servers behave: they
// answer at once what is right, and hold pulls that find nothing.

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/consumer/pull_request.h"
#include "fuzz/fuzz_target.h"
#include "simulation/simulated_consumer.h"
#include "simulation/simulated_loop.h"
#include "simulation/simulated_network.h"
#include "simulation/simulated_producer.h"
#include "simulation/virtual_time.h"
#include "support/offset_list.h"
#include "support/send_reply.h"
#include "support/stored_message_encoder.h"
#include "wire/group.h"
#include "wire/offsets.h"
#include "wire/pull.h"
#include "wire/request_code.h"
#include "wire/reset_offset.h"
#include "wire/response_code.h"
#include "wire/route.h"
#include "wire/send.h"
#include "wire/stored_message.h"

using namespace rocketmq;
using namespace rocketmq::simulation;
using std::chrono::milliseconds;

namespace {

constexpr const char* broker_addresses[] = {"127.0.0.1:1", "127.0.0.1:2"};
constexpr const char* member_id = "consumer";

class HostileNetwork : public Network {
 public:
  explicit HostileNetwork(ByteView bytes) : input_(bytes) {}

  void carry(const ClientEndPtr& from, const std::string& address, std::uint64_t request,
             const wire::Command& command, const transport::RequestBody& /*body*/) override {
    fuzz::require(++requests_ < 20'000, "no server is asked in a circle");
    if (input_.empty()) {
      behave(from, request, command);
      return;
    }
    const std::uint8_t plan = input_.byte();
    if ((plan & 0x80U) != 0) ask_client(from, address);
    const milliseconds delay((plan >> 5U & 3U) == 3 ? 4000 : plan >> 5U & 3U);
    switch (plan & 0x1FU) {
      case 1:
        return;  // Never.
      case 2:
        VirtualTime::after(delay, [from, address] { from->lose_connection(address); });
        return;
      case 3:
        VirtualTime::after(delay, [from, request] {
          from->fail(request, {Errc::connect_failed, "refused", std::nullopt});
        });
        return;
      case 4:
        answer_later(from, request, code_only(), delay);
        return;
      case 5:
        answer_later(from, request, garbled(command), delay);
        return;
      case 6:
        answer_later(from, request, {sensible(command).header, fuzz::shared(piece())}, delay);
        return;
      case 7:
        answer_later(from, request, sensible(command), delay);
        answer_later(from, request, code_only(), delay);
        return;
      default:
        answer_later(from, request, sensible(command), delay);
        return;
    }
  }

  void closed_by(const ClientEndPtr& /*client*/, const std::string& /*address*/) override {}

  std::string consumer_id;

 private:
  static void answer_later(const ClientEndPtr& to, std::uint64_t request, wire::ReceivedCommand reply,
                           milliseconds delay) {
    reply.header.flag = wire::Command::response_flag;
    VirtualTime::after(delay, [to, request, reply = std::move(reply)] { to->reply(request, reply); });
  }

  // A pull for which there is no message is held, as brokers do; else most of the time would go by with
  // those.
  void behave(const ClientEndPtr& to, std::uint64_t request, const wire::Command& command) {
    wire::ReceivedCommand reply = sensible(command);
    const bool held = reply.header.code == wire::to_int(wire::ResponseCode::pull_not_found);
    answer_later(to, request, std::move(reply), held ? client::pull_suspend : milliseconds(0));
  }

  [[nodiscard]] ByteView piece() { return input_.bytes(input_.byte()); }

  wire::ReceivedCommand code_only() {
    constexpr std::array codes = {0,  1,  2,  3,  10, 11, 12, 13, 14, 15,  16,  17,  18,  19,
                                  20, 21, 22, 23, 24, 25, 26, 27, 28, 204, 205, 215, 501, 1500};
    const std::uint8_t choice = input_.byte();
    wire::Command header;
    header.code = choice < codes.size() ? codes[choice] : static_cast<std::int32_t>(input_.number());
    header.remark = as_text(input_.bytes(choice >> 5U));
    return {header, {}};
  }

  // A sensible answer whose fields are overwritten one by one.
  wire::ReceivedCommand garbled(const wire::Command& command) {
    wire::ReceivedCommand reply = sensible(command);
    std::vector<std::string> names;
    for (const auto& [name, value] : reply.header.ext_fields)
      names.push_back(name);
    for (const std::string& name : names) {
      const std::uint8_t what = input_.byte();
      if (what == 1) reply.header.ext_fields.remove(name);
      if (what == 2) reply.header.ext_fields.set(name, input_.number());
      if (what == 3) reply.header.ext_fields.set(name, as_text(piece()));
      if (what >= 4 && what < 40) reply.header.ext_fields.set(name, std::int64_t{what} - 8);
    }
    if ((input_.byte() & 1U) != 0) reply.header.code = input_.byte();
    return reply;
  }

  wire::ReceivedCommand sensible(const wire::Command& command) {
    std::string body;
    wire::Command header;
    std::int64_t offset = 0;
    switch (static_cast<wire::RequestCode>(command.code)) {
      case wire::RequestCode::get_route_info_by_topic:
        body = route();
        break;
      case wire::RequestCode::send_message_v2:
      case wire::RequestCode::send_batch_message:
        header = wire::SendMessageReply{"0A", 0, 0, {}, {}, {}, {}, true}.to_command();
        break;
      case wire::RequestCode::get_consumer_list_by_group:
        body = wire::ConsumerIdList{{consumer_id}}.encode_body();
        break;
      case wire::RequestCode::query_consumer_offset:
        header.code = wire::to_int(wire::ResponseCode::query_not_found);
        break;
      case wire::RequestCode::get_max_offset:
      case wire::RequestCode::get_min_offset:
        header = wire::OffsetReply{0}.to_command();
        break;
      case wire::RequestCode::pull_message:
        if (command.ext_fields.read("queueOffset", offset) != Errc::ok) offset = 0;
        header = pulled(offset, body);
        break;
      default:
        break;
    }
    return {header, fuzz::shared(as_bytes(body))};
  }

  static std::string route() {
    wire::TopicRouteData data;
    for (std::size_t i = 0; i < std::size(broker_addresses); ++i) {
      const std::string name(1, static_cast<char>('a' + i));
      data.queue_datas.push_back({name, 1, 1, 6, 0});
      data.broker_datas.push_back({"c", name, {{0, broker_addresses[i]}}, "", false});
    }
    return data.encode_body();
  }

  // Four messages, and then no more.
  static wire::Command pulled(std::int64_t offset, std::string& body) {
    constexpr std::int64_t end = 4;
    for (std::int64_t i = std::max<std::int64_t>(offset, 0); i < end; ++i) {
      wire::StoredMessageView message;
      message.queue_offset = i;
      message.topic = "topic";
      message.body = as_bytes("body");
      (void)wire::append_stored_message(body, message);
    }
    wire::PullMessageReply reply;
    reply.next_begin_offset = end;
    reply.max_offset = end;
    wire::Command header = reply.to_command();
    if (body.empty()) header.code = wire::to_int(wire::ResponseCode::pull_not_found);
    return header;
  }

  void ask_client(const ClientEndPtr& client, const std::string& address) {
    constexpr std::array codes = {40, 220, 221, 307, 309, 39, 326, 999};
    const std::uint8_t choice = input_.byte();
    wire::ReceivedCommand request;
    request.header.code = codes[choice % codes.size()];
    for (const char* name : {"consumerGroup", "group"})
      request.header.ext_fields.set(name, (choice & 8U) != 0 ? "else" : "group");
    request.header.ext_fields.set("topic", "topic");
    request.header.ext_fields.set("timestamp", 0);
    request.header.ext_fields.set("clientId", member_id);
    request.header.ext_fields.set("jstackEnable", "true");
    std::string body;
    if ((choice & 16U) != 0) {
      body = as_text(piece());
    } else if (request.header.code == 220) {
      wire::ResetOffsetBody reset;
      reset.offsets = {{{"topic", "a", input_.byte() % 3}, std::int64_t{input_.byte()} - 2}};
      body = (choice & 32U) != 0 ? reset.encode_body() : wire::encode_as_list(reset);
    } else {
      (void)pulled(0, body);
    }
    request.body = fuzz::shared(as_bytes(body));
    const bool one_way = request.header.code == 40 || request.header.code == 220 || (choice & 64U) != 0;
    if (one_way) {
      client->ask(address, std::move(request), nullptr);
      return;
    }
    const auto answers = std::make_shared<int>(0);
    client->ask(address, std::move(request), [answers](const transport::Response&) {
      fuzz::require(++*answers == 1, "a server gets one answer to one request");
    });
  }

  fuzz::Input input_;
  std::size_t requests_ = 0;
};

/// Takes what there is, and ends deliveries in every way in turn.
class Handler {
 public:
  void run(SimulatedConsumer& consumer) {
    SimulatedConsumer::DeliveryPtr delivery = consumer.poll(3);
    if (!delivery) return;
    rows_ += delivery->rows().size();
    switch (calls_++ % 4) {
      case 0:
        delivery->acknowledge();
        break;
      case 1:
        delivery->reject(0);
        delivery->acknowledge();
        break;
      case 2:
        delivery->acknowledge_first(1);
        break;
      default:
        delivery->give_back();
        break;
    }
  }

  [[nodiscard]] std::size_t rows() const { return rows_; }

 private:
  std::size_t calls_ = 0;
  std::size_t rows_ = 0;
};

void live(HostileNetwork& network, bool servers_behave) {
  std::minstd_rand random(1);
  SimulatedProducer producer("producer", {});
  ConsumerConfig config;
  config.group = "group";
  config.subscriptions = {{"topic"}};
  config.consume_from_where = ConsumeFromWhere::first_offset;
  config.max_reconsume_times = 3;
  SimulatedConsumer consumer(member_id, config, {});
  network.consumer_id = consumer.client_id();
  producer.start();
  consumer.start();
  int ended = 0;
  std::size_t stored = 0;
  producer.send("topic", {"one", "two", "three", "four", "five", "six"}, 2,
                [&](const std::vector<SendRange>& ranges) {
                  std::size_t next = 0;
                  for (const SendRange& range : ranges) {
                    fuzz::require(range.first == next, "the ranges of a send have no gaps");
                    next += range.count;
                    if (range.outcome == SendOutcome::stored) stored += range.count;
                  }
                  fuzz::require(next == 6, "and cover all of it");
                  ++ended;
                });
  const auto run_until = [&random](std::chrono::nanoseconds end, const auto& each) {
    while (VirtualTime::now() < end) {
      SimulatedLoops::run_ready(random);
      each();
      if (!VirtualTime::run_next(end)) break;
    }
    SimulatedLoops::run_ready(random);
  };
  Handler handler;
  run_until(VirtualTime::now() + std::chrono::seconds(20), [&] { handler.run(consumer); });
  fuzz::require(!servers_behave || (stored == 6 && handler.rows() >= 8),
                "servers that behave are sent to and received from");
  bool producer_closed = false;
  bool consumer_closed = false;
  const auto closing = VirtualTime::now();
  producer.close(milliseconds(3000), [&] { producer_closed = true; });
  consumer.close(milliseconds(3000), [&](bool) { consumer_closed = true; });
  run_until(closing + milliseconds(3100), [&] {});
  fuzz::require(producer_closed && consumer_closed, "closing ends by its deadline");
  fuzz::require(ended == 1, "a send ends once, at the latest when its producer closes");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  VirtualTime::restart(1);
  {
    HostileNetwork network({data, size});
    live(network, size == 0);
  }
  VirtualTime::restart(1);
  return 0;
}
