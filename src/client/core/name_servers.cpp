#include "client/core/name_servers.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/address.h"
#include "base/deadline.h"
#include "client/core/client_core.h"
#include "transport/http_get.h"
#include "wire/http_reply.h"
#include "wire/response_code.h"
#include "wire/route.h"
#include "wire/send.h"

namespace rocketmq::client {
namespace {

constexpr std::chrono::milliseconds look_up_timeout{3000};

std::vector<std::string> to_texts(const std::vector<Address>& addresses) {
  std::vector<std::string> texts;
  texts.reserve(addresses.size());
  for (const auto& address : addresses)
    texts.push_back(to_string(address));
  return texts;
}

/// One client of many starts at each server.
void shuffle(std::vector<std::string>& addresses, ClientCore& core) {
  for (std::size_t i = addresses.size(); i > 1; --i) {
    std::swap(addresses[i - 1], addresses[static_cast<std::size_t>(core.random() * static_cast<double>(i))]);
  }
}

/// Whether a name server knew what to say. One that is not ready yet, or that fails inside, answers with
/// another code, most often with SYSTEM_ERROR.
bool is_answer(std::int32_t code) {
  return code == wire::ResponseCode::success || code == wire::ResponseCode::topic_not_exist;
}

/// Brokers know no question for a route.
bool is_brokers_answer(std::int32_t code) {
  return code == wire::ResponseCode::request_code_not_supported;
}

constexpr const char* is_a_broker =
    "this is a broker, not a name server (it answered REQUEST_CODE_NOT_SUPPORTED to the question for a "
    "route); give the name server's address, whose port is 9876 unless it was changed";

std::string list_failures(const std::map<std::string, std::string>& failures) {
  std::string text;
  for (const auto& [address, why] : failures) {
    if (!text.empty()) text += "; ";
    text += address + ": " + (why.empty() ? "no answer" : why);
  }
  return text;
}

}  // namespace

struct NameServers::Try {
  wire::Command command;
  std::chrono::milliseconds timeout;
  Handler handler;
  std::set<std::string> tried;
  std::map<std::string, std::string> failures;
  // The first server that could not say, and its words: the answer if no other server has a better one.
  std::string refused_by;
  wire::ReceivedCommand refusal;
};

struct NameServers::Start {
  std::function<void(const Failure&)> done;
  std::chrono::steady_clock::time_point deadline;
  std::map<std::string, std::string> failures;  // Every address that is asked; empty until it has failed.
  std::size_t open = 0;
};

NameServers::NameServers(ClientCore& core)
    : core_(core), start_timer_(core.loop()), look_up_timer_(core.loop()) {
  const auto& config = core.config();
  if (!config.name_server_domain.empty()) {
    wire::NameServerQuery query;
    throw_if(wire::make_name_server_query(config.name_server_domain, config.unit_name, query));
    if (config.name_server_addresses.empty()) return;
  }
  std::vector<Address> parsed;
  throw_if(parse_address_list(config.name_server_addresses, parsed));
  addresses_ = to_texts(parsed);
}

NameServers::~NameServers() = default;

void NameServers::start(std::function<void(const Failure&)> done) {
  const auto start = std::make_shared<Start>();
  start->done = std::move(done);
  start->deadline = std::chrono::steady_clock::now() + core_.connect_timeout();
  shuffle(addresses_, core_);
  if (core_.config().name_server_domain.empty()) {
    probe_all(start);
    return;
  }
  // Half of the time, so that what the domain says, or the fallback, can still be reached in the other half.
  look_up(core_.connect_timeout() / 2, [this, start] {
    look_up_later();
    probe_all(start);
  });
}

void NameServers::probe_all(const std::shared_ptr<Start>& start) {
  const auto end = [this, start](const Failure& failure) {
    if (!start->done) return;
    start_timer_.cancel();
    std::exchange(start->done, nullptr)(failure);
  };
  const auto give_up = [this, start, end] {
    std::string text = "no name server answered within " + std::to_string(core_.connect_timeout().count()) +
                       " ms: " + list_failures(start->failures);
    if (!look_up_failure_.empty()) {
      if (!start->failures.empty()) text += "; ";
      text += look_up_failure_;
    }
    end(Failure{Errc::no_name_server, text + ". Check the addresses and that a name server runs there.",
                std::nullopt});
  };
  if (addresses_.empty()) {
    give_up();
    return;
  }
  const auto left = std::max(time_left(start->deadline), std::chrono::milliseconds(1));
  // The requests' own time-outs say more, so they come first.
  constexpr std::chrono::milliseconds margin{100};
  start_timer_.start(left + margin, give_up);
  start->open = addresses_.size();
  const auto addresses = addresses_;
  for (const auto& address : addresses) {
    start->failures[address];
    // Any answer of a name server will do; this question is one that every name server knows.
    core_.request(
        address, wire::GetRouteInfoRequest{wire::auto_create_topic, true}.to_command(), nullptr, left,
        [this, start, address, end, give_up](const Failure& failure, wire::ReceivedCommand&& reply) {
          const bool answered = !failure.failed();
          const bool broker = answered && is_brokers_answer(reply.header.code);
          if (broker) log_limited(address + ": " + is_a_broker);
          if (!start->done) return;
          if (answered && !broker) {
            prefer(address);
            core_.log(LogLevel::info, "Name server " + address + " answers");
            end({});
            return;
          }
          start->failures[address] = broker ? is_a_broker : to_string(failure);
          if (--start->open == 0) give_up();
        });
  }
}

void NameServers::request(const wire::Command& command, std::chrono::milliseconds timeout_a_try,
                          Handler handler) {
  const auto state = std::make_shared<Try>();
  state->command = command;
  state->timeout = timeout_a_try;
  state->handler = std::move(handler);
  try_next(state);
}

void NameServers::try_next(const std::shared_ptr<Try>& state) {
  if (closed_ || core_.closing()) {
    core_.post([state] {
      state->handler(Failure{Errc::closed, describe(Errc::closed), std::nullopt}, "", {});
    });
    return;
  }
  const std::string address = next_of(*state);
  if (address.empty() && !state->refused_by.empty()) {
    core_.post([state] { state->handler({}, state->refused_by, std::move(state->refusal)); });
    return;
  }
  if (address.empty()) {
    std::string text = "no name server answered: ";
    text += state->failures.empty() ? look_up_failure_ : list_failures(state->failures);
    core_.post([state, text] { state->handler(Failure{Errc::no_name_server, text, std::nullopt}, "", {}); });
    return;
  }
  state->tried.insert(address);
  core_.request(
      address, state->command, nullptr, state->timeout,
      [this, state, address](const Failure& failure, wire::ReceivedCommand&& reply) {
        if (failure.failed()) {
          state->failures[address] = to_string(failure);
        } else if (is_answer(reply.header.code)) {
          prefer(address);
          state->handler(failure, address, std::move(reply));
          return;
        } else if (is_brokers_answer(reply.header.code)) {
          state->failures[address] = is_a_broker;
        } else {
          if (!next_of(*state).empty()) {
            log_limited("The next name server is asked, because " +
                        to_string(failure_of(failure, reply, address, "a question to a name server")));
          }
          if (state->refused_by.empty()) {
            state->refused_by = address;
            state->refusal = std::move(reply);
          }
        }
        try_next(state);
      });
}

// The list may have changed since the first try; a server that left it fails what it was asked.
std::string NameServers::next_of(const Try& state) const {
  const auto order = addresses();
  const auto found = std::find_if(order.begin(), order.end(), [&](const std::string& address) {
    return state.tried.count(address) == 0;
  });
  return found == order.end() ? std::string() : *found;
}

void NameServers::prefer(const std::string& address) {
  const auto found = std::find(addresses_.begin(), addresses_.end(), address);
  if (found == addresses_.end()) return;
  const auto index = static_cast<std::size_t>(found - addresses_.begin());
  if (index == current_) return;
  core_.log(LogLevel::info, "Name server " + address + " is used from now on");
  current_ = index;
}

std::vector<std::string> NameServers::addresses() const {
  std::vector<std::string> order(addresses_);
  if (!order.empty())
    std::rotate(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(current_), order.end());
  return order;
}

void NameServers::look_up(std::chrono::milliseconds timeout, std::function<void()> done) {
  const auto& config = core_.config();
  wire::NameServerQuery query;
  throw_if(wire::make_name_server_query(config.name_server_domain, config.unit_name, query));
  cancel_look_up_ = transport::http_get(
      core_.loop().context(), query.host, query.port, query.request, timeout, wire::max_http_reply_bytes,
      [this, weak = core_.weak_from_this(), url = query.url, done = std::move(done)](
          const Failure& problem, const std::string& reply) {
        if (weak.expired() || closed_) return;
        take_list(url, problem, reply);
        done();
      });
}

void NameServers::look_up_later() {
  if (closed_) return;
  look_up_timer_.start(std::chrono::milliseconds(core_.config().name_server_look_up_interval_ms),
                       [this] { look_up(look_up_timeout, [this] { look_up_later(); }); });
}

void NameServers::take_list(const std::string& url, const Failure& problem, const std::string& reply) {
  std::vector<Address> parsed;
  const auto failure = problem.failed() ? problem : wire::parse_name_server_reply(reply, url, parsed);
  if (failure.failed()) {
    look_up_failure_ = "the look-up at " + url + " failed: " + to_string(failure);
    log_limited("The list of name servers stays as it is, because " + look_up_failure_);
    return;
  }
  look_up_failure_.clear();
  std::vector<std::string> fresh = to_texts(parsed);
  auto before = addresses_;
  std::sort(before.begin(), before.end());
  auto sorted = fresh;
  std::sort(sorted.begin(), sorted.end());
  if (sorted == before) return;
  const std::string used = addresses_.empty() ? std::string() : addresses_[current_];
  shuffle(fresh, core_);
  addresses_ = std::move(fresh);
  const auto kept = std::find(addresses_.begin(), addresses_.end(), used);
  current_ = kept == addresses_.end() ? 0 : static_cast<std::size_t>(kept - addresses_.begin());
  for (const auto& address : before) {
    if (!std::binary_search(sorted.begin(), sorted.end(), address)) core_.remoting().forget(address);
  }
  std::string text = "Name servers according to " + url + ":";
  for (const auto& address : addresses_)
    text += ' ' + address;
  core_.log(LogLevel::info, text);
}

void NameServers::log_limited(const std::string& line) {
  (void)core_.log_limited(limiter_, LogLevel::warning, line);
}

void NameServers::close() {
  closed_ = true;
  start_timer_.cancel();
  look_up_timer_.cancel();
  if (cancel_look_up_) cancel_look_up_();
}

}  // namespace rocketmq::client
