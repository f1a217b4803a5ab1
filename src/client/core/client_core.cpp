#include "client/core/client_core.h"

#include <asio/dispatch.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <utility>

#include "base/address.h"
#include "base/text.h"
#include "client/core/access_refusal.h"
#include "client/core/client_id.h"
#include "client/core/heartbeat.h"
#include "client/core/io_threads.h"
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

/// Whoever names a CA expects encryption and must not get a plain connection.
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

void check(const ClientConfig& config) {
  check_tls(config.tls);
  check_positive(config.connect_timeout_ms, std::numeric_limits<int>::max(), "connect_timeout_ms");
  check_positive(config.io_threads, max_io_threads, "io_threads");
  check_positive(config.name_server_look_up_interval_ms, std::numeric_limits<int>::max(),
                 "name_server_look_up_interval_ms");
  check_id_part(config.instance_name, "instance_name");
  check_id_part(config.unit_name, "unit_name");
  if (!config.name_space.empty()) {
    const auto failure = wire::check_namespace(config.name_space);
    throw_if(failure);
  }
}

transport::DirectoryOptions directory_options(const ClientConfig& config,
                                              std::chrono::milliseconds silence_limit, bool at_once) {
  transport::DirectoryOptions options;
  options.silence_limit = silence_limit;
  options.connect_timeout = std::chrono::milliseconds(config.connect_timeout_ms);
  options.log = config.log;
  options.write_at_once = at_once;
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

/// What a blocking call waits for; shared, because the answer may come after the caller has given up.
class Outcome {
 public:
  void set(const Failure& failure) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = failure;
    set_.notify_all();
  }
  [[nodiscard]] std::optional<Failure> wait(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    set_.wait_for(lock, timeout, [this] { return failure_.has_value(); });
    return failure_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable set_;
  std::optional<Failure> failure_;
};

}  // namespace

std::shared_ptr<ClientCore> ClientCore::create(ClientConfig config, bool callers_help,
                                               std::chrono::milliseconds silence_limit) {
  check(config);
  // The parts are built in the constructor, but they use weak_from_this() only once handlers run.
  return std::shared_ptr<ClientCore>(new ClientCore(std::move(config), callers_help, silence_limit));
}

ClientCore::ClientCore(ClientConfig config, bool callers_help, std::chrono::milliseconds silence_limit)
    : config_(std::move(config)),
      callers_help_(callers_help),
      instance_name_(effective_instance_name(config_)),
      client_id_(make_client_id(ipv4_text(local_ipv4()), instance_name_, config_.unit_name)),
      threads_(std::make_unique<IoThreads>(config_.log)),
      strand_(threads_->context().get_executor()),
      directory_(std::make_unique<transport::Directory>(
          threads_->context(), directory_options(config_, silence_limit, callers_help))),
      name_servers_(std::make_unique<NameServers>(*this)),
      routes_(std::make_unique<RouteTable>(*this)),
      heartbeats_(std::make_unique<Heartbeats>(*this)) {
  routes_->on_change([this](const std::string&, const RoutePtr&) { heartbeats_->on_routes_changed(); });
}

ClientCore::~ClientCore() {
  closing_ = true;
  guard([this] { directory_->close(); });
  threads_->close(std::chrono::milliseconds(0));
}

bool ClientCore::failed() const noexcept {
  return threads_->failed();
}

void ClientCore::note_failure(const char* what) noexcept {
  threads_->note_failure(what);
}

void ClientCore::set_failure_handler(std::function<void()> handler) {
  threads_->set_failure_handler(std::move(handler));
}

void ClientCore::start() {
  directory_->set_disconnect_handler([weak = weak_from_this()](const std::string& address) {
    const auto core = weak.lock();
    if (core == nullptr) return;
    core->guard(
        [&] { core->post([raw = core.get(), address] { raw->heartbeats_->on_disconnect(address); }); });
  });
  if (config_.tls.enabled && !config_.tls.verify) {
    log(LogLevel::warning,
        "TLS without verification (tlsVerify=false): the connections are encrypted, but anybody can pretend "
        "to "
        "be the servers");
  }
  threads_->start(config_.io_threads, callers_help_);
  const auto outcome = std::make_shared<Outcome>();
  post([this, outcome] {
    name_servers_->start([this, outcome](const Failure& failure) {
      if (!failure.failed()) {
        routes_->start();
        heartbeats_->start();
      }
      outcome->set(failure);
    });
  });
  // NameServers keeps the time-out itself; the wait is bounded in case that it is never called.
  constexpr std::chrono::seconds grace{2};
  auto failure = outcome->wait(connect_timeout() + grace);
  if (failure && !failure->failed()) return;
  close(std::chrono::milliseconds(500));
  if (!failure) {
    failure = Failure{Errc::no_name_server, "no name server answered in time", std::nullopt};
  }
  throw Error(*failure);
}

void ClientCore::close(std::chrono::milliseconds deadline) {
  if (!closing_.exchange(true)) {
    post([this] {
      name_servers_->close();
      routes_->close();
      heartbeats_->close();
    });
    directory_->close();
  }
  threads_->close(deadline);
}

bool ClientCore::ended() const {
  return threads_->ended();
}

void ClientCore::request(const std::string& address, wire::Command command, transport::RequestBody body,
                         std::chrono::milliseconds timeout, transport::ReplyHandler handler) {
  directory_->request(address, std::move(command), std::move(body), timeout,
                      [weak = weak_from_this(), handler = std::move(handler)](
                          const Failure& failure, wire::ReceivedCommand&& reply) mutable {
                        const auto core = weak.lock();
                        if (core == nullptr) return;
                        // The directory would only log what is thrown here.
                        core->guard([&] { core->on_outcome(std::move(handler), failure, std::move(reply)); });
                      });
}

void ClientCore::on_outcome(transport::ReplyHandler handler, const Failure& failure,
                            wire::ReceivedCommand&& reply) {
  auto run = [weak = weak_from_this(), handler = std::move(handler), failure,
              reply = std::move(reply)]() mutable {
    if (const auto core = weak.lock()) handler(failure, std::move(reply));
  };
  if (callers_help_) {
    asio::dispatch(strand_, std::move(run));
  } else {
    asio::post(strand_, std::move(run));
  }
}

asio::io_context& ClientCore::context() noexcept {
  return threads_->context();
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
