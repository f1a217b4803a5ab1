#include "client/core/client_core.h"

#include <future>
#include <limits>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "base/address.h"
#include "base/deadline.h"
#include "base/text.h"
#include "client/core/access_refusal.h"
#include "client/core/client_id.h"
#include "client/core/heartbeat.h"
#include "client/core/name_servers.h"
#include "client/core/route_table.h"
#include "transport/tls_context.h"
#include "wire/names.h"
#include "wire/response_code.h"
#include "wire/signing.h"

namespace rocketmq::client {
namespace {

constexpr int max_io_threads = 1024;
constexpr std::size_t max_id_part_bytes = 255;

void check_positive(int value, int limit, const char* name) {
  if (value > 0 && value <= limit) return;
  throw Error(Errc::invalid_argument, std::string(name) + " must be from 1 to " + std::to_string(limit) +
                                          ", not " + std::to_string(value));
}

/// Parts of the clientId travel in JSON and logs and are joined by '@'.
void check_id_part(std::string_view value, const char* name) {
  bool bad = value.size() > max_id_part_bytes;
  for (const char c : value)
    bad = bad || static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
  if (!bad) return;
  throw Error(Errc::invalid_argument, std::string(name) + " must have at most " +
                                          std::to_string(max_id_part_bytes) +
                                          " bytes and neither blanks nor control characters, not '" +
                                          printable(value, max_id_part_bytes) + "'");
}

/// A caller that names a CA expects encryption and must not get a plain connection.
void check_tls(const TlsConfig& tls) {
  if (tls.enabled) return;
  const char* given = nullptr;
  if (!tls.ca_file.empty()) given = "tlsCaFile";
  if (!tls.cert_file.empty()) given = "tlsCertFile";
  if (!tls.key_file.empty()) given = "tlsKeyFile";
  if (!tls.key_password.empty()) given = "tlsKeyPassword";
  if (!tls.verify) given = "tlsVerify";
  if (!tls.verify_host) given = "tlsVerifyHost";
  if (given == nullptr) return;
  throw Error(Errc::invalid_argument,
              std::string(given) +
                  " is given, but useTLS is not set, so that nothing would be encrypted; set "
                  "useTLS=true or leave it out");
}

void check_credentials(const Credentials& credentials) {
  if (credentials.access_key.empty() == credentials.secret_key.empty()) return;
  const std::string given = credentials.access_key.empty() ? "secret_key" : "access_key";
  const std::string missing = credentials.access_key.empty() ? "access_key" : "secret_key";
  throw Error(Errc::invalid_argument,
              "the credentials have " + given + " but no " + missing + "; give both or neither");
}

void check(const ClientConfig& config) {
  check_tls(config.tls);
  check_credentials(config.credentials);
  check_positive(config.connect_timeout_ms, std::numeric_limits<int>::max(), "connect_timeout_ms");
  check_positive(config.io_threads, max_io_threads, "io_threads");
  check_positive(config.name_server_look_up_interval_ms, std::numeric_limits<int>::max(),
                 "name_server_look_up_interval_ms");
  check_id_part(config.instance_name, "instance_name");
  check_id_part(config.default_instance_name, "default_instance_name");
  check_id_part(config.unit_name, "unit_name");
  if (!config.name_space.empty()) {
    const auto failure = wire::check_namespace(config.name_space);
    throw_if(failure);
  }
}

transport::RemotingOptions remoting_options(const ClientConfig& config,
                                            std::chrono::milliseconds silence_limit) {
  transport::RemotingOptions options;
  options.silence_limit = silence_limit;
  options.connect_timeout = std::chrono::milliseconds(config.connect_timeout_ms);
  options.log = config.log;
  if (config.tls.enabled) options.tls = transport::TlsContext::create(config.tls);
  if (!config.credentials.empty()) {
    options.sign = [credentials = config.credentials](wire::Command& command, ByteView body) {
      wire::sign(command, body, credentials);
    };
  }
  return options;
}

std::string effective_instance_name(const ClientConfig& config) {
  if (!config.instance_name.empty()) return config.instance_name;
  return config.default_instance_name.empty() ? unique_instance_name() : config.default_instance_name;
}

}  // namespace

std::shared_ptr<ClientCore> ClientCore::create(ClientConfig config, std::chrono::milliseconds silence_limit) {
  check(config);
  // The parts are built in the constructor, but they use weak_from_this() only once handlers run.
  try {
    return std::shared_ptr<ClientCore>(new ClientCore(std::move(config), silence_limit));
  } catch (const std::system_error& error) {
    throw Error(Errc::client_failed, std::string("the client cannot start: ") + error.what() +
                                         "; check the limits of open files and threads");
  }
}

ClientCore::ClientCore(ClientConfig config, std::chrono::milliseconds silence_limit)
    : config_(std::move(config)),
      instance_name_(effective_instance_name(config_)),
      client_id_(make_client_id(ipv4_text(local_ipv4()), instance_name_, config_.unit_name)),
      loop_(std::make_unique<transport::EventLoop>(config_.log)),
      name_servers_(std::make_unique<NameServers>(*this)),
      routes_(std::make_unique<RouteTable>(*this)),
      heartbeats_(std::make_unique<Heartbeats>(*this)) {
  const transport::RemotingOptions options = remoting_options(config_, silence_limit);
  remoting_ = transport::make_remoting_client(*loop_, options);
  for (int i = 1; i < config_.io_threads; ++i) {
    pull_loops_.push_back(std::make_unique<PullLoop>(config_.log));
    pull_loops_.back()->remoting = transport::make_remoting_client(pull_loops_.back()->loop, options);
  }
  routes_->on_change([this](const std::string&, const RoutePtr&) { heartbeats_->on_routes_changed(); });
}

ClientCore::~ClientCore() {
  close(std::chrono::milliseconds(0));
}

bool ClientCore::failed() const noexcept {
  return loop_->failed();
}

void ClientCore::note_failure(const char* what) noexcept {
  loop_->note_failure(what);
}

void ClientCore::set_failure_handler(std::function<void()> handler) {
  loop_->set_failure_handler(std::move(handler));
}

void ClientCore::start() {
  remoting_->set_disconnect_handler([weak = weak_from_this()](const std::string& address) {
    if (const auto core = weak.lock()) core->guard([&] { core->heartbeats_->on_disconnect(address); });
  });
  if (config_.tls.enabled && !config_.tls.verify) {
    log(LogLevel::warning,
        "TLS without verification (tlsVerify=false): the connections are encrypted, but anybody can pretend "
        "to be the servers");
  }
  const auto started = std::make_shared<std::promise<Failure>>();
  std::future<Failure> outcome = started->get_future();
  post([this, started] {
    name_servers_->start([this, started](const Failure& failure) {
      if (!failure.failed()) {
        routes_->start();
        heartbeats_->start();
      }
      started->set_value(failure);
    });
  });
  loop_->start();
  for (const auto& each : pull_loops_) {
    each->loop.set_failure_handler([weak = weak_from_this()] {
      if (const auto core = weak.lock()) core->note_failure("one that pulls; its own line names the cause");
    });
    each->loop.start();
  }
  // NameServers keeps the time-out itself; the wait is bounded in case that it is never called.
  constexpr std::chrono::seconds grace{2};
  Failure failure{Errc::no_name_server, "no name server answered in time", std::nullopt};
  if (outcome.wait_for(connect_timeout() + grace) == std::future_status::ready) failure = outcome.get();
  if (!failure.failed()) return;
  close(std::chrono::milliseconds(500));
  throw Error(failure);
}

void ClientCore::close(std::chrono::milliseconds deadline) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  if (!closing_.exchange(true)) {
    guard([this] {
      post([this] {
        name_servers_->close();
        routes_->close();
        heartbeats_->close();
        remoting_->close();
      });
      for (const auto& each : pull_loops_)
        each->loop.post([remoting = each->remoting] { remoting->close(); });
    });
  }
  for (const auto& each : pull_loops_)
    each->loop.close(time_left(until));
  loop_->close(time_left(until));
}

bool ClientCore::ended() const {
  return loop_->ended();
}

void ClientCore::request(const std::string& address, wire::Command command, transport::RequestBody body,
                         std::chrono::milliseconds timeout, transport::ReplyHandler handler) {
  remoting_->request(address, std::move(command), std::move(body), timeout,
                     [weak = weak_from_this(), handler = std::move(handler)](const Failure& failure,
                                                                             wire::ReceivedCommand&& reply) {
                       const auto core = weak.lock();
                       // The transport would only log what is thrown here.
                       if (core != nullptr) core->guard([&] { handler(failure, std::move(reply)); });
                     });
}

void ClientCore::request_share(std::size_t share, const std::string& address, wire::Command command,
                               std::chrono::milliseconds timeout, transport::ReplyHandler handler) {
  const std::size_t chosen = share % (pull_loops_.size() + 1);
  if (chosen == 0) return request(address, std::move(command), nullptr, timeout, std::move(handler));
  PullLoop& other = *pull_loops_[chosen - 1];
  other.loop.post([weak = weak_from_this(), remoting = other.remoting, address, command = std::move(command),
                   timeout, handler = std::move(handler)]() mutable {
    remoting->request(
        address, std::move(command), nullptr, timeout,
        [weak = std::move(weak), handler = std::move(handler)](const Failure& failure,
                                                               wire::ReceivedCommand&& reply) mutable {
          const auto core = weak.lock();
          if (core == nullptr) return;
          core->guard([&] {
            core->post([handler = std::move(handler), failure, reply = std::move(reply)]() mutable {
              handler(failure, std::move(reply));
            });
          });
        });
  });
}

std::chrono::milliseconds ClientCore::connect_timeout() const noexcept {
  return std::chrono::milliseconds(config_.connect_timeout_ms);
}

double ClientCore::random() {
  return std::uniform_real_distribution<double>(0.0, 1.0)(random_);
}

std::string ClientCore::wrap_name(std::string_view name) const {
  return wire::wrap_namespace(config_.name_space, name);
}

std::string ClientCore::unwrap_name(std::string_view name) const {
  return wire::unwrap_namespace(config_.name_space, name);
}

void ClientCore::log(LogLevel level, std::string_view line) const noexcept {
  if (!config_.log) return;
  try {
    config_.log(level, line);
  } catch (...) {
    // A sink must not throw; one that does must not break the protocol.
    return;
  }
}

bool ClientCore::log_limited(LogLimiter& limiter, LogLevel level, const std::string& line) const {
  std::string left_out;
  if (!limiter.pass(std::chrono::steady_clock::now(), line, left_out)) return false;
  log(level, line + left_out);
  return true;
}

Failure failure_of(const Failure& transport, const wire::ReceivedCommand& reply, const std::string& address,
                   std::string_view what) {
  if (transport.failed()) return transport;
  if (reply.header.code == wire::ResponseCode::success) return {};
  Failure failure;
  failure.code = Errc::server_refused;
  failure.message =
      std::string(what) + " was refused with " + std::string(wire::response_code_name(reply.header.code));
  failure.server = ServerReply{reply.header.code, reply.header.remark, address};
  if (is_access_refusal(failure)) failure.message += "; check sessionCredentials and the rights of its user";
  return failure;
}

}  // namespace rocketmq::client
